"""On which days a campaign's messages went out, as far as these days are told, and the table of campaigns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from data.cubes import UNNAMED, Campaign, Cubes
from data.filters import Filters
from data.periods import Period, day_date
from data.viewer import Viewer
from pages.answers import ask
from pages.calendar_span import Span, span_of, waves_of, within
from pages.questions import status
from pages.table import Listing, ListTable

Run = tuple[int, int]
"""First and last day number of messages that went out together."""
APART = 3
"""So many days without a message, a weekend and a holiday, do not end a run."""
NAMED = 4


def sends(span: Span, campaigns: Collection[Campaign], viewer: Viewer, cubes: Cubes) -> dict[str, list[Run]]:
    """By campaign the runs of days of the span on which messages were sent: released counts above 0 alone."""
    if not campaigns:
        return {}
    first, last = (day_date(day) for day in span.days)
    names = tuple(sorted(one.id for one in campaigns))
    filters = Filters(period=Period(start=first, end=last), compare="none", campaign=names)
    days: dict[str, list[int]] = {}
    for row in ask(("sent",), ("campaign", "day"), filters, viewer, cubes).rows:
        name, day = row.key
        if row.values["sent"].value and isinstance(day, int):
            days.setdefault(str(name), []).append(day)
    return {name: runs(found) for name, found in days.items()}


def runs(days: Iterable[int]) -> list[Run]:
    """Days as runs without longer breaks."""
    made: list[Run] = []
    for day in sorted(days):
        if made and day - made[-1][1] <= APART:
            made[-1] = (made[-1][0], day)
        else:
            made.append((day, day))
    return made


def sent_words(found: Sequence[Run]) -> str:
    """`sent 3–5 Sep, 28 Sep – 2 Oct`, or how often where that is more than one reads; empty for none."""
    if not found:
        return ""
    if len(found) > NAMED:
        return f"sent {len(found)} times from {_short(found[0][0])} to {_short(found[-1][1])}"
    return f"sent {', '.join(_run(one) for one in found)}"


def _run(run: Run) -> str:
    first, last = (day_date(day) for day in run)
    if first == last:
        return _short(run[0])
    same = (first.year, first.month) == (last.year, last.month)
    return f"{first.day}–{_short(run[1])}" if same else f"{_short(run[0])} – {_short(run[1])}"


def _short(day: int) -> str:
    at = day_date(day)
    return f"{at.day} {at:%b}"


def _day(number: int | None) -> str:
    return "" if number is None else day_date(number).isoformat()


def _listing(viewer: Viewer, cubes: Cubes, month: str = "", months: str = "") -> Listing:
    span = span_of({"month": month, "months": months}, cubes)
    found = within(span, viewer, cubes)
    sent = sends(span, found, viewer, cubes)
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
            "; ".join(f"{_day(first)}/{_day(last)}" for first, last in sent.get(one.id, [])),
        )
        for one in found
    ]
    columns = (
        "campaign", "campaign_name", "program", "line_of_business", "state", "start", "end", "waves", "sent",
    )  # fmt: skip
    return Listing(columns, rows, f"campaigns of {span.words}")


TABLES = (ListTable("campaigns", "Campaigns by day", _listing, ("month", "months")),)
