"""Schedules of reports and each sending of one: what, when, to whom, in whose row scope."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from ledger.entry import Entry, What
from state.database import Database
from state.reports import NotNow
from state.tables import REPORT_SCHEDULES, REPORT_SENDINGS

STALE_US = 600_000_000
"""A worker that died leaves its claim; after so long another one takes the sending up."""
MOST = 40
"""Schedules that one person may have."""


class Every(StrEnum):
    """How often; `day` is the weekday from Monday as 0, or the day of the month up to 28."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Sent(StrEnum):
    """Where a sending stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True)
class Schedule:
    """One schedule. `query` asks for the same again; `scope` is a row scope as `exports.owner` writes it."""

    id: int
    uid: str
    title: str
    page: str
    query: dict[str, str]
    every: str
    day: int
    hour: int
    addresses: list[str]
    roles: list[str]
    scope: str
    by: str
    role: str
    made_us: int
    next_us: int
    paused_us: int | None = None
    removed_us: int | None = None


@dataclass(frozen=True)
class Sending:
    """One sending of a schedule: when it was due, who asked (nobody: the clock), and what became of it."""

    id: int
    uid: str
    schedule: int
    due_us: int
    by: str
    state: str
    report: str
    tries: int
    next_us: int
    claimed_us: int | None
    ended_us: int | None
    sent_to: int
    said: str


class ScheduleStore:
    """Schedules are added, paused and removed; sendings are claimed, one worker at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, values: Mapping[str, Any], zone: str, now_us: int | None = None) -> Schedule:
        """Keep a schedule; it is due first at the next time that it names."""
        now = _now(now_us)
        own = {**values, "uid": uuid.uuid4().hex, "made_us": now}
        own["next_us"] = following(str(values["every"]), int(values["day"]), int(values["hour"]), zone, now)
        with self._database.writing() as connection:
            held = [one for one in _schedules(connection) if one.by == values["by"] and not one.removed_us]
            if len(held) >= MOST:
                raise NotNow(f"You have {MOST} schedules already; remove one, then add another.")
            connection.execute(sa.insert(REPORT_SCHEDULES).values(own))
            made = _one(connection, str(own["uid"]))
            self._told(made, made.by, "schedule")
            return made

    def all(self) -> list[Schedule]:
        """Every schedule that was not removed, the latest first, of all scopes."""
        if self._database.is_new():
            return []
        with self._database.reading() as connection:
            return [one for one in reversed(_schedules(connection)) if not one.removed_us]

    def sendings(self, schedules: Sequence[int], most: int = 200) -> list[Sending]:
        """The sendings of these schedules, the latest first."""
        if self._database.is_new() or not schedules:
            return []
        asked = sa.select(REPORT_SENDINGS).where(REPORT_SENDINGS.c.schedule.in_(list(schedules)))
        with self._database.reading() as connection:
            rows = connection.execute(asked.order_by(REPORT_SENDINGS.c.id.desc()).limit(most)).mappings()
            return [Sending(**row) for row in rows]

    def pause(self, uid: str, by: str) -> None:
        """Let nothing of it be due until it is resumed."""
        self._change(uid, by, "pause", lambda one: one.paused_us is None, paused_us=_now(None))

    def resume(self, uid: str, by: str, zone: str) -> None:
        """Let it be due again; what was due meanwhile is not sent."""
        with self._database.reading() as connection:
            one = _one(connection, uid)
        next_us = following(one.every, one.day, one.hour, zone, _now(None))
        values = {"paused_us": None, "next_us": next_us}
        self._change(uid, by, "resume", lambda one: one.paused_us is not None, **values)

    def remove(self, uid: str, by: str) -> None:
        """Take it away; what it sent stays in the list of reports."""
        self._change(uid, by, "remove", lambda one: True, removed_us=_now(None))

    def ask(self, uid: str, by: str) -> None:
        """Have it sent now, beside what is due."""
        with self._database.writing() as connection:
            _send(connection, _one(connection, uid), _now(None), by)

    def due(self, zone: str, now_us: int | None = None) -> None:
        """Make a sending of every schedule that is due; of several times that were missed, one."""
        now = _now(now_us)
        with self._database.writing() as connection:
            for one in _schedules(connection):
                if one.removed_us or one.paused_us or one.next_us > now:
                    continue
                _send(connection, one, one.next_us, "")
                later = following(one.every, one.day, one.hour, zone, now)
                own = REPORT_SCHEDULES.c.id == one.id
                connection.execute(sa.update(REPORT_SCHEDULES).where(own).values(next_us=later))

    def claim(self, now_us: int | None = None) -> tuple[Sending, Schedule] | None:
        """A sending whose time has come, for this worker alone; None where there is none."""
        if self._database.is_new():
            return None
        now, table = _now(now_us), REPORT_SENDINGS.c
        free = sa.or_(table.claimed_us.is_(None), table.claimed_us < now - STALE_US)
        asked = sa.select(REPORT_SENDINGS).where(table.state == Sent.WAITING, table.next_us <= now, free)
        with self._database.writing() as connection:
            row = connection.execute(asked.order_by(table.next_us).limit(1)).mappings().first()
            if row is None:
                return None
            own = sa.update(REPORT_SENDINGS).where(table.id == row["id"])
            connection.execute(own.values(claimed_us=now))
            schedule = next(one for one in _schedules(connection) if one.id == row["schedule"])
            if schedule.removed_us:
                gone = {"state": Sent.FAILED, "said": "the schedule was removed", "ended_us": now}
                connection.execute(own.values(**gone))
                return None
            return Sending(**row), schedule

    def issued(self, sending: Sending, report: str) -> None:
        """Keep which report it sends: a second try sends the very same."""
        self._set(sending, report=report)

    def sent(self, sending: Sending, schedule: Schedule, to: int, now_us: int | None = None) -> None:
        """The mail server took it for so many."""
        values: dict[str, Any] = {
            "state": Sent.SENT,
            "sent_to": to,
            "ended_us": _now(now_us),
            "claimed_us": None,
            "said": "",
        }
        self._set(sending, schedule=schedule, do="send", **values)

    def missed(self, sending: Sending, said: str, next_us: int) -> None:
        """It did not arrive; it is tried again."""
        values: dict[str, Any] = {
            "said": said,
            "next_us": next_us,
            "tries": sending.tries + 1,
            "claimed_us": None,
        }
        self._set(sending, **values)

    def failed(self, sending: Sending, schedule: Schedule, said: str, now_us: int | None = None) -> None:
        """It will not arrive."""
        values: dict[str, Any] = {
            "state": Sent.FAILED,
            "said": said,
            "ended_us": _now(now_us),
            "claimed_us": None,
        }
        self._set(sending, schedule=schedule, do="fail", **values)

    def _set(self, sending: Sending, schedule: Schedule | None = None, do: str = "", **values: Any) -> None:
        with self._database.writing() as connection:
            own = REPORT_SENDINGS.c.id == sending.id
            connection.execute(sa.update(REPORT_SENDINGS).where(own).values(values))
            if schedule is not None:
                self._told(schedule, sending.by or schedule.by, do)

    def _change(self, uid: str, by: str, do: str, when: Any, **values: Any) -> None:
        with self._database.writing() as connection:
            found = _one(connection, uid)
            if not when(found):
                raise NotNow("It was done already; nothing was changed.")
            own = REPORT_SCHEDULES.c.id == found.id
            connection.execute(sa.update(REPORT_SCHEDULES).where(own).values(values))
            self._told(found, by, do)

    def _told(self, one: Schedule, by: str, do: str) -> None:
        about: dict[str, str | int] = {"do": do, "name": one.title, "number": one.id}
        self._database.tell(Entry(What.REPORT, by, place=one.page, about=about))


def following(every: str, day: int, hour: int, zone: str, after_us: int) -> int:
    """The next time after an instant at which a schedule is due, in microseconds since the epoch."""
    place = ZoneInfo(zone)
    after = datetime.fromtimestamp(after_us / 1e6, UTC)
    at = after.astimezone(place).replace(hour=hour, minute=0, second=0, microsecond=0, fold=0)
    for _ in range(40):
        right = every == Every.DAILY or (at.weekday() if every == Every.WEEKLY else at.day) == day
        if right and at.astimezone(UTC) > after:
            return int(at.timestamp() * 1e6)
        at = (at + timedelta(days=1)).replace(hour=hour)
    raise ValueError(f"{every} {day} comes never")


def _send(connection: sa.Connection, one: Schedule, due_us: int, by: str) -> None:
    values = {
        "uid": uuid.uuid4().hex, "schedule": one.id, "due_us": due_us, "by": by, "state": Sent.WAITING,
        "report": "", "tries": 0, "next_us": due_us, "sent_to": 0, "said": "",
    }  # fmt: skip
    connection.execute(sa.insert(REPORT_SENDINGS).values(values))


def _schedules(connection: sa.Connection) -> list[Schedule]:
    rows = connection.execute(sa.select(REPORT_SCHEDULES).order_by(REPORT_SCHEDULES.c.id)).mappings()
    return [Schedule(**row) for row in rows]


def _one(connection: sa.Connection, uid: str) -> Schedule:
    found = next((one for one in _schedules(connection) if one.uid == uid and not one.removed_us), None)
    if found is None:
        raise LookupError("There is no such schedule.")
    return found


def _now(given: int | None) -> int:
    return time.time_ns() // 1000 if given is None else given
