"""Ids of the Data page."""

from __future__ import annotations

from enum import StrEnum


class Ids(StrEnum):
    """Ids of the Data page."""

    VIEW = "data-view"  # {source, campaign, loads, reasons, left, waiting}: what is chosen, and pages
    SOURCE = "data-source"
    CAMPAIGN = "data-campaign"
    EMPTY = "data-empty"
    STATE = "data-state"
    CLOCKS = "data-clocks"
    SOURCES = "data-sources"
    LOADS = "data-loads"
    REASONS = "data-reasons"
    WAITING = "data-waiting"
    CHECKS = "data-checks"
    RUNS = "data-runs"
    UNLINKED = "data-unlinked"
    COVERAGE = "data-coverage"


TURN = "data-turn"
