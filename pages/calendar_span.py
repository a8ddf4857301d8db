"""Which months the calendar shows, and which campaigns lie in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from data.cubes import UNNAMED, Campaign, Cubes
from data.periods import day_date, day_number, month_of, month_span, week_start
from data.viewer import Viewer
from pages.campaign_questions import seen
from pages.compare_ranks import record

CALENDAR = "/calendar"
LENGTHS = {1: "1 month", 3: "3 months", 6: "6 months", 12: "12 months"}
USUAL, YEAR, MOST = 3, 12, 16
NO_PROGRAM = "Without a program"
_MONTH = re.compile(r"(19|20|21)\d\d-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Span:
    """Some months: the first as 202611, and how many; of many campaigns, how many are turned over."""

    first: int
    months: int
    skip: int = 0

    @property
    def days(self) -> tuple[int, int]:
        """First and last day number."""
        return month_span(self.first)[0], month_span(later(self.first, self.months - 1))[1]

    @property
    def words(self) -> str:
        """`Nov 2026`, or `Oct 2026 to Jan 2027`."""
        names = [f"{day_date(day):%b %Y}" for day in self.days]
        return names[0] if self.months == 1 else f"{names[0]} to {names[1]}"

    def address(self, steps: int = 0, months: int = 0, skip: int = 0) -> str:
        """The address of as many months, some steps of months later, or of another length."""
        moved, length = later(self.first, steps), months or self.months
        query = {"month": f"{moved // 100}-{moved % 100:02d}"}
        query |= {"months": str(length)} if length != USUAL else {}
        return f"{CALENDAR}?{urlencode(query | ({'skip': str(skip)} if skip else {}))}"


def later(month: int, steps: int) -> int:
    """The month so many after another, both as 202611."""
    count = month // 100 * 12 + month % 100 - 1 + steps
    return count // 12 * 100 + count % 12 + 1


def span_of(query: Mapping[str, str], cubes: Cubes) -> Span:
    """The months of an address; without any, this one between the last and the next."""
    months = int(query["months"]) if query.get("months") in {str(one) for one in LENGTHS} else USUAL
    text, typed = query.get("month", ""), query.get("skip", "")
    skip = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 5 else 0
    if _MONTH.fullmatch(text):
        return Span(int(text[:4]) * 100 + int(text[5:]), months, skip)
    this = month_of(cubes.today)
    return Span(later(this, -1) if months > 1 else this, months, skip)


def within(span: Span, viewer: Viewer, cubes: Cubes) -> list[Campaign]:
    """The campaigns in scope of which a day lies in the span, by program and start."""
    first, last = span.days
    found = [
        one
        for one in seen(viewer, cubes)
        if one.start_day is not None and one.start_day <= last and (one.end_day or last) >= first
    ]
    return sorted(
        found, key=lambda one: (program_of(one) == NO_PROGRAM, program_of(one), one.start_day, one.name)
    )


def part_of(found: Sequence[Campaign], span: Span) -> Sequence[Campaign]:
    """As many campaigns as the page shows at once, from where the address says."""
    skip = span.skip if span.skip < len(found) else 0
    return found[skip : skip + MOST]


def undated(viewer: Viewer, cubes: Cubes) -> list[Campaign]:
    """The campaigns in scope without a first day."""
    return [one for one in seen(viewer, cubes) if one.start_day is None]


def program_of(campaign: Campaign) -> str:
    """The program, or that there is none."""
    return NO_PROGRAM if campaign.program in UNNAMED else campaign.program


def waves_of(campaign: Campaign) -> list[str]:
    """The waves that the record names."""
    found = record(campaign).get("waves")
    return [str(one) for one in found] if isinstance(found, list) else []


def slots(span: Span) -> list[tuple[int, int]]:
    """First and last day of each week that the span touches; of a year, of each month."""
    if span.months == YEAR:
        return [month_span(later(span.first, step)) for step in range(YEAR)]
    first, last = span.days
    return [(week, week + 6) for week in range(week_start(first), last + 1, 7)]


def at_once(campaigns: Sequence[Campaign], first: int, last: int) -> int:
    """How many campaigns run on one of these days. Of their members nothing is told."""
    return sum(
        one.start_day is not None and one.start_day <= last and (one.end_day is None or one.end_day >= first)
        for one in campaigns
    )


def today_in(span: Span, cubes: Cubes) -> int | None:
    """The last day of the data where it lies in the span: the calendar's today."""
    first, last = span.days
    return cubes.today if first <= cubes.today <= last else None


def day_of(text: object) -> int | None:
    """The day number of an ISO date between 1990 and 2100, or None."""
    try:
        found = date.fromisoformat(text if isinstance(text, str) else "")
    except ValueError:
        return None
    return day_number(found) if 1990 <= found.year <= 2100 else None
