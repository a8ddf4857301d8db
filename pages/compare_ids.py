"""Ids of Compare."""

from __future__ import annotations

from enum import StrEnum


class Ids(StrEnum):
    """Everything on the page that a wire ends on."""

    QUERY = "compare-query"  # the address's parameters: every panel asks by them
    ADDRESS = "compare-address"
    OPENER = "compare-opener"
    PICK = "compare-pick"
    SEARCH = "compare-search"
    PICKED = "compare-pick-words"
    FULL = "compare-full"
    WINDOW = "compare-window"
    CHANNEL = "compare-channel"
    METRIC = "compare-metric"
    CHOSEN = "compare-chosen"
    SCOPE = "compare-scope"
    RECORDS = "compare-records"
    TABLE = "compare-table"
    CURVE = "compare-curve"
    CURVE_OPENER = "compare-curve-opener"
    CURVE_TABLE = "compare-curve-table"


REMOVE, ADD = "compare-remove", "compare-add"
