"""Whether a figure of a table is final, row by row: outcomes may be to come, a bucket may not be over."""

from __future__ import annotations

from data.answer import Answer, Row
from data.cubes import Cubes
from data.filters import Filters
from data.maturity import complete_through
from data.metrics import METRICS
from data.viewer import Viewer
from pages import questions

OF_OUTCOMES = frozenset(
    ("members_converted", "converted", "attributed", "with_outcome", "value_micros")
)  # the columns and stages that wait for claims, labs and bookings


def of_outcomes(metric: str) -> bool:
    """Whether a metric counts outcomes, which arrive weeks after the message."""
    return not OF_OUTCOMES.isdisjoint(METRICS[metric].columns)


def is_complete(
    answer: Answer, row: Row, metric: str, filters: Filters, viewer: Viewer, cubes: Cubes
) -> bool:
    """Whether nothing more is expected of a value: its days are over, and so is the wait for outcomes."""
    last = _last_day(answer, row, filters, cubes)
    if METRICS[metric].without_channel or of_outcomes(metric):
        return not of_outcomes(metric) or _outcomes_in(answer, row, last, filters, viewer, cubes)
    return last <= questions.whole_through(cubes)


def _last_day(answer: Answer, row: Row, filters: Filters, cubes: Cubes) -> int:
    """The last day that a row covers, within the data; of a bucket that has begun, the day it ends."""
    span = filters.days(cubes)
    end = min(span[1], questions.whole_through(cubes)) if span else questions.whole_through(cubes)
    for name, part in zip(answer.by, row.key, strict=True):
        if name in ("day", "week", "month") and isinstance(part, int):
            return questions.bucket_span(part, name)[1]
    return end


def _outcomes_in(answer: Answer, row: Row, last: int, filters: Filters, viewer: Viewer, cubes: Cubes) -> bool:
    named = [str(part) for name, part in zip(answer.by, row.key, strict=True) if name == "campaign"]
    kept = [name for name in named if name in cubes.campaigns] or filters.campaigns(cubes, viewer)
    ends = [(complete_through(name, cubes), cubes.campaigns[name].end_day) for name in kept]
    return all(through is None or min(last, end or last) <= through for through, end in ends)
