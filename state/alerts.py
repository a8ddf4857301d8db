"""Alerts on figures: fired once per thing, then acknowledged, commented, snoozed, resolved and judged."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from config.text import NOTE, typed
from ledger.entry import Entry, What
from state.database import Database
from state.tables import ALERT_ACTS, ALERT_LOOKS, ALERTS

DAY_US = 86_400_000_000
SNOOZES = (1, 3, 7, 30)
"""For how many days an alert may be snoozed."""
JUDGED_LATELY = 12
NEAR_DAYS = 7


class State(StrEnum):
    """Where an alert stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


class Do(StrEnum):
    """What was done with an alert; it fires and is over by itself, all else is done by people."""

    FIRE = "fire"
    ACKNOWLEDGE = "acknowledge"
    COMMENT = "comment"
    SNOOZE = "snooze"
    WAKE = "wake"
    RESOLVE = "resolve"
    OVER = "over"
    JUDGE = "judge"


@dataclass(frozen=True)
class Raised:
    """One thing that departs from its baseline now. The same `key` is the same thing, however often found.

    `subject` is a channel or a source's name; `campaign` the one it belongs to, None where it is of the whole
    plan. `value`, `usual`, `low` and `high` are released figures and what they give; days are day numbers;
    `stands` is false of what was over when it was found; `points` are [day, value, low, high] of the buckets
    looked at, oldest first.
    """

    key: str
    kind: str
    metric: str
    subject: str
    campaign: str | None
    urgent: bool
    first_day: int | None
    last_day: int | None
    value: float | None
    usual: float | None
    low: float | None
    high: float | None
    chance: float | None
    complete_through: int | None
    stands: bool = True
    points: tuple[tuple[int, float | None, float | None, float | None], ...] = ()


@dataclass(frozen=True)
class Alert:
    """One alert as it is kept; times are microseconds, `real` is None until somebody judged it."""

    id: int
    uid: str
    key: str
    kind: str
    metric: str
    subject: str
    campaign: str | None
    urgent: bool
    first_day: int | None
    last_day: int | None
    value: float | None
    usual: float | None
    low: float | None
    high: float | None
    chance: float | None
    snapshot: int
    complete_through: int | None
    points: tuple[tuple[Any, ...], ...]
    fired_us: int
    seen_us: int
    over_us: int | None = None
    acknowledged_us: int | None = None
    acknowledged_by: str | None = None
    snoozed_until_us: int | None = None
    resolved_us: int | None = None
    resolved_by: str | None = None
    real: bool | None = None
    judged_us: int | None = None
    judged_by: str | None = None

    def state(self, now_us: int) -> State:
        if self.resolved_us is not None:
            return State.RESOLVED
        if self.snoozed_until_us is not None and self.snoozed_until_us > now_us:
            return State.SNOOZED
        return State.OPEN if self.acknowledged_us is None else State.ACKNOWLEDGED


@dataclass(frozen=True)
class Act:
    """What was done with an alert, when, by whom (nobody where it happened by itself), and in which words."""

    id: int
    alert: int
    at_us: int
    by: str
    do: str
    text: str


@dataclass(frozen=True)
class Precision:
    """Of the alerts judged last, how many were real."""

    real: int
    judged: int


class AlertStore:
    """The alerts of the state database. What people do goes into the ledger in the same step."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def looked(self, published_us: int, since_us: int = 0) -> bool:
        """Whether a snapshot, known by when it was published, was looked at since an instant."""
        if self.database.is_new():
            return False
        wanted = sa.select(ALERT_LOOKS.c.snapshot).where(
            ALERT_LOOKS.c.published_us == published_us, ALERT_LOOKS.c.at_us >= since_us
        )
        with self.database.reading() as connection:
            return connection.execute(wanted).first() is not None

    def settle(
        self, raised: Sequence[Raised], snapshot: tuple[int, int], looked_at: int, now_us: int
    ) -> list[Alert]:
        """Make `raised` all that departs: fire what is new, bring the rest up to date, end what is gone.

        `snapshot` is its number and when it was published, `looked_at` how many buckets were judged. What was
        over when it was found is kept as past. Returns what stands and nobody closed. What somebody resolved
        while it lasts does not fire again before it is over.
        """
        number, published_us = snapshot
        with self.database.writing() as connection:
            known = list(_rows(connection, ALERTS.c.key.in_([one.key for one in raised])))
            known += [row for row in _rows(connection, ALERTS.c.over_us.is_(None)) if row not in known]
            for one in raised:
                same = next((row for row in known if _same(one, row)), None)
                if same is not None:
                    known.remove(same)
                    values = _values(one, number) | {"seen_us": now_us}
                    connection.execute(sa.update(ALERTS).where(ALERTS.c.id == same["id"]).values(values))
                else:
                    same = _fire(connection, one, number, now_us)
                if same["over_us"] is None and not one.stands:
                    _end(connection, same, now_us)
            for row in known:
                if row["over_us"] is None:
                    _end(connection, row, now_us)
            _look(connection, number, published_us, looked_at, now_us)
            stands = sa.and_(ALERTS.c.over_us.is_(None), ALERTS.c.resolved_us.is_(None))
            return [_alert(row) for row in _rows(connection, stands)]

    def all(self) -> list[Alert]:
        """Every alert, the newest first."""
        if self.database.is_new():
            return []
        with self.database.reading() as connection:
            rows = connection.execute(
                sa.select(ALERTS).order_by(ALERTS.c.fired_us.desc(), ALERTS.c.id.desc())
            )
            return [_alert(row) for row in rows.mappings()]

    def one(self, uid: str) -> Alert | None:
        """The alert of that uid, or None."""
        if self.database.is_new():
            return None
        with self.database.reading() as connection:
            return next((_alert(row) for row in _rows(connection, ALERTS.c.uid == uid)), None)

    def acts(self, alerts: Sequence[int]) -> dict[int, list[Act]]:
        """What was done with each of some alerts, in order."""
        found: dict[int, list[Act]] = {}
        if self.database.is_new() or not alerts:
            return found
        wanted = sa.select(ALERT_ACTS).where(ALERT_ACTS.c.alert.in_(list(alerts))).order_by(ALERT_ACTS.c.id)
        with self.database.reading() as connection:
            for row in connection.execute(wanted).mappings():
                found.setdefault(row["alert"], []).append(Act(**row))
        return found

    def marked(self) -> int:
        """The number of the last act and look: it rises with everything that moves."""
        if self.database.is_new():
            return 0
        with self.database.reading() as connection:
            acts = connection.execute(sa.select(sa.func.max(ALERT_ACTS.c.id))).scalar() or 0
            seen = connection.execute(sa.select(sa.func.max(ALERT_LOOKS.c.at_us))).scalar() or 0
            return int(seen) + int(acts)

    def acknowledge(self, uid: str, by: str) -> None:
        """Say that somebody has seen it and cares."""
        self._act(uid, by, Do.ACKNOWLEDGE, acknowledged_us=_now(), acknowledged_by=by)

    def comment(self, uid: str, by: str, text: str) -> None:
        """Write what is known of it; `TextRefused` (a ValueError) where the words cannot be kept."""
        words = typed(text, NOTE, lines=True)
        if not words:
            raise ValueError("no words yet; write what is known of it")
        self._act(uid, by, Do.COMMENT, words)

    def snooze(self, uid: str, by: str, days: int) -> None:
        """Put it aside for some days; `ValueError` for another number than the few that are offered."""
        if days not in SNOOZES:
            raise ValueError(f"{', '.join(map(str, SNOOZES))} days can be chosen")
        until = _now() + days * DAY_US
        self._act(uid, by, Do.SNOOZE, f"{days} day{'' if days == 1 else 's'}", snoozed_until_us=until)

    def wake(self, uid: str, by: str) -> None:
        """Bring a snoozed one back."""
        self._act(uid, by, Do.WAKE, snoozed_until_us=None)

    def resolve(self, uid: str, by: str) -> None:
        """Close it by hand."""
        self._act(uid, by, Do.RESOLVE, resolved_us=_now(), resolved_by=by)

    def judge(self, uid: str, by: str, real: bool) -> None:
        """Say whether it told of something real; the last judgement counts."""
        words = "real" if real else "not real"
        self._act(uid, by, Do.JUDGE, words, real=int(real), judged_us=_now(), judged_by=by)

    def _act(self, uid: str, by: str, do: Do, text: str = "", **values: Any) -> None:
        with self.database.writing() as connection:
            row = next(iter(_rows(connection, ALERTS.c.uid == uid)), None)
            if row is None:
                raise LookupError("There is no such alert.")
            if row["resolved_us"] is not None and do not in (Do.COMMENT, Do.JUDGE):
                raise LookupError("It is resolved already; it can be commented and judged.")
            if values:
                connection.execute(sa.update(ALERTS).where(ALERTS.c.id == row["id"]).values(values))
            _note(connection, row["id"], by, do, text, _now())
            told: dict[str, str | int] = {"do": do.value, "number": row["id"]}
            told |= {"is": text} if do in (Do.SNOOZE, Do.JUDGE) else {}
            of = () if row["campaign"] is None else (row["campaign"],)
            self.database.tell(Entry(What.ALERT, by, campaigns=of, about=told))


def precision(alerts: Sequence[Alert]) -> Precision:
    """Of the alerts judged last (at most twelve), how many were real."""
    judged = sorted((one for one in alerts if one.real is not None), key=lambda one: -(one.judged_us or 0))
    last = judged[:JUDGED_LATELY]
    return Precision(sum(bool(one.real) for one in last), len(last))


def _rows(connection: Connection, where: sa.ColumnElement[bool]) -> Sequence[Mapping[Any, Any]]:
    return connection.execute(sa.select(ALERTS).where(where).order_by(ALERTS.c.id)).mappings().all()


def _alert(row: Mapping[Any, Any]) -> Alert:
    real = row["real"]
    points = tuple(tuple(point) for point in row["points"])
    made = {"urgent": bool(row["urgent"]), "real": None if real is None else bool(real), "points": points}
    return Alert(**{**row, **made})


def _values(one: Raised, snapshot: int) -> dict[str, Any]:
    return {
        "kind": one.kind, "metric": one.metric, "subject": one.subject, "campaign": one.campaign,
        "urgent": int(one.urgent), "first_day": one.first_day, "last_day": one.last_day, "value": one.value,
        "usual": one.usual, "low": one.low, "high": one.high, "chance": one.chance, "snapshot": snapshot,
        "complete_through": one.complete_through, "points": [list(point) for point in one.points],
    }  # fmt: skip


def _same(one: Raised, row: Mapping[Any, Any]) -> bool:
    """Whether a kept alert is the same trouble: of one key, on days that are near; without days, if open."""
    if one.key != row["key"] or (one.stands and row["over_us"] is not None):
        return False  # what stands again after it was over fires again
    if one.first_day is None or one.last_day is None or row["first_day"] is None:
        return row["over_us"] is None
    near = one.first_day - NEAR_DAYS <= row["last_day"] and row["first_day"] <= one.last_day + NEAR_DAYS
    return bool(near)


def _fire(connection: Connection, one: Raised, snapshot: int, now_us: int) -> Mapping[Any, Any]:
    own = {"uid": uuid.uuid4().hex, "key": one.key, "fired_us": now_us, "seen_us": now_us}
    made = connection.execute(sa.insert(ALERTS).values(_values(one, snapshot) | own))
    (number,) = made.inserted_primary_key or (0,)
    _note(connection, int(number), "", Do.FIRE, "", now_us)
    (row,) = _rows(connection, ALERTS.c.id == int(number))
    return row


def _end(connection: Connection, row: Mapping[Any, Any], now_us: int) -> None:
    values: dict[str, Any] = {"over_us": now_us}
    if row["resolved_us"] is None:
        values |= {"resolved_us": now_us, "resolved_by": ""}
    connection.execute(sa.update(ALERTS).where(ALERTS.c.id == row["id"]).values(values))
    _note(connection, row["id"], "", Do.OVER, "", now_us)


def _note(connection: Connection, alert: int, by: str, do: Do, text: str, at_us: int) -> None:
    values = {"alert": alert, "at_us": at_us, "by": by, "do": do.value, "text": text}
    connection.execute(sa.insert(ALERT_ACTS).values(values))


def _look(connection: Connection, number: int, published_us: int, looked_at: int, now_us: int) -> None:
    values = {"published_us": published_us, "at_us": now_us, "looked_at": looked_at}
    own = ALERT_LOOKS.c.snapshot == number
    if connection.execute(sa.update(ALERT_LOOKS).where(own).values(values)).rowcount == 0:
        connection.execute(sa.insert(ALERT_LOOKS).values({"snapshot": number, **values}))


def _now() -> int:
    return time.time_ns() // 1000
