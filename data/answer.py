"""What leaves the one door: released values with a status, and the groups they are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec
import polars as pl


class Status(StrEnum):
    """What a value is. `released` with no value means there is nothing to count."""

    RELEASED = "released"
    PARTIAL = "partial"
    WITHHELD = "withheld"
    NOT_AVAILABLE = "not available"


class Released(msgspec.Struct, frozen=True, gc=False):
    """One value that may be shown.

    `value` is a count, a rate as a fraction, or money; None where nothing may or can be said, with
    `reason` in words. `numerator` and `denominator` are sums over the very same groups. `approximate`
    marks a distinct union, rounded to 10.
    """

    value: float | None
    status: Status
    numerator: float | None = None
    denominator: float | None = None
    approximate: bool = False
    reason: str = ""
    groups: int = 0

    @property
    def shown(self) -> bool:
        return self.value is not None


class Row(msgspec.Struct, frozen=True):
    """One row of an answer: the values of `by` (keys) and one released value per metric."""

    key: tuple[object, ...]
    values: dict[str, Released]


@dataclass(frozen=True)
class Answer:
    """The answer to one question. `rows` are sorted by key; with no `by` there is exactly one row.

    `unavailable` has the reason for each metric that no row can tell, also where there is no row at all;
    `hidden` why one is withheld, in some month, for all values of a cut.
    """

    metrics: tuple[str, ...]
    by: tuple[str, ...]
    rows: Sequence[Row]
    snapshot: int
    sentence: str
    clocks: dict[str, object]
    notes: tuple[str, ...] = ()
    first_day: int | None = None
    last_day: int | None = None
    unavailable: dict[str, str] = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)
    made_of: dict[str, Callable[[], pl.DataFrame]] = field(default_factory=dict, repr=False, compare=False)

    def one(self, metric: str) -> Released:
        """The value of a metric where the answer has one row."""
        return self.rows[0].values[metric]

    def column(self, metric: str) -> list[Released]:
        return [row.values[metric] for row in self.rows]

    def groups(self, metric: str) -> pl.DataFrame:
        """The groups that a metric sums: `by`, campaign, channel, origin, value, first_day, last_day.

        Each stands alone, however many were added up; groups of undated rows have no days.
        """
        return self.made_of[metric]()
