"""Figures as plain dicts on the one template; colour is asked for by meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from data.answer import Released, Status
from data.metrics import Metric
from ui.numbers import written
from ui.theme import Palette, Scheme, counted, palette, template

AXIS_PIXELS, LETTER, BETWEEN = 288, 7, 14  # of the narrowest window, so that labels never touch


@dataclass(frozen=True)
class Bucket:
    """One bucket of time: its label, and whether it lies only partly inside the period or the data."""

    label: str
    partial: bool


def trend(
    buckets: Sequence[Bucket],
    counts: tuple[Metric, Sequence[Released]],
    rates: tuple[Metric, Sequence[Released]],
    scheme: Scheme,
) -> dict[str, Any]:
    """Counts as bars above, a rate as a line below; partial buckets are hatched, gaps stay gaps."""
    colours = palette(scheme)
    labels = [one.label for one in buckets]
    told = any(value.value is not None for value in rates[1])
    bars = _bars(buckets, labels, *counts, colours)
    shown = [bars, _line(labels, *rates, colours), *_withheld(labels, rates[1], colours)] if told else [bars]
    notes = [_name(counts[0].label, 1.0, colours)] + ([_name(rates[0].label, 0.26, colours)] if told else [])
    largest = max((value.value or 0 for value in counts[1]), default=0)
    return {"data": shown, "layout": _layout(labels, notes, told, largest, scheme)}


def _bars(
    buckets: Sequence[Bucket], labels: list[str], metric: Metric, values: Sequence[Released], colours: Palette
) -> dict[str, Any]:
    hatched = [
        f"{written(value, metric)}{' (part of it)' if one.partial else ''}"
        for one, value in zip(buckets, values, strict=True)
    ]
    return {
        "type": "bar",
        "x": labels,
        "y": [value.value for value in values],
        "customdata": hatched,
        "hovertemplate": f"{metric.label} %{{customdata}}<extra></extra>",
        "marker": {
            "color": colours.steps[2],
            "pattern": {
                "shape": ["/" if one.partial else "" for one in buckets],
                "fillmode": "replace",
                "fgcolor": colours.steps[2],
                "bgcolor": colours.card,
                "size": 6,
                "solidity": 0.35,
            },
        },
    }


def _line(labels: list[str], metric: Metric, values: Sequence[Released], colours: Palette) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": labels,
        "y": [value.value for value in values],
        "yaxis": "y2",
        "connectgaps": False,
        "customdata": [written(value, metric) for value in values],
        "hovertemplate": f"{metric.label} %{{customdata}}<extra></extra>",
        "line": {"color": colours.accent, "width": 2},
        "marker": {"size": 5, "color": colours.accent},
    }


def _withheld(labels: list[str], values: Sequence[Released], colours: Palette) -> list[dict[str, Any]]:
    hidden = [label for label, value in zip(labels, values, strict=True) if value.status is Status.WITHHELD]
    if not hidden:
        return []
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": hidden,
            "y": [0] * len(hidden),
            "yaxis": "y2",
            "cliponaxis": False,
            "hovertemplate": "withheld<extra></extra>",
            "marker": {"symbol": "x-thin-open", "size": 6, "color": colours.hatch},
        }
    ]


def _name(words: str, top: float, colours: Palette) -> dict[str, Any]:
    return {
        "text": words,
        "x": 0,
        "y": top,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "yshift": 6,
        "showarrow": False,
        "font": {"size": 12, "color": colours.quiet},
    }


def _layout(
    labels: list[str], notes: list[dict[str, Any]], two: bool, largest: float, scheme: Scheme
) -> dict[str, Any]:
    wide = LETTER * max(map(len, labels), default=1) + BETWEEN
    step = -(-len(labels) // max(2, AXIS_PIXELS // wide))
    upper = {**counted(largest), "domain": [0.43, 1] if two else [0, 1]}
    lower = (
        {
            "yaxis2": {
                "rangemode": "tozero",
                "nticks": 3,
                "tickformat": ".1~%",
                "domain": [0, 0.26],
                **_quiet(scheme),
            }
        }
        if two
        else {}
    )
    return {
        "template": template(scheme),
        "margin": {"l": 8, "r": 8, "t": 28, "b": 8},
        "xaxis": {
            "type": "category",
            "tickvals": labels[::step],
            "tickangle": 0,
            "anchor": "y2" if two else "y",
        },
        "yaxis": upper,
        **lower,
        "annotations": notes,
        "hoversubplots": "axis",
    }


def _quiet(scheme: Scheme) -> dict[str, Any]:
    """What the template gives the first axis only."""
    axis = template(scheme)["layout"]["yaxis"]
    return {
        name: axis[name]
        for name in ("gridcolor", "tickfont", "zeroline", "fixedrange", "automargin", "showline")
    }
