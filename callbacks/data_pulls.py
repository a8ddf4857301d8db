"""The Data page's wire for pulled sources: it asks again and again, and draws only where something moved."""

from __future__ import annotations

from dash import Input, Output, State, no_update

from data.cubes import Cubes
from data.viewer import Viewer
from pages import data_pulls
from pages.data_ids import Ids
from pages.data_page import PAGE
from ui.frame import Frame
from ui.wires import Wires

wires = Wires(PAGE)


@wires.callback(
    Output(Ids.PULLS, "children"),
    Output(Ids.PULLS_MARK, "data"),
    Input(Frame.TICK, "n_intervals"),
    Input(Frame.SNAPSHOT, "data"),
    State(Ids.PULLS_MARK, "data"),
)
def pulled(viewer: Viewer, cubes: Cubes, _tick: object, _new: object, drawn: object) -> tuple[object, object]:
    """The panel, drawn anew only where something moved."""
    if not viewer.scope.whole:
        return [], ""
    mark = data_pulls.mark(cubes)
    return (no_update, no_update) if mark == drawn else (data_pulls.panel_of(cubes), mark)
