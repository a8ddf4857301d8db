"""The Data page's wire for what is wrong: it asks again and again, and draws only where something moved."""

from __future__ import annotations

from dash import Input, Output, State, no_update

from config.settings import Settings
from data.cubes import Cubes
from data.viewer import Viewer
from pages import data_wrong
from pages.data_ids import Ids
from pages.data_page import PAGE
from state.store import Store
from ui.frame import Frame
from ui.wires import Wires

wires = Wires(PAGE)


@wires.callback(
    Output(Ids.WRONG, "children"),
    Output(Ids.WRONG_MARK, "data"),
    Input(Frame.TICK, "n_intervals"),
    Input(Frame.SNAPSHOT, "data"),
    State(Ids.WRONG_MARK, "data"),
    store=True,
    settings=True,
)
def wrong(
    viewer: Viewer, cubes: Cubes, store: Store, settings: Settings, _tick: object, _new: object, drawn: object
) -> tuple[object, object]:
    """The panel, drawn anew only where something moved."""
    if not viewer.scope.whole:
        return [], ""
    mark = data_wrong.mark(cubes, store)
    return (no_update, no_update) if mark == drawn else (data_wrong.panel_of(cubes, store, settings), mark)
