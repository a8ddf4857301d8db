"""The Alerts page's wires: lists that move when something fires, one alert, and what people do with it."""

from __future__ import annotations

from typing import Any

from dash import Input, Output, State, no_update

from config.permissions import Permission
from data.cubes import Cubes
from data.viewer import Viewer
from pages import alerts_list, alerts_one
from pages.alerts import PAGE
from pages.alerts_ids import Ids
from pages.alerts_questions import view_of
from state.store import Store
from ui.frame import Frame
from ui.wires import Wires

wires = Wires(PAGE)
MOVES = (Input(Ids.VIEW, "data"), Input(Ids.CHANGED, "data"), Input(Frame.SNAPSHOT, "data"))


@wires.callback(
    Output(Ids.OPEN, "children"),
    Output(Ids.PAST, "children"),
    Output(Ids.MARK, "data"),
    *MOVES,
    Input(Frame.TICK, "n_intervals"),
    State(Ids.MARK, "data"),
    store=True,
)
def lists(viewer: Viewer, cubes: Cubes, store: Store, query: object, *anew: object) -> tuple[Any, ...]:
    """Both lists, drawn anew only where something moved."""
    view, mark = view_of(query), alerts_list.mark(viewer, cubes, store)
    if anew[-1] == mark:
        return no_update, no_update, no_update
    shown = (alerts_list.standing(view, viewer, cubes, store), alerts_list.past(view, viewer, cubes, store))
    return (*shown, mark)


@wires.callback(
    Output(Ids.ONE, "children"),
    Output(Ids.ONE_MARK, "data"),
    *MOVES,
    Input(Frame.THEME, "data"),
    Input(Frame.TICK, "n_intervals"),
    State(Ids.ONE_MARK, "data"),
    store=True,
)
def one(viewer: Viewer, cubes: Cubes, store: Store, query: object, *anew: object) -> tuple[Any, ...]:
    """The alert of the address; whoever writes a comment is not disturbed while nothing moves."""
    view, theme = view_of(query), anew[2]
    mark = f"{alerts_one.mark(view, viewer, cubes, store)} {theme}"
    if anew[-1] == mark:
        return no_update, no_update
    return alerts_one.panel_of(view, viewer, cubes, store, theme), mark


@wires.callback(
    Output(Ids.VALUES, "children"),
    Input(Ids.OPENER, "n_clicks"),
    State(Ids.VIEW, "data"),
    store=True,
    prevent_initial_call=True,
)
def values(viewer: Viewer, cubes: Cubes, store: Store, _clicks: object, query: object) -> Any:
    return alerts_one.values(view_of(query), viewer, cubes, store)


@wires.callback(
    Output(Ids.SAID, "children"),
    Output(Ids.CHANGED, "data"),
    Input(Ids.ASK, "data"),
    needs=Permission.HANDLE_ALERTS,
    store=True,
    prevent_initial_call=True,
)
def act(viewer: Viewer, cubes: Cubes, store: Store, ask: object) -> tuple[Any, Any]:
    said, done = alerts_one.act(ask, viewer, cubes, store)
    return said, (ask if done else no_update)
