"""A figure of a series with the band in which it is usual; what lies outside has a mark of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ui.theme import Scheme, palette, template

LABELS = 6


@dataclass(frozen=True)
class Point:
    """One bucket: its last day (ISO 8601) and that in words, value and band (None where there is none), the
    value in words, and whether it lies outside."""

    day: str
    label: str
    value: float | None
    low: float | None
    high: float | None
    words: str
    out: bool


def band(points: Sequence[Point], share: bool, scheme: Scheme) -> dict[str, Any]:
    """The figure as a plain dict; `share`: values are fractions, written as percent."""
    colours = palette(scheme)
    days = [one.day for one in points]
    edge = {"type": "scatter", "mode": "lines", "x": days, "line": {"width": 0}, "hoverinfo": "skip"}
    out = [one for one in points if one.out]
    line = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": days,
        "y": [one.value for one in points],
        "customdata": [f"{one.label}: {one.words}" for one in points],
        "hovertemplate": "%{customdata}<extra></extra>",
        "line": {"color": colours.accent, "width": 2},
        "marker": {"size": 4, "color": colours.accent},
    }
    marked = {
        "type": "scatter",
        "mode": "markers",
        "x": [one.day for one in out],
        "y": [one.value for one in out],
        "hoverinfo": "skip",
        "marker": {"size": 11, "symbol": "diamond", "color": colours.worse},
    }
    ticks = {"tickformat": ".0%"} if share else {"tickformat": "~s"}
    return {
        "data": [
            {**edge, "y": [one.low for one in points]},
            {**edge, "y": [one.high for one in points], "fill": "tonexty", "fillcolor": colours.steps[4]},
            line,
            marked,
        ],
        "layout": {
            "template": template(scheme),
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {"type": "date", "nticks": LABELS, "tickformat": "%-d %b", "tickangle": 0},
            "yaxis": {"rangemode": "tozero", "nticks": 4, **ticks},
            "showlegend": False,
        },
    }
