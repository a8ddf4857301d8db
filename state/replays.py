"""Replays of refused rows and undoings of loads, asked for in the app: looked at, approved, then made."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from ledger.entry import Entry, What
from state.database import Database
from state.tables import REPLAYS, UNDOS


class Step(StrEnum):
    """Where a replay stands. A run of the ETL takes what is asked or approved one step further."""

    ASKED = "asked"  # a look: what would come in
    LOOKING = "looking"
    LOOKED = "looked"
    APPROVED = "approved"
    REPLAYING = "replaying"
    DONE = "done"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


OPEN = (Step.ASKED, Step.LOOKING, Step.LOOKED, Step.APPROVED, Step.REPLAYING)
UNDER_WAY = {Step.ASKED: Step.LOOKING, Step.APPROVED: Step.REPLAYING}
STALE_US = 3_600_000_000  # a run that died leaves its step; an hour later another run takes it up again


@dataclass(frozen=True)
class Replay:
    """One replay. `found` counts rows by class of reason, and holds no value of a row:
    {come: [[column, reason, rows]...], stay: [...], mapping, words}."""

    id: int
    load_id: int
    state: str
    asked_us: int
    asked_by: str
    approved_us: int | None = None
    approved_by: str | None = None
    ended_us: int | None = None
    mapping_sha256: str | None = None
    found: dict[str, Any] | None = None

    @property
    def open(self) -> bool:
        return self.state in OPEN


class NotNow(ValueError):
    """A step that cannot be taken as things stand; its words say why."""


class Replays:
    """The replays that were asked for; nothing takes one away."""

    table, what = REPLAYS, What.REPLAY

    def __init__(self, database: Database) -> None:
        self.database = database

    def all(self) -> list[Replay]:
        """Every replay, newest first."""
        if self.database.is_new():
            return []
        with self.database.reading() as connection:
            found = connection.execute(sa.select(self.table).order_by(self.table.c.id.desc())).mappings()
            return [Replay(**row) for row in found]

    def ask(self, load_id: int, by: str) -> Replay:
        """Ask for a look at a load's refused rows; `NotNow` where one is open already."""
        values: dict[str, Any] = {
            "load_id": load_id, "state": Step.ASKED.value, "asked_us": _now(), "asked_by": by,
        }  # fmt: skip
        with self.database.writing() as connection:
            known = sa.select(self.table.c.id).where(
                self.table.c.load_id == load_id, self.table.c.state.in_(OPEN)
            )
            if connection.execute(known).first() is not None:
                raise NotNow("Somebody asked for it already; nothing was changed.")
            made = connection.execute(sa.insert(self.table).values(values))
            (number,) = made.inserted_primary_key or (0,)
            self._told(connection, number, by, "ask")
            return Replay(id=number, **values)

    def approve(self, number: int, by: str) -> None:
        """Let the next run replay what was looked at; `NotNow` unless it was."""
        values = {"approved_us": _now(), "approved_by": by}
        self._step(number, (Step.LOOKED,), Step.APPROVED, ("approve", by), **values)

    def withdraw(self, number: int) -> None:
        """Take back what has not begun."""
        waiting = (Step.ASKED, Step.LOOKED, Step.APPROVED)
        self._step(number, waiting, Step.WITHDRAWN, ("withdraw", ""), ended_us=_now())

    def claim(self) -> Replay | None:
        """The oldest replay that waits for a run, now under way and nobody else's; or None."""
        if self.database.is_new():
            return None
        with self.database.writing() as connection:
            waits = (
                sa.select(self.table)
                .where(self.table.c.state.in_(tuple(UNDER_WAY)))
                .order_by(self.table.c.id)
            )
            row = connection.execute(waits.limit(1)).mappings().first()
            if row is None:
                return None
            now = UNDER_WAY[Step(row["state"])]
            connection.execute(
                sa.update(self.table)
                .where(self.table.c.id == row["id"])
                .values(state=now.value, ended_us=_now())
            )
            return Replay(**{**row, "state": now.value})

    def looked(self, number: int, found: Mapping[str, Any], mapping_sha256: str) -> None:
        """Keep what a look found."""
        values: dict[str, Any] = {
            "found": dict(found), "mapping_sha256": mapping_sha256, "ended_us": None,
        }  # fmt: skip
        self._step(number, (Step.LOOKING,), Step.LOOKED, **values)

    def ended(self, number: int, step: Step, found: Mapping[str, Any]) -> None:
        """Keep what became of it: done, or failed with words."""
        under_way = (Step.LOOKING, Step.REPLAYING)
        self._step(number, under_way, step, found=dict(found), ended_us=_now())

    def recover(self) -> None:
        """Put back what a run that died left under way; looking or replaying twice changes nothing."""
        if self.database.is_new():
            return
        with self.database.writing() as connection:
            for waits, under_way in UNDER_WAY.items():
                stale = (self.table.c.state == under_way.value, self.table.c.ended_us < _now() - STALE_US)
                connection.execute(
                    sa.update(self.table).where(*stale).values(state=waits.value, ended_us=None)
                )

    def _step(
        self,
        number: int,
        before: tuple[Step, ...],
        after: Step,
        told: tuple[str, str] | None = None,
        **values: Any,
    ) -> None:
        """`told` is what the ledger is told of it: what was done, and by whom."""
        with self.database.writing() as connection:
            where = (self.table.c.id == number, self.table.c.state.in_(before))
            done = connection.execute(sa.update(self.table).where(*where).values(state=after.value, **values))
            if not done.rowcount:
                raise NotNow("It stands elsewhere by now; nothing was changed. Look at it again.")
            if told is not None:
                self._told(connection, number, told[1], told[0])

    def _told(self, connection: sa.Connection, number: int, by: str, do: str) -> None:
        load = connection.execute(sa.select(self.table.c.load_id).where(self.table.c.id == number)).scalar()
        self.database.tell(Entry(self.what, by, about={"do": do, "number": str(load)}))


class Undos(Replays):
    """Undoings of loads that were asked for: the same steps, without a mapping."""

    table, what = UNDOS, What.UNDO


def _now() -> int:
    return time.time_ns() // 1000
