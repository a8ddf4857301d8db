"""Distinct members over campaigns and channels: exact inside, rounded to 10 where they leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial

import polars as pl
from pyroaring import BitMap

from data.answer import Released, Status
from data.cubes import Marked
from data.metrics import UNION_COLUMNS, Metric
from data.periods import month_span
from data.question import Key, Question
from data.release import NONE
from data.sums import NO_BASE, Found, sums
from data.untold import TOO_FEW

ROUNDED_TO = 10
ADDED_UP = "The source states totals only; who is behind them is not known."
WHOLE_MONTHS = "Distinct members are released for whole months; choose a period of months."


@dataclass
class _Slice:
    """The bitmaps of one key: campaigns and channels in it, bitmaps of members per stage.

    `cut`: some month lies only partly in the period; `all`: none lies even partly outside.
    """

    pieces: set[tuple[str, str]]
    marks: dict[str, list[BitMap]]
    parts: list[tuple[str, str, int]]
    cut: bool = False
    all: bool = True

    def add(
        self, campaign: str, channel: str, stage: str, month: int, members: BitMap, whole: bool | None
    ) -> None:
        """One more bitmap; `whole` as `_whole` says of its month."""
        self.all &= whole is True
        if whole is None:
            return
        self.pieces.add((campaign, channel))
        if whole:
            self.marks[stage].append(members)
            self.parts.append((campaign, channel, month))
        else:
            self.cut = True

    @cached_property
    def counted(self) -> dict[str, int]:
        """How many distinct members there are of each stage."""
        return {stage: len(BitMap.union(*of)) if of else 0 for stage, of in self.marks.items()}


def unions(metric: Metric, question: Question) -> Found:
    """The union per key. One campaign in one channel, all of it, adds up over its months and is exact."""
    slices, added = _slices(metric, question), sums(_added(metric), question)
    # Counts that a source had added up itself say nothing of distinct members.
    unknown = Released(None, Status.NOT_AVAILABLE, reason=ADDED_UP)
    lacking = {k: unknown for k, v in added.values.items() if k not in slices and v.numerator}
    told_apart = {*question.filters.cuts, *question.cut_by, *([question.time] if question.time else [])}
    whole = not told_apart and all(len(piece.pieces) <= 1 and piece.all for piece in slices.values())
    if whole and not any(_more(added.values.get(key), piece, metric) for key, piece in slices.items()):
        return replace(added, values=added.values | lacking)
    values = {key: _released(metric, piece) for key, piece in slices.items()}
    groups = [(key, *part) for key, piece in slices.items() for part in piece.parts]
    return Found(values | lacking, groups=partial(_groups, groups, question))


def _more(added: Released | None, piece: _Slice, metric: Metric) -> bool:
    """Whether the sums hold more than the known members do, since a source's own totals are among them."""
    return added is not None and (added.numerator or 0) > piece.counted[metric.numerator]


def _added(metric: Metric) -> Metric:
    """The same metric as a sum: what a union is inside one campaign and channel."""
    bottom = UNION_COLUMNS[metric.denominator] if metric.denominator else ""
    shape = "rate" if bottom else "count"
    return replace(metric, shape=shape, numerator=UNION_COLUMNS[metric.numerator], denominator=bottom)  # type: ignore[arg-type]


def _slices(metric: Metric, question: Question) -> dict[Key, _Slice]:
    found: dict[Key, _Slice] = {}
    whole = {}
    for (campaign, channel), stage, marks in _marked(metric, question):
        keyed = _keys(question, campaign, channel)
        for mark in marks:
            wave, variant, month, members = mark
            filters = question.filters
            if (filters.wave and (wave or NONE) not in filters.wave) or (
                filters.variant and (variant or NONE) not in filters.variant
            ):
                continue
            if month not in whole:
                whole[month] = _whole(month, question)
            key = keyed(mark)
            piece = found.get(key)
            if piece is None:
                piece = found[key] = _Slice(set(), {name: [] for name in metric.columns}, [])
            piece.add(campaign, channel, stage, month, members, whole[month])
    return {key: piece for key, piece in found.items() if piece.pieces}


def _marked(metric: Metric, question: Question) -> Iterator[tuple[tuple[str, str], str, list[Marked]]]:
    """The marks of each stage of a metric in the campaigns and channels that the question keeps."""
    cubes, filters = question.cubes, question.filters
    campaigns = set(filters.campaigns(cubes, question.viewer))
    covered = cubes.covered(metric.facts)
    asked = set(question.cut_by) | set(filters.cuts)
    for stage in dict.fromkeys(metric.columns):
        for place, marks in cubes.reach.get(stage, {}).items():
            if any(name in asked and place not in cubes.apart[name] for name in ("wave", "variant")):
                continue
            if place[0] not in campaigns or (filters.channel and place[1] not in filters.channel):
                continue
            if place in covered:
                yield place, stage, marks


def _whole(month: int, question: Question) -> bool | None:
    """Whether a month lies wholly inside the period, None if outside; months end where the data do."""
    if question.span is None:
        return True
    if not month:
        return None
    first, last = month_span(month)
    if last < question.span[0] or first > question.span[1]:
        return None
    return first >= question.span[0] and min(last, question.cubes.today) <= question.span[1]


def _keys(question: Question, campaign: str, channel: str) -> Callable[[Marked], Key]:
    """How the marks of a campaign and channel are keyed by the question."""
    record = question.cubes.campaigns[campaign]
    same = {
        "campaign": campaign,
        "channel": channel,
        "program": record.program,
        "line_of_business": record.line_of_business,
    }
    if all(name in same for name in question.by):
        fixed: Key = tuple(same[name] for name in question.by)
        return lambda _mark: fixed

    def keyed(mark: Marked) -> Key:
        named = {"wave": mark.wave or NONE, "variant": mark.variant or NONE, "month": mark.month}
        return tuple(same[name] if name in same else named[name] for name in question.by)

    return keyed


def _released(metric: Metric, piece: _Slice) -> Released:
    top, bottom = (piece.counted[name] for name in (metric.columns[0], metric.columns[-1]))
    if not piece.parts:
        return Released(None, Status.WITHHELD, approximate=True, reason=WHOLE_MONTHS)
    if 0 < top <= ROUNDED_TO or 0 < bottom <= ROUNDED_TO:
        return Released(None, Status.WITHHELD, approximate=True, reason=TOO_FEW)
    k, n = _rounded(top), _rounded(bottom)
    status = Status.PARTIAL if piece.cut else Status.RELEASED
    reason = "Counted for the whole months of the period." if piece.cut else ""
    if not metric.denominator:
        return Released(k, status, k, None, True, reason, len(piece.parts))
    if not n:
        return Released(None, status, k, n, True, NO_BASE, len(piece.parts))
    return Released(min(1.0, k / n), status, k, n, True, reason, len(piece.parts))


def _rounded(count: int) -> int:
    return (count + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO


def _groups(rows: list[tuple[Key, str, str, int]], question: Question) -> pl.DataFrame:
    """The slices that a union covers, shaped like the groups of a sum."""
    extra = [name for name in question.by if name not in ("campaign", "channel")]
    plain = {
        (
            *(part for name, part in zip(question.by, key, strict=True) if name in extra),
            campaign, channel, "rows", "", *(month_span(month) if month else (None, None)),
        )
        for key, campaign, channel, month in rows
    }  # fmt: skip
    names = [*extra, "campaign", "channel", "origin", "value", "first_day", "last_day"]
    return pl.DataFrame(list(plain), schema=names, orient="row")
