"""The Data page's wires for what people do there: bringing totals, and having refused rows replayed."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Input, Output, State, no_update
from dash.development.base_component import Component

from callbacks.soon import soon
from config.permissions import Permission
from config.settings import Settings
from data.cubes import Cubes
from data.viewer import Viewer
from pages import data_bring, data_loads, data_replay, data_totals, data_undo
from pages.data_ids import Ids
from pages.data_page import PAGE
from pages.data_questions import view_of
from state.store import Store
from ui.frame import Frame
from ui.wires import Wires

wires = Wires(PAGE)


@wires.callback(
    Output(Ids.TOTALS, "children"),
    Input(Ids.VIEW, "data"),
    Input(Ids.BROUGHT, "data"),
    Input(Frame.SNAPSHOT, "data"),
    store=True,
)
def totals(
    viewer: Viewer, cubes: Cubes, store: Store, view: object, brought: object, _snapshot: object
) -> list[Component]:
    if not viewer.scope.whole:
        return []
    return data_totals.panel_of(view_of(view, viewer, cubes), brought, viewer, cubes, store)


@wires.callback(Output(Ids.BRING_FORM, "children"), Input(Ids.BRING, "id"), needs=Permission.RECONCILE)
def bring_form(_viewer: Viewer, _cubes: Cubes, _place: object) -> Component:
    """Once, beside the page, so that the page itself is short."""
    return data_bring.form()


@wires.callback(
    Output(Ids.BRING_SAID, "children"),
    Output(Ids.BROUGHT, "data"),
    Input(Ids.BRING_ASK, "data"),
    needs=Permission.RECONCILE,
    store=True,
    prevent_initial_call=True,
)
def bring(viewer: Viewer, cubes: Cubes, store: Store, ask: object) -> tuple[Any, ...]:
    done = data_bring.act(ask, viewer, cubes, store)
    return done.said, no_update if done.kept is None else {"id": done.kept, "ask": ask_mark(ask)}


@wires.callback(
    Output(Ids.TOTALS_SAID, "children"),
    Output(Ids.BROUGHT, "data", allow_duplicate=True),
    Input(Ids.TOTALS_ASK, "data"),
    needs=Permission.RECONCILE,
    store=True,
    prevent_initial_call=True,
)
def away(viewer: Viewer, _cubes: Cubes, store: Store, ask: object) -> tuple[Any, ...]:
    if not viewer.scope.whole:
        return [], no_update
    said, shown = data_totals.act(ask, viewer, store)
    return said, no_update if shown is None else shown


@wires.callback(
    Output(Ids.LOADS, "children"),
    Output(Ids.LOADS_MARK, "data"),
    Output(Ids.UNDO_TICK, "disabled"),
    Input(Ids.VIEW, "data"),
    Input(Ids.UNDO_SAID, "children"),
    Input(Ids.UNDO_TICK, "n_intervals"),
    Input(Frame.TICK, "n_intervals"),
    Input(Frame.SNAPSHOT, "data"),
    State(Ids.LOADS_MARK, "data"),
    store=True,
)
def loads(
    viewer: Viewer, cubes: Cubes, store: Store, view: object, *anew: object
) -> tuple[object, object, object]:
    """The panel, drawn anew only where something moved: whoever stands on a button stays there."""
    if not viewer.scope.whole:
        return [], "", True
    chosen, still = view_of(view, viewer, cubes), not data_undo.under_way(store)
    mark = data_loads.mark(chosen, cubes, store)
    if anew and mark == anew[-1]:
        return no_update, no_update, still
    return data_loads.panel_of(chosen, viewer, cubes, store), mark, still


@wires.callback(
    Output(Ids.UNDO_SAID, "children"),
    Input(Ids.UNDO_ASK, "data"),
    needs=Permission.LOAD_DATA,
    store=True,
    settings=True,
    prevent_initial_call=True,
)
def undo(viewer: Viewer, cubes: Cubes, store: Store, settings: Settings, ask: object) -> list[Component]:
    said = data_undo.act(ask, viewer, cubes, store)
    if data_undo.under_way(store):
        soon(settings)
    return said


@wires.callback(
    Output(Ids.REPLAYS, "children"),
    Output(Ids.REPLAY_MARK, "data"),
    Input(Ids.VIEW, "data"),
    Input(Ids.REPLAY_SAID, "children"),
    Input(Frame.TICK, "n_intervals"),
    Input(Frame.SNAPSHOT, "data"),
    State(Ids.REPLAY_MARK, "data"),
    store=True,
    settings=True,
)
def replays(
    viewer: Viewer, cubes: Cubes, store: Store, settings: Settings, view: object, *anew: object
) -> tuple[object, object]:
    """The panel, drawn anew only where something moved: whoever stands on a button stays there."""
    if not viewer.scope.whole:
        return [], ""
    chosen = view_of(view, viewer, cubes)
    mark = data_replay.mark(chosen, cubes, store)
    if anew and mark == anew[-1]:
        return no_update, no_update
    return data_replay.panel_of(chosen, viewer, cubes, store, settings), mark


@wires.callback(
    Output(Ids.REPLAY_SAID, "children"),
    Input(Ids.REPLAY_ASK, "data"),
    needs=Permission.REPLAY_ROWS,
    store=True,
    prevent_initial_call=True,
)
def replay(viewer: Viewer, cubes: Cubes, store: Store, ask: object) -> list[Component]:
    return data_replay.act(ask, viewer, cubes, store)


def ask_mark(ask: object) -> object:
    """What tells one act from the next, so that what was kept again is shown again."""
    return ask.get("at") if isinstance(ask, dict) else None


wires.clientside(
    ClientsideFunction("totals", "said"),
    Output(Ids.BRING_SAID, "title"),
    Input(Ids.BRING_SAID, "children"),
    prevent_initial_call=True,
)
