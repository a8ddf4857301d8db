"""Distinct members over campaigns and channels: exact inside, rounded to 10 where they leave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from weakref import WeakKeyDictionary

import numpy as np
import polars as pl
from pyroaring import BitMap

from data.answer import Released, Status
from data.filters import Filters
from data.metrics import UNION_COLUMNS, Metric
from data.periods import month_span
from data.question import Question
from data.reach import Held, Place
from data.release import NONE
from data.sums import NO_BASE, Found, sums
from data.untold import TOO_FEW

ROUNDED_TO = 10
ADDED_UP = "The source states totals only; who is behind them is not known."
WHOLE_MONTHS = "Distinct members are released for whole months; choose a period of months."


@dataclass
class _Slice:
    """The bitmaps of one key and stage: the campaigns and channels in it, and the months of each.

    `cut`: some month lies only partly in the period; `all`: none lies even partly outside.
    """

    places: set[Place] = field(default_factory=set)
    marks: list[BitMap] = field(default_factory=list)
    parts: list[tuple[str, str, int]] = field(default_factory=list)
    cut: bool = False
    all: bool = True

    def add(self, place: Place, months: dict[int, bool | None], members: BitMap) -> None:
        """One more bitmap, of some months; what `_whole` says of each is the same for all of them."""
        whole = next(iter(months.values()))
        self.all &= whole is True
        if whole is None:
            return
        self.places.add(place)
        if whole:
            self.marks.append(members)
            self.parts += [(*place, month) for month in months]
        else:
            self.cut = True

    @cached_property
    def counted(self) -> int:
        """How many distinct members there are."""
        return len(BitMap.union(*self.marks)) if self.marks else 0


@dataclass(frozen=True)
class _Piece:
    """The slices of a metric's stages under one key."""

    top: _Slice
    bottom: _Slice

    @property
    def places(self) -> set[Place]:
        return self.top.places | self.bottom.places

    @property
    def parts(self) -> set[tuple[str, str, int]]:
        return {*self.top.parts, *self.bottom.parts}

    @property
    def cut(self) -> bool:
        return self.top.cut or self.bottom.cut

    @property
    def all(self) -> bool:
        return self.top.all and self.bottom.all


def unions(metric: Metric, question: Question) -> Found:
    """The union per key. One campaign in one channel, all of it, adds up over its months and is exact."""
    pieces, added = _pieces(metric, question), sums(_added(metric), question)
    counted = dict(zip(added.keys.tolist(), added.top.tolist(), strict=True))
    # Counts that a source had added up itself say nothing of distinct members.
    unknown = Released(None, Status.NOT_AVAILABLE, reason=ADDED_UP)
    lacking = {code: unknown for code, top in counted.items() if code not in pieces and top}
    told_apart = {*question.filters.cuts, *question.cut_by, *([question.time] if question.time else [])}
    whole = not told_apart and all(len(piece.places) <= 1 and piece.all for piece in pieces.values())
    # Where the sums hold more than the known members do, a source's own totals are among them.
    if whole and not any(counted.get(code, 0) > piece.top.counted for code, piece in pieces.items()):
        return replace(added, given=lacking)
    values = {code: _released(metric, piece) for code, piece in pieces.items()}
    parts = {code: piece.parts for code, piece in pieces.items()}
    return Found(given=values | lacking, groups=partial(_groups, parts, replace(question)))


def _added(metric: Metric) -> Metric:
    """The same metric as a sum: what a union is inside one campaign and channel."""
    bottom = UNION_COLUMNS[metric.denominator] if metric.denominator else ""
    shape = "rate" if bottom else "count"
    return replace(metric, shape=shape, numerator=UNION_COLUMNS[metric.numerator], denominator=bottom)  # type: ignore[arg-type]


def _pieces(metric: Metric, question: Question) -> dict[int, _Piece]:
    """What a metric counts by the codes of keys: see `Question.axes`."""
    covered = question.cubes.covered(metric.facts)
    top, bottom = (_slices(stage, covered, question) for stage in (metric.columns[0], metric.columns[-1]))
    made = {code: _Piece(top.get(code, _Slice()), bottom.get(code, _Slice())) for code in {*top, *bottom}}
    return {code: piece for code, piece in made.items() if piece.places}


_known: WeakKeyDictionary[Question, dict[tuple[str, frozenset[Place]], dict[int, _Slice]]] = (
    WeakKeyDictionary()
)


def _slices(stage: str, covered: frozenset[Place], question: Question) -> dict[int, _Slice]:
    """The bitmaps of one stage by code; worked out once for all metrics that count it."""
    known = _known.setdefault(question, {})
    if (stage, covered) not in known:
        known[stage, covered] = _sliced(stage, covered, question)
    return known[stage, covered]


def _sliced(stage: str, covered: frozenset[Place], question: Question) -> dict[int, _Slice]:
    found: dict[int, _Slice] = {}
    coded = _Codes(question)
    judged = {month: _whole(month, question) for month in question.cubes.book.labels["month"]}
    told_apart = _by_mark if {"wave", "variant"} & {*question.by, *question.filters.cuts} else _by_month
    for held in _held(stage, covered, question):
        base = coded.of_place(held.place)
        for code, months, members in told_apart(held, judged, coded):
            found.setdefault(base + code, _Slice()).add(held.place, months, members)
    return found


def _held(stage: str, covered: frozenset[Place], question: Question) -> Iterator[Held]:
    """The bitmaps of a stage in the campaigns and channels that the question keeps."""
    reach, filters = question.cubes.reach, question.filters
    campaigns = set(filters.campaigns(question.cubes, question.viewer))
    kept = {
        one for one in covered if one[0] in campaigns and (not filters.channel or one[1] in filters.channel)
    }
    for name in {"wave", "variant"} & {*question.cut_by, *filters.cuts}:
        kept &= reach.apart[name]
    return (held for held in reach.stages.get(stage, []) if held.place in kept)


_Told = Iterator[tuple[int, dict[int, bool | None], BitMap]]
"""What a code adds, the months that bitmap is of with what `_whole` says of each, and the bitmap."""


def _by_month(held: Held, judged: dict[int, bool | None], coded: _Codes) -> _Told:
    own = {month: judged[month] for month in held.months}
    if "month" not in coded.numbers and len(set(own.values())) == 1:
        yield 0, own, held.members
        return
    for month, members in held.months.items():
        yield coded.part("month", month), {month: own[month]}, members


def _by_mark(held: Held, judged: dict[int, bool | None], coded: _Codes) -> _Told:
    filters = coded.question.filters
    for wave, variant, month, members in held.marks:
        named = {"wave": wave or NONE, "variant": variant or NONE, "month": month}
        if any(values and named[name] not in values for name, values in _chosen(filters)):
            continue
        yield sum(coded.part(name, one) for name, one in named.items()), {month: judged[month]}, members


def _chosen(filters: Filters) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (("wave", filters.wave), ("variant", filters.variant))


class _Codes:
    """What each label adds to the code of a key: see `data.axes`."""

    def __init__(self, question: Question) -> None:
        self.question, self.axes = question, question.axes
        self.numbers: dict[str, dict[object, int]] = {
            name: {label: at for at, label in enumerate(question.axes.labels[name])}
            for name in ("wave", "variant", "month")
            if name in question.by
        }

    def part(self, name: str, label: object) -> int:
        """What a label adds; nothing where the question does not group by it."""
        numbers = self.numbers.get(name)
        return 0 if numbers is None else numbers[label] * self.axes.steps[name]

    def of_place(self, place: Place) -> int:
        """What a campaign and channel decide alone."""
        book = self.question.cubes.book
        campaign, channel = book.number("campaign", place[0]), book.number("channel", place[1])
        own = {"campaign": campaign, "channel": channel}
        return sum(
            (own[name] if name in own else int(book.of_campaign[name][campaign])) * self.axes.steps[name]
            for name in self.question.of_records
        )


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


def _released(metric: Metric, piece: _Piece) -> Released:
    top, bottom = piece.top.counted, piece.bottom.counted
    if not piece.parts:
        return Released(None, Status.WITHHELD, approximate=True, reason=WHOLE_MONTHS)
    if 0 < top <= ROUNDED_TO or 0 < bottom <= ROUNDED_TO:
        return Released(None, Status.WITHHELD, approximate=True, reason=TOO_FEW)
    k, n = _rounded(top), _rounded(bottom)
    status = Status.PARTIAL if piece.cut else Status.RELEASED
    reason = "Counted for the whole months of the period." if piece.cut else ""
    groups = len(piece.parts)
    if not metric.denominator:
        return Released(k, status, k, None, True, reason, groups)
    if not n:
        return Released(None, status, k, n, True, NO_BASE, groups)
    return Released(min(1.0, k / n), status, k, n, True, reason, groups)


def _rounded(count: int) -> int:
    return (count + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO


def _groups(parts: dict[int, set[tuple[str, str, int]]], question: Question) -> pl.DataFrame:
    """The slices that a union covers, shaped like the groups of a sum."""
    extra = [name for name in question.by if name not in ("campaign", "channel")]
    keys = question.axes.keys(np.array(list(parts), np.int64))
    rows = [
        (
            *(part for name, part in zip(question.by, key, strict=True) if name in extra),
            campaign, channel, "rows", "", *(month_span(month) if month else (None, None)),
        )
        for key, of in zip(keys, parts.values(), strict=True)
        for campaign, channel, month in of
    ]  # fmt: skip
    names = [*extra, "campaign", "channel", "origin", "value", "first_day", "last_day"]
    return pl.DataFrame(rows, schema=names, orient="row")
