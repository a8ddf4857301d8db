"""The wires of Exports: what is started, cancelled or deleted, and a list that moves while something runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dash import Input, Output, State, no_update
from dash.development.base_component import Component

from config.settings import Settings
from data.cubes import Cubes
from data.viewer import Viewer
from exports import jobs
from exports.tables import FiltersRefused, NoSuchTable
from pages import exports_list
from pages.data_pieces import zone_of
from pages.exports import PAGE
from pages.exports_ids import Ids
from pages.registry import may_see
from reports.frozen import kept_id
from state.exports import JOB, OPEN
from state.store import Store
from ui import html
from ui.filterbar import Bar, filters_of
from ui.frame import Frame
from ui.icon import icon
from ui.wires import Wires

wires = Wires(PAGE)
KEPT: dict[str, Any] = {"store": True, "settings": True}
NO_TABLE = (
    "There is no such table under these filters. A table of one campaign needs one chosen under Campaign, "
    "a comparison two to four."
)
MOST = 500
GONE = "That export is not there any more."


@wires.callback(Output(Ids.SCOPE, "children"), Input(Bar.QUERY, "data"), Input(Frame.SNAPSHOT, "data"))
def scope(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> list[Component]:
    filters, problems = filters_of(query, viewer, cubes)
    notes = [
        html.Li([icon("exclamation-triangle"), html.Span(words)], className="problem") for words in problems
    ]
    told = html.P(["Taking out ", filters.sentence(cubes)], className="scope-sentence")
    return [html.Div(told, className="scope-words"), *([html.Ul(notes, className="notes")] if notes else [])]


@wires.callback(
    Output(Ids.LIST, "children"),
    Output(Ids.TICK, "disabled"),
    Input(Ids.TICK, "n_intervals"),
    Input(Ids.CHANGED, "data"),
    **KEPT,
)
def history(
    viewer: Viewer, cubes: Cubes, store: Store, settings: Settings, _ticks: object, _changed: object
) -> tuple[list[Component], bool]:
    found = jobs.history(viewer, settings, store, MOST)
    busy = any(one.kind == JOB and one.status in OPEN for one in found)
    return exports_list.listed(found, zone_of(cubes)), not busy


@wires.callback(
    Output(Ids.SAID, "children"),
    Output(Ids.CHANGED, "data"),
    Input(Ids.ASK, "data"),
    State(Bar.QUERY, "data"),
    prevent_initial_call=True,
    **KEPT,
)
def act(
    viewer: Viewer, cubes: Cubes, store: Store, settings: Settings, ask: object, query: object
) -> tuple[Any, Any]:
    given = {k: v for k, v in ask.items() if isinstance(v, str)} if isinstance(ask, dict) else {}
    do, id = given.get("do"), given.get("id", "")
    try:
        if do == "start":
            said = _start(given, _texts(query), viewer, cubes, store, settings)
        elif do == "again":
            said = _again(id, viewer, cubes, store, settings)
        elif do in ("cancel", "remove"):
            done = (jobs.cancel if do == "cancel" else jobs.remove)(id, viewer, settings, store)
            said = {"cancel": "Cancelled.", "remove": "The file is deleted."}[do] if done else GONE
        else:
            return no_update, no_update
    except NoSuchTable:
        return _alert(NO_TABLE), no_update
    except (FiltersRefused, jobs.JobRefused) as refused:
        return _alert(str(refused)), no_update
    return html.P(said, className="form-said"), given.get("at", said)


def _texts(query: object) -> dict[str, str]:
    given = query if isinstance(query, dict) else {}
    return {k: v for k, v in given.items() if isinstance(k, str) and isinstance(v, str)}


def _start(
    given: Mapping[str, str],
    query: dict[str, str],
    viewer: Viewer,
    cubes: Cubes,
    store: Store,
    settings: Settings,
) -> str:
    page, _, table = given.get("what", "").partition("/")
    if not may_see(page, viewer):
        raise NoSuchTable
    format, why = given.get("format", ""), given.get("why", "")
    asked = jobs.asked_of(page, table, query, format, why, viewer, cubes, store)
    id = kept_id(page, table, query, viewer, cubes, store, settings.plan)
    jobs.start(replace(asked, report=id), viewer, settings, store)
    return f"{asked.title}: started. It appears below as soon as it is written."


def _again(id: str, viewer: Viewer, cubes: Cubes, store: Store, settings: Settings) -> str:
    """The same question once more, of the present snapshot."""
    was = jobs.own(id, viewer, settings, store)
    if was is None or not may_see(was.page, viewer):
        return GONE
    asked = jobs.asked_of(was.page, was.name, was.query, was.format, was.reason, viewer, cubes, store)
    id = kept_id(was.page, was.name, was.query, viewer, cubes, store, settings.plan)
    jobs.start(replace(asked, report=id), viewer, settings, store)
    return f"{asked.title}: started again."


def _alert(words: str) -> Component:
    return html.P(words, className="form-alert", role="alert")
