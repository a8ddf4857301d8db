"""Definitions' wires: each part comes by itself, and the browser searches them all."""

from __future__ import annotations

from collections.abc import Callable

from dash import ClientsideFunction, Input, Output
from dash.development.base_component import Component

from data.cubes import Cubes
from data.viewer import Viewer
from pages.definitions import PAGE, PARTS, part_of
from pages.definitions_ids import Ids, part_id
from ui.frame import Frame
from ui.wires import Wires

wires = Wires(PAGE)


def _of(part: str) -> Callable[[Viewer, Cubes, object], Component]:
    def inside(viewer: Viewer, cubes: Cubes, _snapshot: object) -> Component:
        return part_of(part, viewer, cubes)

    return inside


for _part in PARTS:
    wires.callback(Output(f"{part_id(_part)}-inside", "children"), Input(Frame.SNAPSHOT, "data"))(_of(_part))

wires.clientside(
    ClientsideFunction("definitions", "search"),
    Output(Ids.COUNT, "children"),
    Input(Ids.SEARCH, "value"),
    *(Input(f"{part_id(part)}-inside", "children") for part in PARTS),
)
