"""The Overview's wires: each parses the filters, asks, draws and returns one panel."""

from __future__ import annotations

from typing import Any

from dash import ALL, ClientsideFunction, Input, Output, State
from dash.development.base_component import Component

from data.cubes import Cubes
from data.filters import Filters, parse
from data.viewer import Viewer
from pages import overview_campaigns, overview_cards
from pages import overview_panels as draw
from pages.overview import PAGE
from pages.overview import clocks as clock_line
from pages.overview_ids import Ids
from ui.filterbar import PICKS, Bar, summary_id
from ui.frame import Frame
from ui.wires import Wires

wires = Wires(PAGE)
QUESTION = (Input(Ids.QUERY, "data"), Input(Frame.SNAPSHOT, "data"))


def filters_of(query: object, cubes: Cubes) -> tuple[Filters, list[str]]:
    """Filters of what a browser sent; anything but text is passed over."""
    given = query if isinstance(query, dict) else {}
    return parse({k: v for k, v in given.items() if isinstance(k, str) and isinstance(v, str)}, cubes)


@wires.callback(Output(Ids.CLOCKS, "children"), Input(Frame.SNAPSHOT, "data"))
def clocks(_viewer: Viewer, cubes: Cubes, *_snapshot: object) -> list[Component]:
    return clock_line(cubes)


@wires.callback(Output(Ids.SCOPE, "children"), *QUESTION)
def scope(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> list[Component]:
    filters, problems = filters_of(query, cubes)
    return draw.scope(filters, problems, viewer, cubes)


@wires.callback(Output(Ids.CARDS, "children"), *QUESTION)
def cards(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> list[Component]:
    filters, _ = filters_of(query, cubes)
    return overview_cards.cards(filters, viewer, cubes)


@wires.callback(Output(Ids.TREND, "children"), *QUESTION, Input(Frame.THEME, "data"))
def trend(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object, theme: object) -> list[Component]:
    filters, _ = filters_of(query, cubes)
    return draw.trend(filters, viewer, cubes, theme)


@wires.callback(
    Output(Ids.TREND_TABLE, "children"),
    Input(Ids.TREND_OPENER, "n_clicks"),
    State(Ids.QUERY, "data"),
    prevent_initial_call=True,
)
def trend_table(viewer: Viewer, cubes: Cubes, _clicks: object, query: object) -> Component:
    filters, _ = filters_of(query, cubes)
    return draw.trend_table(filters, viewer, cubes)


@wires.callback(Output(Ids.FUNNEL, "children"), *QUESTION)
def funnel(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> list[Component]:
    filters, _ = filters_of(query, cubes)
    return draw.funnel(filters, viewer, cubes)


@wires.callback(Output(Ids.CHANNELS, "children"), *QUESTION)
def channels(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> list[Component]:
    filters, _ = filters_of(query, cubes)
    return draw.channels(filters, viewer, cubes)


@wires.callback(Output(Ids.ARMS, "children"), Output(f"{Ids.ARMS}-panel", "hidden"), *QUESTION)
def arms(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> tuple[list[Component], bool]:
    filters, _ = filters_of(query, cubes)
    found = draw.arms(filters, viewer, cubes)
    return found, not found


@wires.callback(Output(Ids.CAMPAIGNS, "children"), *QUESTION, Input(Ids.SORT, "data"))
def campaigns(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object, sort: Any) -> list[Component]:
    filters, _ = filters_of(query, cubes)
    return overview_campaigns.campaigns(filters, viewer, cubes, sort)


def _browser(name: str) -> ClientsideFunction:
    return ClientsideFunction("overview", name)


wires.clientside(
    _browser("pick"),
    Output(Ids.QUERY, "data"),
    Output(Bar.DATES, "hidden"),
    Output(Bar.COUNT, "children"),
    *(Output(summary_id(name), "children") for name in (*(pick for pick, _, _ in PICKS), Bar.VALUES)),
    Input(Bar.PERIOD, "value"),
    Input(Bar.FROM, "value"),
    Input(Bar.TO, "value"),
    Input(Bar.COMPARE, "value"),
    *(Input(name, "value") for name, _, _ in PICKS),
    Input(Bar.VALUES, "value"),
    State(Bar.ATTRIBUTE, "value"),
    State(Ids.QUERY, "data"),
    prevent_initial_call=True,
)
wires.clientside(
    _browser("attribute"),
    Output(Bar.VALUES, "options"),
    Output(Bar.VALUES, "value"),
    Input(Bar.ATTRIBUTE, "value"),
    State(Bar.CHOICES, "data"),
    prevent_initial_call=True,
)
wires.clientside(
    _browser("sort"),
    Output(Ids.SORT, "data"),
    Input({"type": "overview-sort", "by": ALL}, "n_clicks"),
    Input({"type": "overview-turn", "to": ALL}, "n_clicks"),
    State(Ids.SORT, "data"),
    prevent_initial_call=True,
)
wires.clientside(
    _browser("address"),
    Output(Ids.ADDRESS, "data"),
    Input(Ids.QUERY, "data"),
    Input(Ids.SORT, "data"),
)
wires.clientside(
    _browser("copy"),
    Output(Ids.COPY, "children"),
    Input(Ids.COPY, "n_clicks"),
    State(Ids.COPY, "children"),
    prevent_initial_call=True,
)
wires.clientside(
    _browser("fill"), Output(Ids.EMPTY, "title"), Input(Frame.SNAPSHOT, "data"), prevent_initial_call=True
)
wires.clientside(_browser("fold"), Output(Bar.SHELL, "open"), Input(Bar.SHELL, "id"))
