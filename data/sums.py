"""Sums of whole released groups: which groups lie inside a question, and what each key adds up to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import polars as pl

from data.answer import Released
from data.codebook import Ints
from data.cubes import Grain
from data.groups import NEVER, Blocks, Groups
from data.metrics import Metric
from data.periods import month_of, month_span
from data.placed import Placed, placed
from data.question import Question
from data.release import OPERATIONS
from data.untold import NOTHING, Lacking, complete_until, lacking, withheld

NO_BASE = "Nothing to divide by: the denominator is 0."


def _none() -> Ints:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class Found:
    """What was found for a metric, by key: see `data.axes`.

    `keys` in order, with the sums of numerator and denominator and of how many groups; `given` are values
    that are no sums, by code. `cut` are keys that lack some group, `hidden` those without the cuts (see
    `Question.plain`) with months in which the metric is withheld for all values of a cut.
    """

    keys: Ints = field(default_factory=_none)
    top: Ints = field(default_factory=_none)
    bottom: Ints = field(default_factory=_none)
    singles: Ints = field(default_factory=_none)
    given: Mapping[int, Released] = field(default_factory=dict)
    cut: Lacking = NOTHING
    hidden: Lacking = NOTHING
    groups: Callable[[], pl.DataFrame] = pl.DataFrame


def sums(metric: Metric, question: Question) -> Found:
    """Sums of the groups inside the question; `question.view` must be set."""
    columns = metric.columns
    groups = question.cubes.groups(str(question.view), columns, _grain(question))
    lie = placed(question, groups.bounds)
    top = lie.sums(groups.counts[columns[0]])
    return Found(
        lie.keys,
        top,
        lie.sums(groups.counts[columns[-1]]) if len(columns) > 1 else top,
        lie.sums(groups.singles),
        cut=_cut(lie, groups, question) if len(lie.cut) else NOTHING,
        hidden=_hidden(withheld(question.cubes, str(question.view), columns), question),
        # A question of its own, so that an answer that is kept does not keep where every group lies.
        groups=partial(_groups, columns, replace(question)),
    )


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


def _cut(lie: Placed, groups: Groups, question: Question) -> Lacking:
    """What keys leave out of groups that are cut: days are told together until their month is complete."""
    size = question.axes.size
    if question.view != OPERATIONS.name:
        return lacking(lie.cut_keys, size, lie.few, None, groups.bounds.month[lie.cut])
    until = complete_until(question.cubes, groups)[lie.cut]
    return lacking(lie.cut_keys, size, until == NEVER, until)


def _hidden(blocks: Blocks, question: Question) -> Lacking:
    """The keys, without the cuts, in which a month inside the period is withheld, and why."""
    rows = _withheld(blocks, question)
    if not len(rows):
        return NOTHING
    axes, parts = question.plain_axes, {}
    if question.time is not None:
        buckets, many = _buckets(blocks.month[rows], question)
        rows, parts = np.repeat(rows, many), {question.time: buckets}
    told = question.record_parts(blocks.campaign[rows], blocks.channel[rows])
    codes = axes.codes({**told, **parts}, len(rows))
    return lacking(codes, axes.size, blocks.few[rows], blocks.until[rows])


def _withheld(blocks: Blocks, question: Question) -> Ints:
    """The blocks that the question keeps, in months that touch its period."""
    kept = question.keeps(blocks.campaign, blocks.channel)
    rows = np.arange(len(blocks.month)) if kept is None else kept.nonzero()[0]
    if question.span is not None or question.time is not None:
        rows = rows[blocks.month[rows] != 0]
    if question.span is not None and len(rows):
        first, last = question.cubes.book.month_days(blocks.month[rows])
        rows = rows[(last >= question.span[0]) & (first <= question.span[1])]
    return rows


def _buckets(months: Ints, question: Question) -> tuple[Ints, Ints]:
    """The number of every day, week or month in some months, and how many there are of each."""
    book = question.cubes.book
    if question.time == "month":
        return book.months(months), np.ones(len(months), np.int64)
    number = book.days if question.time == "day" else book.weeks
    start, end = (number(day) for day in book.month_days(months))
    many = end - start + 1
    return np.repeat(start - (np.cumsum(many) - many), many) + np.arange(many.sum()), many


def _groups(columns: tuple[str, ...], question: Question) -> pl.DataFrame:
    """The single groups inside the question; sums by month or of everything would not name them."""
    groups = question.cubes.groups(str(question.view), columns, "group")
    lie = placed(question, groups.bounds)
    frame = groups.frame[lie.inside]
    added = {
        name: [question.axes.labels[name][one] for one in question.axes.part(lie.keys, name)[lie.at].tolist()]
        for name in question.by
        if name not in frame.columns
    }
    names = [*question.by, "campaign", "channel", "origin", "value", "first_day", "last_day"]
    return frame.with_columns(pl.Series(name, of) for name, of in added.items()).select(
        list(dict.fromkeys(names))
    )
