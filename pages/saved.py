"""The menu of saved views: own ones of this page, those that others share, and what can be done with them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from dash.development.base_component import Component

from config.permissions import PEOPLE, Permission, role_label
from data.viewer import Viewer
from pages.reports_offered import may_schedule, schedule_link
from state.views import NAME, View
from ui import controls, html
from ui.aria import aria, marks
from ui.icon import icon

MAY_SHARE = (Permission.EDIT_CAMPAIGNS, Permission.ISSUE_REPORTS)
FIELD = "views-name"
NOBODY = "-"


def may_share(viewer: Viewer) -> bool:
    """Whether a viewer may share views with a role."""
    return any(viewer.may(one) for one in MAY_SHARE)


def menu(views: Sequence[View], path: str, viewer: Viewer, said: Sequence[Any] = ()) -> list[Component]:
    """What the menu holds on the page of a path; `said` is what came of the last act."""
    here = [view for view in views if view.path == path]
    own = [view for view in here if view.by == viewer.name]
    others = [view for view in here if view.by != viewer.name]
    found: list[Component] = [html.P(list(said), className="views-said", role="status")]
    if own:
        found += [_head("Your views of this page"), html.Ul([_own(view, viewer) for view in own])]
    if others:
        found += [_head("Shared with you"), html.Ul([_shared(view, viewer) for view in others])]
    if not here:
        found.append(html.P("No views of this page yet. Save how it is now.", className="quiet"))
    if any(view.is_default for view in own):
        found.append(html.A("Show the page without a view", href=path, className="views-plain"))
    return [*found, _form()]


def _head(words: str) -> Component:
    return html.P(words, className="views-head")


def _own(view: View, viewer: Viewer) -> Component:
    told = ["opens by default"] if view.is_default else []
    told += [f"shared with {_role(view.shared)}"] if view.shared else []
    return html.Li([html.Div([_link(view), *_more(told)], className="views-name"), _acts(view, viewer)])


def _shared(view: View, viewer: Viewer) -> Component:
    told = html.Div([_link(view), *_more([f"by {view.by}"])], className="views-name")
    return html.Li([told, *_schedule(view, viewer)])


def _schedule(view: View, viewer: Viewer) -> list[Component]:
    """The way to the form that has the view sent by the clock."""
    if not may_schedule(view.path, viewer):
        return []
    words = aria(label=f"Schedule the view {view.name}")
    return [html.A("Schedule", href=schedule_link(view.id), className="btn btn-quiet", **words)]


def _link(view: View) -> Component:
    return html.A(view.name, href=view.address)


def _more(told: Sequence[str]) -> list[Component]:
    return [html.Small(" · ".join(told))] if told else []


def _role(name: str) -> str:
    return next((role_label(role).lower() for role in PEOPLE if role == name), name) + "s"


def _acts(view: View, viewer: Viewer) -> Component:
    default = "Do not open by default" if view.is_default else "Open by default"
    buttons = [
        _button(default, do="plain" if view.is_default else "default", id=view.id),
        html.Button("Copy link", type="button", className="btn btn-quiet", **marks(view_copy=view.address)),
        *_schedule(view, viewer),
        _button("Delete", do="remove", id=view.id),
    ]
    share = [_share(view)] if may_share(viewer) else []
    opener = html.Summary(icon("three-dots"), **aria(label=f"Change the view {view.name}"))
    return html.Details(
        [opener, html.Div([_rename(view), *share, html.Div(buttons, className="views-buttons")])],
        className="views-acts",
    )


def _button(words: str, **ask: Any) -> Component:
    return html.Button(words, type="button", className="btn btn-quiet", **marks(view_ask=json.dumps(ask)))


def _rename(view: View) -> Component:
    field = f"{FIELD}-{view.id}"
    return html.Form(
        [
            controls.Label("Name", html_for=field),
            controls.Input(
                id=field, type="text", value=view.name, maxLength=NAME, name="name", autoComplete="off"
            ),
            html.Button("Rename", type="submit", className="btn btn-quiet"),
        ],
        **marks(view_form=json.dumps({"do": "rename", "id": view.id})),
    )


def _share(view: View) -> Component:
    field = f"views-share-{view.id}"
    options = {NOBODY: "Nobody else", **{role.value: f"{role_label(role)}s" for role in PEOPLE}}
    select = controls.Select(id=field, options=options, value=view.shared or NOBODY)
    return html.Div(
        [controls.Label("Share with", html_for=field), select], className="views-share",
        **marks(view_share=str(view.id)),
    )  # fmt: skip


def _form() -> Component:
    return html.Form(
        [
            controls.Label("Save as", html_for=FIELD),
            controls.Input(
                id=FIELD, type="text", maxLength=NAME, name="name", autoComplete="off",
                placeholder="Name of this view",
            ),
            html.Button("Save", type="submit", className="btn btn-primary"),
        ],
        className="views-form",
        **marks(view_form=json.dumps({"do": "save"})),
    )  # fmt: skip


def undo(view: View, *, scheduled: bool = False) -> list[Any]:
    """What is said of a view that was deleted, with the way back; what is `scheduled` of it goes on."""
    goes_on = " It is still sent by the clock, see Reports." if scheduled else ""
    return [html.Span(f"“{view.name}” is deleted.{goes_on}"), _button("Undo", do="restore", id=view.id)]
