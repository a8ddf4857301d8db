"""The calendar's wires: its notes are read by all who see it, and written by those who edit campaigns."""

from __future__ import annotations

from dash import Input, Output, State
from dash.development.base_component import Component

from config.permissions import Permission
from data.cubes import Cubes
from data.viewer import Viewer
from pages import calendar_notes
from pages.calendar import PAGE
from pages.calendar_ids import Ids
from state.store import Store
from ui.wires import Wires

wires = Wires(PAGE)
EVER = 99_999


@wires.callback(Output(Ids.NOTES, "children"), Input(Ids.SPAN, "data"), store=True)
def notes(viewer: Viewer, cubes: Cubes, store: Store, span: object) -> list[Component]:
    return calendar_notes.contents(_span(span), None, viewer, cubes, store)


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
    return calendar_notes.contents(_span(span), said, viewer, cubes, store)


def _span(value: object) -> tuple[int, int]:
    """First and last day as a browser sends them; all of them for anything else."""
    if isinstance(value, list) and len(value) == 2:
        first, last = value
        if isinstance(first, int) and isinstance(last, int) and -EVER < first <= last < EVER:
            return first, last
    return -EVER, EVER
