"""Shares that grow over time, one line per group, each named where it ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ui.lines import plain
from ui.numbers import percent
from ui.theme import Palette, Scheme, palette, template

TONES = ("email", "phone", "sms", "mail", "push", "whatsapp")
NAMED, HEIGHT, LINE = 22, 190, 16


@dataclass(frozen=True)
class Share:
    """One line: its name, its shares (fractions; None where not told), and whether it is the reference."""

    name: str
    values: Sequence[float | None]
    reference: bool = False


def shares(
    labels: Sequence[str], words: str, lines: Sequence[Share], scheme: Scheme, *, so_far: bool
) -> dict[str, Any]:
    """The lines over `labels`, which `words` name; dotted where more is expected, the reference quiet."""
    colours = palette(scheme)
    tones = iter([colours.channels[name] for name in TONES])
    traces = [_trace(labels, line, _tone(line, tones, colours), so_far) for line in lines]
    names = [_name(labels, line, trace["line"]["color"]) for line, trace in zip(lines, traces, strict=True)]
    return {"data": traces, "layout": _layout(_apart(names), words, scheme)}


def _tone(line: Share, tones: Iterator[str], colours: Palette) -> str:
    return colours.quiet if line.reference else next(tones, colours.ink)


def _trace(labels: Sequence[str], line: Share, tone: str, so_far: bool) -> dict[str, Any]:
    told = [percent(value) if value is not None else "" for value in line.values]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(labels),
        "y": list(line.values),
        "customdata": told,
        "cliponaxis": False,
        "connectgaps": False,
        "hovertemplate": f"{plain(line.name, NAMED)} %{{customdata}}<extra></extra>",
        "line": {"color": tone, "width": 2, "dash": "dot" if so_far else "solid"},
        "marker": {"size": 6, "color": tone, "symbol": "square" if line.reference else "circle"},
    }


def _name(labels: Sequence[str], line: Share, tone: str) -> dict[str, Any]:
    last = max(place for place, value in enumerate(line.values) if value is not None)
    value = line.values[last] or 0.0
    return {
        "text": f"{plain(line.name, NAMED)} {percent(value)}",
        "x": labels[last],
        "y": value,
        "xanchor": "left",
        "yanchor": "middle",
        "xshift": 9,
        "showarrow": False,
        "font": {"size": 12, "color": tone},
    }


def _apart(names: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Names whose ends lie close are moved apart, from the lowest upwards."""
    top = max((name["y"] for name in names), default=0) or 1
    before = -float(LINE)
    for name in sorted(names, key=lambda one: one["y"]):
        height = HEIGHT * name["y"] / top
        before = max(height, before + LINE)
        name["yshift"] = round(before - height)
    return names


def _layout(names: list[dict[str, Any]], words: str, scheme: Scheme) -> dict[str, Any]:
    return {
        "template": template(scheme),
        "margin": {"l": 8, "r": 150, "t": 12, "b": 8},
        "xaxis": {"type": "category", "tickangle": 0, "title": {"text": words}},
        "yaxis": {"rangemode": "tozero", "nticks": 5, "tickformat": ".1~%"},
        "annotations": names,
    }
