"""Running totals of several things as steps: each line bears its letter, and says where it is not final."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from data.metrics import Metric
from ui.theme import Scheme, counted, palette, template

Dash = Literal["solid", "dash", "dot"]
MARKS = ("circle", "square", "diamond", "triangle-up")
TICKS = (1, 2, 7, 14, 28, 56, 112, 224)
MOST_TICKS = 9


@dataclass(frozen=True)
class Point:
    """A total up to a day, which is 1 at launch.

    `dash` is how it is drawn: solid where it is whole and final, else dashed or dotted.
    """

    day: int
    value: float
    words: str
    dash: Dash = "solid"


@dataclass(frozen=True)
class Line:
    """One thing: its letter and place among the chosen ones, and its points."""

    tag: str
    place: int
    points: Sequence[Point]


def curves(lines: Sequence[Line], metric: Metric, scheme: Scheme) -> dict[str, Any]:
    """Steps that rise only where a total is known; what is not whole or not final is not drawn out."""
    colours = palette(scheme).chosen
    shown = [line for line in lines if line.points]
    data = [part for line in shown for part in _parts(line, metric, colours[line.place])]
    last = max((line.points[-1].day for line in shown), default=1)
    return {"data": data, "layout": _layout(shown, metric, last, colours, scheme)}


def _parts(line: Line, metric: Metric, colour: str) -> list[dict[str, Any]]:
    """Runs of points that are drawn alike; each begins where the one before it ended."""
    points = list(line.points)
    if not metric.is_ratio:
        # Nothing is known before the first total: the line rises there, and does not rest on 0.
        points = [Point(points[0].day, 0.0, "", points[0].dash), *points]
    runs: list[list[Point]] = []
    for one in points:
        if runs and runs[-1][-1].dash == one.dash:
            runs[-1].append(one)
        else:
            runs.append([*(runs[-1][-1:] if runs else []), one])
    return [_part(run, line, colour, run[-1].dash, place > 0) for place, run in enumerate(runs)]


def _part(points: Sequence[Point], line: Line, colour: str, dash: Dash, joined: bool) -> dict[str, Any]:
    sizes = [0 if not one.words or (joined and not place) else 6 for place, one in enumerate(points)]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [one.day for one in points],
        "y": [one.value for one in points],
        "customdata": [one.words for one in points],
        "hovertemplate": f"{line.tag} %{{customdata}}<extra></extra>",
        "line": {"shape": "hv", "color": colour, "width": 2, "dash": dash},
        "marker": {
            "size": sizes,
            "symbol": MARKS[line.place] + ("" if dash == "solid" else "-open"),
            "color": colour,
            "opacity": 1,
        },
    }


def _layout(
    lines: Sequence[Line], metric: Metric, last: int, colours: Sequence[str], scheme: Scheme
) -> dict[str, Any]:
    step = next((days for days in TICKS if last / days <= MOST_TICKS), TICKS[-1])
    largest = max((point.value for line in lines for point in line.points), default=0.0)
    rate = {"rangemode": "tozero", "nticks": 6, "tickformat": ".1~%"}
    return {
        "template": template(scheme),
        "margin": {"l": 8, "r": 30, "t": 8, "b": 8},
        "xaxis": {"range": [0, last], "dtick": step, "tick0": 0, "title": {"text": "Days since launch"}},
        "yaxis": rate if metric.shape in ("rate", "union_rate") else counted(largest),
        "annotations": _letters(lines, last, colours),
        "hovermode": "closest",
    }


def _letters(lines: Sequence[Line], last: int, colours: Sequence[str]) -> list[dict[str, Any]]:
    """Each line's letter at its end, moved apart where ends meet."""
    top = max((point.value for line in lines for point in line.points), default=0) or 1
    notes, before = [], -1.0
    for line in sorted(lines, key=lambda one: one.points[-1].value):
        end = line.points[-1]
        place = max(end.value / top, before + 0.07)
        before = place
        notes.append(
            {
                "text": f"<b>{line.tag}</b>",
                "x": end.day,
                "y": end.value,
                "xanchor": "left",
                "xshift": 8,
                "yshift": round(230 * (place - end.value / top)),
                "showarrow": False,
                "font": {"color": colours[line.place], "size": 13},
            }
        )
    return notes
