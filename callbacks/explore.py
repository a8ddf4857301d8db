"""Explore's wires: what is chosen becomes the address, and each panel asks by it."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Input, Output, State, no_update
from dash.development.base_component import Component

from callbacks import looks
from data.cubes import Cubes
from data.viewer import Viewer
from pages import explore_chart, explore_scope, explore_table
from pages.day_notes import notes_of
from pages.explore import PAGE, first_questions, options
from pages.explore_asked import answer, asked, whole
from pages.explore_ids import Ids
from state.store import Store
from ui import html
from ui.filterbar import Bar
from ui.frame import Frame
from ui.wires import Wires

wires = Wires(PAGE, watch=looks.EXPLORE)
QUESTION = (Input(Bar.QUERY, "data"), Input(Frame.SNAPSHOT, "data"))
Panel = tuple[list[Component], bool]


@wires.callback(Output(Ids.METRICS, "options"), Input(Ids.OPENER, "n_clicks"), prevent_initial_call=True)
def figures(_viewer: Viewer, _cubes: Cubes, opened: object) -> Any:
    return options() if opened == 1 else no_update


@wires.callback(Output(Ids.SCOPE, "children"), *QUESTION)
def scope(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> list[Component]:
    view = asked(query, viewer, cubes)
    if not view.metrics:
        notes = explore_scope.problems(view)
        return [*([html.Ul(notes, className="notes")] if notes else []), *first_questions(viewer, cubes)]
    return explore_scope.scope(view, answer(view, viewer, cubes), viewer, cubes)


@wires.callback(Output(Ids.TABLE, "children"), Output(f"{Ids.TABLE}-panel", "hidden"), *QUESTION)
def table(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> Panel:
    view = asked(query, viewer, cubes)
    if not view.metrics:
        return [], True
    told, total = answer(view, viewer, cubes), whole(view, viewer, cubes)
    return explore_table.panel_of(view, told, total, viewer, cubes), False


@wires.callback(
    Output(Ids.CHART, "children"),
    Output(f"{Ids.CHART}-panel", "hidden"),
    *QUESTION,
    Input(Frame.THEME, "data"),
    store=True,
)
def chart(
    viewer: Viewer, cubes: Cubes, store: Store, query: object, _snapshot: object, theme: object
) -> Panel:
    view = asked(query, viewer, cubes)
    if not view.metrics:
        return [], True
    told = answer(view, viewer, cubes)
    notes = notes_of(view.filters, viewer, cubes, store) if view.time else []
    drawn = explore_chart.panel_of(view, told, notes, viewer, cubes, theme)
    return drawn, not drawn


wires.clientside(
    ClientsideFunction("explore", "choose"),
    Output(Bar.QUERY, "data", allow_duplicate=True),
    Output(Ids.PICKED, "children"),
    Output(Ids.FULL, "children"),
    Output(Ids.OF, "options"),
    Output(Ids.OF, "value"),
    Input(Ids.FIRST, "value"),
    Input(Ids.SECOND, "value"),
    Input(Ids.THIRD, "value"),
    Input(Ids.SHAPE, "value"),
    Input(Ids.OF, "value"),
    Input(Ids.METRICS, "value"),
    State(Bar.QUERY, "data"),
    prevent_initial_call=True,
)
