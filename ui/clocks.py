"""The clocks in words: how far outreach and outcomes reach, and when data came last."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from data.snapshot import Snapshot

UNKNOWN = "not known yet"


def moment(microseconds: int | None, zone: str) -> str:
    """`20 Nov 2026, 06:05` in the reporting zone; the input is microseconds since the epoch."""
    if microseconds is None:
        return UNKNOWN
    at = datetime.fromtimestamp(microseconds / 1_000_000, UTC).astimezone(ZoneInfo(zone))
    return f"{at.day} {at:%b %Y, %H:%M}"


def day(number: int | None) -> str:
    """`20 Nov 2026` of a day number (days since 1970-01-01)."""
    if number is None:
        return UNKNOWN
    at = date(1970, 1, 1) + timedelta(days=number)
    return f"{at.day} {at:%b %Y}"


def lasting(microseconds: int) -> str:
    """`20 days`, `26 hours`, `45 minutes`: a span, rounded to its unit."""
    minutes = max(1, round(microseconds / 60_000_000))
    for size, unit in ((2 * 1440, "day"), (2 * 60, "hour"), (0, "minute")):
        if minutes >= size:
            count = round(minutes / {"day": 1440, "hour": 60, "minute": 1}[unit])
            return f"{count:,} {unit}{'' if count == 1 else 's'}"
    return ""


def clock_words(snapshot: Snapshot) -> list[tuple[str, str]]:
    """The clocks as (label, value), in the zone they were published for; empty before the first publish."""
    if not snapshot.number:
        return []
    clocks, zone = snapshot.clocks, snapshot.zone
    outcomes = clocks.get("outcomes_through") or {}
    return [
        ("Outreach through", moment(clocks.get("outreach_through_us"), zone)),
        ("Outcomes complete through", day(min(outcomes.values(), default=None))),
        ("Last load", moment(clocks.get("last_load_us"), zone)),
    ]
