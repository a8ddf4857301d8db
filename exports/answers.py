"""An answer of `measure` as frames: a row per key and metric, made from its columns, not its objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from data.answer import Answer, Row, Status
from data.axes import Key
from data.codebook import Bools, Ints
from data.columns import STATUSES, Column, Floats, Rows
from data.cubes import Cubes
from data.dimensions import written
from data.filters import Filters
from data.metrics import DEFINED
from data.viewer import Viewer
from pages.maturity import Completeness, Wait, waits_for

FIRST, AT_ONCE = 2_000, 50_000
"""Rows that become a frame together; few at first, so that a file begins at once."""


def heads(by: tuple[str, ...]) -> Iterator[str]:
    """The columns of a key."""
    for name in by:
        yield name
        if name == "campaign":
            yield "campaign_name"


def frames(answer: Answer, filters: Filters, viewer: Viewer, cubes: Cubes) -> Iterator[pl.DataFrame]:
    """The rows in order, some thousand at a time: the key's columns, then metric to complete."""
    completeness = Completeness(answer.by, filters, viewer, cubes)
    wide, begin, at_once = max(1, len(answer.metrics)), 0, FIRST
    while begin < len(answer.rows):
        end = begin + max(1, at_once // wide)
        yield _Part(answer, answer.rows[begin:end], completeness).frame()
        begin, at_once = end, AT_ONCE


@dataclass(frozen=True, eq=False)
class _Part:
    """Some of an answer's rows."""

    answer: Answer
    rows: Sequence[Row]
    completeness: Completeness

    def frame(self) -> pl.DataFrame:
        metrics = self.answer.metrics
        columns = [self._column(name) for name in metrics]
        told = {
            name: np.stack([getattr(column, name) for column in columns], axis=1).ravel()
            for name in ("value", "numerator", "denominator", "approximate", "status", "complete")
        }
        status = told.pop("status")
        made = pl.DataFrame({**self._heads(len(metrics)), **told}).with_columns(
            metric=_repeated(list(metrics), len(self.rows)),
            unit=_repeated([DEFINED[name].unit for name in metrics], len(self.rows)),
            status=pl.Series([one.value for one in STATUSES]).gather(status),
            suppressed=pl.Series(status == STATUSES.index(Status.WITHHELD)),
            reason=_reasons(columns),
        )
        return made.with_columns(pl.col("value", "numerator", "denominator").fill_nan(None))

    def _heads(self, times: int) -> dict[str, pl.Series]:
        """The columns of the key, each of its values as often as there are metrics."""
        found = {}
        for name, (labels, places) in zip(self.answer.by, self._parts(), strict=True):
            each = np.repeat(places, times)
            found[name] = pl.Series([written(name, one) or "" for one in labels], dtype=pl.String).gather(
                each
            )
            if name == "campaign":
                known = self.completeness.cubes.campaigns
                found["campaign_name"] = _texts([known[str(one)].name for one in labels]).gather(each)
        return found

    def _parts(self) -> Iterator[tuple[Sequence[object], Ints]]:
        """For each name of the key its labels, and the place of each row's among them."""
        if isinstance(self.rows, Rows):
            axes, codes = self.rows.axes, self.rows.codes
            for name in axes.names:
                places, at = np.unique(axes.part(codes, name), return_inverse=True)
                yield [axes.labels[name][one] for one in places.tolist()], at
        else:
            for parts in zip(*(row.key for row in self.rows), strict=True):
                yield parts, np.arange(len(parts))

    def _keys(self) -> list[Key]:
        if isinstance(self.rows, Rows):
            return self.rows.axes.keys(self.rows.codes)
        return [row.key for row in self.rows]

    @cached_property
    def _complete(self) -> dict[Wait, Bools]:
        keys = self._keys()
        waits = {waits_for(name) for name in self.answer.metrics}
        return {wait: np.array([self.completeness.of(wait, key) for key in keys], np.bool_) for wait in waits}

    def _column(self, name: str) -> _Written:
        told = (
            self.rows.columns[name]
            if isinstance(self.rows, Rows)
            else Column.of([row.values[name] for row in self.rows])
        )
        return _Written.of(told, self._complete[waits_for(name)])


@dataclass(frozen=True, eq=False)
class _Written:
    """The values of one metric as they are written, those that were objects among them."""

    value: Floats
    numerator: Floats
    denominator: Floats
    approximate: Bools
    status: Ints
    complete: Bools
    reason: Ints
    reasons: list[str]

    @classmethod
    def of(cls, column: Column, complete: Bools) -> _Written:
        numbers = (column.value.copy(), column.numerator.copy(), column.denominator.copy())
        status, reason = column.status.astype(np.int64), column.reason.copy()
        approximate, reasons = np.zeros(len(column), np.bool_), list(column.reasons)
        for place, value in column.given.items():
            for of, one in zip(numbers, (value.value, value.numerator, value.denominator), strict=True):
                of[place] = np.nan if one is None else one
            status[place], approximate[place] = STATUSES.index(value.status), value.approximate
            reason[place] = len(reasons)
            reasons.append(value.reason)
        return cls(*numbers, approximate, status, complete, reason, reasons)


def _reasons(columns: Sequence[_Written]) -> pl.Series:
    """The reasons row by row, of all metrics."""
    words, places = [""], []
    for column in columns:
        places.append(column.reason + len(words))
        words += column.reasons
    return _texts(words).gather(np.stack(places, axis=1).ravel())


def _texts(words: Sequence[str]) -> pl.Series:
    return pl.Series(list(words), dtype=pl.String)


def _repeated(words: Sequence[str], times: int) -> pl.Series:
    return _texts(words).gather(np.tile(np.arange(len(words)), times))
