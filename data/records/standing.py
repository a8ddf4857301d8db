"""Where a campaign stands: derived from its dates and its outcome's clock, never stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from data.records.fold import columns

Status = Literal["draft", "scheduled", "active", "maturing", "closed"]


def status(record: Mapping[str, Any], today: int, outcome_through: int | None) -> Status:
    """The status of a record; days as day numbers, `outcome_through` as the clock of its outcome has it."""
    days = columns(record)
    return standing(days["start_day"], days["end_day"], today, outcome_through)


def standing(start_day: int | None, end_day: int | None, today: int, outcome_through: int | None) -> Status:
    """Draft without dates; scheduled, active; then maturing until the outcome of its last day is complete."""
    if start_day is None and end_day is None:
        return "draft"
    if start_day is not None and start_day > today:
        return "scheduled"
    if end_day is None or end_day >= today:
        return "active"
    return "closed" if outcome_through is not None and end_day <= outcome_through else "maturing"
