"""Ids of Explore."""

from __future__ import annotations

from enum import StrEnum


class Ids(StrEnum):
    """Everything on the page that a wire ends on."""

    OPENER = "explore-opener"
    SEARCH = "explore-search"
    METRICS = "explore-metrics"
    PICKED = "explore-picked"
    FULL = "explore-full"
    FIRST = "explore-by-1"
    SECOND = "explore-by-2"
    THIRD = "explore-by-3"
    SHAPE = "explore-shape"
    OF = "explore-of"
    SCOPE = "explore-scope"
    CHART = "explore-chart"
    TABLE = "explore-table"
