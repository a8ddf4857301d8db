"""The Reports page's wires: the list, one report as it was told, and what people do with it."""

from __future__ import annotations

from typing import Any

from dash import Input, Output, no_update
from dash.development.base_component import Component

from config.permissions import Permission
from config.text import TextRefused
from data.cubes import Cubes
from data.viewer import Viewer
from pages import reports_list, reports_one
from pages.reports import PAGE
from pages.reports_ids import Ids
from pages.reports_questions import MOST, is_id, view_of
from reports.frozen import BY_THE_WAY
from reports.issue import may_open, reopened
from state.reports import NotNow, Report, clean
from state.store import Store
from ui.frame import Frame
from ui.wires import Looked, Watch, Wires


def _looked(query: object, _viewer: Viewer, _cubes: Cubes) -> Looked | None:
    """A report that somebody opens by its ID is looked at; the list of them tells of no figure."""
    view = view_of(query)
    if not is_id(view.report):
        return None
    id = clean(view.report)
    return Looked(f"report={id}", f"report {id}")


wires = Wires(PAGE, watch=Watch((Ids.VIEW,), _looked))
ASKED = (Input(Ids.VIEW, "data"), Input(Ids.CHANGED, "data"), Input(Frame.SNAPSHOT, "data"))


@wires.callback(Output(Ids.LIST, "children"), *ASKED, store=True)
def issued(viewer: Viewer, cubes: Cubes, store: Store, query: object, *_anew: object) -> list[Component]:
    view = view_of(query)
    found = store.reports.latest(most=MOST, without=() if view.every else BY_THE_WAY)
    return reports_list.panel_of([one for one in found if may_open(one, viewer)], view, cubes)


@wires.callback(Output(Ids.ONE, "children"), *ASKED, store=True)
def one(viewer: Viewer, cubes: Cubes, store: Store, query: object, *_anew: object) -> list[Component]:
    view = view_of(query)
    found = reopened(view.report, viewer, store) if view.report else None
    if found is None:
        return reports_one.missing(view.report) if view.report else []
    return reports_one.head_of(*found, viewer, cubes)


@wires.callback(
    Output(Ids.CONTENT, "children"), Input(Ids.VIEW, "data"), Input(Frame.THEME, "data"), store=True
)
def content(viewer: Viewer, _cubes: Cubes, store: Store, query: object, theme: object) -> list[Component]:
    view = view_of(query)
    found = reopened(view.report, viewer, store) if view.report else None
    if found is None:
        return []
    report, told = found
    return reports_one.content_of(told, store.reports.defined(report.definitions), theme)


@wires.callback(
    Output(Ids.SAID, "children"),
    Output(Ids.CHANGED, "data"),
    Input(Ids.ASK, "data"),
    store=True,
    prevent_initial_call=True,
)
def act(viewer: Viewer, _cubes: Cubes, store: Store, ask: object) -> tuple[Any, Any]:
    """Comment, approve, or take an approval back; each needs a permission of its own."""
    given = ask if isinstance(ask, dict) else {}
    found = store.reports.get(str(given.get("report", ""))[:60])
    if found is None or not may_open(found, viewer):
        return reports_one.refused(reports_one.NONE), no_update
    try:
        said = _do(str(given.get("do")), str(given.get("text") or ""), found, viewer, store)
    except TextRefused as refused:
        return reports_one.refused(f"The comment was not kept: {refused}."), no_update
    except (LookupError, NotNow) as refused:
        return reports_one.refused(str(refused.args[0])), no_update
    return reports_one.said(said), given.get("at", said)


def _do(do: str, text: str, report: Report, viewer: Viewer, store: Store) -> str:
    if do == "comment" and viewer.may(Permission.ISSUE_REPORTS):
        store.reports.comment(report.id, text, viewer.name)
        return "The comment is kept." if text.strip() else "The comment is taken away."
    if do == "approve" and viewer.may(Permission.APPROVE_REPORTS):
        store.reports.approve(report.id, viewer.name)
        return "Approved: the comment stays as it is, and so do the figures."
    if do == "reopen" and viewer.may(Permission.APPROVE_REPORTS):
        store.reports.reopen(report.id, viewer.name)
        return "A draft again."
    raise LookupError("That cannot be done with a report.")
