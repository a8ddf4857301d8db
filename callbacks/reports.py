"""The Reports page's wires: the list, one report as it was told, and what people do with it."""

from __future__ import annotations

from typing import Any

from dash import Input, Output, State, no_update
from dash.development.base_component import Component

from config.permissions import Permission
from config.settings import Settings
from config.text import TextRefused
from data.cubes import Cubes
from data.viewer import Viewer
from pages import reports_form, reports_list, reports_moved, reports_one, reports_schedules
from pages.reports import PAGE
from pages.reports_ids import Ids
from pages.reports_offered import is_fixed
from pages.reports_questions import MOST, is_id, view_of
from pages.reports_scope import may_open
from reports import schedules
from reports.frozen import BY_THE_WAY
from reports.issue import reopened
from reports.moved import NotAskable, catch_up
from reports.views import visible
from state.reports import NotNow, Report, clean
from state.store import Store
from ui import forms
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
    Output(Ids.MOVED, "children"),
    Input(Ids.VIEW, "data"),
    Input(Frame.SNAPSHOT, "data"),
    store=True,
    settings=True,
)
def moved(
    viewer: Viewer, cubes: Cubes, store: Store, settings: Settings, query: object, _snapshot: object
) -> list[Component]:
    """What moved since, measured up to the newest snapshot in the row scope of the report itself."""
    view = view_of(query)
    found = reopened(view.report, viewer, store) if view.report else None
    if found is None:
        return []
    report, told = found
    try:
        moves = catch_up(report, told, cubes, store, settings)
    except NotAskable:
        return reports_moved.cannot()
    return reports_moved.panel_of(report, told, moves, cubes.snapshot.number, viewer, cubes)


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
        return forms.refused(reports_one.NONE), no_update
    try:
        said = _do(str(given.get("do")), str(given.get("text") or ""), found, viewer, store)
    except TextRefused as refused:
        return forms.refused(f"The comment was not kept: {refused}."), no_update
    except (LookupError, NotNow) as refused:
        return forms.refused(str(refused.args[0])), no_update
    return forms.said(said), given.get("at", said)


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


@wires.callback(
    Output(Ids.SCHEDULES, "children"),
    Input(Ids.PREVIEW, "children"),
    Input(Frame.TICK, "n_intervals"),
    needs=Permission.ISSUE_REPORTS,
    store=True,
    settings=True,
)
def scheduled(
    viewer: Viewer, cubes: Cubes, store: Store, settings: Settings, *_anew: object
) -> list[Component]:
    found = [one for one in store.schedules.all() if schedules.may_see(one, viewer)]
    sendings = store.schedules.sendings([one.id for one in found])
    reach = {one.id: len(schedules.reached(one, settings)) for one in found}
    return reports_schedules.panel_of(found, sendings, reach, viewer, cubes)


@wires.callback(
    Output(Ids.PREVIEW, "children"),
    Input(Ids.PLAN, "data"),
    needs=Permission.ISSUE_REPORTS,
    store=True,
    settings=True,
    prevent_initial_call=True,
)
def plan(viewer: Viewer, cubes: Cubes, store: Store, settings: Settings, ask: object) -> list[Component]:
    """Schedule a report, look at what it would say, send it now, pause, resume or remove it."""
    given = ask if isinstance(ask, dict) else {}
    try:
        return _planned(given, viewer, cubes, store, settings)
    except (schedules.Refused, LookupError, NotNow) as refused:
        return forms.refused(str(refused.args[0]))


@wires.callback(
    Output(Ids.WHAT, "options"),
    Output(Ids.WHAT, "value"),
    Output(Ids.NARROWING, "children"),
    Input(Ids.FORM, "n_clicks"),
    State(Ids.VIEW, "data"),
    needs=Permission.ISSUE_REPORTS,
    store=True,
)
def offers(viewer: Viewer, cubes: Cubes, store: Store, clicks: object, query: object) -> tuple[Any, Any, Any]:
    """What the form offers, once somebody opens it, or at once where the address names a view."""
    wanted = view_of(query).schedule
    due = clicks is None if wanted else clicks == 1
    if not due:
        return no_update, no_update, no_update
    return reports_form.offers(visible(viewer, store), wanted, viewer, cubes)


def _scheduled(given: dict[str, Any], viewer: Viewer, cubes: Cubes, store: Store, settings: Settings) -> str:
    asked = reports_form.asked_of(given)
    if reports_form.is_view(given):
        page, query = schedules.of_view(reports_form.view_of(given), viewer, store)
        asked |= {"page": page, "query": query}
    one = schedules.add(asked, viewer, cubes, store, settings)
    fixed = " It is of fixed days, and will tell of the same ones each time." if is_fixed(one.query) else ""
    return f"{one.title}: scheduled.{fixed}"


def _planned(
    given: dict[str, Any], viewer: Viewer, cubes: Cubes, store: Store, settings: Settings
) -> list[Component]:
    do, uid = given.get("do"), str(given.get("report", ""))
    if do == "schedule":
        return forms.said(_scheduled(given, viewer, cubes, store, settings))
    found = next((one for one in store.schedules.all() if one.uid == uid), None)
    if found is None or not schedules.may_see(found, viewer):
        raise LookupError("There is no such schedule.")
    match do:
        case "preview":
            mail = schedules.preview(found, cubes, store, settings)
            return reports_schedules.preview(mail.subject, mail.to, mail.attached, mail.text)
        case "send":
            store.schedules.ask(uid, viewer.name)
            return forms.said("It is sent within a minute; the list below says what became of it.")
        case "pause":
            store.schedules.pause(uid, viewer.name)
            return forms.said("Paused: nothing goes out until it is resumed.")
        case "resume":
            store.schedules.resume(uid, viewer.name, schedules.zone_of(cubes))
            return forms.said("Resumed.")
        case "unschedule":
            store.schedules.remove(uid, viewer.name)
            return forms.said("Removed; what it sent stays among the reports.")
    raise LookupError("That cannot be done with a schedule.")
