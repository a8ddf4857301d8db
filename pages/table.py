"""A table that a page shows and offers as CSV: one question behind both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from config.permissions import Permission
from data.answer import Answer
from data.cubes import Cubes
from data.filters import Filters
from data.viewer import Viewer
from ui import tables
from ui.aria import Children


@dataclass(frozen=True)
class Table:
    """Name in addresses, title, and how it is asked; `ask` raises `LookupError` where there is no such thing."""

    name: str
    title: str
    ask: Callable[[Filters, Viewer, Cubes], Answer]


def csv_link(page: str, table: str, filters: Filters, viewer: Viewer) -> list[Children]:
    """The link to a table's CSV under the page's own filters; none for who may not export."""
    return list(tables.download(f"/{page}/{table}.csv{filters.url()}", viewer.may(Permission.EXPORT)))
