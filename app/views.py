"""Writes what people look at into the ledger: once per state of a page, whatever of it asks first."""

from __future__ import annotations

from typing import Any

from data.cubes import Cubes
from data.viewer import Viewer
from ledger.book import Book
from ledger.entry import Entry, What
from ui.page import Page
from ui.wires import Looked, Watch

MOST = 4_096


class Views:
    """Who saw which state of which page, by a book that all processes share."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._told: dict[Any, Looked | None] = {}

    def __call__(
        self, page: Page, watch: Watch, part: bool, value: object, viewer: Viewer, cubes: Cubes
    ) -> None:
        """Note what a callback is asked for; `Unwritable` where it must not be shown."""
        looked = self._looked(page, watch, value, viewer, cubes)
        if looked is None:
            return
        who = (viewer.name, viewer.role, page.name, cubes.snapshot.number)
        any_of, state = (who, looked.campaigns), (who, looked.filters)
        if not part:
            self.book.once(state, lambda: _entry(page, looked, viewer, cubes))
            self._mark(any_of)
        elif not self._known(any_of):
            self.book.once(state, lambda: _entry(page, looked, viewer, cubes), within=any_of)

    def _looked(self, page: Page, watch: Watch, value: object, viewer: Viewer, cubes: Cubes) -> Looked | None:
        """What a value asks for: looked up, since a page's callbacks all send the same."""
        raw = tuple(sorted(value.items())) if isinstance(value, dict) else value
        try:
            key = (page.name, viewer.scope, cubes.snapshot.number, raw)
            if key in self._told:
                return self._told[key]
        except TypeError:  # something that no browser of ours sends
            return watch.told(value, viewer, cubes)
        if len(self._told) >= MOST:
            self._told.clear()
        found = self._told[key] = watch.told(value, viewer, cubes)
        return found

    def _mark(self, state: Any) -> None:
        self.book.seen.mark(state)

    def _known(self, state: Any) -> bool:
        return self.book.seen.known(state)


def _entry(page: Page, looked: Looked, viewer: Viewer, cubes: Cubes) -> Entry:
    return Entry(
        What.VIEW,
        viewer.name,
        viewer.role,
        place=page.name,
        filters=looked.filters,
        words=looked.words,
        campaigns=looked.campaigns,
        snapshot=cubes.snapshot.number,
    )
