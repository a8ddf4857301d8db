"""Ids of the calendar."""

from __future__ import annotations

from enum import StrEnum


class Ids(StrEnum):
    """Everything on the page that a wire ends on."""

    SPAN = "calendar-span"  # the first and last day that are shown, as day numbers
    NOTES = "calendar-notes"
    ASK = "calendar-ask"  # {do, id, day, text, campaign} as the browser asks
    DAY = "calendar-day"
    TEXT = "calendar-text"
    OF = "calendar-of"
