"""Periods: presets that end at the data, custom dates, and what to compare a period with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    return (day - EPOCH).days


def day_date(number: int) -> date:
    return EPOCH + timedelta(days=number)


def month_of(day: int) -> int:
    found = day_date(day)
    return found.year * 100 + found.month


def month_span(month: int) -> tuple[int, int]:
    """First and last day number of a month written as 202611."""
    first = date(month // 100, month % 100, 1)
    following = (first + timedelta(days=32)).replace(day=1)
    return day_number(first), day_number(following) - 1


def week_start(day: int) -> int:
    """The Monday of a day's week."""
    return day - (day + 3) % 7


PRESETS: dict[str, str] = {
    "last_7_days": "Last 7 days",
    "last_30_days": "Last 30 days",
    "last_90_days": "Last 90 days",
    "this_month": "This month",
    "last_month": "Last month",
    "last_3_months": "Last 3 months",
    "last_6_months": "Last 6 months",
    "last_12_months": "Last 12 months",
    "this_year": "This year",
    "all_time": "All time",
}
COMPARISONS: dict[str, str] = {
    "previous": "Previous period",
    "year": "Same period last year",
    "none": "No comparison",
}
DEFAULT_PRESET = "last_6_months"


@dataclass(frozen=True)
class Period:
    """A preset, or first and last day (inclusive) given by hand."""

    preset: str = DEFAULT_PRESET
    start: date | None = None
    end: date | None = None

    @property
    def all_time(self) -> bool:
        return self.start is None and self.preset == "all_time"

    def days(self, today: int) -> tuple[int, int] | None:
        """First and last day number, counted back from `today`, where the data end; None for all time."""
        if self.start is not None and self.end is not None:
            return day_number(self.start), day_number(self.end)
        return None if self.all_time else _preset(self.preset, today)

    def compared(self, today: int, with_what: str) -> tuple[int, int] | None:
        """The days to compare with: as long a period before (months for months), or a year earlier."""
        span = self.days(today)
        if span is None or with_what == "none":
            return None
        if with_what == "year":
            return tuple(day_number(_year_earlier(day_date(day))) for day in span)  # type: ignore[return-value]
        return self._before(*span)

    def _before(self, first: int, last: int) -> tuple[int, int]:
        if self.start is None and ("month" in self.preset or self.preset == "this_year"):
            months = _months_between(day_date(first), day_date(last))
            return day_number(_months_earlier(day_date(first), months)), day_number(
                _months_earlier(day_date(last), months)
            )
        return first - (last - first + 1), first - 1


def _preset(preset: str, today: int) -> tuple[int, int]:
    now = day_date(today)
    month = day_number(now.replace(day=1))
    if preset.endswith("_days"):
        return today - int(preset.split("_")[1]) + 1, today
    if preset == "this_year":
        return day_number(now.replace(month=1, day=1)), today
    if preset == "last_month":
        return day_number(_months_earlier(now.replace(day=1), 1)), month - 1
    back = 0 if preset == "this_month" else int(preset.split("_")[1]) - 1
    return day_number(_months_earlier(now.replace(day=1), back)), today


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _months_earlier(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    first = date(index // 12, index % 12 + 1, 1)
    last = month_span(first.year * 100 + first.month)[1]
    return min(first.replace(day=1) + timedelta(days=day.day - 1), day_date(last))


def _year_earlier(day: date) -> date:
    return _months_earlier(day, 12)
