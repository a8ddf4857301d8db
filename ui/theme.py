"""Colours by meaning and the one Plotly template, light and dark; figure functions ask here and set none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Scheme = Literal["light", "dark"]
SMALL = 5
FONT = "Inter, system-ui, sans-serif"
# Charts go nowhere: no upload, no logo, no buttons that the page does not have itself.
GRAPH_CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "displaylogo": False,
    "responsive": True,
    "showSendToCloud": False,
    "plotlyServerURL": "",
}


@dataclass(frozen=True)
class Palette:
    """One scheme's colours. `steps` run from most to fewest, as a funnel or a heat map needs them; `chosen`
    are of things that a reader has put beside each other."""

    card: str
    ink: str
    quiet: str
    line: str
    accent: str
    accent_soft: str
    better: str
    worse: str
    notice: str
    hatch: str
    steps: tuple[str, ...]
    channels: dict[str, str]
    chosen: tuple[str, ...]


LIGHT = Palette(
    card="#ffffff",
    ink="#16202b",
    quiet="#54606d",
    line="#dde3e9",
    accent="#0b5c8a",
    accent_soft="#a9cfe6",
    better="#1b7340",
    worse="#b3261e",
    notice="#8a5300",
    hatch="#8fa3b3",
    steps=("#0b5c8a", "#3a86b4", "#79b1d3", "#a9cfe6", "#d3e6f2"),
    channels={
        "email": "#0b72b5",
        "sms": "#c2570a",
        "push": "#b0307c",
        "in_app": "#8f6b00",
        "phone": "#1f7f58",
        "mail": "#6f52b5",
        "whatsapp": "#4a7d12",
        "portal": "#54606d",
    },
    chosen=("#0b5c8a", "#b0430c", "#5f47b3", "#3d6d12"),
)
DARK = Palette(
    card="#161e27",
    ink="#e8edf2",
    quiet="#a3afbb",
    line="#2a3541",
    accent="#7cc0ea",
    accent_soft="#2c6288",
    better="#6cc78e",
    worse="#ff9a8f",
    notice="#f0bd6b",
    hatch="#728191",
    steps=("#7cc0ea", "#5299c6", "#3a7aa5", "#2c6288", "#204a68"),
    channels={
        "email": "#5db3ec",
        "sms": "#f0944d",
        "push": "#e87fbe",
        "in_app": "#d9b445",
        "phone": "#58c294",
        "mail": "#a990ea",
        "whatsapp": "#9ac55a",
        "portal": "#a3afbb",
    },
    chosen=("#7cc0ea", "#f2a06c", "#b8a6f5", "#a6cf6a"),
)


def scheme_of(value: object) -> Scheme:
    """The scheme that a browser names; anything else is light."""
    return "dark" if value == "dark" else "light"


def palette(scheme: Scheme) -> Palette:
    return DARK if scheme == "dark" else LIGHT


def paper() -> dict[str, str]:
    """Each colour of the dark scheme with its light twin: a dark chart is printed in these.

    Raises ValueError where one dark colour has two twins: then paper could not tell them apart.
    """
    twins: dict[str, str] = {}
    for dark, light in zip(_colours(DARK), _colours(LIGHT), strict=True):
        if twins.setdefault(dark, light) != light:
            raise ValueError(f"The dark colour {dark} stands for {twins[dark]} and for {light}.")
    return twins


def _colours(of: Palette) -> Iterator[str]:
    for value in vars(of).values():
        if isinstance(value, str):
            yield value
        else:
            yield from value.values() if isinstance(value, dict) else value


def template(scheme: Scheme) -> dict[str, Any]:
    """The Plotly template for `layout.template`: fonts, colours, margins and axes of every figure."""
    colours = palette(scheme)
    axis = {
        "automargin": True,
        "gridcolor": colours.line,
        "linecolor": colours.line,
        "tickcolor": colours.line,
        "tickfont": {"color": colours.quiet, "size": 12},
        "title": {"font": {"color": colours.quiet, "size": 12}, "standoff": 8},
        "zeroline": False,
        "fixedrange": True,
    }
    return {
        "layout": {
            "font": {"family": FONT, "size": 13, "color": colours.ink},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": list(colours.channels.values()),
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {**axis, "showgrid": False},
            "yaxis": {**axis, "showline": False, "ticks": ""},
            "bargap": 0.28,
            "barcornerradius": 3,
            "showlegend": False,
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            "hovermode": "x unified",
            "hoverlabel": {
                "bgcolor": colours.card,
                "bordercolor": colours.line,
                "font": {"family": FONT, "size": 13, "color": colours.ink},
            },
            "separators": ".,",
            "dragmode": False,
        }
    }


def counted(largest: float) -> dict[str, Any]:
    """A vertical axis of counts from 0, in whole steps also where the largest is small."""
    small = {"dtick": 1} if largest < SMALL else {"nticks": 5}
    return {"rangemode": "tozero", "tickformat": "~s", **small}
