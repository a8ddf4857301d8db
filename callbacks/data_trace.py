"""The Data page's wires for volumes and lineage: what is chosen is asked, and becomes the address."""

from __future__ import annotations

from dash import ClientsideFunction, Input, Output, State
from dash.development.base_component import Component

from data.cubes import Cubes
from data.viewer import Viewer
from pages import data_lineage, data_volumes
from pages.data_ids import Ids
from pages.data_page import PAGE
from pages.data_questions import view_of
from ui.frame import Frame
from ui.wires import Wires

wires = Wires(PAGE)
CHOICES = (
    Input(Ids.OF_METRIC, "value"),
    Input(Ids.OF_CAMPAIGN, "value"),
    Input(Ids.OF_CHANNEL, "value"),
    Input(Ids.OF_MONTH, "value"),
)
NAMES = ("of", "of_campaign", "of_channel", "of_month")
AGAIN = (Input(Ids.VIEW, "data"), Input(Frame.SNAPSHOT, "data"))
Shown = list[Component]


@wires.callback(
    Output(Ids.VOLUMES, "children"),
    Input(Ids.OF_VOLUME, "value"),
    Input(Frame.SNAPSHOT, "data"),
    Input(Frame.THEME, "data"),
)
def volumes(viewer: Viewer, cubes: Cubes, chosen: object, _snapshot: object, theme: object) -> Shown:
    return data_volumes.panel_of(chosen, viewer, cubes, theme) if viewer.scope.whole else []


@wires.callback(
    Output(Ids.VOLUMES_TABLE, "children"),
    Input(Ids.VOLUMES_OPENER, "n_clicks"),
    State(Ids.OF_VOLUME, "value"),
    prevent_initial_call=True,
)
def volume_days(viewer: Viewer, cubes: Cubes, opened: object, chosen: object) -> Shown:
    return data_volumes.days_of(chosen, viewer, cubes) if opened and viewer.scope.whole else []


@wires.callback(Output(Ids.OF_METRIC, "options"), Input(Frame.SNAPSHOT, "data"))
def figures(viewer: Viewer, _cubes: Cubes, _snapshot: object) -> dict[str, str]:
    return data_lineage.figures() if viewer.scope.whole else {}


@wires.callback(Output(Ids.TRACE, "children"), *CHOICES, *AGAIN)
def trace(viewer: Viewer, cubes: Cubes, *chosen: object) -> Shown:
    if not viewer.scope.whole:
        return []
    *choices, view, _snapshot = chosen
    texts = [value if isinstance(value, str) else "" for value in choices]
    asked = data_lineage.asked(dict(zip(NAMES, texts, strict=True)), viewer, cubes)
    return data_lineage.trace(asked, view_of(view, viewer, cubes), viewer, cubes)


@wires.callback(Output(Ids.TOUCHED, "children"), Input(Ids.OF_LOAD, "value"), *AGAIN)
def touched(viewer: Viewer, cubes: Cubes, load: object, view: object, _snapshot: object) -> Shown:
    if not viewer.scope.whole:
        return []
    return data_lineage.touched(load, view_of(view, viewer, cubes), viewer, cubes)


wires.clientside(
    ClientsideFunction("trace", "keep"),
    Output(Ids.TRACE, "title"),
    *CHOICES,
    Input(Ids.OF_LOAD, "value"),
    prevent_initial_call=True,
)
wires.clientside(
    ClientsideFunction("trace", "campaigns"),
    Output(Ids.OF_CAMPAIGN, "options"),
    Input(Ids.CAMPAIGN, "options"),
    prevent_initial_call=True,
)
wires.clientside(
    ClientsideFunction("trace", "volume"),
    Output(Ids.VOLUMES, "title"),
    Input(Ids.OF_VOLUME, "value"),
    prevent_initial_call=True,
)
