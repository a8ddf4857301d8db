"""An answer's values as columns, one entry per key; a value becomes an object where somebody reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import overload

import numpy as np
import numpy.typing as npt

from data.answer import Answer, Released, Row, Status
from data.axes import Axes, looked_up
from data.codebook import SEVERAL, Bools, Ints
from data.metrics import Metric
from data.question import Question
from data.sums import NO_BASE, Found
from data.untold import Untold

Floats = npt.NDArray[np.float64]
STATUSES = tuple(Status)
RELEASED, PARTIAL, WITHHELD, NOT_AVAILABLE = (STATUSES.index(one) for one in Status)
MILLION = 1_000_000


@dataclass(frozen=True, eq=False)
class Column:
    """The values of one metric by key. Numbers are NaN where there is none.

    `status` has places in `STATUSES`, `reason` places in `reasons`; a count is whole, so that an object of
    it has integers. `given` are values that are no sums, by place.
    """

    status: npt.NDArray[np.int8]
    value: Floats
    numerator: Floats
    denominator: Floats
    groups: Ints
    reason: Ints
    reasons: list[str]
    whole: tuple[bool, bool, bool]
    given: dict[int, Released]

    def __len__(self) -> int:
        return len(self.status)

    @classmethod
    def of(cls, values: Sequence[Released]) -> Column:
        """A column of values that are objects already."""
        return replace(_unavailable(len(values), ""), given=dict(enumerate(values)))

    def part(self, at: slice) -> Column:
        """The values of some of the keys."""
        begin, end, _ = at.indices(len(self))
        given = {place - begin: value for place, value in self.given.items() if begin <= place < end}
        return Column(
            self.status[begin:end],
            self.value[begin:end],
            self.numerator[begin:end],
            self.denominator[begin:end],
            self.groups[begin:end],
            self.reason[begin:end],
            self.reasons,
            self.whole,
            given,
        )

    def count(self, status: Status) -> int:
        """How many values have a status."""
        own = np.count_nonzero(self.status == STATUSES.index(status))
        stead = [
            (one.status is status) - (STATUSES[self.status[at]] is status) for at, one in self.given.items()
        ]
        return int(own) + sum(stead)

    def objects(self) -> list[Released]:
        """A value per key."""
        numbers = (self.value, self.numerator, self.denominator)
        told = [_numbers(of, whole) for of, whole in zip(numbers, self.whole, strict=True)]
        states = [STATUSES[one] for one in self.status.tolist()]
        reasons = [self.reasons[one] for one in self.reason.tolist()]
        made = [
            Released(value, state, top, bottom, False, reason, groups)
            for value, state, top, bottom, reason, groups in zip(
                told[0], states, told[1], told[2], reasons, self.groups.tolist(), strict=True
            )
        ]
        for place, value in self.given.items():
            made[place] = value
        return made


def _numbers(of: Floats, whole: bool) -> list[float | None]:
    """The numbers of a column, None where there is none."""
    known = ~np.isnan(of)
    if known.all():
        return of.astype(np.int64).tolist() if whole else of.tolist()  # type: ignore[no-any-return]
    return [
        None if not there else int(one) if whole else one
        for one, there in zip(of.tolist(), known.tolist(), strict=True)
    ]


class Rows(Sequence[Row]):
    """The rows of an answer in the order of their keys, made when they are first read."""

    def __init__(self, axes: Axes, codes: Ints, columns: dict[str, Column]) -> None:
        self.axes, self.codes, self.columns = axes, codes, columns

    @cached_property
    def _made(self) -> tuple[Row, ...]:
        keys = self.axes.keys(self.codes)
        of = [column.objects() for column in self.columns.values()]
        names = list(self.columns)
        if not of:
            return tuple(Row(key, {}) for key in keys)
        return tuple(
            Row(key, dict(zip(names, values, strict=True))) for key, *values in zip(keys, *of, strict=True)
        )

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._made)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | Sequence[Row]:
        if isinstance(at, int):
            return self._made[at]
        return Rows(self.axes, self.codes[at], {name: of.part(at) for name, of in self.columns.items()})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._made == tuple(other)

    __hash__ = None  # type: ignore[assignment]


def counted(answer: Answer, *statuses: Status) -> int:
    """How many values of an answer have one of some statuses; its rows are not made for it."""
    rows = answer.rows
    if isinstance(rows, Rows):
        return sum(one.count(status) for one in rows.columns.values() for status in statuses)
    return sum(value.status in statuses for row in rows for value in row.values.values())


def column(metric: Metric, question: Question, found: Found, known: Ints | str | None, codes: Ints) -> Column:
    """The values of a metric for some keys; `known` has the `record_axes` codes that a source reports, or
    says why none does; None where every key is reported."""
    if isinstance(known, str):
        return _unavailable(len(codes), known)
    made = _Making(metric, question, found, codes)
    made.judge()
    if known is not None:
        told = question.axes.onto(codes, question.record_axes)
        made.unreported(~looked_up(told, known)[1])
    return made.column()


def _unavailable(size: int, reason: str) -> Column:
    nothing = np.full(size, np.nan)
    none = np.zeros(size, np.int64)
    status = np.full(size, NOT_AVAILABLE, np.int8)
    return Column(status, nothing, nothing, nothing, none, none, [reason], (True, True, True), {})


_DAYS = 1 << 20
_NOT_TOLD, _ZEROS, _PART = "not told", "only zeros", "in part"


class _Making:
    """The values of a metric for some keys, as they are judged one after another."""

    def __init__(self, metric: Metric, question: Question, found: Found, codes: Ints) -> None:
        self.metric, self.question, self.found, self.codes = metric, question, found, codes
        place, self.has = looked_up(codes, found.keys)
        nothing = np.zeros(len(codes), np.int64)
        some = len(found.keys) > 0
        self.top = np.where(self.has, found.top[place], 0) if some else nothing
        self.bottom = np.where(self.has, found.bottom[place], 0) if some else nothing
        self.groups = np.where(self.has, found.singles[place], 0) if some else nothing
        self.status = np.full(len(codes), RELEASED, np.int8)
        self.reasons = [""]
        self.reason = np.zeros(len(codes), np.int64)
        self.empty = np.zeros(len(codes), np.bool_)
        self.given: dict[int, Released] = {}

    def judge(self) -> None:
        """Withheld where nothing may be told, partial where some is left out."""
        self._take_given()
        if self.metric.denominator:
            self._say(self.bottom == 0, NO_BASE)
        lacks = self._lacks()
        if lacks is not None:
            self._leave_out(lacks)
        self._together(~self.has if lacks is None else ~self.has & ~lacks)

    def _take_given(self) -> None:
        codes = np.array(list(self.found.given), np.int64)
        if len(codes):
            order = np.argsort(codes)
            places, there = looked_up(codes[order], self.codes)
            values = [self.found.given[code] for code in codes[order].tolist()]
            self.given = {
                place: value
                for place, value, met in zip(places.tolist(), values, there.tolist(), strict=True)
                if met
            }
            at = list(self.given)
            self.has[at], self.top[at] = True, 0

    def _lacks(self) -> Bools | None:
        """Which keys lack some group; None: no key does."""
        cut, hidden = self.found.cut, self.found.hidden
        if not len(cut.codes) and not len(hidden.codes):
            return None
        plain = self.question.axes.onto(self.codes, self.question.plain_axes)
        self.in_cut = looked_up(self.codes, cut.codes)
        self.in_hidden = looked_up(plain, hidden.codes)
        lacks: Bools = self.in_cut[1] | self.in_hidden[1]
        return lacks

    def _leave_out(self, lacks: Bools) -> None:
        """Say of keys that lack some group what is left out."""
        zeros = self.has & lacks & (self.top == 0)
        self._withhold(lacks & ~self.has, _NOT_TOLD)
        # Zeros may always be told and small counts never: a zero beside withheld ones would read as none.
        self._withhold(zeros, _ZEROS)
        part = self.has & lacks & ~zeros
        self.status[part] = PARTIAL
        self._explain(part & (self.reason == 0), _PART)
        self.given = {place: value for place, value in self.given.items() if not lacks[place]}

    def _withhold(self, which: Bools, how: str) -> None:
        self.status[which] = WITHHELD
        self._clear(which)
        self._explain(which, how)

    def _clear(self, which: Bools) -> None:
        self.empty |= which
        self.groups = np.where(which, 0, self.groups)

    def _say(self, which: Bools, words: str) -> None:
        if which.any():
            self.reasons.append(words)
            self.reason[which] = len(self.reasons) - 1

    def _explain(self, which: Bools, how: str) -> None:
        """The reason in words of each of some keys; keys that leave out the same share it."""
        rows = which.nonzero()[0]
        if not len(rows):
            return
        sets, told = self._untold(rows)
        kinds, at = np.unique(told, return_inverse=True)
        first = len(self.reasons)
        for kind in kinds.tolist():
            months, rest = divmod(kind, _DAYS * 2)
            until, few = divmod(rest, 2)
            left_out = Untold(bool(few), until - 1 if until else None, sets[months])
            self.reasons.append(self._words(left_out, how))
        self.reason[rows] = first + at

    def _untold(self, rows: Ints) -> tuple[Sequence[frozenset[int]], Ints]:
        """Per row, as one number, the place of its months, until when, whether of too few: see `Lacking`."""
        few, until, months = (np.zeros(len(rows), np.int64) for _ in range(3))
        for of, (place, there) in ((self.found.cut, self.in_cut), (self.found.hidden, self.in_hidden)):
            if len(of.codes):
                at, met = place[rows], there[rows]
                few |= met & of.few[at]
                until = np.maximum(until, np.where(met, of.until[at] + 1, 0))
                months = np.maximum(months, np.where(met, of.months[at], 0))
        return self.found.cut.sets, (months * _DAYS + until) * 2 + few

    def _words(self, left_out: Untold, how: str) -> str:
        if how == _PART:
            return left_out.part(self.question.span, self.question.cubes.today)
        return left_out.whole(zeros=how == _ZEROS)

    def _together(self, nothing: Bools) -> None:
        """Where nothing lies under the key of what is told together, every value is told apart."""
        several = np.zeros(len(self.codes), np.bool_)
        for name in self.question.cut_by:
            labels = self.question.axes.labels[name]
            several |= self.question.axes.part(self.codes, name) == labels.index(SEVERAL)
        several &= nothing
        if several.any():
            self._clear(several)
            self._say(several, "Every value is told apart.")

    def unreported(self, which: Bools) -> None:
        """Keys of which no source reports the metric."""
        self.status[which] = NOT_AVAILABLE
        self._clear(which)
        self._say(which, "No source of this selection reports it.")
        self.given = {place: value for place, value in self.given.items() if not which[place]}

    def column(self) -> Column:
        metric = self.metric
        money = metric.shape == "money"
        top = np.where(self.empty, np.nan, self.top / MILLION if money else self.top)
        if not metric.denominator:
            nothing = np.full(len(top), np.nan)
            return self._column(top, top, nothing, (not money, not money, True))
        bottom = np.where(self.empty, np.nan, self.bottom)
        factor = 1000 if metric.shape == "per_1000" else 1
        with np.errstate(divide="ignore", invalid="ignore"):
            value = np.where(self.bottom == 0, np.nan, factor * top / bottom)
        return self._column(value, top, bottom, (False, not money, True))

    def _column(self, value: Floats, top: Floats, bottom: Floats, whole: tuple[bool, bool, bool]) -> Column:
        return Column(
            self.status, value, top, bottom, self.groups, self.reason, self.reasons, whole, self.given
        )
