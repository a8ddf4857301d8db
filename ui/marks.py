"""Numbered marks on a chart's time axis: where somebody wrote a note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ui.theme import Scheme, palette


def with_marks(figure: dict[str, Any], marks: Sequence[tuple[str, str]], scheme: Scheme) -> dict[str, Any]:
    """The figure with a dotted line and a number at each (label of the axis, number)."""
    colours = palette(scheme)
    lines = [
        {
            "type": "line", "xref": "x", "yref": "paper", "x0": label, "x1": label, "y0": 0, "y1": 1,
            "layer": "above", "line": {"color": colours.notice, "width": 1, "dash": "dot"},
        }
        for label, _ in marks
    ]  # fmt: skip
    numbers = [
        {
            "text": number, "x": label, "y": 1, "xref": "x", "yref": "paper", "yanchor": "bottom",
            "showarrow": False, "font": {"size": 11, "color": colours.card}, "bgcolor": colours.notice,
            "borderpad": 2,
        }
        for label, number in marks
    ]  # fmt: skip
    layout = figure["layout"]
    shapes, notes = layout.get("shapes", []), layout.get("annotations", [])
    return {
        **figure,
        "layout": {**layout, "shapes": [*shapes, *lines], "annotations": [*notes, *numbers]},
    }
