"""The calendar's wires: its notes are read by all who see it, and written by those who edit campaigns."""

from __future__ import annotations

from dash import Input, Output, State
from dash.development.base_component import Component

from config.permissions import Permission
from data.cubes import Cubes
from data.viewer import Viewer
from pages import calendar as calendar_page
from pages import calendar_bars, calendar_notes
from pages.calendar import PAGE
from pages.calendar_ids import Ids
from pages.calendar_span import Span, span_of, within
from state.store import Store
from ui.frame import Frame
from ui.wires import Wires

wires = Wires(PAGE)


SPAN = Input(Ids.SPAN, "data")
SNAPSHOT = Input(Frame.SNAPSHOT, "data")


@wires.callback(Output(Ids.CHART, "children"), SPAN, SNAPSHOT)
def chart(viewer: Viewer, cubes: Cubes, span: object, _snapshot: object) -> list[Component]:
    return calendar_page.chart(_span(span, cubes), viewer, cubes)


@wires.callback(
    Output(Ids.TABLE, "children"),
    Input(Ids.TABLE_OPENER, "n_clicks"),
    State(Ids.SPAN, "data"),
    prevent_initial_call=True,
)
def table(viewer: Viewer, cubes: Cubes, _clicks: object, span: object) -> Component:
    asked = _span(span, cubes)
    return calendar_bars.table(asked, within(asked, viewer, cubes), viewer, cubes)


@wires.callback(Output(Ids.NOTES, "children"), SPAN, store=True)
def notes(viewer: Viewer, cubes: Cubes, store: Store, span: object) -> list[Component]:
    return calendar_notes.contents(_span(span, cubes).days, None, viewer, cubes, store)


@wires.callback(
    Output(Ids.NOTES, "children", allow_duplicate=True),
    Input(Ids.ASK, "data"),
    State(Ids.SPAN, "data"),
    needs=Permission.EDIT_CAMPAIGNS,
    store=True,
    prevent_initial_call=True,
)
def act(viewer: Viewer, cubes: Cubes, store: Store, ask: object, span: object) -> list[Component]:
    said = calendar_notes.act(ask, viewer, cubes, store)
    return calendar_notes.contents(_span(span, cubes).days, said, viewer, cubes, store)


def _span(value: object, cubes: Cubes) -> Span:
    """The months as a browser sends them; the usual ones for anything else."""
    first, months, skip = value if isinstance(value, list) and len(value) == 3 else (None, None, None)
    text = str(first) if isinstance(first, int) else ""
    query = {"month": f"{text[:4]}-{text[4:]}", "months": str(months), "skip": str(skip)}
    return span_of(query, cubes)
