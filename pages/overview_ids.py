"""Ids of the Overview: what its layout, its panels and its wires call each other by."""

from __future__ import annotations

from enum import StrEnum


class Ids(StrEnum):
    """Ids of the Overview."""

    SORT = "overview-sort"  # how the campaign table is sorted, and its page
    EMPTY = "overview-empty"
    CLOCKS = "overview-clocks"
    SCOPE = "overview-scope"
    CARDS = "overview-cards"
    TREND = "overview-trend"
    TREND_OPENER = "overview-trend-opener"
    TREND_TABLE = "overview-trend-table"
    FUNNEL = "overview-funnel"
    CHANNELS = "overview-channels"
    ARMS = "overview-arms"
    CAMPAIGNS = "overview-campaigns"
