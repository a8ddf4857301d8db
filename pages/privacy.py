"""Privacy: how figures are protected, under which terms, who raised them, and the form to raise them."""

from __future__ import annotations

from dash.development.base_component import Component

from config.permissions import Permission
from data.cubes import Cubes
from data.viewer import Viewer
from pages import privacy_form
from pages.privacy_ids import Ids
from pages.privacy_words import SIGNS
from ui import controls, html
from ui.aria import aria
from ui.head import page_actions, page_head
from ui.page import Page
from ui.panels import panel, waiting

LEAD = "How figures are kept from telling of a few members, under which terms, and who set them."


def layout(viewer: Viewer, _cubes: Cubes, /, **_query: str) -> Component:
    """The page for a viewer; the form is for those who may raise the terms of the whole plan."""
    raises = viewer.may(Permission.SET_RELEASE) and viewer.scope.whole
    return html.Div(
        [
            page_head("Privacy", html.P(LEAD, className="lead"), page_actions()),
            controls.Store(id=Ids.RAISED, data=0),
            _panel(waiting(Ids.TERMS)),
            *(_raise() if raises else []),
            _panel(_signs()),
            _panel(waiting(Ids.HISTORY)),
        ],
        className="data-page privacy-page",
    )


def _panel(content: Component | list[Component], css: str = "") -> Component:
    return html.Section(content, className=f"panel card {css}".strip())


def _raise() -> list[Component]:
    said = html.Div(id=Ids.SAID, tabIndex=-1, **aria(live="polite"))
    inside = [waiting(Ids.FORM), said, controls.Store(id=Ids.ASK)]
    return [_panel(inside, "no-print"), *privacy_form.place()]


def _signs() -> Component:
    listed = html.Dl(
        [
            html.Div(
                [html.Dt(html.A(sign, href=f"/definitions#part-{part}")), html.Dd(words)],
            )
            for sign, words, part in SIGNS
        ],
        className="terms",
    )
    inside = panel("What the signs mean", "Each wherever a figure is not simply told.", listed)
    return html.Div(inside, className="panel-inside")


PAGE = Page(
    "privacy",
    "/privacy",
    "Privacy",
    needs=Permission.VIEW_PRIVACY,
    layout=layout,
    icon="shield-lock",
    bones="list",
    seldom=True,
)
