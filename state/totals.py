"""Totals of sending platforms that people brought to reconcile with: who, when, and what they say."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from config.text import TextRefused, typed
from ledger.entry import Entry, What
from state.database import Database
from state.tables import TOTALS

MOST_BYTES = 2_000_000
MOST_NAME = 80
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Brought:
    """One set of totals; `rows` are {campaign, channel, first_day, last_day, values: {metric: number}}.

    The rows are inside knowledge, like the lake's: only `insight.bridge` decides what of them is shown.
    """

    id: int
    at_us: int
    by: str
    name: str
    sha256: str
    rows: tuple[Row, ...]
    removed_us: int | None = None
    removed_by: str | None = None


class TotalsStore:
    """The totals that were brought. Taking some away can be undone."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def all(self) -> list[Brought]:
        """Everything that was brought, newest first, also what was taken away."""
        if self.database.is_new():
            return []
        with self.database.reading() as connection:
            found = connection.execute(sa.select(TOTALS).order_by(TOTALS.c.id.desc())).mappings()
            return [_brought(row) for row in found]

    def one(self, number: int) -> Brought | None:
        """The totals of that id that were not taken away, or None."""
        return next((one for one in self.all() if one.id == number and one.removed_us is None), None)

    def add(self, name: str, sha256: str, rows: Sequence[Row], by: str) -> Brought:
        """Keep totals; `ValueError` where they are none, too many, or their name cannot be kept.

        The same rows again are the same totals: what stands already is given back.
        """
        plain = typed(name, MOST_NAME)
        if not plain:
            raise TextRefused("no name yet; name the platform that counted")
        if not rows or len(json.dumps(list(rows))) > MOST_BYTES:
            raise ValueError("No rows, or too many to keep.")
        values: dict[str, Any] = {
            "at_us": time.time_ns() // 1000, "by": by, "name": plain, "sha256": sha256, "rows": list(rows),
        }  # fmt: skip
        with self.database.writing() as connection:
            same = (TOTALS.c.sha256 == sha256, TOTALS.c.name == plain, TOTALS.c.removed_us.is_(None))
            known = connection.execute(sa.select(TOTALS).where(*same)).mappings().first()
            if known is not None:
                return _brought(known)
            made = connection.execute(sa.insert(TOTALS).values(values))
            (number,) = made.inserted_primary_key or (0,)
            self._told(number, by, "bring", plain)
            return _brought({**values, "id": number, "removed_us": None, "removed_by": None})

    def remove(self, number: int, by: str) -> None:
        """Take totals away; `restore` brings them back."""
        gone = {"removed_us": time.time_ns() // 1000, "removed_by": by}
        self._mark(number, by, "remove", TOTALS.c.removed_us.is_(None), **gone)

    def restore(self, number: int) -> None:
        back = {"removed_us": None, "removed_by": None}
        self._mark(number, "", "restore", TOTALS.c.removed_us.is_not(None), **back)

    def _told(self, number: int, by: str, do: str, name: str = "") -> None:
        about: dict[str, str | int] = {"do": do, "number": number, **({"name": name} if name else {})}
        self.database.tell(Entry(What.TOTALS, by, about=about))

    def _mark(self, number: int, by: str, do: str, where: sa.ColumnElement[bool], **values: Any) -> None:
        with self.database.writing() as connection:
            done = connection.execute(sa.update(TOTALS).where(TOTALS.c.id == number, where).values(values))
            if not done.rowcount:
                raise LookupError("There are no such totals; they may have been taken away meanwhile.")
            self._told(number, by, do)


def _brought(row: Mapping[Any, Any]) -> Brought:
    return Brought(**{**row, "rows": tuple(row["rows"])})
