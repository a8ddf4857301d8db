"""THE door: every figure that leaves is asked for here."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from data import metrics as registry
from data import unions
from data.answer import Answer, Released, Row, Status
from data.cubes import Cubes, Grain
from data.filters import Filters, chosen
from data.metrics import Metric
from data.periods import month_of, month_span
from data.question import ONE_AT_A_TIME, Question
from data.release import TOGETHER, pair_name, parts
from data.viewer import Viewer


def measure(
    metrics: Sequence[str], by: Sequence[str], filters: Filters, viewer: Viewer, cubes: Cubes
) -> Answer:
    """Answer a question with released values.

    `metrics` are names of `data.metrics`, `by` names of dimensions (at most one of day, week, month, and
    the cuts of one view). Raises `UnknownName` for a name that does not exist. Every value is a sum over
    whole released groups that lie inside the selection; where some are left out its status is partial.
    """
    asked = [registry.metric(name) for name in metrics]
    question = _question(tuple(by), filters, viewer, cubes)
    made: dict[str, dict[tuple[object, ...], Released]] = {}
    made_of: dict[str, pl.DataFrame] = {}
    for metric in asked:
        made[metric.name], made_of[metric.name] = _values(metric, question)
    keys = sorted({key for values in made.values() for key in values}, key=_order)
    if not by:
        keys = [()]
    rows = tuple(
        Row(key, {m.name: made[m.name].get(key) or _absent(m, question, made[m.name]) for m in asked})
        for key in keys
    )
    span = question.span
    return Answer(
        tuple(metrics),
        tuple(by),
        rows,
        cubes.snapshot.number,
        filters.sentence(cubes),
        cubes.snapshot.clocks,
        _notes(question),
        *(span or (None, None)),
        made_of,
    )


def _question(by: tuple[str, ...], filters: Filters, viewer: Viewer, cubes: Cubes) -> Question:
    kinds = {name: cubes.dimension(name).kind for name in by}
    if sum(kind == "time" for kind in kinds.values()) > 1:
        raise ValueError("Group by one of day, week and month, not by several.")
    cuts = {name for name, kind in kinds.items() if kind in ("cut", "attribute")} | set(filters.cuts)
    view: str | None = pair_name(*cuts) if cuts else "operations"
    if len(cuts) > 1 and not cubes.has_view(str(view)):
        view = None
    return Question(cubes, filters, viewer, by, view, filters.days(cubes))


def _order(key: tuple[object, ...]) -> tuple[tuple[bool, str, object], ...]:
    return tuple((part is None, type(part).__name__, part if part is not None else 0) for part in key)


def _values(metric: Metric, question: Question) -> tuple[dict[tuple[object, ...], Released], pl.DataFrame]:
    if question.view is None:
        return {
            (): Released(None, Status.NOT_AVAILABLE, reason=ONE_AT_A_TIME)
        } if not question.by else {}, _no_groups()
    if metric.is_union:
        return unions.values(metric, question, sums)
    return sums(metric, question)


def _no_groups() -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(("campaign", "channel", "value"), pl.String))


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


def sums(metric: Metric, question: Question) -> tuple[dict[tuple[object, ...], Released], pl.DataFrame]:
    """Sums of whole groups per key, and the groups themselves."""
    cubes, filters = question.cubes, question.filters
    assert question.view is not None
    columns = metric.columns
    where = filters.where(cubes, question.viewer)
    groups = _placed(cubes.pick(question.view, columns, _grain(question)).filter(where), question)
    hidden = _hidden(cubes.withheld(question.view, columns).filter(where), question)
    keyed = _keyed(groups, question)
    inside = keyed.filter(pl.col("place") == "inside")
    top, bottom = columns[0], columns[-1]
    named = [pl.col(top).sum().alias("top"), pl.col(bottom).sum().alias("bottom"), pl.col("groups").sum()]
    by = list(question.by)
    added = inside.group_by(by).agg(named) if by else inside.select(named)
    partial = set(_keys(keyed.filter(pl.col("place") == "cut"), by)) | set(_keys(hidden, by))
    found: dict[tuple[object, ...], Released] = {}
    for row in added.iter_rows():
        key, (k, n, count) = row[: len(by)], row[len(by) :]
        if count or key not in partial:
            found[key] = _value(metric, k or 0, n or 0, count or 0, key in partial)
    for key in partial - found.keys():
        found[key] = Released(None, Status.WITHHELD, reason="Too few members to tell apart.")
    if not by and (() not in found or not found[()].groups):
        found = {(): _absent(metric, question, found)} if () not in partial else found
    return found, inside.select(
        [*dict.fromkeys([*by, "campaign", "channel", "value", "first_day", "last_day"])]
    )


def _placed(groups: pl.DataFrame, question: Question) -> pl.DataFrame:
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
    groups = groups.with_columns(place=place)
    if question.filters.cuts:
        kinds = {value: _chosen(value, question) for value in groups["value"].unique()}
        told = pl.col("value").replace_strict(kinds, default="outside", return_dtype=pl.String)
        groups = groups.with_columns(told=told).filter(pl.col("told") != "outside")
        groups = groups.with_columns(
            place=pl.when(pl.col("told") == "cut").then(pl.lit("cut")).otherwise(pl.col("place"))
        )
    return groups


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
    records = question.cubes.campaigns
    for name in question.by:
        if name in ("program", "line_of_business"):
            of = {c.id: getattr(c, name) for c in records.values()}
            groups = groups.with_columns(
                pl.col("campaign").replace_strict(of, default=None, return_dtype=pl.String).alias(name)
            )
    for name in question.cut_by:
        groups = groups.with_columns(_cut_value(groups, name, question).alias(name))
    time = question.time
    if time is None:
        return groups
    dated = groups.filter(pl.col("month") != 0)
    start, end = _bucket(pl.col("first_day"), time), _bucket(pl.col("last_day"), time)
    placed = dated.with_columns(start.alias(time), _end=end)
    whole = placed.filter(pl.col(time) == pl.col("_end")).drop("_end")
    broken = placed.filter(pl.col(time) != pl.col("_end"))
    if broken.is_empty():
        return whole
    step = 7 if time == "week" else 1
    spread = broken.with_columns(
        pl.int_ranges(pl.col(time), pl.col("_end") + 1, step).alias(time), place=pl.lit("cut")
    )
    return pl.concat(
        [whole, spread.explode(time).drop("_end").cast({time: whole.schema[time]})], how="diagonal"
    )


def _bucket(day: pl.Expr, time: str) -> pl.Expr:
    if time == "day":
        return day
    if time == "week":
        return day - (day + 3) % 7
    dated = day.cast(pl.Date)
    return (dated.dt.year() * 100 + dated.dt.month()).cast(pl.Int32)


def _cut_value(groups: pl.DataFrame, name: str, question: Question) -> pl.Series:
    position = str(question.view).split("|").index(name)
    of = {
        value: "\x1f".join(dict.fromkeys(part.split(TOGETHER)[position] for part in parts(value)))
        for value in groups["value"].unique()
    }
    return groups["value"].replace_strict(of, default=None, return_dtype=pl.String) if of else groups["value"]


def _hidden(blocks: pl.DataFrame, question: Question) -> pl.DataFrame:
    """The withheld blocks inside the period, keyed as far as a block can be; by time and by month only."""
    if question.span is not None:
        spans = {m: month_span(m) for m in blocks["month"].unique() if m}
        kept = [
            m for m, (first, last) in spans.items() if last >= question.span[0] and first <= question.span[1]
        ]
        blocks = blocks.filter(pl.col("month").is_in(kept))
    plain = [name for name in question.by if name not in question.cut_by]
    if question.cut_by or question.time in ("day", "week"):
        return blocks.clear().with_columns(
            pl.lit(None).alias(name) for name in question.by if name not in blocks.columns
        )
    if question.time == "month":
        blocks = blocks.filter(pl.col("month") != 0)
    frame = blocks.with_columns(place=pl.lit("cut"), value=pl.lit(""))
    for name in plain:
        if name in ("program", "line_of_business"):
            of = {c.id: getattr(c, name) for c in question.cubes.campaigns.values()}
            frame = frame.with_columns(
                pl.col("campaign").replace_strict(of, default=None, return_dtype=pl.String).alias(name)
            )
    return frame


def _keys(frame: pl.DataFrame, by: list[str]) -> list[tuple[object, ...]]:
    if not by:
        return [()] if frame.height else []
    return list(frame.select(by).unique().iter_rows())


def _value(metric: Metric, top: float, bottom: float, groups: int, partial: bool) -> Released:
    status = Status.PARTIAL if partial else Status.RELEASED
    reason = "Some groups are left out: they are too small, or lie only partly inside." if partial else ""
    if metric.shape == "money":
        top = top / 1_000_000
    if not metric.denominator:
        return Released(top, status, top, None, reason=reason, groups=groups)
    if not bottom:
        return Released(
            None, status, top, bottom, reason="Nothing to divide by: the denominator is 0.", groups=groups
        )
    factor = 1000 if metric.shape == "per_1000" else 1
    return Released(factor * top / bottom, status, top, bottom, reason=reason, groups=groups)


def _absent(metric: Metric, question: Question, found: dict[tuple[object, ...], Released]) -> Released:
    """The value of a key without groups: not available where no source reports it, else nothing to count."""
    if question.view is None:
        return Released(None, Status.NOT_AVAILABLE, reason=ONE_AT_A_TIME)
    reason = _unavailable(metric, question)
    if reason:
        return Released(None, Status.NOT_AVAILABLE, reason=reason)
    if metric.denominator:
        return Released(None, Status.RELEASED, 0, 0, reason="Nothing to divide by: the denominator is 0.")
    return Released(0, Status.RELEASED, 0)


def _unavailable(metric: Metric, question: Question) -> str:
    filters = question.filters
    told_apart = {*question.by, *filters.cuts, *(["channel"] if filters.channel else [])}
    if metric.without_channel and told_apart & {"channel", "wave", "variant"}:
        return "Assigned members have no channel, wave or variant."
    if not metric.without_channel and told_apart & {"arm", "outcome"}:
        return "Messages have no arm; arms are compared by outcome rate."
    covered = question.cubes.covered(metric.columns).filter(filters.where(question.cubes, question.viewer))
    return "" if covered.height else "No source of this selection reports it."


def _notes(question: Question) -> tuple[str, ...]:
    notes = []
    if question.view is None:
        notes.append(ONE_AT_A_TIME)
    kept = set(question.filters.campaigns(question.cubes, question.viewer))
    undated = [c for c in question.cubes.undated if c in kept]
    if undated and (question.span is not None or question.time):
        notes.append(
            f"{len(undated)} campaign{'s' if len(undated) > 1 else ''} without dates: only in All time."
        )
    scope = question.viewer.scope
    if scope.programs is not None or scope.lines is not None:
        notes.append("Limited to your programs and lines of business.")
    return tuple(notes)
