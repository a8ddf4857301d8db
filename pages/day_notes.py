"""The notes on days that stand in charts of several campaigns: numbered marks, and their words below."""

from __future__ import annotations

from collections.abc import Sequence

from dash.development.base_component import Component

from data.cubes import Cubes
from data.filters import Filters
from data.viewer import Viewer
from state.store import Note, Store
from ui import html
from ui.clocks import day as day_words

EVER = 99_999
MOST = 8


def notes_of(filters: Filters, viewer: Viewer, cubes: Cubes, store: Store) -> list[Note]:
    """The notes inside the period, by day: those of all campaigns, and of the campaigns chosen by name."""
    first, last = filters.days(cubes) or (-EVER, EVER)
    kept = filters.campaigns(cubes, viewer) if filters.campaign else []
    return store.notes(kept, first, last)[:MOST]


def listed(notes: Sequence[Note]) -> list[Component]:
    """The words of numbered notes, for the foot of their chart."""
    return [
        html.Span(
            [html.Strong(f"{number} "), f"{note.text} ({day_words(note.day)})"], className="key day-note"
        )
        for number, note in enumerate(notes, 1)
    ]
