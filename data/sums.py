"""Sums of whole released groups: which groups lie inside a question, and what each key adds up to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import polars as pl

from data.answer import Released, Status
from data.cubes import Grain
from data.filters import chosen
from data.metrics import Metric
from data.periods import month_of, month_span, week_start
from data.question import SEVERAL, Key, Question
from data.release import FEW, OPERATIONS, TOGETHER, parts
from data.untold import MONTHS, Untold, of_early_days, untold, with_reason

NO_BASE = "Nothing to divide by: the denominator is 0."


@dataclass
class Found:
    """What was found for a metric: values per key, what keys lack some group of, and a way to the groups.

    `hidden` holds keys without the cuts (see `Question.plain`): months in which the metric is withheld
    for all values of a cut.
    """

    values: dict[Key, Released] = field(default_factory=dict)
    cut: dict[Key, Untold] = field(default_factory=dict)
    hidden: dict[Key, Untold] = field(default_factory=dict)
    groups: Callable[[], pl.DataFrame] = pl.DataFrame


def sums(metric: Metric, question: Question) -> Found:
    """Sums of the groups inside the question; `question.view` must be set."""
    cubes, columns = question.cubes, metric.columns
    where = question.filters.where(cubes, question.viewer)
    keyed = _picked(columns, question, _grain(question))
    inside = keyed.lazy().filter(pl.col("place") == "inside")
    named = [
        pl.col(columns[0]).sum().alias("top"),
        pl.col(columns[-1]).sum().alias("bottom"),
        pl.col("groups").sum(),
    ]
    by = list(question.by)
    added = (inside.group_by(by).agg(named) if by else inside.select(named)).collect()
    values = {row[: len(by)]: value(metric, *row[len(by) :]) for row in added.iter_rows() if row[-1]}
    blocks = cubes.withheld(str(question.view), columns).filter(where)
    hidden = {} if blocks.is_empty() else _hidden(blocks, question)
    broken = keyed.filter(pl.col("place") == "cut")
    cut = {} if broken.is_empty() else untold(_reasoned(broken, columns, question), by)
    return Found(values, cut, hidden, partial(_groups, columns, question))


def _picked(columns: tuple[str, ...], question: Question, grain: Grain) -> pl.DataFrame:
    """The groups that touch the question, each with its key and its `place`."""
    where = question.filters.where(question.cubes, question.viewer)
    picked = question.cubes.pick(str(question.view), columns, grain).lazy().filter(where)
    return _keyed(placed(picked, question), question)


def _reasoned(cut: pl.DataFrame, columns: tuple[str, ...], question: Question) -> pl.DataFrame:
    """Groups that are cut, with `why` and `until`: days of a month are told together until it is complete."""
    if question.view != OPERATIONS.name:
        return cut.with_columns(until=pl.lit(None, pl.Int32))
    timed = of_early_days(cut, columns, question.cubes)
    few = pl.when(pl.col("until").is_null()).then(pl.lit(FEW))
    return timed.with_columns(why=few)


def _groups(columns: tuple[str, ...], question: Question) -> pl.DataFrame:
    """The single groups inside the question; sums by month or of everything would not name them."""
    names = [*question.by, "campaign", "channel", "origin", "value", "first_day", "last_day"]
    inside = _picked(columns, question, "group").filter(pl.col("place") == "inside")
    return inside.select(list(dict.fromkeys(names)))


def value(metric: Metric, top: float, bottom: float, groups: int) -> Released:
    """The value of a metric from the sums of its numerator and denominator over the same groups."""
    if metric.shape == "money":
        top = top / 1_000_000
    if not metric.denominator:
        return Released(top, Status.RELEASED, top, groups=groups)
    if not bottom:
        return Released(None, Status.RELEASED, top, bottom, reason=NO_BASE, groups=groups)
    factor = 1000 if metric.shape == "per_1000" else 1
    return Released(factor * top / bottom, Status.RELEASED, top, bottom, groups=groups)


def _grain(question: Question) -> Grain:
    """The smallest cube that covers the question: totals, months, or single groups."""
    if question.time in ("day", "week"):
        return "group"
    if question.span is None:
        return "month" if question.time == "month" else "total"
    return "month" if _whole_months(*question.span, question.cubes.today) else "group"


def _whole_months(first: int, last: int, today: int) -> bool:
    return month_span(month_of(first))[0] == first and (
        last >= today or month_span(month_of(last))[1] == last
    )


def placed(groups: pl.LazyFrame, question: Question) -> pl.DataFrame:
    """Each group with `place`: inside the period and the selected values, or cut by them; others dropped."""
    place = pl.lit("inside")
    if question.span is not None:
        first, last = question.span
        groups = groups.filter((pl.col("last_day") >= first) & (pl.col("first_day") <= last))
        place = (
            pl.when((pl.col("first_day") >= first) & (pl.col("last_day") <= last))
            .then(place)
            .otherwise(pl.lit("cut"))
        )
    why = (
        pl.when(place == "cut").then(pl.lit(MONTHS)) if question.span is not None else pl.lit(None, pl.String)
    )
    dated = groups.with_columns(place=place, why=why).collect()
    if not question.filters.cuts:
        return dated
    kinds = {value: _chosen(value, question) for value in dated["value"].unique()}
    told = pl.col("value").replace_strict(kinds, default="outside", return_dtype=pl.String)
    chosen_alone = dated.lazy().with_columns(told=told).filter(pl.col("told") != "outside")
    return chosen_alone.with_columns(
        place=pl.when(pl.col("told") == "cut").then(pl.lit("cut")).otherwise(pl.col("place")),
        why=_or_few(pl.col("told") == "cut"),
    ).collect()


def _or_few(pooled: pl.Expr) -> pl.Expr:
    """Why a group is cut, where a pool of values adds a reason: what was cut before stays as it was."""
    return pl.when(pl.col("why").is_null() & pooled).then(pl.lit(FEW)).otherwise(pl.col("why"))


def _chosen(value: str, question: Question) -> str:
    """How a group's value stands to the selected values of each cut of the view."""
    names = str(question.view).split("|")
    places = []
    for position, name in enumerate(names):
        values = question.filters.cuts.get(name)
        if values:
            own = "\x1f".join(part.split(TOGETHER)[position] for part in parts(value))
            places.append(chosen(own, values))
    return "outside" if "outside" in places else "cut" if "cut" in places else "inside"


def _keyed(groups: pl.DataFrame, question: Question) -> pl.DataFrame:
    """The groups with a column per name of `by`; a group that spans several buckets of time is cut."""
    groups = with_records(groups, question)
    for name in question.cut_by:
        groups = _cut_values(groups, name, question)
    return groups if question.time is None else _bucketed(groups, question.time)


def with_records(frame: pl.DataFrame, question: Question) -> pl.DataFrame:
    """The frame with the record's dimensions that the question groups by, looked up by `campaign`."""
    for name in question.by:
        if name in ("program", "line_of_business"):
            of = {c.id: getattr(c, name) for c in question.cubes.campaigns.values()}
            named = pl.col("campaign").replace_strict(of, default=None, return_dtype=pl.String)
            frame = frame.with_columns(named.alias(name))
    return frame


def _bucketed(groups: pl.DataFrame, time: str) -> pl.DataFrame:
    """Dated groups in their bucket; one that spans several is cut in each of them."""
    start, end = _bucket(pl.col("first_day"), time), _bucket(pl.col("last_day"), time)
    placed = groups.filter(pl.col("month") != 0).with_columns(start.alias(time), _end=end)
    whole = placed.filter(pl.col(time) == pl.col("_end")).drop("_end")
    broken = placed.filter(pl.col(time) != pl.col("_end"))
    if broken.is_empty():
        return whole
    step = 7 if time == "week" else 1
    buckets = pl.int_ranges(pl.col(time), pl.col("_end") + 1, step).alias(time)
    why = pl.col("why").fill_null(MONTHS)
    spread = broken.with_columns(buckets, place=pl.lit("cut"), why=why).explode(time).drop("_end")
    return pl.concat([whole, spread.cast({time: whole.schema[time]}).select(whole.columns)])


def _bucket(day: pl.Expr, time: str) -> pl.Expr:
    if time == "day":
        return day
    if time == "week":
        return day - (day + 3) % 7
    dated = day.cast(pl.Date)
    return (dated.dt.year() * 100 + dated.dt.month()).cast(pl.Int32)


def _cut_values(groups: pl.DataFrame, name: str, question: Question) -> pl.DataFrame:
    """The groups with a column for one cut; pooled values share the key `SEVERAL`, each of them is cut."""
    position = str(question.view).split("|").index(name)
    rows = [
        (value, shown, place)
        for value in groups["value"].unique()
        for shown, place in _shown(list(dict.fromkeys(p.split(TOGETHER)[position] for p in parts(value))))
    ]
    schema = {"value": pl.String, name: pl.String, "_place": pl.String}
    joined = groups.join(pl.DataFrame(rows, schema=schema, orient="row"), on="value")
    worse = (pl.col("_place") == "cut") | (pl.col("place") == "cut")
    place = pl.when(worse).then(pl.lit("cut")).otherwise(pl.lit("inside"))
    return joined.with_columns(place=place, why=_or_few(pl.col("_place") == "cut")).drop("_place")


def _shown(values: list[str]) -> list[tuple[str, str]]:
    if len(values) == 1:
        return [(values[0], "inside")]
    return [(SEVERAL, "inside"), *((value, "cut") for value in values)]


def _hidden(blocks: pl.DataFrame, question: Question) -> dict[Key, Untold]:
    """The keys, without the cuts, in which a month inside the period is withheld, and why."""
    span = question.span
    months = {m: month_span(m) for m in blocks["month"].unique() if m}
    if span is not None:
        months = {m: days for m, days in months.items() if days[1] >= span[0] and days[0] <= span[1]}
        blocks = blocks.filter(pl.col("month").is_in(list(months)))
    if question.time is not None:
        rows = [(m, bucket) for m, days in months.items() for bucket in _buckets(days, question.time)]
        schema = {"month": pl.Int32, "_bucket": pl.Int32}
        blocks = blocks.join(pl.DataFrame(rows, schema=schema, orient="row"), on="month")
        blocks = blocks.with_columns(pl.col("_bucket").alias(question.time))
    return untold(with_reason(with_records(blocks, question), question.cubes), list(question.plain))


def _buckets(days: tuple[int, int], time: str) -> list[int]:
    if time == "month":
        return [month_of(days[0])]
    return (
        list(range(week_start(days[0]), days[1] + 1, 7))
        if time == "week"
        else list(range(days[0], days[1] + 1))
    )
