"""Whether a figure of a table is final, row by row: outcomes may be to come, a bucket may not be over."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from data.answer import Answer, Row
from data.axes import Key
from data.cubes import Cubes
from data.filters import Filters
from data.maturity import complete_through
from data.metrics import DEFINED
from data.viewer import Viewer
from pages import questions

Wait = Literal["nothing", "days", "outcomes"]
OF_OUTCOMES = frozenset(
    ("members_converted", "converted", "attributed", "with_outcome", "value_micros")
)  # the columns and stages that wait for claims, labs and bookings


def of_outcomes(metric: str) -> bool:
    """Whether a metric counts outcomes, which arrive weeks after the message."""
    return not OF_OUTCOMES.isdisjoint(DEFINED[metric].columns)


def is_complete(
    answer: Answer, row: Row, metric: str, filters: Filters, viewer: Viewer, cubes: Cubes
) -> bool:
    """Whether nothing more is expected of a value: its days are over, and so is the wait for outcomes."""
    return Completeness(answer.by, filters, viewer, cubes).of(waits_for(metric), row.key)


def waits_for(metric: str) -> Wait:
    """What a value of a metric waits for: nothing, the end of its days, or outcomes."""
    if of_outcomes(metric):
        return "outcomes"
    return "nothing" if DEFINED[metric].without_channel else "days"


@dataclass(frozen=True)
class Completeness:
    """Whether values are final, key by key of an answer that is grouped `by` some names."""

    by: tuple[str, ...]
    filters: Filters
    viewer: Viewer
    cubes: Cubes

    def of(self, wait: Wait, key: Key) -> bool:
        """Whether what a value waits for is over."""
        if wait == "nothing":
            return True
        last = self._last_day(key)
        if wait == "outcomes":
            return self._outcomes_in(key, last)
        return last <= self._through

    @cached_property
    def _through(self) -> int:
        return questions.whole_through(self.cubes)

    @cached_property
    def _end(self) -> int:
        span = self.filters.days(self.cubes)
        return min(span[1], self._through) if span else self._through

    def _last_day(self, key: Key) -> int:
        """The last day that a row covers, within the data; of a bucket that has begun, the day it ends."""
        for name, part in zip(self.by, key, strict=True):
            if name in ("day", "week", "month") and isinstance(part, int):
                return questions.bucket_span(part, name)[1]
        return self._end

    def _outcomes_in(self, key: Key, last: int) -> bool:
        named = [str(part) for name, part in zip(self.by, key, strict=True) if name == "campaign"]
        kept = [name for name in named if name in self.cubes.campaigns]
        kept = kept or self.filters.campaigns(self.cubes, self.viewer)
        ends = [(complete_through(name, self.cubes), self.cubes.campaigns[name].end_day) for name in kept]
        return all(through is None or min(last, end or last) <= through for through, end in ends)
