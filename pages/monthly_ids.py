"""Ids of the monthly report's page: what its layout, its panels and its wires call each other by."""

from __future__ import annotations

from enum import StrEnum


class Ids(StrEnum):
    """Ids of the monthly report."""

    MONTH = "monthly-month"
    FILES = "monthly-files"
    SCOPE = "monthly-scope"
    FINDINGS = "monthly-findings"
    FIGURES = "monthly-figures"
    DAYS = "monthly-days"
    OPENED = "monthly-opened"
    RESPONDED = "monthly-responded"
    CAMPAIGNS = "monthly-campaigns"
    REGIONS = "monthly-regions"
    SEGMENTS = "monthly-segments"
    RESPONSES = "monthly-responses"
    YEAR = "monthly-year"
    EXPERIMENTS = "monthly-experiments"
    NOTES = "monthly-notes"


LINES = (Ids.DAYS, Ids.OPENED, Ids.RESPONDED)
"""The panels of lines: each has a table behind it, which is fetched when it is opened."""


def opener_of(lines: Ids) -> str:
    """Id of what opens the table behind a panel's lines."""
    return f"{lines}-opener"


def table_of(lines: Ids) -> str:
    """Id of the place of the table behind a panel's lines."""
    return f"{lines}-table"
