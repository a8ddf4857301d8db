"""The Data page's wires: what is chosen becomes the address, and each panel asks by it."""

from __future__ import annotations

from dash import ALL, ClientsideFunction, Input, Output, State
from dash.development.base_component import Component

from callbacks import data_acts, data_pulls, data_trace, data_wrong, looks
from data.cubes import Cubes
from data.viewer import Viewer
from pages import data_clocks, data_gaps, data_health, data_refused, data_sources
from pages.data_ids import TURN, Ids
from pages.data_page import PAGE, campaign_options
from pages.data_questions import view_of
from ui.frame import Frame
from ui.wires import Wires

wires = Wires(PAGE, watch=looks.DATA)
CHOSEN = (Input(Ids.VIEW, "data"), Input(Frame.SNAPSHOT, "data"))
Shown = list[Component]


@wires.callback(Output(Ids.CAMPAIGN, "options"), Input(Frame.SNAPSHOT, "data"))
def campaigns(viewer: Viewer, cubes: Cubes, _snapshot: object) -> list[dict[str, str]]:
    return campaign_options(viewer, cubes)


@wires.callback(Output(Ids.STATE, "children"), Output(Ids.CLOCKS, "children"), Input(Frame.SNAPSHOT, "data"))
def clocks(viewer: Viewer, cubes: Cubes, _snapshot: object) -> tuple[Shown, Shown]:
    return data_health.notices(viewer, cubes), data_clocks.clocks(viewer, cubes)


@wires.callback(Output(Ids.SOURCES, "children"), *CHOSEN)
def sources(viewer: Viewer, cubes: Cubes, view: object, _snapshot: object) -> Shown:
    return data_sources.panel_of(view_of(view, viewer, cubes), viewer, cubes) if viewer.scope.whole else []


@wires.callback(Output(Ids.WAITING, "children"), *CHOSEN)
def waiting(viewer: Viewer, cubes: Cubes, view: object, _snapshot: object) -> Shown:
    return data_refused.waiting(view_of(view, viewer, cubes), viewer, cubes) if viewer.scope.whole else []


@wires.callback(Output(Ids.REASONS, "children"), *CHOSEN)
def reasons(viewer: Viewer, cubes: Cubes, view: object, _snapshot: object) -> Shown:
    return data_refused.reasons(view_of(view, viewer, cubes), viewer, cubes) if viewer.scope.whole else []


@wires.callback(Output(Ids.CHECKS, "children"), Output(Ids.RUNS, "children"), Input(Frame.SNAPSHOT, "data"))
def checks(viewer: Viewer, cubes: Cubes, _snapshot: object) -> tuple[Shown, Shown]:
    if not viewer.scope.whole:
        return [], []
    return data_health.checks(viewer, cubes), data_health.runs(viewer, cubes)


@wires.callback(Output(Ids.UNLINKED, "children"), Input(Frame.SNAPSHOT, "data"))
def unlinked(viewer: Viewer, cubes: Cubes, _snapshot: object) -> Shown:
    return data_gaps.unlinked(viewer, cubes)


@wires.callback(Output(Ids.COVERAGE, "children"), *CHOSEN)
def reported(viewer: Viewer, cubes: Cubes, view: object, _snapshot: object) -> Shown:
    return data_gaps.reported(view_of(view, viewer, cubes), viewer, cubes)


wires.clientside(
    ClientsideFunction("data", "choose"),
    Output(Ids.VIEW, "data"),
    Input(Ids.SOURCE, "value"),
    Input(Ids.CAMPAIGN, "value"),
    Input({"type": TURN, "of": ALL, "to": ALL}, "n_clicks"),
    State(Ids.VIEW, "data"),
    prevent_initial_call=True,
)
wires.clientside(
    ClientsideFunction("data", "fill"),
    Output(Ids.EMPTY, "title"),
    Input(Frame.SNAPSHOT, "data"),
    prevent_initial_call=True,
)
for more in (data_trace, data_acts, data_pulls, data_wrong):
    wires.recorded.extend(more.wires.recorded)
