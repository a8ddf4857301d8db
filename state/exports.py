"""The ledger of exports: every file that was taken or is being written, by whom, of what, when and why."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ledger.entry import Entry, What
from state.database import Database
from state.tables import EXPORTS

DOWNLOAD, JOB = "download", "job"
WAITING, RUNNING, DONE, FAILED, CANCELLED, REMOVED, EXPIRED = (
    "waiting", "running", "done", "failed", "cancelled", "removed", "expired",
)  # fmt: skip
OPEN = (WAITING, RUNNING)
HELD = (*OPEN, DONE)
"""What has, or will have, a file."""
TOLD = (DONE, FAILED, CANCELLED, REMOVED)
"""Ends that the ledger is told of."""
FOR_THE_LEDGER = ("filters", "campaigns")


class TooMany(Exception):
    """The owner has as many open jobs as anybody may."""


@dataclass(frozen=True)
class Owner:
    """Who asks: name, role, row scope (as text that is equal where the scope is), and the permissions held.

    An export is its owner's alone: the same person, in the same role, with the same row scope.
    """

    by: str
    role: str
    scope: str
    permissions: tuple[str, ...] = ()

    def owns(self, export: Export) -> bool:
        return (self.by, self.role, self.scope) == (export.by, export.role, export.scope)


@dataclass(frozen=True)
class Export:
    """One export. `words` are its filters in words, `query` the address's parameters; `said` why it failed.

    `report` is the ID that reopens the table, where there is one. A `download` was sent at once, and is
    `running` until its last byte left; a `job` keeps its file.
    """

    number: int
    id: str
    kind: str
    by: str
    role: str
    scope: str
    permissions: list[str]
    page: str
    name: str
    title: str
    words: str
    query: dict[str, str]
    format: str
    reason: str
    snapshot: int
    status: str
    made_us: int
    ended_us: int | None = None
    expires_us: int | None = None
    total: int | None = None
    rows: int = 0
    bytes: int = 0
    sha256: str | None = None
    file_name: str = ""
    said: str = ""
    report: str = ""

    @property
    def owner(self) -> Owner:
        return Owner(self.by, self.role, self.scope, tuple(self.permissions))


@dataclass(frozen=True)
class Asked:
    """What somebody wants to take out. `filters` and `campaigns` are for the ledger: what the address asks
    for that there is, and nothing else of it."""

    page: str
    name: str
    title: str
    words: str
    query: dict[str, str]
    format: str
    reason: str
    snapshot: int
    file_name: str
    total: int | None = None
    filters: str = ""
    campaigns: tuple[str, ...] = ()
    report: str = ""


def now_us() -> int:
    return time.time_ns() // 1000


class Ledger:
    """The exports of the state database. Rows are added and come to an end; none is ever taken away."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, id: str, kind: str, asked: Asked, owner: Owner, most: int | None = None) -> Export:
        """Write an export down; `TooMany` where the owner has `most` open jobs already."""
        values: dict[str, Any] = {
            "id": id,
            "kind": kind,
            "by": owner.by,
            "role": owner.role,
            "scope": owner.scope,
            "permissions": sorted(owner.permissions),
            "status": WAITING if kind == JOB else RUNNING,
            "made_us": now_us(),
            "rows": 0,
            "bytes": 0,
            "said": "",
            **{name: told for name, told in vars(asked).items() if name not in FOR_THE_LEDGER},
        }
        with self.database.writing() as connection:
            if most is not None and (connection.scalar(_open_jobs(owner)) or 0) >= most:
                raise TooMany
            (number,) = connection.execute(sa.insert(EXPORTS).values(values)).inserted_primary_key or (0,)
            made = Export(number=number, **values)
            self._told(made, "start", filters=asked.filters, campaigns=asked.campaigns)
        return made

    def one(self, id: str) -> Export | None:
        """The export of that id, or None."""
        return next(iter(self._read(EXPORTS.c.id == id)), None)

    def of(self, owner: Owner, most: int | None = None) -> list[Export]:
        """The owner's exports, newest first."""
        return self._read(_own(owner), most=most)

    def held(self) -> list[Export]:
        """The jobs of everybody that have a file, or will have one."""
        return self._read(sa.and_(EXPORTS.c.kind == JOB, EXPORTS.c.status.in_(HELD)))

    def every(self, most: int | None = None) -> list[Export]:
        """All exports of everybody, newest first: the export ledger."""
        return self._read(sa.true(), most=most)

    def move(self, id: str, frm: Collection[str], to: str, **values: Any) -> bool:
        """Bring an export from one of these statuses to another; false where it was in none of them."""
        ended = {} if to in OPEN else {"ended_us": now_us()}
        change = (
            sa.update(EXPORTS)
            .where(EXPORTS.c.id == id, EXPORTS.c.status.in_(list(frm)))
            .values(status=to, **(ended | values))
        )
        with self.database.writing() as connection:
            moved = bool(connection.execute(change).rowcount)
            if moved and to in TOLD:
                (row,) = connection.execute(sa.select(EXPORTS).where(EXPORTS.c.id == id)).mappings()
                made = Export(**row)
                self._told(made, to, rows=made.rows)
            return moved

    def fetched(self, export: Export) -> None:
        """Write down that somebody takes the file that a job wrote; call it before its first byte leaves."""
        self._told(export, "fetch", rows=export.rows)

    def _told(self, one: Export, do: str, **more: Any) -> None:
        about: dict[str, str | int] = {"do": do, "name": one.title, "format": one.format, "id": one.id[:8]}
        entry = Entry(
            What.EXPORT, one.by, one.role, place=f"{one.page}/{one.name}", words=one.words, why=one.reason,
            snapshot=one.snapshot, about=about, **more,
        )  # fmt: skip
        self.database.tell(entry)

    def _read(self, where: sa.ColumnElement[bool], most: int | None = None) -> list[Export]:
        if self.database.is_new():
            return []
        asked = sa.select(EXPORTS).where(where).order_by(EXPORTS.c.number.desc()).limit(most)
        with self.database.reading() as connection:
            return [Export(**row) for row in connection.execute(asked).mappings()]


def _own(owner: Owner) -> sa.ColumnElement[bool]:
    return sa.and_(EXPORTS.c.by == owner.by, EXPORTS.c.role == owner.role, EXPORTS.c.scope == owner.scope)


def _open_jobs(owner: Owner) -> sa.Select[int]:
    own = sa.and_(_own(owner), EXPORTS.c.kind == JOB, EXPORTS.c.status.in_(OPEN))
    return sa.select(sa.func.count()).select_from(EXPORTS).where(own)
