"""The calendar's bars: campaigns over weeks by program, how many run at once, and the table behind."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from dash.development.base_component import Component

from data.cubes import UNNAMED, Campaign, Cubes
from data.periods import day_date, month_span
from pages.calendar_span import Span, at_once, later, program_of, today_in, waves_of, weeks
from pages.campaign_head import NO_RECORD
from pages.questions import status
from ui import html, tables
from ui.aria import aria
from ui.clocks import day as day_words
from ui.links import campaign_link

SEEN = 0.6  # a bar's least width in percent of the span


def bars(span: Span, campaigns: Sequence[Campaign], cubes: Cubes) -> Component:
    """The whole chart: the months above, the weeks' count of campaigns, then each program's campaigns."""
    groups: list[Component] = []
    for program, found in groupby(campaigns, key=program_of):
        rows = [_row(one, span, cubes) for one in found]
        groups.append(html.Div([html.H3(program), html.Ul(rows)], className="cal-program"))
    return html.Div([_months(span), _load(span, campaigns), *groups, *_today(span, cubes)], className="cal")


def _place(span: Span, first: int, last: int) -> dict[str, str]:
    """Where some days lie in the span, in percent."""
    begin, end = span.days
    every = end - begin + 1
    left = max(0.0, (first - begin) / every * 100)
    right = min(100.0, (last + 1 - begin) / every * 100)
    return {"--left": f"{left:.2f}%", "--wide": f"{max(SEEN, right - left):.2f}%"}


def _months(span: Span) -> Component:
    months = [month_span(later(span.first, step)) for step in range(span.months)]
    return html.Div(
        [
            html.Span(f"{day_date(first):%b %Y}" if span.months < 12 else f"{day_date(first):%b}",
                      className="cal-month", style=_place(span, first, last))
            for first, last in months
        ],
        className="cal-months cal-track", **aria(hidden="true"),
    )  # fmt: skip


def _load(span: Span, campaigns: Sequence[Campaign]) -> Component:
    """How many campaigns run in each week: where they overlap."""
    counts = [(week, at_once(campaigns, week)) for week in weeks(span)]
    most = max((count for _, count in counts), default=0)
    first, last = span.days
    boxes = [
        html.Span(
            str(count) if count and span.months < 12 else None,
            className=f"load-{_step(count, most)}",
            style={"flex": str(min(last, week + 6) - max(first, week) + 1)},
        )
        for week, count in counts
    ]
    said = f"Campaigns at once, by week: at most {most}"
    return html.Div(
        [
            html.Span("At once, by week", className="cal-label"),
            html.Div(boxes, className="cal-track cal-weeks", role="img", **aria(label=said)),
        ],
        className="cal-row cal-loads",
    )


def _step(count: int, most: int) -> int:
    return 0 if not count else 1 + (count - 1) * 3 // max(1, most - 1) if most > 1 else 1


def _row(one: Campaign, span: Span, cubes: Cubes) -> Component:
    begin, end = span.days
    start, last = one.start_day or begin, end if one.end_day is None else one.end_day
    state = status(one, cubes) or NO_RECORD
    ends = (" runs-before" if start < begin else "") + (
        " runs-on" if one.end_day is None or last > end else ""
    )
    bar = html.A(
        state,
        href=campaign_link(one.id),
        className=f"cal-bar is-{state.lower().replace(' ', '-')}{ends}",
        style=_place(span, start, last),
        tabIndex=-1,
        **aria(hidden="true"),
    )
    words = [dates(one), state, *([f"{len(waves_of(one))} waves"] if len(waves_of(one)) > 1 else [])]
    label = html.Div(
        [html.A(one.name, href=campaign_link(one.id)), html.Small(" · ".join(words))], className="cal-label"
    )
    return html.Li([label, html.Div(bar, className="cal-track")], className="cal-row")


def dates(one: Campaign) -> str:
    """`3 Sep 2026 – 30 Nov 2026`, or from when on."""
    if one.end_day is None:
        return f"from {day_words(one.start_day)}, open"
    return f"{day_words(one.start_day)} – {day_words(one.end_day)}"


def _today(span: Span, cubes: Cubes) -> list[Component]:
    today = today_in(span, cubes)
    if today is None:
        return []
    line = html.Div(
        html.Span("Today", className="cal-today-word"),
        className="cal-today",
        style=_place(span, today, today),
    )
    return [html.Div(line, className="cal-track cal-over", **aria(hidden="true"))]


def table(campaigns: Sequence[Campaign], cubes: Cubes) -> Component:
    """The same as a table."""
    rows: list[list[Any]] = [
        [
            html.A(one.name, href=campaign_link(one.id)),
            program_of(one),
            "" if one.line_of_business in UNNAMED else one.line_of_business,
            status(one, cubes) or NO_RECORD,
            day_words(one.start_day),
            "open" if one.end_day is None else day_words(one.end_day),
        ]
        for one in campaigns
    ]
    names = ("Program", "Line of business", "Status", "Start", "End")
    heads = ["Campaign", *(html.Th(name, scope="col") for name in names)]
    return tables.table(heads, rows, "Campaigns of these months", "cal-table")
