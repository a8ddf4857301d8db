"""Slots of time by the calendar and the clock of the standard library, to hold the models against."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR_US = 3_600_000_000


def clock(us: int | None, zone: str) -> datetime | None:
    """The local time of an instant; None where there is none, or a day begins: then only a date was said."""
    if not us:
        return None
    local, before = ((EPOCH + timedelta(microseconds=at)).astimezone(ZoneInfo(zone)) for at in (us, us - 1))
    return local if local.date() == before.date() else None


def daypart(sent: int | None, zone: str) -> str:
    """`1-06`: on a Monday, from six to twelve."""
    local = clock(sent, zone)
    return "" if local is None else f"{local.isoweekday()}-{local.hour // 6 * 6:02d}"


def response_time(delivered: int | None, engaged: int | None, zone: str) -> str:
    if delivered is None or engaged is None or clock(delivered, zone) is None or clock(engaged, zone) is None:
        return ""
    waited = engaged - delivered
    if waited < -HOUR_US:
        return ""
    return f"{max(start for start in (0, 1, 4, 24, 72, 168) if start * HOUR_US <= max(waited, 0)):03d}h"


def outcome_time(days: int | None) -> str:
    return "" if days is None else f"{max(start for start in (0, 14, 30, 60, 90) if start <= days):02d}d"
