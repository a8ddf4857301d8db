"""What `since` of a REST source counts in, numbers or instants: read from records, written into requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from etl.sources.rest import Since

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICRO = 1_000_000
LATEST = 4_102_444_800
"""Seconds: an epoch above it (the year 2100) is one of milliseconds."""


@dataclass(frozen=True)
class Cursor:
    """Values are whole microseconds of UTC where `since` is an instant, else numbers as they are."""

    since: Since
    zone: str

    @property
    def instants(self) -> bool:
        return isinstance(self.since.start, date)

    @property
    def start(self) -> Decimal:
        given = self.since.start
        if isinstance(given, datetime):
            return self._micro(given)
        if isinstance(given, date):
            return self._micro(datetime.combine(given, time()))
        return Decimal(str(given))

    def of(self, text: str) -> Decimal | None:
        """The value of a record's text, None where it is none."""
        text = text.strip()
        if not text or len(text) > 64:
            return None
        if not self.instants:
            return _number(text)
        try:
            return self._micro(self._parsed(text))
        except (ValueError, OverflowError):
            number = _number(text)
            if number is None or not 0 <= number < LATEST * 1_000:
                return None
            return number.scaleb(6 if number < LATEST else 3).to_integral_value()

    def text(self, value: Decimal) -> str:
        """A value in a position, and for people."""
        if not self.instants:
            return format(value, "f")
        return self._instant(value).isoformat().replace("+00:00", "Z")

    def back(self, value: Decimal) -> Decimal:
        """The value at which the next pull begins after one that reached this."""
        overlap = Decimal(str(self.since.overlap))
        return value - (overlap * 60 * MICRO).to_integral_value() if self.instants else value - overlap

    def asked(self, value: Decimal) -> str:
        """What a request says for a value."""
        since = self.since
        if not self.instants:
            return format(value, "f")
        at = self._instant(value)
        if since.format == "iso":
            return at.isoformat().replace("+00:00", "Z")
        if since.format in ("epoch", "epoch_ms"):
            seconds = (at - EPOCH) // timedelta(seconds=1)
            return str(seconds * (1_000 if since.format == "epoch_ms" else 1))
        return at.strftime("%Y-%m-%d" if since.format == "date" else since.format)

    def window(self, reached: Decimal) -> Decimal:
        """From which value on records come again by the next pull."""
        if not self.instants:
            return self.back(reached)
        # A date alone, or a clock without seconds, asks for what lies before it, too.
        coarse = MICRO if self.since.format in ("iso", "epoch", "epoch_ms") else 86_400 * MICRO
        return self.back(reached) - coarse

    def _parsed(self, text: str) -> datetime:
        if "%" in self.since.format and text[4:5] != "-":
            return datetime.strptime(text, self.since.format)
        if text.isascii() and text.replace(".", "").isdigit():
            raise ValueError(text)
        return datetime.fromisoformat(text)

    def _micro(self, at: datetime) -> Decimal:
        known = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(self.zone))
        return Decimal((known - EPOCH) // timedelta(microseconds=1))

    def _instant(self, value: Decimal) -> datetime:
        return EPOCH + timedelta(microseconds=int(value))


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 40 else None
