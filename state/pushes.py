"""Targets of the monthly export, how each stands, and the history of what was pushed to it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from ledger.entry import Entry, What
from remote.breaker import Standing
from state.database import Database
from state.tables import PUSH_TARGETS, PUSHES

KEPT_US = 400 * 86_400_000_000


@dataclass(frozen=True)
class TargetState(Standing):
    """How a target stands. `digest` is of its file's bytes, `place` and `plan` are for people."""

    name: str
    digest: str = ""
    place: str = ""
    plan: str = ""


@dataclass(frozen=True)
class Pushed:
    """One month that arrived: `manifest` is the SHA-256 of its manifest, `content` that of its rows."""

    target: str
    month: str
    at_us: int
    snapshot: int
    definitions: str
    content: str
    manifest: str
    rows: int
    bytes: int


class PushStore:
    """What is known of targets and pushes, in the state database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def targets(self) -> list[TargetState]:
        """Every target that is known, by name."""
        if self._database.is_new():
            return []
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(PUSH_TARGETS).order_by(PUSH_TARGETS.c.name)).mappings()
            return [TargetState(**row) for row in rows]

    def target(self, name: str) -> TargetState | None:
        return next((one for one in self.targets() if one.name == name), None)

    def write(self, state: TargetState) -> None:
        """Keep how a target stands."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(PUSH_TARGETS).where(PUSH_TARGETS.c.name == state.name))
            connection.execute(sa.insert(PUSH_TARGETS).values(asdict(state)))

    def forget(self, but: Collection[str]) -> None:
        """Forget targets whose file is gone; what was pushed to them stays."""
        gone = [one.name for one in self.targets() if one.name not in but]
        if gone:
            with self._database.writing() as connection:
                connection.execute(sa.delete(PUSH_TARGETS).where(PUSH_TARGETS.c.name.in_(gone)))

    def begin(self, target: str, month: str, snapshot: int, rows: int, kind: str, by: str) -> None:
        """Write into the ledger that figures leave, before any does."""
        about: dict[str, str | int] = {"do": "push", "name": target, "format": kind}
        self._database.tell(
            Entry(
                What.EXPORT, by, place=f"push/{target}", filters=f"month={month}", rows=rows,
                words=f"monthly export of {month}", snapshot=snapshot, about=about,
            )
        )  # fmt: skip

    def add(self, pushed: Pushed) -> None:
        """Keep that a month arrived."""
        with self._database.writing() as connection:
            connection.execute(sa.insert(PUSHES).values(asdict(pushed)))
            connection.execute(sa.delete(PUSHES).where(PUSHES.c.at_us < pushed.at_us - KEPT_US))

    def history(self, target: str, most: int = 50) -> list[Pushed]:
        """What arrived at a target, the newest first."""
        if self._database.is_new():
            return []
        columns = [column for column in PUSHES.c if column.name != "id"]
        asked = sa.select(*columns).where(PUSHES.c.target == target).order_by(PUSHES.c.id.desc()).limit(most)
        with self._database.reading() as connection:
            return [Pushed(**row) for row in connection.execute(asked).mappings()]
