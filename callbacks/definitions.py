"""Definitions' wires: long parts come by themselves, short ones together; the browser searches them all."""

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


# Each line is an answer, which stays below 15 KB.
TOGETHER = (
    ("delivery",),
    ("failure",),
    ("interest",),
    ("response",),
    ("opt_out", "outcome"),
    ("experiment", "cost", "dimensions"),
    ("told",),
    ("evidence", "release", "clocks", "nothing", "glossary"),
)


def _of(parts: tuple[str, ...]) -> Callable[[Viewer, Cubes, object], list[Component]]:
    def inside(viewer: Viewer, cubes: Cubes, _snapshot: object) -> list[Component]:
        return [part_of(part, viewer, cubes) for part in parts]

    return inside


for _parts in TOGETHER:
    _places = [Output(f"{part_id(part)}-inside", "children") for part in _parts]
    wires.callback(*_places, Input(Frame.SNAPSHOT, "data"))(_of(_parts))

wires.clientside(
    ClientsideFunction("definitions", "search"),
    Output(Ids.COUNT, "children"),
    Input(Ids.SEARCH, "value"),
    *(Input(f"{part_id(part)}-inside", "children") for part in PARTS),
)
