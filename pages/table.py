"""A table that a page shows and offers as CSV: one question behind both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from config.permissions import Permission
from data.answer import Answer
from data.cubes import Cubes
from data.filters import Filters
from data.viewer import Viewer
from state.store import Store
from ui import tables
from ui.aria import Children


@dataclass(frozen=True)
class Table:
    """Name in addresses, title, and how it is asked; `ask` raises `LookupError` where there is no such thing.

    `more` names the page's own parameters of the address that `ask` takes beside the filters, as text;
    `choices` are the values of those by which it asks for other metrics.
    """

    name: str
    title: str
    ask: Callable[..., Answer]
    more: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def answer(self, filters: Filters, viewer: Viewer, cubes: Cubes, query: Mapping[str, str]) -> Answer:
        """The answer for an address: its filters, and of its other parameters those that the table takes."""
        return self.ask(filters, viewer, cubes, **{name: query[name] for name in self.more if name in query})


@dataclass(frozen=True)
class Listing:
    """Rows of facts, such as loads, or of what follows from figures: texts, numbers, yes and no.

    `words` says what they are of.
    """

    columns: tuple[str, ...]
    rows: Sequence[tuple[object, ...]]
    words: str = "everything"


@dataclass(frozen=True)
class ListTable:
    """A table of plain facts; `ask` raises `LookupError` where they are not the viewer's.

    With `stored` it is asked of the state store, `ask(viewer, cubes, store)`; with `filtered` under the
    page's filters, which come first.
    """

    name: str
    title: str
    ask: Callable[..., Listing]
    more: tuple[str, ...] = ()
    stored: bool = False
    filtered: bool = False

    def listing(
        self,
        viewer: Viewer,
        cubes: Cubes,
        query: Mapping[str, str],
        store: Store | None = None,
        filters: Filters | None = None,
    ) -> Listing:
        """The rows for an address: of its parameters those that the table takes."""
        of = [*((filters or Filters(),) if self.filtered else ()), viewer, cubes]
        of += [store] if self.stored else []
        return self.ask(*of, **{name: query[name] for name in self.more if name in query})


@dataclass(frozen=True)
class FactsTable:
    """The released facts: a row per group and count, more than a page could show."""

    name: str
    title: str


def csv_link(page: str, table: str, filters: Filters, viewer: Viewer, **more: str) -> list[Children]:
    """The link to a table's CSV under the page's own filters; none for who may not export."""
    return list(tables.download(_address(page, table, filters, more), viewer.may(Permission.EXPORT)))


def chart_link(page: str, table: str, filters: Filters, viewer: Viewer, **more: str) -> list[Children]:
    """The same for the table behind a chart, which may be saved as a picture, too."""
    return list(tables.download(_address(page, table, filters, more), viewer.may(Permission.EXPORT), True))


def _address(page: str, table: str, filters: Filters, more: Mapping[str, str]) -> str:
    query = urlencode({**filters.query(), **more})
    return f"/{page}/{table}.csv{'?' if query else ''}{query}"
