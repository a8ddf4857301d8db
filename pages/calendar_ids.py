"""Ids of the calendar."""

from __future__ import annotations

from enum import StrEnum


class Ids(StrEnum):
    """Everything on the page that a wire ends on."""

    SPAN = "calendar-span"  # the first month that is shown, as 202611, and how many
    CHART = "calendar-chart"
    TABLE = "calendar-table"
    TABLE_OPENER = "calendar-table-opener"
    NOTES = "calendar-notes"
    ASK = "calendar-ask"  # {do, id, day, text, campaign} as the browser asks
    DAY = "calendar-day"
    TEXT = "calendar-text"
    OF = "calendar-of"
