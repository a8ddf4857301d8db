"""Instants as vendors write them, as microseconds since the epoch in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime

from collect.webhooks.payload import Wrong

SECOND = 1_000_000
EARLIEST, LATEST = 946_684_800, 4_102_444_800  # 2000 and 2100: what lies outside is no time of a message
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,12}))?"
    r" ?(?:Z|UTC|([+-])(\d\d):?(\d\d)?)?",
    re.ASCII,
)


def seconds(text: str, column: str) -> int | None:
    """Seconds since the epoch, with a fraction or without."""
    return _number(text, column, SECOND)


def milliseconds(text: str, column: str) -> int | None:
    """Milliseconds since the epoch."""
    return _number(text, column, 1_000)


def iso(text: str, column: str) -> int | None:
    """ISO 8601; digits beyond microseconds are cut off, a time without a zone is UTC."""
    if not text:
        return None
    found = _ISO.fullmatch(text.strip())
    if found is None:
        raise Wrong(column, "is no time")
    year, month, day, hour, minute, second, fraction, sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    try:
        zone = timezone(-offset if sign == "-" else offset)
        clock = (int(hour), int(minute), int(second), int((fraction or "0").ljust(6, "0")[:6]))
        moment = datetime(int(year), int(month), int(day), *clock, tzinfo=zone)
    except ValueError:
        raise Wrong(column, "is no time") from None
    return _checked((moment - _EPOCH) // timedelta(microseconds=1), column)


def iso_or_seconds(text: str, column: str) -> int | None:
    """Either way, for vendors that write both."""
    return iso(text, column) if "-" in text[1:] else seconds(text, column)


def rfc(text: str, column: str) -> int | None:
    """The form of e-mail headers: Wed, 18 Nov 2026 15:00:00 +0000."""
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return _checked((moment - _EPOCH) // timedelta(microseconds=1), column)
    except (ValueError, TypeError, IndexError, OverflowError):
        raise Wrong(column, "is no time") from None


def _number(text: str, column: str, factor: int) -> int | None:
    if not text:
        return None
    try:
        if len(text) > 40:
            raise InvalidOperation
        value = Decimal(text)
        if not value.is_finite() or value.adjusted() > 15 or not text.isascii():
            raise InvalidOperation
    except InvalidOperation:
        raise Wrong(column, "is no time") from None
    return _checked(int(value * factor), column)


def _checked(at_us: int, column: str) -> int:
    if not EARLIEST * SECOND <= at_us < LATEST * SECOND:
        raise Wrong(column, "is no time of this century")
    return at_us
