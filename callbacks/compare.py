"""Compare's wires: what is chosen becomes the address, and each panel asks by it."""

from __future__ import annotations

from typing import Any

from dash import ALL, ClientsideFunction, Input, Output, State, no_update
from dash.development.base_component import Component

from callbacks import looks
from data.cubes import Cubes
from data.viewer import Viewer
from pages import compare_curve, compare_table, compare_words
from pages.compare import PAGE
from pages.compare_chosen import chosen
from pages.compare_ids import ADD, REMOVE, Ids
from ui.filterbar import campaign_options
from ui.frame import Frame
from ui.wires import Wires

wires = Wires(PAGE, watch=looks.COMPARE)
QUESTION = (Input(Ids.QUERY, "data"), Input(Frame.SNAPSHOT, "data"))
Panel = tuple[list[Component], bool]


@wires.callback(Output(Ids.PICK, "options"), Input(Ids.OPENER, "n_clicks"), prevent_initial_call=True)
def campaigns(viewer: Viewer, cubes: Cubes, opened: object) -> Any:
    return campaign_options(viewer, cubes) if opened == 1 else no_update


@wires.callback(Output(Ids.CHOSEN, "children"), *QUESTION)
def chips(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> list[Component]:
    return compare_words.chips(chosen(query, viewer, cubes), viewer, cubes)


@wires.callback(Output(Ids.SCOPE, "children"), *QUESTION)
def scope(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> list[Component]:
    return compare_words.scope(chosen(query, viewer, cubes), viewer, cubes)


@wires.callback(Output(Ids.TABLE, "children"), Output(f"{Ids.TABLE}-panel", "hidden"), *QUESTION)
def table(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> Panel:
    asked = chosen(query, viewer, cubes)
    return ([], True) if len(asked.campaigns) < 2 else (compare_table.panel_of(asked, viewer, cubes), False)


@wires.callback(Output(Ids.RECORDS, "children"), Output(f"{Ids.RECORDS}-panel", "hidden"), *QUESTION)
def records(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> Panel:
    asked = chosen(query, viewer, cubes)
    return ([], True) if len(asked.campaigns) < 2 else (compare_table.records_of(asked, viewer, cubes), False)


@wires.callback(
    Output(Ids.CURVE, "children"),
    Output(f"{Ids.CURVE}-panel", "hidden"),
    *QUESTION,
    Input(Frame.THEME, "data"),
)
def curve(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object, theme: object) -> Panel:
    asked = chosen(query, viewer, cubes)
    return (
        ([], True)
        if len(asked.campaigns) < 2
        else (compare_curve.panel_of(asked, viewer, cubes, theme), False)
    )


@wires.callback(
    Output(Ids.CURVE_TABLE, "children"),
    Input(Ids.CURVE_OPENER, "n_clicks"),
    State(Ids.QUERY, "data"),
    prevent_initial_call=True,
)
def curve_table(viewer: Viewer, cubes: Cubes, _clicks: object, query: object) -> Component:
    return compare_curve.table_of(chosen(query, viewer, cubes), viewer, cubes)


wires.clientside(
    ClientsideFunction("compare", "choose"),
    Output(Ids.QUERY, "data"),
    Output(Ids.PICK, "value"),
    Output(Ids.PICKED, "children"),
    Output(Ids.FULL, "children"),
    Input(Ids.PICK, "value"),
    Input(Ids.WINDOW, "value"),
    Input(Ids.CHANNEL, "value"),
    Input(Ids.METRIC, "value"),
    Input({"type": REMOVE, "campaign": ALL}, "n_clicks"),
    Input({"type": ADD, "campaign": ALL}, "n_clicks"),
    State(Ids.QUERY, "data"),
    prevent_initial_call=True,
)
wires.clientside(
    ClientsideFunction("filters", "address"), Output(Ids.ADDRESS, "data"), Input(Ids.QUERY, "data")
)
