"""The buckets of a chart over time: which of them are only in part, and the key to the chart's marks."""

from __future__ import annotations

from collections.abc import Sequence

from dash.development.base_component import Component

from data.answer import Released, Status
from data.cubes import Cubes
from data.filters import Filters
from data.untold import ONLY_ZEROS, TOO_FEW
from pages.questions import bucket_label, bucket_span, whole_through
from ui import html
from ui.figures import Bucket

NOTHING = Released(None, Status.RELEASED)
FEW = (TOO_FEW, ONLY_ZEROS)


def buckets_of(starts: Sequence[int], by: str, filters: Filters, cubes: Cubes) -> list[Bucket]:
    """The buckets of a trend, each with whether it lies only partly inside the period or the data."""
    span = filters.days(cubes)
    return [_bucket(start, by, span, cubes) for start in starts]


def _bucket(start: int, by: str, span: tuple[int, int] | None, cubes: Cubes) -> Bucket:
    first, last = bucket_span(start, by)
    inside = span is None or (span[0] <= first and last <= span[1])
    return Bucket(bucket_label(start, by), not inside or last > whole_through(cubes))


def rates_of(counts: Sequence[Released], rates: Sequence[Released]) -> list[Released]:
    """The rates of a trend; where nothing was counted there is no rate, and none is withheld."""
    empty = [one.status is Status.RELEASED and not one.value for one in counts]
    return [NOTHING if none else rate for none, rate in zip(empty, rates, strict=True)]


def key_of(by: str, buckets: Sequence[Bucket], rates: Sequence[Released], words: str) -> list[Component]:
    """What hatched bars and crosses say; `words` name the rates."""
    found: list[Component] = []
    if any(one.partial for one in buckets):
        found.append(html.Span([html.Span(className="key-hatch"), f"only part of the {by}"], className="key"))
    crosses = sum(value.status is Status.WITHHELD for value in rates)
    if crosses and any(value.value is not None for value in rates):
        early = sum(value.status is Status.WITHHELD and value.reason not in FEW for value in rates)
        why = "too few members, or not complete yet" if early else "too few members"
        found.append(html.Span(f"× {crosses} {words} withheld: {why}", className="key"))
    return found
