"""Incidents: what is wrong from when to when, and an outbox of who is to be told of it, on which way."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from state.database import Database
from state.tables import INCIDENTS, NOTICES

LEASE_US = 5 * 60_000_000  # who claimed a notice and died is given up after it
KEPT_US = 400 * 86_400_000_000


class Says(StrEnum):
    """What a notice tells of its incident."""

    OPENED = "opened"
    RECOVERED = "recovered"


@dataclass(frozen=True)
class Found:
    """One thing that is wrong now. Of a topic, the same `key` is the same thing, however often it is found.

    `title` and `words` are read outside: no value of a row, no member, no secret, no count of members.
    """

    key: str
    kind: str
    title: str
    words: str
    urgent: bool = False


@dataclass(frozen=True)
class Notice:
    """One message on one way. `uid` stays the same however often it is tried; times are microseconds."""

    id: int
    uid: str
    incident: int
    says: str
    way: str
    made_us: int
    next_us: int
    tries: int
    claimed_us: int | None = None
    told_us: int | None = None
    dropped_us: int | None = None
    failed: str | None = None


@dataclass(frozen=True)
class Incident:
    """One thing that is wrong since `opened_us`, or was until `recovered_us`."""

    id: int
    uid: str
    topic: str
    key: str
    kind: str
    urgent: bool
    title: str
    words: str
    opened_us: int
    recovered_us: int | None = None
    notices: tuple[Notice, ...] = field(default=(), compare=False)


class IncidentStore:
    """The incidents of the state database. What is found and what is to be told are written in one step."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def open_keys(self, topic: str) -> frozenset[str]:
        """What of a topic is known to be wrong."""
        if self.database.is_new():
            return frozenset()
        wanted = sa.select(INCIDENTS.c.key).where(_open(topic))
        with self.database.reading() as connection:
            return frozenset(connection.execute(wanted).scalars())

    def settle(self, topic: str, found: Sequence[Found], ways: Collection[str], now_us: int) -> None:
        """Make `found` all that is wrong of a topic: open what is new, end what is gone, and put into the
        outbox what each way has not been told of it yet."""
        if not found and self.database.is_new():
            return
        with self.database.writing() as connection:
            known = {row["key"]: row["id"] for row in _rows(connection, _open(topic))}
            wrong = {one.key: one for one in found}
            for key, one in wrong.items():
                if key not in known:
                    known[key] = _insert(connection, topic, one, now_us)
                _announce(connection, known[key], Says.OPENED, ways, now_us)
            for key in known.keys() - wrong.keys():
                _end(connection, known[key], ways, now_us)
            _forget(connection, now_us - KEPT_US)

    def since(self, us: int) -> list[Incident]:
        """What is wrong, and what was until after `us`, with its notices: open ones first, newest first."""
        if self.database.is_new():
            return []
        where = sa.or_(INCIDENTS.c.recovered_us.is_(None), INCIDENTS.c.recovered_us >= us)
        with self.database.reading() as connection:
            found = [_incident(connection, row) for row in _rows(connection, where)]
        return sorted(found, key=lambda one: (one.recovered_us is not None, -one.opened_us, one.id))

    def claim(self, ways: Collection[str], now_us: int) -> tuple[Notice, Incident] | None:
        """The notice that has been due longest on one of the ways, now nobody else's for some minutes.

        That something is over is told after that it was wrong, and only to whom that was told.
        """
        if self.database.is_new():
            return None
        with self.database.writing() as connection:
            row = connection.execute(_due(ways, now_us)).mappings().first()
            if row is None:
                return None
            own = NOTICES.c.id == row["id"]
            connection.execute(sa.update(NOTICES).where(own).values(claimed_us=now_us))
            (about,) = _rows(connection, INCIDENTS.c.id == row["incident"])
            return Notice(**row), _incident(connection, about)

    def told(self, notice: Notice, now_us: int) -> None:
        """Keep that a notice arrived."""
        values = {"told_us": now_us, "tries": notice.tries + 1, "claimed_us": None, "failed": None}
        self._change(notice, **values)

    def missed(self, notice: Notice, failed: str, next_us: int) -> None:
        """Keep that a notice did not arrive, why in our own words, and when to try again."""
        self._change(notice, tries=notice.tries + 1, claimed_us=None, failed=failed, next_us=next_us)

    def drop(self, notice: Notice, failed: str, now_us: int) -> None:
        """Give a notice up, and with it the word that its incident is over."""
        values = {"dropped_us": now_us, "claimed_us": None, "failed": failed, "tries": notice.tries + 1}
        with self.database.writing() as connection:
            same = (NOTICES.c.incident == notice.incident, NOTICES.c.way == notice.way)
            connection.execute(sa.update(NOTICES).where(*same, NOTICES.c.told_us.is_(None)).values(values))

    def _change(self, notice: Notice, **values: Any) -> None:
        with self.database.writing() as connection:
            connection.execute(sa.update(NOTICES).where(NOTICES.c.id == notice.id).values(values))


def _open(topic: str) -> sa.ColumnElement[bool]:
    return sa.and_(INCIDENTS.c.topic == topic, INCIDENTS.c.recovered_us.is_(None))


def _rows(connection: Connection, where: sa.ColumnElement[bool]) -> Sequence[Mapping[Any, Any]]:
    return connection.execute(sa.select(INCIDENTS).where(where)).mappings().all()


def _incident(connection: Connection, row: Mapping[Any, Any]) -> Incident:
    of = sa.select(NOTICES).where(NOTICES.c.incident == row["id"]).order_by(NOTICES.c.id)
    notices = tuple(Notice(**one) for one in connection.execute(of).mappings())
    return Incident(**{**row, "urgent": bool(row["urgent"])}, notices=notices)


def _insert(connection: Connection, topic: str, one: Found, now_us: int) -> int:
    values = {
        "uid": uuid.uuid4().hex, "topic": topic, "key": one.key, "kind": one.kind, "urgent": int(one.urgent),
        "title": one.title, "words": one.words, "opened_us": now_us,
    }  # fmt: skip
    (number,) = connection.execute(sa.insert(INCIDENTS).values(values)).inserted_primary_key or (0,)
    return int(number)


def _announce(connection: Connection, incident: int, says: Says, ways: Collection[str], now_us: int) -> None:
    """A notice for each way that has none of it yet, also for one that was set up later."""
    same = (NOTICES.c.incident == incident, NOTICES.c.says == says.value)
    known = set(connection.execute(sa.select(NOTICES.c.way).where(*same)).scalars())
    for way in sorted(set(ways) - known):
        values = {
            "uid": uuid.uuid4().hex, "incident": incident, "says": says.value, "way": way,
            "made_us": now_us, "next_us": now_us, "tries": 0,
        }  # fmt: skip
        connection.execute(sa.insert(NOTICES).values(values))


def _end(connection: Connection, incident: int, ways: Collection[str], now_us: int) -> None:
    connection.execute(sa.update(INCIDENTS).where(INCIDENTS.c.id == incident).values(recovered_us=now_us))
    heard = sa.select(NOTICES.c.way).where(NOTICES.c.incident == incident, NOTICES.c.dropped_us.is_(None))
    told = set(connection.execute(heard).scalars())
    _announce(connection, incident, Says.RECOVERED, told & set(ways), now_us)


def _due(ways: Collection[str], now_us: int) -> sa.Select[Any]:
    before = NOTICES.alias("before")
    first = sa.exists().where(
        before.c.incident == NOTICES.c.incident,
        before.c.way == NOTICES.c.way,
        before.c.says == Says.OPENED.value,
        before.c.told_us.is_(None),
    )
    return (
        sa.select(NOTICES)
        .where(
            NOTICES.c.told_us.is_(None),
            NOTICES.c.dropped_us.is_(None),
            NOTICES.c.next_us <= now_us,
            NOTICES.c.way.in_(list(ways)),
            sa.or_(NOTICES.c.claimed_us.is_(None), NOTICES.c.claimed_us < now_us - LEASE_US),
            sa.or_(NOTICES.c.says == Says.OPENED.value, ~first),
        )
        .order_by(NOTICES.c.next_us, NOTICES.c.id)
        .limit(1)
    )


def _forget(connection: Connection, before_us: int) -> None:
    """Take away incidents that were over long ago."""
    old = sa.select(INCIDENTS.c.id).where(INCIDENTS.c.recovered_us < before_us)
    connection.execute(sa.delete(NOTICES).where(NOTICES.c.incident.in_(old)))
    connection.execute(sa.delete(INCIDENTS).where(INCIDENTS.c.recovered_us < before_us))
