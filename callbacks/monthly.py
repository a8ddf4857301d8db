"""The monthly report's wires: each finds its blocks in the one document, and draws them."""

from __future__ import annotations

from collections.abc import Callable

from dash import ClientsideFunction, Input, Output, State
from dash.development.base_component import Component

from callbacks import looks
from data.cubes import Cubes
from data.viewer import Viewer
from pages import monthly_panels as draw
from pages.monthly import PAGE
from pages.monthly_ids import LINES, Ids, opener_of, table_of
from ui.filterbar import Bar
from ui.frame import Frame
from ui.theme import scheme_of
from ui.wires import Wires

wires = Wires(PAGE, watch=looks.MONTHLY)
Panel = list[Component]
QUESTION = (Input(Bar.QUERY, "data"), Input(Frame.SNAPSHOT, "data"))


@wires.callback(
    Output(Ids.SCOPE, "children"),
    Output(Ids.FILES, "children"),
    Output(Ids.FINDINGS, "children"),
    Output(Ids.FIGURES, "children"),
    Output(Ids.NOTES, "children"),
    *QUESTION,
)
def summary(
    viewer: Viewer, cubes: Cubes, query: object, _snapshot: object
) -> tuple[Panel, Panel, Panel, Panel, Panel]:
    of = draw.shown(query, viewer, cubes)
    return draw.scope(of), draw.files(of), draw.findings(of), draw.figures(of), draw.notes(of)


def _lines(name: Ids) -> Callable[..., tuple[Panel, bool]]:
    def drawn(
        viewer: Viewer, cubes: Cubes, query: object, _snapshot: object, theme: object
    ) -> tuple[Panel, bool]:
        made = draw.lines(name, draw.shown(query, viewer, cubes), scheme_of(theme))
        return made, not made

    return drawn


@wires.callback(Output(Ids.CAMPAIGNS, "children"), *QUESTION)
def campaigns(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> Panel:
    return draw.table(Ids.CAMPAIGNS, draw.shown(query, viewer, cubes))


@wires.callback(Output(Ids.REGIONS, "children"), Output(Ids.SEGMENTS, "children"), *QUESTION)
def members(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> tuple[Panel, Panel]:
    of = draw.shown(query, viewer, cubes)
    return draw.table(Ids.REGIONS, of), draw.table(Ids.SEGMENTS, of)


@wires.callback(
    Output(Ids.RESPONSES, "children"),
    Output(Ids.YEAR, "children"),
    *QUESTION,
)
def results(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> tuple[Panel, Panel]:
    of = draw.shown(query, viewer, cubes)
    responses = draw.table(Ids.RESPONSES, of, file="outcomes")
    return responses, draw.table(Ids.YEAR, of, before="Year over year")


@wires.callback(Output(Ids.EXPERIMENTS, "children"), *QUESTION)
def experiments(viewer: Viewer, cubes: Cubes, query: object, _snapshot: object) -> Panel:
    return draw.table(Ids.EXPERIMENTS, draw.shown(query, viewer, cubes), before="Experiments and return")


def _behind(name: Ids) -> Callable[..., Component]:
    def opened(viewer: Viewer, cubes: Cubes, _clicks: object, query: object) -> Component:
        return draw.lines_table(name, draw.shown(query, viewer, cubes))

    return opened


for one in LINES:
    wires.callback(
        Output(one, "children"), Output(f"{one}-panel", "hidden"), *QUESTION, Input(Frame.THEME, "data")
    )(_lines(one))
    wires.callback(
        Output(table_of(one), "children"),
        Input(opener_of(one), "n_clicks"),
        State(Bar.QUERY, "data"),
        prevent_initial_call=True,
    )(_behind(one))

wires.clientside(
    ClientsideFunction("monthly", "month"),
    Output(Bar.QUERY, "data", allow_duplicate=True),
    Input(Ids.MONTH, "value"),
    State(Bar.QUERY, "data"),
    prevent_initial_call=True,
)
