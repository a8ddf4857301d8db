"""Distinct members over campaigns and channels: exact inside, rounded to 10 where they leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
import polars as pl
from pyroaring import BitMap

from data.answer import Released, Status
from data.axes import distinct, looked_up
from data.codebook import Bools, Ints
from data.kept import kept_of
from data.metrics import UNION_COLUMNS, Metric
from data.periods import month_span
from data.question import Question
from data.reach import Entries
from data.release import NONE
from data.sums import NO_BASE, Found, sums
from data.untold import TOO_FEW

ROUNDED_TO = 10
ADDED_UP = "The source states totals only; who is behind them is not known."
WHOLE_MONTHS = "Distinct members are released for whole months; choose a period of months."


@dataclass(frozen=True, eq=False)
class _Slices:
    """The bitmaps of one stage under each key of a question.

    `keys` are the codes, in order, of keys with a month that lies at least partly in the period; `cut` those
    with one that lies there only partly; `all` those with none even partly outside. `spots` are the months of
    campaigns and channels wholly inside, each as a number, and `at` under which key each lies.
    """

    keys: Ints
    cut: Bools
    all: Bools
    spots: Ints
    at: Ints
    members: dict[int, list[BitMap]]

    @cached_property
    def place(self) -> dict[int, int]:
        return {code: place for place, code in enumerate(self.keys.tolist())}

    @cached_property
    def counted(self) -> dict[int, int]:
        """How many distinct members there are, by the place of the key."""
        return {
            place: len(of[0] if len(of) == 1 else BitMap.union(*of)) for place, of in self.members.items()
        }


@dataclass(frozen=True)
class _Piece:
    """What a metric counts under one key."""

    top: int
    bottom: int
    cut: bool
    all: bool
    places: int
    months: int


def unions(metric: Metric, question: Question) -> Found:
    """The union per key. One campaign in one channel, all of it, adds up over its months and is exact."""
    pieces, added = _pieces(metric, question), sums(_added(metric), question)
    counted = dict(zip(added.keys.tolist(), added.top.tolist(), strict=True))
    # Counts that a source had added up itself say nothing of distinct members.
    unknown = Released(None, Status.NOT_AVAILABLE, reason=ADDED_UP)
    lacking = {code: unknown for code, top in counted.items() if code not in pieces and top}
    told_apart = {*question.filters.cuts, *question.cut_by, *([question.time] if question.time else [])}
    whole = not told_apart and all(piece.places <= 1 and piece.all for piece in pieces.values())
    # Where the sums hold more than the known members do, a source's own totals are among them.
    if whole and not any(counted.get(code, 0) > piece.top for code, piece in pieces.items()):
        return replace(added, given=lacking)
    values = {code: _released(metric, piece) for code, piece in pieces.items()}
    return Found(given=values | lacking, groups=partial(_groups, metric, replace(question)))


def _added(metric: Metric) -> Metric:
    """The same metric as a sum: what a union is inside one campaign and channel."""
    bottom = UNION_COLUMNS[metric.denominator] if metric.denominator else ""
    shape = "rate" if bottom else "count"
    return replace(metric, shape=shape, numerator=UNION_COLUMNS[metric.numerator], denominator=bottom)  # type: ignore[arg-type]


def _pieces(metric: Metric, question: Question) -> dict[int, _Piece]:
    """What a metric counts by the codes of keys: see `Question.axes`."""
    stages = dict.fromkeys(metric.columns)
    slices = {stage: _slices(question, stage, question.cubes.covered(metric.facts)) for stage in stages}
    every = list(slices.values())
    keys = distinct(np.concatenate([one.keys for one in every]), question.axes.size)[0]
    cut, whole = np.zeros(len(keys), np.bool_), np.ones(len(keys), np.bool_)
    for one in every:
        at = looked_up(one.keys, keys)[0]
        cut[at] |= one.cut
        whole[at] &= one.all
    months, places = _spread(every, keys, question)
    top, bottom = slices[metric.columns[0]], slices[metric.columns[-1]]
    return {
        code: _Piece(
            top.counted.get(top.place.get(code, -1), 0),
            bottom.counted.get(bottom.place.get(code, -1), 0),
            cut[at].item(),
            whole[at].item(),
            places[at],
            months[at],
        )
        for at, code in enumerate(keys.tolist())
    }


def _spread(slices: Sequence[_Slices], keys: Ints, question: Question) -> tuple[list[int], list[int]]:
    """Under each key how many months, and how many campaigns and channels, lie wholly inside."""
    span = len(question.cubes.book.labels["month"])
    size = len(question.cubes.book.campaigns) * len(question.cubes.book.channels) * span
    pairs = [looked_up(one.keys, keys)[0][one.at] * size + one.spots for one in slices]
    months = distinct(np.concatenate(pairs), len(keys) * size)[0]
    places = months[np.diff(months // span, prepend=-1) != 0] // span
    return (
        np.bincount(months // size, minlength=len(keys)).tolist(),
        np.bincount(places // (size // span), minlength=len(keys)).tolist(),
    )


@kept_of
def _slices(question: Question, stage: str, covered: frozenset[tuple[str, str]]) -> _Slices:
    """The bitmaps of one stage by code, of the (campaign, channel) that are covered; worked out once for all
    metrics that count it."""
    covering = question.cubes.matrix(covered)
    book, asked = question.cubes.book, {*question.by, *question.filters.cuts}
    fine = bool({"wave", "variant"} & asked)
    entries = question.cubes.reach.entries(stage, fine, book)
    rows = np.flatnonzero(_kept(entries, covering, question))
    whole = _judged(question)[entries.month[rows]]
    axes = question.axes
    codes = axes.codes(_parts(entries, rows, question), len(rows))
    touched = whole != OUTSIDE
    keys, at = distinct(codes[touched], axes.size)
    cut, every = np.zeros(len(keys), np.bool_), np.ones(len(keys), np.bool_)
    cut[at[whole[touched] == PARTLY]] = True
    place, there = looked_up(codes, keys)
    every[place[there & (whole != WHOLLY)]] = False
    inside = rows[touched][whole[touched] == WHOLLY]
    own = at[whole[touched] == WHOLLY]
    lies = entries.campaign[inside] * len(book.channels) + entries.channel[inside]
    spots = lies * len(book.labels["month"]) + entries.month[inside]
    members = _members(entries, inside, own, united=not fine and question.time is None)
    return _Slices(keys, cut, every, spots, own, members)


def _members(entries: Entries, inside: Ints, at: Ints, united: bool) -> dict[int, list[BitMap]]:
    """The bitmaps under each key; one for all months of a campaign and channel where all lie inside."""
    found: dict[int, list[BitMap]] = {}
    if united and len(inside):
        run = entries.run[inside]
        whole = (np.bincount(run, minlength=len(entries.first)) == np.bincount(entries.run))[run]
        first = np.concatenate([[True], np.diff(run) != 0])
        for number, place in zip(run[whole & first].tolist(), at[whole & first].tolist(), strict=True):
            found.setdefault(place, []).append(entries.together[number])
        inside, at = inside[~whole], at[~whole]
    for number, place in zip(inside.tolist(), at.tolist(), strict=True):
        found.setdefault(place, []).append(entries.members[number])
    return found


def _kept(entries: Entries, covering: Bools, question: Question) -> Bools:
    """The entries of the campaigns and channels, waves and variants that the question keeps."""
    cubes, filters = question.cubes, question.filters
    for name in {"wave", "variant"} & {*question.cut_by, *filters.cuts}:
        covering = covering & cubes.matrix(cubes.reach.apart[name])
    kept = covering[entries.campaign, entries.channel]
    chosen = question.keeps(entries.campaign, entries.channel)
    if chosen is not None:
        kept &= chosen
    for at, labels, values in (
        (entries.wave, entries.waves, filters.wave),
        (entries.variant, entries.variants, filters.variant),
    ):
        if values:
            kept &= np.array([(label or NONE) in values for label in labels], np.bool_)[at]
    return kept


def _parts(entries: Entries, rows: Ints, question: Question) -> dict[str, Ints]:
    """The numbers of the labels that the question groups by."""
    parts = question.record_parts(entries.campaign[rows], entries.channel[rows])
    if question.time is not None:
        parts["month"] = entries.month[rows]
    for name, at, labels in (
        ("wave", entries.wave, entries.waves),
        ("variant", entries.variant, entries.variants),
    ):
        if name in question.by:
            shown = list(question.axes.labels[name])
            parts[name] = np.array([shown.index(label or NONE) for label in labels], np.int64)[at[rows]]
    return parts


OUTSIDE, PARTLY, WHOLLY = -1, 0, 1


def _judged(question: Question) -> Ints:
    """By month number, whether it lies wholly, partly or not at all inside the period; the data's end ends
    the last month."""
    months = np.array(question.cubes.book.labels["month"], np.int64)
    if question.span is None:
        return np.full(len(months), WHOLLY)
    (first, last), (begin, end) = question.cubes.book.month_days(months), question.span
    found = np.full(len(months), PARTLY)
    found[(first >= begin) & (np.minimum(last, question.cubes.today) <= end)] = WHOLLY
    found[(last < begin) | (first > end) | (months == 0)] = OUTSIDE
    return found


def _released(metric: Metric, piece: _Piece) -> Released:
    if not piece.months:
        return Released(None, Status.WITHHELD, approximate=True, reason=WHOLE_MONTHS)
    if 0 < piece.top <= ROUNDED_TO or 0 < piece.bottom <= ROUNDED_TO:
        return Released(None, Status.WITHHELD, approximate=True, reason=TOO_FEW)
    k, n = _rounded(piece.top), _rounded(piece.bottom)
    status = Status.PARTIAL if piece.cut else Status.RELEASED
    reason = "Counted for the whole months of the period." if piece.cut else ""
    if not metric.denominator:
        return Released(k, status, k, None, True, reason, piece.months)
    if not n:
        return Released(None, status, k, n, True, NO_BASE, piece.months)
    return Released(min(1.0, k / n), status, k, n, True, reason, piece.months)


def _rounded(count: int) -> int:
    return (count + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO


def _groups(metric: Metric, question: Question) -> pl.DataFrame:
    """The months that a union covers, shaped like the groups of a sum."""
    book = question.cubes.book
    months, channels = len(book.labels["month"]), len(book.channels)
    met: dict[tuple[int, int], None] = {}
    for stage in dict.fromkeys(metric.columns):
        told = _slices(question, stage, question.cubes.covered(metric.facts))
        met |= dict.fromkeys(zip(told.keys[told.at].tolist(), told.spots.tolist(), strict=True))
    keys = question.axes.keys(np.array([code for code, _ in met], np.int64))
    extra = [name for name in question.by if name not in ("campaign", "channel")]
    rows = []
    for key, (_, spot) in zip(keys, met, strict=True):
        place, month = divmod(spot, months)
        campaign, channel = divmod(place, channels)
        days = month_span(book.labels["month"][month]) if month else (None, None)
        own = (part for name, part in zip(question.by, key, strict=True) if name in extra)
        rows.append((*own, book.campaigns[campaign], book.channels[channel], "rows", "", *days))
    names = [*extra, "campaign", "channel", "origin", "value", "first_day", "last_day"]
    return pl.DataFrame(rows, schema=names, orient="row")
