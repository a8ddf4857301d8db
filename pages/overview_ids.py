"""Ids of the Overview: what its layout, its panels and its wires call each other by."""

from __future__ import annotations

from enum import StrEnum

from pages.live import Ids as LiveIds

LIVE = LiveIds("overview")


class Ids(StrEnum):
    """Ids of the Overview."""

    EMPTY = "overview-empty"
    CLOCKS = "overview-clocks"
    ATTENTION = "overview-attention"
    SCOPE = "overview-scope"
    CARDS = "overview-cards"
    TREND = "overview-trend"
    TREND_OPENER = "overview-trend-opener"
    TREND_TABLE = "overview-trend-table"
    FUNNEL = "overview-funnel"
    CHANNELS = "overview-channels"
    ARMS = "overview-arms"
    EXPLAIN = "overview-explain"
    EXPLAIN_OF = "overview-explain-of"  # the metric whose change is taken apart
    EXPLAIN_BY = "overview-explain-by"
    HEAT = "overview-heat"
    HEAT_BY = "overview-heat-by"
    HEAT_OF = "overview-heat-of"
    SMALL = "overview-small"
    SMALL_BY = "overview-small-by"
    SMALL_OPENER = "overview-small-opener"
    SMALL_TABLE = "overview-small-table"
    CAMPAIGNS = "overview-campaigns"
    VIEW = "overview-view"  # how the campaign table is sorted, searched, and its page
    SHAPE = "overview-shape"  # "grid", or "plain" where the grid cannot or need not be drawn
    BUNDLE = "overview-bundle"
    GRID = "overview-grid"
    GRID_HEAD = "overview-grid-head"
    GRID_FOOT = "overview-grid-foot"
    PLAIN = "overview-plain"
    SEARCH = "overview-search"
    ORDER = "overview-order"
    COLUMNS = "overview-columns"
    PINNED = "overview-pinned"
    COMPARE = "overview-compare"
    KEPT = "overview-kept"  # where the browser keeps the page's own parameters in the address
