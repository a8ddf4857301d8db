"""What the API gives out, written into the ledger before it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Response, g

from data.answer import Answer
from data.cubes import Cubes
from data.filters import Filters
from data.viewer import Viewer
from ledger.book import Book
from ledger.entry import Entry, What

LIVE = "live"


def keep(answer: Answer, filters: Filters) -> None:
    """Keep for `record` what a view answers."""
    g.taken = (answer, filters)


def keep_listed(words: str, asked: Mapping[str, str], rows: int, format: str = "json") -> None:
    """Keep for `record` a list that no one question of `measure` made: what it is of, and what was asked."""
    g.listed = (words, dict(asked), rows, format)


def record(route: str, made: Response | Mapping[str, Any], viewer: Viewer, cubes: Cubes, book: Book) -> None:
    """Write down figures that are given out; `Unwritable` where they must not be.

    Live counts are asked for every few seconds: who does is noted as on a page, once in a while.
    """
    place = f"api/{route}"
    if route == LIVE:
        state = (viewer.name, viewer.role, place)
        book.once(state, lambda: Entry(What.VIEW, place=place, snapshot=cubes.snapshot.number))
        return
    if "listed" in g:
        words, given, many, format = g.pop("listed")
        entry = Entry(
            What.EXPORT, place=place, filters=urlencode(given), words=words, rows=many,
            snapshot=cubes.snapshot.number, about={"format": format},
        )  # fmt: skip
        book.record(entry)
        return
    answer, filters = g.taken
    asked = {"metrics": ",".join(answer.metrics), "by": ",".join(answer.by), **filters.query()}
    rows = len(made.get("rows", ())) if isinstance(made, Mapping) else len(answer.rows)
    book.record(
        Entry(
            What.EXPORT, place=place, filters=urlencode({k: v for k, v in asked.items() if v}),
            words=answer.sentence, campaigns=filters.campaign, rows=rows or 1,
            snapshot=cubes.snapshot.number, about={"format": "json" if isinstance(made, Mapping) else "csv"},
        )
    )  # fmt: skip
