"""Which month the monthly report is of, and what it is narrowed to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from data.cubes import Cubes
from data.filters import ATTRIBUTE, Filters, parse
from data.periods import Period, day_date, month_of, month_span
from data.viewer import Viewer
from pages.questions import buckets_between, data_begin, whole_through

MONTH = "month"
NARROWED = ("campaign", "program", "line_of_business")
EVERY = Filters(period=Period("all_time"), compare="none")


@dataclass(frozen=True)
class Asked:
    """A month (202610), the filters of its days, and what of the address is not known."""

    month: int
    filters: Filters
    problems: tuple[str, ...] = ()


def asked(query: object, viewer: Viewer, cubes: Cubes) -> Asked:
    """The month and the filters that an address names; the last complete month where it names none.

    Of filters a monthly report knows campaigns, programs, lines and member attributes.
    """
    given = {k: v for k, v in query.items() if isinstance(v, str)} if isinstance(query, dict) else {}
    filters, problems = parse(narrowed(given), cubes, viewer)
    text = given.get(MONTH, "")
    month = parsed(text)
    if month is None:
        if text:
            problems.append("A month is written like 2026-10.")
        month = usual(viewer, cubes)
    return Asked(month, of_month(month, filters), tuple(problems))


def narrowed(query: Mapping[str, str]) -> dict[str, str]:
    """Of an address's parameters those that narrow a monthly report."""
    return {name: text for name, text in query.items() if name in NARROWED or name.startswith(ATTRIBUTE)}


def parsed(text: str) -> int | None:
    """202610 of `2026-10`; None of anything else."""
    found = re.fullmatch(r"(19[789]\d|20\d\d|21[0-8]\d)-(0[1-9]|1[0-2])", text)
    return int(found[1]) * 100 + int(found[2]) if found else None


def written(month: int) -> str:
    """`2026-10` of 202610."""
    return f"{month // 100}-{month % 100:02d}"


def named(month: int) -> str:
    """`October 2026` of 202610."""
    return f"{date(month // 100, month % 100, 1):%B %Y}"


def year_before(month: int) -> int:
    return month - 100


def of_month(month: int, filters: Filters) -> Filters:
    """The same filters over the days of a month, compared with nothing."""
    first, last = month_span(month)
    return replace(filters, period=Period("custom", day_date(first), day_date(last)), compare="none")


def usual(viewer: Viewer, cubes: Cubes) -> int:
    """The last month of which every day is complete; the latest with data where there is none."""
    told = months(viewer, cubes)
    through = whole_through(cubes)
    return next((month for month in told if month_span(month)[1] <= through), told[0])


def months(viewer: Viewer, cubes: Cubes) -> list[int]:
    """The months from the first with a message to the one the data reach, the latest first."""
    begin = data_begin(EVERY, viewer, cubes)
    today = month_of(cubes.today)
    first = today if begin is None else min(today, month_of(begin))
    return buckets_between(first, today, "month")[::-1]


def is_over(month: int, cubes: Cubes) -> bool:
    """Whether every day of a month is complete."""
    return month_span(month)[1] <= whole_through(cubes)
