"""The Overview's wires: each parses the filters, asks, draws and returns one panel."""

from __future__ import annotations

from typing import Any

from dash import ALL, ClientsideFunction, Input, Output, State
from dash.development.base_component import Component

from callbacks import live, looks
from data.cubes import Cubes
from data.viewer import Viewer
from pages import (
    overview_arms,
    overview_attention,
    overview_campaigns,
    overview_cards,
    overview_explain,
    overview_grid,
    overview_heat,
    overview_small,
)
from pages import overview_panels as draw
from pages.day_notes import notes_of
from pages.overview import PAGE
from pages.overview import clocks as clock_line
from pages.overview_ids import LIVE, Ids
from state.store import Store
from ui.filterbar import Bar, filters_of
from ui.frame import Frame
from ui.wires import Wires

wires = Wires(PAGE, watch=looks.OVERVIEW)
live.renew(wires, LIVE)
Panel = list[Component]
QUESTION = (Input(Bar.QUERY, "data"), Input(Frame.SNAPSHOT, "data"))


@wires.callback(Output(Ids.CLOCKS, "children"), Input(Frame.SNAPSHOT, "data"), prevent_initial_call=True)
def clocks(viewer: Viewer, cubes: Cubes, *_snapshot: object) -> list[Component]:
    return clock_line(viewer, cubes)


@wires.callback(Output(Ids.ATTENTION, "children"), Input(Frame.SNAPSHOT, "data"))
def attention(viewer: Viewer, cubes: Cubes, *_snapshot: object) -> list[Component]:
    return overview_attention.attention(viewer, cubes)


@wires.callback(Output(Ids.SCOPE, "children"), Output(Ids.CARDS, "children"), *QUESTION)
def summary(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> tuple[Panel, Panel]:
    filters, problems = filters_of(query, viewer, cubes)
    told = draw.scope(filters, problems, viewer, cubes)
    return told, overview_cards.cards(filters, viewer, cubes)


@wires.callback(Output(Ids.TREND, "children"), *QUESTION, Input(Frame.THEME, "data"), store=True)
def trend(
    viewer: Viewer, cubes: Cubes, store: Store, query: object, _snapshot: object, theme: object
) -> list[Component]:
    filters, _ = filters_of(query, viewer, cubes)
    return draw.trend(filters, viewer, cubes, theme, notes_of(filters, viewer, cubes, store))


@wires.callback(
    Output(Ids.TREND_TABLE, "children"),
    Input(Ids.TREND_OPENER, "n_clicks"),
    State(Bar.QUERY, "data"),
    prevent_initial_call=True,
)
def trend_table(viewer: Viewer, cubes: Cubes, _clicks: object, query: object) -> Component:
    filters, _ = filters_of(query, viewer, cubes)
    return draw.trend_table(filters, viewer, cubes)


@wires.callback(
    Output(Ids.FUNNEL, "children"),
    Output(Ids.CHANNELS, "children"),
    Output(Ids.ARMS, "children"),
    Output(f"{Ids.ARMS}-panel", "hidden"),
    *QUESTION,
)
def tables(
    viewer: Viewer, cubes: Cubes, query: object, _snapshot: object
) -> tuple[Panel, Panel, Panel, bool]:
    filters, _ = filters_of(query, viewer, cubes)
    funnel, channels = draw.funnel(filters, viewer, cubes), draw.channels(filters, viewer, cubes)
    arms = overview_arms.arms(filters, viewer, cubes)
    return funnel, channels, arms, not arms


@wires.callback(
    Output(Ids.EXPLAIN, "children"),
    *QUESTION,
    Input(Ids.EXPLAIN_OF, "data"),
    Input(Ids.EXPLAIN_BY, "value"),
    store=True,
)
def explain(
    viewer: Viewer, cubes: Cubes, store: Store, query: object, _snapshot: object, of: object, by: object
) -> list[Component]:
    filters, _ = filters_of(query, viewer, cubes)
    return overview_explain.parts(of, by, filters, viewer, cubes, store)


@wires.callback(
    Output(Ids.HEAT, "children"), *QUESTION, Input(Ids.HEAT_BY, "value"), Input(Ids.HEAT_OF, "value")
)
def heat(
    viewer: Viewer, cubes: Cubes, query: object, _snapshot: object, by: object, of: object
) -> list[Component]:
    filters, _ = filters_of(query, viewer, cubes)
    return overview_heat.heat_map(filters, viewer, cubes, by, of)


@wires.callback(Output(Ids.SMALL, "children"), *QUESTION, Input(Ids.SMALL_BY, "value"))
def small(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object, by: object) -> list[Component]:
    filters, _ = filters_of(query, viewer, cubes)
    return overview_small.small(filters, viewer, cubes, by)


@wires.callback(
    Output(Ids.SMALL_TABLE, "children"),
    Input(Ids.SMALL_OPENER, "n_clicks"),
    State(Bar.QUERY, "data"),
    State(Ids.SMALL_BY, "value"),
    prevent_initial_call=True,
)
def small_table(viewer: Viewer, cubes: Cubes, _clicks: object, query: object, by: object) -> Component:
    filters, _ = filters_of(query, viewer, cubes)
    return overview_small.small_table(filters, viewer, cubes, by)


@wires.callback(
    Output(Ids.CAMPAIGNS, "children"),
    Input(Ids.SHAPE, "data"),
    State(Bar.QUERY, "data"),
    State(Ids.VIEW, "data"),
    prevent_initial_call=True,
)
def campaigns(_viewer: Viewer, _cubes: Cubes, shape: object, query: object, view: object) -> list[Component]:
    """The table's frame: it stays while its rows come and go."""
    told = [one for one in (query, view) if isinstance(one, dict)]
    given = {k: v for one in told for k, v in one.items() if isinstance(k, str) and isinstance(v, str)}
    if shape == "grid":
        return overview_grid.frame(given)
    return overview_campaigns.frame(given)


@wires.callback(
    Output(Ids.GRID_HEAD, "children"),
    Output(Ids.GRID, "rowData"),
    Output(Ids.GRID_FOOT, "children"),
    *QUESTION,
    Input(Ids.VIEW, "data"),
)
def rows(
    viewer: Viewer, cubes: Cubes, query: object, _snapshot: object, view: object
) -> tuple[Component, list[dict[str, Any]], list[Component]]:
    filters, _ = filters_of(query, viewer, cubes)
    return overview_grid.contents(view, filters, viewer, cubes)


@wires.callback(Output(Ids.PLAIN, "children"), *QUESTION, Input(Ids.VIEW, "data"))
def plain(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object, view: object) -> list[Component]:
    filters, _ = filters_of(query, viewer, cubes)
    return overview_campaigns.campaigns(filters, viewer, cubes, view)


def _browser(name: str) -> ClientsideFunction:
    return ClientsideFunction("overview", name)


wires.clientside(_browser("shape"), Output(Ids.SHAPE, "data"), Input(Ids.BUNDLE, "data"))
wires.clientside(
    _browser("sort"),
    Output(Ids.VIEW, "data"),
    Input({"type": "overview-sort", "by": ALL}, "n_clicks"),
    Input({"type": "overview-turn", "to": ALL}, "n_clicks"),
    Input(Ids.SEARCH, "value"),
    State(Ids.VIEW, "data"),
    prevent_initial_call=True,
)
wires.clientside(
    _browser("order"),
    Output(Ids.VIEW, "data", allow_duplicate=True),
    Input(Ids.GRID, "columnState"),
    State(Ids.VIEW, "data"),
    prevent_initial_call=True,
)
wires.clientside(
    _browser("choose"),
    Output(Ids.VIEW, "data", allow_duplicate=True),
    Input(Ids.ORDER, "value"),
    State(Ids.VIEW, "data"),
    prevent_initial_call=True,
)
wires.clientside(
    _browser("columns"),
    Output(Ids.COLUMNS, "title"),
    Input(Ids.COLUMNS, "value"),
    Input(Ids.PINNED, "value"),
    prevent_initial_call=True,
)
wires.clientside(
    _browser("choices"),
    Output(Ids.KEPT, "data"),
    Input(Ids.VIEW, "data"),
    Input(Ids.HEAT_BY, "value"),
    Input(Ids.HEAT_OF, "value"),
    Input(Ids.SMALL_BY, "value"),
    prevent_initial_call=True,
)
wires.clientside(
    _browser("explained"),
    Output(Ids.EXPLAIN_BY, "title"),
    Input(Ids.EXPLAIN_OF, "data"),
    Input(Ids.EXPLAIN_BY, "value"),
)
wires.clientside(
    _browser("compare"),
    Output(Ids.COMPARE, "href"),
    Output(Ids.COMPARE, "className"),
    Output(Ids.COMPARE, "children"),
    Input(Ids.GRID, "selectedRows"),
    State(Ids.COMPARE, "children"),
    prevent_initial_call=True,
)
wires.clientside(
    _browser("fill"), Output(Ids.EMPTY, "title"), Input(Frame.SNAPSHOT, "data"), prevent_initial_call=True
)
