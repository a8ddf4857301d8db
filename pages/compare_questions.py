"""The questions behind Compare: campaigns side by side over equal days since launch, and their curves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from data.answer import Answer, Released, Row, Status
from data.cubes import Campaign, Cubes
from data.filters import Filters
from data.metrics import METRICS, Metric
from data.periods import Period, day_date, month_of, month_span
from data.viewer import Viewer
from pages.answers import ask
from pages.questions import whole_through
from pages.table import Table
from ui.filterbar import filters_of

MOST = 4
EQUAL, OUTCOMES, WHOLE = "equal", "outcomes", "whole"
WINDOWS: dict[str, str] = {
    EQUAL: "As many days as all have had",
    OUTCOMES: "The days with all outcomes in",
    WHOLE: "Whole campaigns",
}
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
CURVES = (
    "members_delivered",
    "members_clicked",
    "conversions",
    "with_outcome",
    "click_rate",
    "conversion_rate",
    "outcome_rate",
)
OF_OUTCOMES = frozenset(("members_converted", "attributed", "with_outcome", "value_micros"))
SINCE_LAUNCH = "days_since_launch"
ALL_TIME = Period("all_time")
# A curve has at most so many steps: every day, then one a week, then one in four weeks.
DAILY, WEEKLY = 45, 45 * 7


@dataclass(frozen=True)
class Chosen:
    """What the address asks for: campaigns in their order, the window, the curve, and what is not known."""

    filters: Filters
    window: str
    metric: str
    problems: tuple[str, ...] = ()

    @property
    def campaigns(self) -> tuple[str, ...]:
        return self.filters.campaign


@dataclass(frozen=True)
class Launched:
    """A campaign and its days. `launch`: day number, None where nothing says; `reached`: days it has had
    since, whole ones; `observed`: those of them whose outcomes are complete, None where no clock runs."""

    campaign: Campaign
    launch: int | None
    by_record: bool
    first_day: int | None
    reached: int
    observed: int | None


def chosen(query: object, viewer: Viewer, cubes: Cubes) -> Chosen:
    """What a browser sent, held against what there is; a fifth campaign is left out and said."""
    given = query if isinstance(query, dict) else {}
    told = {name: given[name] for name in ("campaign", "channel") if name in given}
    filters, problems = filters_of({**told, "period": "all_time", "compare": "none"}, viewer, cubes)
    over = filters.campaign[MOST:]
    if over:
        names = ", ".join(cubes.campaigns[one].name for one in over)
        problems.append(f"Four campaigns at most stand side by side; left out: {names}.")
    window, metric = given.get("window"), given.get("metric")
    return Chosen(
        replace(filters, campaign=filters.campaign[:MOST]),
        window if isinstance(window, str) and window in WINDOWS else EQUAL,
        metric if isinstance(metric, str) and metric in CURVES else CURVES[0],
        tuple(problems),
    )


def metrics() -> tuple[str, ...]:
    """The rows of the table."""
    return tuple(name for name in SIDE_BY_SIDE if name in METRICS)


def of_outcomes(metric: Metric) -> bool:
    """Whether it counts outcomes, which arrive long after the message."""
    return bool(OF_OUTCOMES & set(metric.columns))


def launched(asked: Chosen, viewer: Viewer, cubes: Cubes) -> list[Launched]:
    """The chosen campaigns with their days since launch."""
    return [_launched(cubes.campaigns[name], asked, viewer, cubes) for name in asked.campaigns]


def _launched(campaign: Campaign, asked: Chosen, viewer: Viewer, cubes: Cubes) -> Launched:
    alone = replace(asked.filters, campaign=(campaign.id,), channel=())
    days = [
        day
        for name in ("sent", "members_delivered", "assigned")
        if (day := _first(ask((name,), (), alone, viewer, cubes), name)) is not None
    ]
    first = min(days, default=None)
    launch = campaign.start_day if campaign.start_day is not None else first
    reached = 0 if launch is None else max(0, whole_through(cubes) - launch + 1)
    through = (cubes.snapshot.clocks.get("outcomes_through") or {}).get(campaign.outcome)
    observed = None if through is None or launch is None else min(reached, max(0, through - launch + 1))
    return Launched(campaign, launch, campaign.start_day is not None, first, reached, observed)


def _first(answer: Answer, metric: str) -> int | None:
    found = _dated(answer, metric)["first_day"].min()
    return found if isinstance(found, int) else None


def _dated(answer: Answer, metric: str) -> pl.DataFrame:
    """The dated groups of an answer with one row: first and last day."""
    groups = answer.groups(metric)
    if "first_day" not in groups.columns:
        return pl.DataFrame(schema={"first_day": pl.Int32, "last_day": pl.Int32})
    return groups.select("first_day", "last_day").drop_nulls()


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
        filters = replace(filters, period=_months_of(one, filters, viewer, cubes))
    return ask((metric.name,), (), filters, viewer, cubes)


def _months_of(one: Launched, filters: Filters, viewer: Viewer, cubes: Cubes) -> Period:
    """The period, widened to whole months at an end beyond which nothing happened: the members are the same."""
    span = filters.days(cubes)
    assert span is not None
    every = ask(("members_sent", "members_delivered"), (), replace(filters, period=ALL_TIME), viewer, cubes)
    if any(every.one(name).status is Status.PARTIAL for name in every.metrics):
        return filters.period
    days = pl.concat([_dated(every, name) for name in every.metrics])
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
    if not of_outcomes(metric) or one.observed is None or one.launch is None:
        return True
    answer = value(one, metric, days, asked, viewer, cubes)
    return _ripe_day(one, answer, metric, cubes) and answer.one(metric.name).status is not Status.PARTIAL


def _ripe_day(one: Launched, answer: Answer, metric: Metric, cubes: Cubes) -> bool:
    """Whether the outcomes of the last members that an answer counts are complete."""
    last = _dated(answer, metric.name)["last_day"].max()
    through = (cubes.snapshot.clocks.get("outcomes_through") or {}).get(one.campaign.outcome)
    return through is None or not isinstance(last, int) or last <= through


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
        rows.append(Row((one.campaign.id,), found))
    return _answer(metrics(), ("campaign",), rows, asked, viewer, cubes)


def not_begun(one: Launched) -> str:
    return "Nothing says when it began." if one.launch is None else "It has not begun."


def curve(asked: Chosen, viewer: Viewer, cubes: Cubes) -> Answer:
    """Running totals per campaign and day since launch, at the ends of whole groups and nowhere between."""
    days, metric = days_of(asked, viewer, cubes), METRICS[asked.metric]
    rows = [
        Row((one.campaign.id, day), {metric.name: value(one, metric, day, asked, viewer, cubes).one(metric.name)})
        for one in launched(asked, viewer, cubes)
        for day in _steps(one, metric, days, asked, viewer, cubes)
    ]
    return _answer((metric.name,), ("campaign", SINCE_LAUNCH), rows, asked, viewer, cubes)


def _steps(
    one: Launched, metric: Metric, days: int | None, asked: Chosen, viewer: Viewer, cubes: Cubes
) -> list[int]:
    """The days since launch on which no group is open, thinned to what a chart can show."""
    if one.launch is None or not one.reached:
        return []
    groups = _dated(value(one, metric, None, asked, viewer, cubes), metric.name)
    ends = [day - one.launch + 1 for day in groups["last_day"].to_list()]
    far = min(days or one.reached, one.reached)
    last = far if days is not None or not ends else max(1, min(far, max(ends)))
    open_on = {
        day
        for first, end in groups.iter_rows()
        for day in range(max(1, first - one.launch + 1), min(end - one.launch, last) + 1)
    }
    whole = sorted({day for day in (*ends, last) if 1 <= day <= last} - open_on)
    step = 1 if last <= DAILY else 7 if last <= WEEKLY else 28
    return list({(day - 1) // step: day for day in whole}.values())


def so_far(one: Launched, metric: Metric, day: int, asked: Chosen, viewer: Viewer, cubes: Cubes) -> bool:
    """Whether a point of the curve counts members whose outcomes are still to come."""
    if not of_outcomes(metric) or one.observed is None:
        return False
    return not _ripe_day(one, value(one, metric, day, asked, viewer, cubes), metric, cubes)


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
    Table("curve", "Since launch", _curve, more=("window", "metric")),
)


def suggestions(asked: Chosen, viewer: Viewer, cubes: Cubes) -> list[tuple[str, Campaign]]:
    """What to compare the first chosen campaign with: last year's, then the same program's, in words."""
    if not asked.campaigns or len(asked.campaigns) >= MOST:
        return []
    first = cubes.campaigns[asked.campaigns[0]]
    others = [
        cubes.campaigns[name]
        for name in Filters().campaigns(cubes, viewer)
        if name not in asked.campaigns and cubes.campaigns[name].program == first.program
    ]
    near = sorted(others, key=lambda c: (-_alike(first, c), abs((c.start_day or 0) - (first.start_day or 0)), c.name))
    kept = [one for one in near if one.start_day is not None and one.recorded][: MOST - 1]
    return [("last year's" if _a_year_before(one, first) else "same program", one) for one in kept]


def pairs(viewer: Viewer, cubes: Cubes) -> Iterator[tuple[Campaign, Campaign]]:
    """Pairs worth comparing, the best first: one program, successive years before successive campaigns."""
    begun = [
        campaign
        for name in Filters().campaigns(cubes, viewer)
        if (campaign := cubes.campaigns[name]).start_day is not None and campaign.start_day <= cubes.today
    ]
    found = [
        (_alike(later, earlier), -(later.start_day or 0), later.name, (later, earlier))
        for later in begun
        for earlier in begun
        if later.program == earlier.program and (earlier.start_day or 0) < (later.start_day or 0)
    ]
    seen: set[str] = set()
    for *_, pair in sorted(found, key=lambda one: (-one[0], *one[1:3])):
        if pair[0].program not in seen:
            seen.add(pair[0].program)
            yield pair


def _alike(one: Campaign, other: Campaign) -> int:
    same_line = one.line_of_business == other.line_of_business
    return 4 * (_a_year_before(one, other) or _a_year_before(other, one)) + 2 * same_line


def _a_year_before(earlier: Campaign, later: Campaign) -> bool:
    if earlier.start_day is None or later.start_day is None:
        return False
    return day_date(earlier.start_day).year == day_date(later.start_day).year - 1
