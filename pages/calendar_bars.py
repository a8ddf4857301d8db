"""The calendar's bars: campaigns over weeks by program, how many run at once, and the table behind."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from dash.development.base_component import Component

from data.cubes import Campaign, Cubes
from data.periods import day_date, month_span
from data.viewer import Viewer
from pages.calendar_sends import Run, sends, sent_words
from pages.calendar_span import (
    MOST,
    YEAR,
    Span,
    at_once,
    later,
    part_of,
    program_of,
    slots,
    today_in,
    waves_of,
)
from pages.campaign_head import NO_RECORD
from pages.questions import status
from ui import html, tables
from ui.aria import aria, marks
from ui.clocks import day as day_words
from ui.links import campaign_link

LATE = 2  # days of each month at the end of a span: the word for today stands left of its line
SEEN = 0.006  # a bar's least width as a share of the span


def bars(span: Span, campaigns: Sequence[Campaign], viewer: Viewer, cubes: Cubes) -> Component:
    """The whole chart: the months above, how many run at once, then each program's campaigns with their
    sends; of many campaigns those that the span's part has."""
    shown = part_of(campaigns, span)
    sent = sends(span, shown, viewer, cubes)
    groups: list[Component] = []
    for program, found in groupby(shown, key=program_of):
        rows = [_row(one, sent.get(one.id, []), span, cubes) for one in found]
        groups += [html.H3(program), html.Ul(rows)]
    parts = [_months(span), _load(span, campaigns), *groups, *_today(span, cubes)]
    first, last = span.days
    told = marks(first=day_date(first).isoformat(), days=str(last - first + 1))
    return html.Div(parts, className="cal", **told)


def turning(campaigns: Sequence[Campaign], span: Span) -> list[Component]:
    """Which of many campaigns are shown, and the way to the others."""
    every = len(campaigns)
    if every <= MOST:
        return []
    skip = span.skip if span.skip < every else 0
    before = html.A("Those before", href=span.address(skip=max(0, skip - MOST)))
    after = html.A(f"{every - skip - MOST} more", href=span.address(skip=skip + MOST))
    words = html.Span(f"Campaigns {skip + 1} to {min(every, skip + MOST)} of {every}")
    ways = [*([before] if skip else []), words, *([after] if skip + MOST < every else [])]
    return [html.Div(ways, className="turning no-print")]


def _place(span: Span, first: int, last: int) -> dict[str, str]:
    """Where some days lie in the span, as shares of it."""
    begin, end = span.days
    every = end - begin + 1
    left = max(0.0, (first - begin) / every)
    right = min(1.0, (last + 1 - begin) / every)
    return {"--left": f"{left:.3f}", "--wide": f"{max(SEEN, right - left):.3f}"}


def _months(span: Span) -> Component:
    months = [month_span(later(span.first, step)) for step in range(span.months)]
    form = "%b %Y" if span.months < YEAR else "%b"
    names = [
        html.Span(f"{day_date(first):{form}}", style={"flex": last - first + 1}) for first, last in months
    ]
    return html.Div(names, className="cal-months", **aria(hidden="true"))


def _load(span: Span, campaigns: Sequence[Campaign]) -> Component:
    """How many campaigns run in each week, or month of a year: where they overlap."""
    counts = [(slot, at_once(campaigns, *slot)) for slot in slots(span)]
    most = max((count for _, count in counts), default=0)
    first, last = span.days
    boxes = [
        html.Span(
            str(count) if count else None,
            className=f"load-{_step(count, most)}",
            style={"flex": min(last, end) - max(first, begin) + 1},
        )
        for (begin, end), count in counts
    ]
    by = f"At once, by {'month' if span.months == YEAR else 'week'}"
    return html.Div(
        [
            html.Span(by),
            html.Div(boxes, className="cal-weeks", role="img", **aria(label=f"{by}: at most {most}")),
        ],
        className="cal-loads",
    )


def _step(count: int, most: int) -> int:
    return 0 if not count else 1 + (count - 1) * 3 // max(1, most - 1) if most > 1 else 1


def _row(one: Campaign, sent: Sequence[Run], span: Span, cubes: Cubes) -> Component:
    """Its link, which the style draws as a bar, too, and what is known of it in words; the browser marks the
    bar with the days of sends (assets/calendar.js)."""
    begin, end = span.days
    start, last = one.start_day or begin, end if one.end_day is None else one.end_day
    state = status(one, cubes) or NO_RECORD
    before, on = start < begin, one.end_day is None or last > end
    ends = {"runs": f"{'before' * before} {'on' * on}".strip()} if before or on else {}
    told = {"sent": " ".join(f"{first - begin}-{day - begin}" for first, day in sent)} if sent else {}
    link = html.A(
        one.name,
        href=campaign_link(one.id),
        style=_place(span, start, last),
        **marks(state=state, **ends, **told),
    )
    waves = waves_of(one)
    words = [dates(one), state, *([f"{len(waves)} waves"] if len(waves) > 1 else []), sent_words(sent)]
    return html.Li([link, html.Small(" · ".join(word for word in words if word))])


def dates(one: Campaign) -> str:
    """`3 Sep – 30 Nov 2026`, or from when on."""
    first, last = day_words(one.start_day), day_words(one.end_day)
    if one.end_day is None:
        return f"from {first}, open"
    return f"{first[:-5] if first[-4:] == last[-4:] else first} – {last}"


def _today(span: Span, cubes: Cubes) -> list[Component]:
    today = today_in(span, cubes)
    if today is None:
        return []
    line = html.Div(
        html.Span("Today", className="cal-today-word"),
        className="cal-today is-late" if today > span.days[1] - LATE * span.months else "cal-today",
        style=_place(span, today, today),
    )
    return [html.Div(line, className="cal-over", **aria(hidden="true"))]


def table(span: Span, campaigns: Sequence[Campaign], viewer: Viewer, cubes: Cubes) -> Component:
    """The same campaigns as a table."""
    shown = part_of(campaigns, span)
    sent = sends(span, shown, viewer, cubes)
    rows: list[list[Any]] = [
        [
            html.A(one.name, href=campaign_link(one.id)),
            program_of(one),
            status(one, cubes) or NO_RECORD,
            dates(one),
            sent_words(sent.get(one.id, [])).removeprefix("sent "),
        ]
        for one in shown
    ]
    heads = ["Campaign", *(html.Th(name, scope="col") for name in ("Program", "Status", "Days", "Sent"))]
    return tables.table(heads, rows, "Campaigns of these months", "cal-table")
