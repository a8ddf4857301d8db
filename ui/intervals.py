"""Estimates with their intervals around zero, one row each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ui.lines import plain
from ui.theme import Palette, Scheme, palette, template

Tone = Literal["better", "worse", "neither"]
NAMED, ROOM = 26, 0.08


@dataclass(frozen=True)
class Interval:
    """One row: its name, estimate, low and high end, what is said of it, and how it stands."""

    name: str
    estimate: float
    low: float
    high: float
    words: str
    tone: Tone


def intervals(rows: Sequence[Interval], words: str, scheme: Scheme) -> dict[str, Any]:
    """The rows from top to bottom over an axis that `words` name, with a line at zero."""
    colours = palette(scheme)
    traces = [_trace(row, place, colours) for place, row in enumerate(reversed(rows))]
    names = [plain(row.name, NAMED) for row in reversed(rows)]
    return {"data": traces, "layout": _layout(names, words, _span(rows), scheme)}


def _span(rows: Sequence[Interval]) -> list[float]:
    """The ends of the axis: all intervals and zero, and some room beside them."""
    low, high = min(0.0, *(row.low for row in rows)), max(0.0, *(row.high for row in rows))
    room = ROOM * (high - low or 1.0)
    return [low - room, high + room]


def _trace(row: Interval, place: int, colours: Palette) -> dict[str, Any]:
    tone = {"better": colours.better, "worse": colours.worse, "neither": colours.quiet}[row.tone]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [row.estimate],
        "y": [place],
        "text": [row.words],
        "textposition": "top center",
        "textfont": {"color": tone, "size": 13},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "marker": {"color": tone, "size": 10},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [row.high - row.estimate],
            "arrayminus": [row.estimate - row.low],
            "color": tone,
            "thickness": 2,
            "width": 6,
        },
    }


def _layout(names: Sequence[str], words: str, span: list[float], scheme: Scheme) -> dict[str, Any]:
    colours = palette(scheme)
    line = {"type": "line", "xref": "x", "yref": "paper", "x0": 0, "x1": 0, "y0": 0, "y1": 1,
            "line": {"color": colours.ink, "width": 1, "dash": "dot"}}  # fmt: skip
    return {
        "template": template(scheme),
        "margin": {"l": 8, "r": 24, "t": 20, "b": 8},
        "xaxis": {
            "title": {"text": words}, "showgrid": True, "nticks": 7, "tickformat": ".2~f", "range": span,
        },
        "yaxis": {
            "tickvals": list(range(len(names))), "ticktext": list(names), "range": [-0.6, len(names) - 0.2],
            "showgrid": False,
        },
        "shapes": [line],
        "hovermode": False,
    }  # fmt: skip
