"""Administration: keys, who is signed in, what runs by the clock, the settings in force, who may do what."""

from __future__ import annotations

from dash.development.base_component import Component

from config.permissions import Permission
from data.cubes import Cubes
from data.viewer import Viewer
from pages import admin_keys, admin_lists, admin_settings
from pages.admin_ids import Ids
from ui import controls, html
from ui.aria import aria
from ui.head import page_actions, page_head
from ui.page import Page
from ui.panels import waiting

LEAD = "Keys of other systems, who is signed in, what runs by the clock, the settings, and who may do what."


def layout(viewer: Viewer, cubes: Cubes, /, **_query: str) -> Component:
    """The page for a viewer; keys are made by those who see the whole plan."""
    return html.Div(
        [
            page_head("Administration", html.P(LEAD, className="lead"), page_actions()),
            controls.Store(id=Ids.CHANGED, data=0),
            *(_keys(viewer, cubes) if viewer.scope.whole else []),
            *([_sessions()] if viewer.scope.whole else []),
            *([html.Section(waiting(Ids.SCHEDULES), className="panel card")] if viewer.scope.whole else []),
            html.Section(waiting(Ids.MAPPING), className="panel card"),
            admin_settings.section(),
            html.Section([waiting(admin_lists.ROLES), admin_lists.duties()], className="panel card"),
        ],
        className="data-page admin-page",
    )


def _sessions() -> Component:
    find = html.Div(
        [
            html.Label("Find a person", htmlFor=Ids.FIND, className="form-label"),
            controls.Input(id=Ids.FIND, type="search", value="", debounce=True, maxLength=80),
        ],
        className="choice no-print",
    )
    asked = html.Div(id=Ids.SESSION_ASKED, **aria(live="polite"))
    changed = controls.Store(id=Ids.SESSION_CHANGED, data=0)
    return html.Section([waiting(Ids.SESSIONS), find, asked, changed], className="panel card settings-panel")


def _keys(viewer: Viewer, cubes: Cubes) -> list[Component]:
    said = html.Div(id=Ids.SAID, className="key-said", **aria(live="polite"))
    asked = html.Div(id=Ids.ASKED, **aria(live="polite"))
    form = html.Div(admin_keys.form(viewer, cubes), className="panel-inside")
    return [
        html.Section([waiting(Ids.KEYS), asked], className="panel card"),
        html.Section([form, said], className="panel card no-print"),
    ]


PAGE = Page(
    "administration",
    "/administration",
    "Administration",
    needs=Permission.ADMINISTER,
    layout=layout,
    icon="gear",
    bones="list",
    seldom=True,
)
