"""Files that were brought in the app: by whom, how they are to be read, and what became of them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from ledger.entry import Entry, What
from state.database import Database
from state.replays import NotNow
from state.tables import UPLOADS


class Stage(StrEnum):
    """Where a file stands."""

    BROUGHT = "brought"
    CHECK = "check"  # somebody wants all of it looked at
    CHECKING = "checking"
    CHECKED = "checked"
    LOAD = "load"  # somebody wants it loaded
    LOADING = "loading"
    LOADED = "loaded"
    FAILED = "failed"
    DISCARDED = "discarded"


UNDER_WAY = {Stage.CHECK: Stage.CHECKING, Stage.LOAD: Stage.LOADING}
MOVING = (*UNDER_WAY, *UNDER_WAY.values())
ENDED = (Stage.LOADED, Stage.DISCARDED)
STALE_US = 1_800_000_000


@dataclass(frozen=True)
class Upload:
    """One file. `mapping` is the TOML that it is read by; `found` counts rows and holds no value of one;
    `done` is the per cent of the step under way."""

    number: int
    id: str
    by: str
    at_us: int
    name: str
    bytes: int
    sha256: str
    state: str
    mapping: str | None = None
    found: dict[str, Any] | None = None
    done: int = 0
    load_id: int | None = None
    ended_us: int | None = None

    @property
    def moving(self) -> bool:
        return self.state in MOVING


class Uploads:
    """The files that were brought; nothing takes one of these lines away."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, id: str, by: str, name: str, size: int, sha256: str) -> Upload:
        values: dict[str, Any] = {"id": id, "by": by, "at_us": _now(), "name": name, "bytes": size,
                                  "sha256": sha256, "state": Stage.BROUGHT.value, "done": 0}  # fmt: skip
        with self.database.writing() as connection:
            made = connection.execute(sa.insert(UPLOADS).values(values))
            (number,) = made.inserted_primary_key or (0,)
            self._told(by, "bring", id, sha256)
            return Upload(number=number, **values)

    def of(self, by: str, most: int = 10) -> list[Upload]:
        """Somebody's files, newest first."""
        if self.database.is_new():
            return []
        asked = sa.select(UPLOADS).where(UPLOADS.c.by == by).order_by(UPLOADS.c.number.desc()).limit(most)
        with self.database.reading() as connection:
            return [Upload(**row) for row in connection.execute(asked).mappings()]

    def one(self, id: object, by: str) -> Upload | None:
        """A file of somebody's own; None where there is none of that id."""
        if not isinstance(id, str) or self.database.is_new():
            return None
        with self.database.reading() as connection:
            asked = sa.select(UPLOADS).where(UPLOADS.c.id == id, UPLOADS.c.by == by)
            row = connection.execute(asked).mappings().first()
            return None if row is None else Upload(**row)

    def ask(self, id: str, by: str, step: Stage, mapping: str) -> None:
        """Ask for a look at the whole file, or for its load; `NotNow` while something is under way."""
        quiet = (Stage.BROUGHT, Stage.CHECKED, Stage.FAILED)
        self._move(id, quiet, step, mapping=mapping, by=by, done=0, found=None)

    def discard(self, id: str, by: str) -> None:
        self._move(id, (Stage.BROUGHT, Stage.CHECKED, Stage.FAILED), Stage.DISCARDED, by=by, ended_us=_now())

    def claim(self) -> Upload | None:
        """The oldest file that waits, now under way and nobody else's; or None."""
        if self.database.is_new():
            return None
        with self.database.writing() as connection:
            waits = sa.select(UPLOADS).where(UPLOADS.c.state.in_(tuple(UNDER_WAY)))
            row = connection.execute(waits.order_by(UPLOADS.c.number).limit(1)).mappings().first()
            if row is None:
                return None
            now = UNDER_WAY[Stage(row["state"])].value
            own = sa.update(UPLOADS).where(UPLOADS.c.id == row["id"])
            connection.execute(own.values(state=now, ended_us=_now()))
            return Upload(**{**row, "state": now})

    def progress(self, id: str, done: int) -> None:
        with self.database.writing() as connection:
            connection.execute(
                sa.update(UPLOADS).where(UPLOADS.c.id == id).values(done=done, ended_us=_now())
            )

    def ended(self, id: str, stage: Stage, found: Mapping[str, Any], load_id: int | None = None) -> None:
        told: dict[str, Any] = {"found": dict(found), "load_id": load_id}
        self._move(id, tuple(UNDER_WAY.values()), stage, ended_us=_now(), done=100, **told)

    def recover(self) -> None:
        """Put back what a process that died left under way: checking or loading twice changes nothing."""
        if self.database.is_new():
            return
        with self.database.writing() as connection:
            for waits, under_way in UNDER_WAY.items():
                stale = (UPLOADS.c.state == under_way.value, UPLOADS.c.ended_us < _now() - STALE_US)
                connection.execute(sa.update(UPLOADS).where(*stale).values(state=waits.value))

    def _move(
        self, id: str, before: tuple[Stage, ...], after: Stage, by: str | None = None, **values: Any
    ) -> None:
        where = [UPLOADS.c.id == id, UPLOADS.c.state.in_(before)]
        where += [] if by is None else [UPLOADS.c.by == by]
        with self.database.writing() as connection:
            done = connection.execute(sa.update(UPLOADS).where(*where).values(state=after.value, **values))
            if not done.rowcount:
                raise NotNow("It stands elsewhere by now; nothing was changed. Look at it again.")
            if by is not None:
                self._told(by, after.value, id)

    def _told(self, by: str, do: str, id: str, sha256: str = "") -> None:
        """A file's name may hold a person's: it is known by its id and its digest alone."""
        about: dict[str, str | int] = {"do": do, "id": id[:8]}
        self.database.tell(Entry(What.LOAD, by, about=about | ({"sha256": sha256[:16]} if sha256 else {})))


def _now() -> int:
    return time.time_ns() // 1000
