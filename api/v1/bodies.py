"""An answer as JSON: snapshot, clocks, filters in words, and per metric value, parts and status."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from api.v1.paging import Part
from data.answer import Answer, Released, Row
from data.cubes import Cubes
from data.dimensions import written
from data.filters import Filters
from data.metrics import DEFINED, DEFINITIONS_VERSION
from data.periods import day_date
from data.snapshot import Snapshot
from data.viewer import Viewer
from pages.maturity import is_complete

SCHEMA = "1"
"""Version of the form of answers; it rises with each change that a reader could notice."""


def stamp(snapshot: Snapshot) -> dict[str, Any]:
    """What every answer says of the data it comes from."""
    clocks = snapshot.clocks
    through = clocks.get("outcomes_through") or {}
    return {
        "schema": SCHEMA,
        "snapshot": snapshot.number,
        "published_at": moment(snapshot.published_us or None),
        "definitions": DEFINITIONS_VERSION,
        "clocks": {
            "outreach_through": moment(clocks.get("outreach_through_us")),
            "outcomes_complete_through": day(min(through.values(), default=None)),
            "outcomes": {name: day(number) for name, number in sorted(through.items())},
            "last_load": moment(clocks.get("last_load_us")),
            "zone": snapshot.zone,
        },
        "synthetic": bool(clocks.get("synthetic", False)),
    }


def question(answer: Answer, filters: Filters) -> dict[str, Any]:
    """What was asked, in words and as parameters."""
    return {
        "filters": answer.sentence,
        "start_date": day(answer.first_day),
        "end_date": day(answer.last_day),
        "kept": {name: text for name, text in filters.query().items() if name not in _PERIOD},
        "metrics": [described(name) for name in answer.metrics],
        "notes": list(answer.notes),
        "not_available": dict(answer.unavailable),
    }


_PERIOD = ("from", "to", "period", "compare")


def described(name: str) -> dict[str, Any]:
    """A metric as the head of a column."""
    metric = DEFINED[name]
    return {
        "name": name, "label": metric.label, "unit": metric.unit, "shape": metric.shape,
        "additive": metric.additive,
    }  # fmt: skip


def table(answer: Answer, part: Part[Row], filters: Filters, viewer: Viewer, cubes: Cubes) -> dict[str, Any]:
    """The rows of an answer."""
    return {
        "by": list(answer.by),
        "count": part.count,
        "next": part.following,
        "rows": [
            {"key": keys(answer, row), "values": values(answer, row, filters, viewer, cubes)}
            for row in part.rows
        ],
    }


def keys(answer: Answer, row: Row) -> dict[str, str | None]:
    """A value for each dimension that the answer is grouped by."""
    return {name: written(name, one) for name, one in zip(answer.by, row.key, strict=True)}


def values(answer: Answer, row: Row, filters: Filters, viewer: Viewer, cubes: Cubes) -> dict[str, Any]:
    """Per metric its released value."""
    return {
        name: told(row.values[name], is_complete(answer, row, name, filters, viewer, cubes))
        for name in answer.metrics
    }


def told(value: Released, complete: bool) -> dict[str, Any]:
    """A released value: a count, a fraction of 1 or money; null where nothing may or can be said."""
    return {
        "value": number(value.value),
        "numerator": number(value.numerator),
        "denominator": number(value.denominator),
        "status": value.status.value,
        "approximate": value.approximate,
        "complete": complete,
        "reason": value.reason,
    }


def number(one: float | None) -> int | float | None:
    return int(one) if one is not None and float(one).is_integer() else one


def moment(microseconds: int | None) -> str | None:
    """An instant in UTC, ISO 8601."""
    if microseconds is None:
        return None
    return (
        datetime.fromtimestamp(microseconds / 1e6, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    )


def day(number: int | None) -> str | None:
    return None if number is None else day_date(number).isoformat()
