"""The notes on days that stand in Explore's charts: of the whole plan, and of campaigns chosen by name."""

from __future__ import annotations

from data.cubes import Cubes
from data.viewer import Viewer
from pages.explore_asked import Asked
from state.store import Note, Store

EVER = 99_999


def notes_of(view: Asked, viewer: Viewer, cubes: Cubes, store: Store) -> list[Note]:
    """The notes inside the period, by day: those of all campaigns, and of the campaigns chosen by name."""
    if not view.time:
        return []
    first, last = view.filters.days(cubes) or (-EVER, EVER)
    kept = view.filters.campaigns(cubes, viewer) if view.filters.campaign else []
    return store.notes(kept, first, last)
