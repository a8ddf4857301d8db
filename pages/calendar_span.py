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
from pages.questions import status
from pages.table import Listing, ListTable

CALENDAR = "/calendar"
LENGTHS = {1: "1 month", 3: "3 months", 6: "6 months", 12: "12 months"}
USUAL = 3
NO_PROGRAM = "Without a program"
_MONTH = re.compile(r"(19|20|21)\d\d-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Span:
    """Some months: the first as 202611, and how many."""

    first: int
    months: int

    @property
    def days(self) -> tuple[int, int]:
        """First and last day number."""
        return month_span(self.first)[0], month_span(later(self.first, self.months - 1))[1]

    @property
    def words(self) -> str:
        """`Nov 2026`, or `Oct 2026 to Jan 2027`."""
        names = [f"{day_date(day):%b %Y}" for day in self.days]
        return names[0] if self.months == 1 else f"{names[0]} to {names[1]}"

    def address(self, steps: int = 0, months: int = 0) -> str:
        """The address of as many months, some steps of months later, or of another length."""
        moved = later(self.first, steps)
        query = {"month": f"{moved // 100}-{moved % 100:02d}"}
        length = months or self.months
        return f"{CALENDAR}?{urlencode(query | ({'months': str(length)} if length != USUAL else {}))}"


def later(month: int, steps: int) -> int:
    """The month so many after another, both as 202611."""
    count = month // 100 * 12 + month % 100 - 1 + steps
    return count // 12 * 100 + count % 12 + 1


def span_of(query: Mapping[str, str], cubes: Cubes) -> Span:
    """The months of an address; without any, this one between the last and the next."""
    months = int(query["months"]) if query.get("months") in {str(one) for one in LENGTHS} else USUAL
    text = query.get("month", "")
    if _MONTH.fullmatch(text):
        return Span(int(text[:4]) * 100 + int(text[5:]), months)
    this = month_of(cubes.today)
    return Span(later(this, -1) if months > 1 else this, months)


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


def weeks(span: Span) -> list[int]:
    """The first days of the weeks that the span touches."""
    first, last = span.days
    return list(range(week_start(first), last + 1, 7))


def at_once(campaigns: Sequence[Campaign], week: int) -> int:
    """How many campaigns run in a week. Of their members nothing is told."""
    return sum(
        one.start_day is not None
        and one.start_day <= week + 6
        and (one.end_day is None or one.end_day >= week)
        for one in campaigns
    )


def _day(number: int | None) -> str:
    return "" if number is None else day_date(number).isoformat()


def _listing(viewer: Viewer, cubes: Cubes, month: str = "", months: str = "") -> Listing:
    span = span_of({"month": month, "months": months}, cubes)
    rows = [
        (
            one.id,
            one.name,
            "" if one.program in UNNAMED else one.program,
            "" if one.line_of_business in UNNAMED else one.line_of_business,
            status(one, cubes),
            _day(one.start_day),
            _day(one.end_day),
            "; ".join(waves_of(one)),
        )
        for one in within(span, viewer, cubes)
    ]
    columns = (
        "campaign", "campaign_name", "program", "line_of_business", "state", "start", "end", "waves",
    )  # fmt: skip
    return Listing(columns, rows, f"campaigns of {span.words}")


TABLES = (ListTable("campaigns", "Campaigns by day", _listing, ("month", "months")),)


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
