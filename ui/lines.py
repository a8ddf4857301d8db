"""Several lines over time, each in a colour of its own; what is not told is a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from data.answer import Released
from data.metrics import Metric
from ui.figures import AXIS_PIXELS, BETWEEN, LETTER, Bucket
from ui.numbers import written
from ui.theme import Palette, Scheme, counted, palette, template

NAMED = 32


@dataclass(frozen=True)
class Line:
    """One line: its name, the channel or the place among the chosen that gives its colour, its values."""

    name: str
    values: Sequence[Released]
    channel: str = ""
    place: int = 0


def lines(buckets: Sequence[Bucket], drawn: Sequence[Line], metric: Metric, scheme: Scheme) -> dict[str, Any]:
    """The lines over the buckets; a bucket that is only in part has a hollow mark."""
    colours = palette(scheme)
    labels = [one.label for one in buckets]
    return {
        "data": [_trace(buckets, labels, line, metric, colours, len(drawn) > 1) for line in drawn],
        "layout": _layout(labels, drawn, metric, scheme),
    }


def colour_of(line: Line, colours: Palette) -> str:
    """The colour of a line: its channel's, or that of its place."""
    return colours.channels.get(line.channel) or colours.chosen[line.place % len(colours.chosen)]


def plain(name: str, most: int = NAMED) -> str:
    """A name as text, cut where it is long: plotly would take its angle brackets for markup."""
    short = name if len(name) <= most else f"{name[: most - 1]}…"
    return short.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _trace(
    buckets: Sequence[Bucket],
    labels: list[str],
    line: Line,
    metric: Metric,
    colours: Palette,
    named: bool,
) -> dict[str, Any]:
    colour = colour_of(line, colours)
    words = [
        f"{written(value, metric)}{' (part of it)' if one.partial else ''}"
        for one, value in zip(buckets, line.values, strict=True)
    ]
    name = plain(line.name)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": labels,
        "y": [value.value for value in line.values],
        "customdata": words,
        "hovertemplate": f"{name} %{{customdata}}<extra></extra>"
        if named
        else "%{customdata}<extra></extra>",
        "connectgaps": False,
        "line": {"color": colour, "width": 2},
        "marker": {
            "size": 6,
            "color": colour,
            "symbol": ["circle-open" if one.partial else "circle" for one in buckets],
        },
    }


def _layout(labels: list[str], drawn: Sequence[Line], metric: Metric, scheme: Scheme) -> dict[str, Any]:
    step = -(-len(labels) // max(2, AXIS_PIXELS // (LETTER * max(map(len, labels), default=1) + BETWEEN)))
    largest = max((value.value or 0 for line in drawn for value in line.values), default=0)
    rate = {"rangemode": "tozero", "nticks": 5, "tickformat": ".1~%"}
    money = {"rangemode": "tozero", "nticks": 5, "tickprefix": "$", "tickformat": "~s"}
    upright = {"rate": rate, "union_rate": rate, "money": money}.get(metric.shape, counted(largest))
    return {
        "template": template(scheme),
        "margin": {"l": 8, "r": 12, "t": 12, "b": 8},
        "xaxis": {"type": "category", "tickvals": labels[::step], "tickangle": 0},
        "yaxis": upright,
    }
