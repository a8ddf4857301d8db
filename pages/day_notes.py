"""The notes on days that stand in charts of several campaigns: numbered marks, and their words below."""

from __future__ import annotations

from collections.abc import Sequence

from dash.development.base_component import Component

from config.permissions import Permission
from data.cubes import Cubes
from data.filters import Filters
from data.periods import month_of
from data.viewer import Viewer
from pages.calendar_ids import Ids
from pages.calendar_span import Span
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


def listed(notes: Sequence[Note], filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The words of numbered notes, for the foot of their chart; who may write one has the way."""
    told: list[Component] = [
        html.Span(
            [html.Strong(f"{number} "), f"{note.text} ({day_words(note.day)})"], className="key day-note"
        )
        for number, note in enumerate(notes, 1)
    ]
    return [*told, *([_way(filters, cubes)] if viewer.may(Permission.EDIT_CAMPAIGNS) else [])]


def _way(filters: Filters, cubes: Cubes) -> Component:
    """The link to the notes of the chart's last month, where they are written."""
    span = filters.days(cubes)
    month = month_of(min(span[1], cubes.today) if span else cubes.today)
    return html.A("Write a note", href=f"{Span(month, 1).address()}#{Ids.NOTES}", className="no-print")
