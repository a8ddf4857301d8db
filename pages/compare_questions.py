"""The questions behind Compare: campaigns side by side over equal days since launch, and their curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from data.answer import Answer, Released, Row, Status
from data.cubes import Cubes
from data.filters import Filters
from data.kept import kept
from data.maturity import complete_through
from data.metrics import EFFECTS, METRICS, Metric
from data.periods import Period, day_date, month_of, month_span
from data.viewer import Viewer
from pages import evidence
from pages.answers import ask
from pages.compare_chosen import (
    ALL_TIME,
    CURVES,
    OUTCOMES,
    WHOLE,
    Chosen,
    Launched,
    chosen,
    dated,
    launched,
)
from pages.maturity import of_outcomes
from pages.table import Table

SIDE_BY_SIDE = (
    "sent",
    "reach",
    "delivered_rate",
    "click_rate",
    "engaged_rate",
    "response_rate",
    "conversion_rate",
    "outcome_rate",
    "opt_outs_per_1000",
    "cost",
    "cost_per_send",
    "cost_per_response",
    "cost_per_outcome",
)
SINCE_LAUNCH = "days_since_launch"
# A curve has a step a day for so many days, then one a week, then one in four weeks.
DAILY, WEEKLY = 28, 26 * 7


def metrics() -> tuple[str, ...]:
    """The rows of the table."""
    return tuple(name for name in SIDE_BY_SIDE if name in METRICS)


def days_of(asked: Chosen, viewer: Viewer, cubes: Cubes) -> int | None:
    """How many days since launch are compared; None for whole campaigns, or where none has begun."""
    if asked.window == WHOLE:
        return None
    equal = _equal(launched(asked, viewer, cubes))
    return ripe(asked, viewer, cubes) or equal if asked.window == OUTCOMES else equal


def _equal(campaigns: Sequence[Launched]) -> int | None:
    return min((one.reached for one in campaigns if one.reached), default=None)


def ripe(asked: Chosen, viewer: Viewer, cubes: Cubes) -> int | None:
    """How many days since launch have all their outcomes, in every campaign; None where there are none."""
    campaigns = launched(asked, viewer, cubes)
    equal = _equal(campaigns)
    if equal is None:
        return None
    waiting = unripe(asked, campaigns, equal, viewer, cubes)
    return min([equal, *(one.observed or 0 for one in waiting)]) or None


def unripe(
    asked: Chosen, campaigns: Sequence[Launched], days: int | None, viewer: Viewer, cubes: Cubes
) -> list[Launched]:
    """The campaigns of which outcomes of the compared days are still to come."""
    names = ("conversion_rate", "outcome_rate")
    return [
        one
        for one in campaigns
        if not all(complete(one, METRICS[name], days, asked, viewer, cubes) for name in names)
    ]


def over(one: Launched, metric: Metric, days: int | None, asked: Chosen) -> Filters:
    """The campaign's filters over its first `days` days; all of it for None.

    Members are assigned before anything is sent, so that they count from the first assignment.
    """
    alone = replace(asked.filters, campaign=(one.campaign.id,))
    if days is None or one.launch is None:
        return alone
    start = min(one.launch, one.first_day) if metric.without_channel and one.first_day else one.launch
    return replace(alone, period=Period("custom", day_date(start), day_date(one.launch + days - 1)))


def value(
    one: Launched, metric: Metric, days: int | None, asked: Chosen, viewer: Viewer, cubes: Cubes
) -> Answer:
    """A campaign's value over its first `days` days, as an answer of one row."""
    filters = over(one, metric, days, asked)
    if metric.is_union and filters.period != ALL_TIME:
        filters = replace(filters, period=_months_of(filters, viewer, cubes))
    return ask((metric.name,), (), filters, viewer, cubes)


@kept
def _months_of(filters: Filters, viewer: Viewer, cubes: Cubes) -> Period:
    """The period, widened to whole months at an end beyond which nothing happened: who is in it stays."""
    span = filters.days(cubes)
    assert span is not None
    every = ask(("sent", "delivered"), (), replace(filters, period=ALL_TIME), viewer, cubes)
    if any(every.one(name).status in (Status.PARTIAL, Status.WITHHELD) for name in every.metrics):
        return filters.period
    days = pl.concat([dated(every, name) for name in every.metrics])
    first, last = month_span(month_of(span[0]))[0], month_span(month_of(span[1]))[1]
    before = days.filter((pl.col("first_day") < span[0]) & (pl.col("last_day") >= first))
    after = days.filter((pl.col("last_day") > span[1]) & (pl.col("first_day") <= last))
    return Period(
        "custom",
        day_date(first if before.is_empty() else span[0]),
        day_date(last if after.is_empty() else span[1]),
    )


def complete(
    one: Launched, metric: Metric, days: int | None, asked: Chosen, viewer: Viewer, cubes: Cubes
) -> bool:
    """Whether nothing more is expected of a campaign's metric over its first `days` days."""
    metric = METRICS["outcome_rate"] if metric.name in EFFECTS else metric
    if not of_outcomes(metric.name) or one.observed is None or one.launch is None:
        return True
    return _ripe(one, value(one, metric, days, asked, viewer, cubes), metric, days, cubes)


def _ripe(one: Launched, answer: Answer, metric: Metric, days: int | None, cubes: Cubes) -> bool:
    """Whether the outcomes of the last members that an answer counts are complete.

    Where some are left out, the last of them may be as late as the campaign's or the period's last day.
    """
    through = complete_through(one.campaign.id, cubes)
    if through is None or one.launch is None:
        return True
    last = dated(answer, metric.name)["last_day"].max()
    if answer.one(metric.name).status in (Status.PARTIAL, Status.WITHHELD):
        ends = [one.campaign.end_day, one.launch + (days or one.reached) - 1]
        last = min(day for day in ends if day is not None)
    return not isinstance(last, int) or last <= through


def table(asked: Chosen, viewer: Viewer, cubes: Cubes) -> Answer:
    """A row per campaign, each over its own first days."""
    days = days_of(asked, viewer, cubes)
    rows = []
    for one in launched(asked, viewer, cubes):
        found = {
            name: value(one, METRICS[name], days, asked, viewer, cubes).one(name)
            if days is None or one.reached
            else Released(None, Status.RELEASED, reason=not_begun(one))
            for name in metrics()
        }
        rows.append(Row((one.campaign.id,), {**found, **caused(one, days, asked, viewer, cubes)}))
    return _answer((*metrics(), *evidence.NAMES), ("campaign",), rows, asked, viewer, cubes)


def caused(
    one: Launched, days: int | None, asked: Chosen, viewer: Viewer, cubes: Cubes
) -> dict[str, Released]:
    """What a campaign's outreach caused among the members assigned in its first `days` days."""
    if days is not None and not one.reached:
        nothing = Released(None, Status.RELEASED, reason=not_begun(one))
        return dict.fromkeys(evidence.NAMES, nothing)
    return evidence.one(over(one, METRICS["outcome_rate"], days, asked), viewer, cubes).values()


def not_begun(one: Launched) -> str:
    return "Nothing says when it began." if one.launch is None else "It has not begun."


def curve(asked: Chosen, viewer: Viewer, cubes: Cubes) -> Answer:
    """Running totals per campaign and day since launch, at the ends of whole groups and nowhere between."""
    days, metric = days_of(asked, viewer, cubes), METRICS[asked.metric]
    campaigns = launched(asked, viewer, cubes)
    width = width_of(asked, viewer, cubes)
    rows = [
        Row(
            (one.campaign.id, day),
            {metric.name: value(one, metric, day, asked, viewer, cubes).one(metric.name)},
        )
        for one in campaigns
        for day in _steps(one, metric, _last(one, days), width, asked, viewer, cubes)
    ]
    return _answer((metric.name,), ("campaign", SINCE_LAUNCH), rows, asked, viewer, cubes)


def width_of(asked: Chosen, viewer: Viewer, cubes: Cubes) -> int:
    """How many days share a step of the curves: the same for all of them."""
    days = days_of(asked, viewer, cubes)
    last = max((_last(one, days) for one in launched(asked, viewer, cubes)), default=0)
    return 1 if last <= DAILY else 7 if last <= WEEKLY else 28


def _last(one: Launched, days: int | None) -> int:
    """The day since launch on which a campaign's curve ends: 0 where there is none."""
    if one.launch is None:
        return 0
    busy = one.reached if one.last_day is None else max(1, one.last_day - one.launch + 1)
    return min(one.reached, busy if days is None else days)


def _steps(
    one: Launched, metric: Metric, last: int, width: int, asked: Chosen, viewer: Viewer, cubes: Cubes
) -> list[int]:
    """The days since launch on which no group is open, thinned to what a chart can show."""
    if one.launch is None or not last:
        return []
    groups = dated(value(one, metric, None, asked, viewer, cubes), metric.name)
    ends = [day - one.launch + 1 for day in groups["last_day"].to_list()]
    open_on = {
        day
        for first, end in groups.iter_rows()
        for day in range(max(1, first - one.launch + 1), min(end - one.launch, last) + 1)
    }
    whole = sorted({day for day in (*ends, last) if 1 <= day <= last} - open_on)
    return list({bucket(day, width): day for day in whole}.values())


def bucket(day: int, days: int) -> int:
    """The first day of the `days` days that a day since launch falls in."""
    return (day - 1) // days * days + 1


def so_far(one: Launched, metric: Metric, day: int, asked: Chosen, viewer: Viewer, cubes: Cubes) -> bool:
    """Whether a point of the curve counts members whose outcomes are still to come."""
    if not of_outcomes(metric.name) or one.observed is None:
        return False
    return not _ripe(one, value(one, metric, day, asked, viewer, cubes), metric, day, cubes)


def _answer(
    names: tuple[str, ...],
    by: tuple[str, ...],
    rows: Sequence[Row],
    asked: Chosen,
    viewer: Viewer,
    cubes: Cubes,
) -> Answer:
    return Answer(
        metrics=names,
        by=by,
        rows=tuple(rows),
        snapshot=cubes.snapshot.number,
        sentence=sentence(asked, viewer, cubes),
        clocks=cubes.snapshot.clocks,
    )


def sentence(asked: Chosen, viewer: Viewer, cubes: Cubes) -> str:
    """The comparison in words: over which days, which campaigns and channels."""
    days = days_of(asked, viewer, cubes)
    span = "whole campaigns" if days is None else f"first {days} day{'s' if days != 1 else ''} since launch"
    kept = asked.filters.sentence(cubes).split(" · ")[1:]
    return " · ".join([span, *kept])


def _of_table(filters: Filters, viewer: Viewer, cubes: Cubes, more: Mapping[str, str]) -> Chosen:
    asked = chosen({**filters.query(), **more}, viewer, cubes)
    if len(asked.campaigns) < 2 or asked.problems:
        raise LookupError("Compare takes two to four campaigns.")
    return asked


def _side_by_side(filters: Filters, viewer: Viewer, cubes: Cubes, **more: str) -> Answer:
    return table(_of_table(filters, viewer, cubes, more), viewer, cubes)


def _curve(filters: Filters, viewer: Viewer, cubes: Cubes, **more: str) -> Answer:
    return curve(_of_table(filters, viewer, cubes, more), viewer, cubes)


TABLES = (
    Table("side-by-side", "Side by side", _side_by_side, more=("window",)),
    Table("curve", "Since launch", _curve, ("window", "metric"), {"metric": CURVES}),
)
