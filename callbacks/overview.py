"""The Overview's wires: each parses the filters, asks, draws and returns one panel."""

from __future__ import annotations

from typing import Any

from dash import ALL, ClientsideFunction, Input, Output, State
from dash.development.base_component import Component

from data.cubes import Cubes
from data.viewer import Viewer
from pages import overview_campaigns, overview_cards
from pages import overview_panels as draw
from pages.overview import PAGE
from pages.overview import clocks as clock_line
from pages.overview_ids import Ids
from ui.filterbar import Bar, filters_of
from ui.frame import Frame
from ui.wires import Wires

wires = Wires(PAGE)
QUESTION = (Input(Bar.QUERY, "data"), Input(Frame.SNAPSHOT, "data"))


@wires.callback(Output(Ids.CLOCKS, "children"), Input(Frame.SNAPSHOT, "data"))
def clocks(_viewer: Viewer, cubes: Cubes, *_snapshot: object) -> list[Component]:
    return clock_line(cubes)


@wires.callback(Output(Ids.SCOPE, "children"), *QUESTION)
def scope(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> list[Component]:
    filters, problems = filters_of(query, viewer, cubes)
    return draw.scope(filters, problems, viewer, cubes)


@wires.callback(Output(Ids.CARDS, "children"), *QUESTION)
def cards(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> list[Component]:
    filters, _ = filters_of(query, viewer, cubes)
    return overview_cards.cards(filters, viewer, cubes)


@wires.callback(Output(Ids.TREND, "children"), *QUESTION, Input(Frame.THEME, "data"))
def trend(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object, theme: object) -> list[Component]:
    filters, _ = filters_of(query, viewer, cubes)
    return draw.trend(filters, viewer, cubes, theme)


@wires.callback(
    Output(Ids.TREND_TABLE, "children"),
    Input(Ids.TREND_OPENER, "n_clicks"),
    State(Bar.QUERY, "data"),
    prevent_initial_call=True,
)
def trend_table(viewer: Viewer, cubes: Cubes, _clicks: object, query: object) -> Component:
    filters, _ = filters_of(query, viewer, cubes)
    return draw.trend_table(filters, viewer, cubes)


@wires.callback(Output(Ids.FUNNEL, "children"), *QUESTION)
def funnel(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> list[Component]:
    filters, _ = filters_of(query, viewer, cubes)
    return draw.funnel(filters, viewer, cubes)


@wires.callback(Output(Ids.CHANNELS, "children"), *QUESTION)
def channels(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> list[Component]:
    filters, _ = filters_of(query, viewer, cubes)
    return draw.channels(filters, viewer, cubes)


@wires.callback(Output(Ids.ARMS, "children"), Output(f"{Ids.ARMS}-panel", "hidden"), *QUESTION)
def arms(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> tuple[list[Component], bool]:
    filters, _ = filters_of(query, viewer, cubes)
    found = draw.arms(filters, viewer, cubes)
    return found, not found


@wires.callback(Output(Ids.CAMPAIGNS, "children"), *QUESTION, Input(Ids.SORT, "data"))
def campaigns(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object, sort: Any) -> list[Component]:
    filters, _ = filters_of(query, viewer, cubes)
    return overview_campaigns.campaigns(filters, viewer, cubes, sort)


def _browser(name: str) -> ClientsideFunction:
    return ClientsideFunction("overview", name)


wires.clientside(
    _browser("sort"),
    Output(Ids.SORT, "data"),
    Input({"type": "overview-sort", "by": ALL}, "n_clicks"),
    Input({"type": "overview-turn", "to": ALL}, "n_clicks"),
    State(Ids.SORT, "data"),
    prevent_initial_call=True,
)
wires.clientside(
    _browser("keep"),
    Output(Bar.QUERY, "data", allow_duplicate=True),
    Input(Ids.SORT, "data"),
    State(Bar.QUERY, "data"),
    prevent_initial_call=True,
)
wires.clientside(
    _browser("fill"), Output(Ids.EMPTY, "title"), Input(Frame.SNAPSHOT, "data"), prevent_initial_call=True
)
