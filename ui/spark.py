"""A sparkline as a mask: the line's shape travels in the style, its colour comes from the stylesheet."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from dash.development.base_component import Component

from ui import html
from ui.aria import aria

WIDTH, HEIGHT, EDGE = 200.0, 36.0, 3.0


def spark(values: Sequence[float | None], words: str) -> Component | None:
    """A line over `values` from zero upwards, broken where one is missing; None below two values."""
    known = [value for value in values if value is not None]
    if len(known) < 2 or not any(known):
        return None
    runs = _runs(values, max(known))
    line = "".join(_line(run) for run in runs)
    area = "".join(_area(run) for run in runs if len(run) > 1)
    picture = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH:g} {HEIGHT:g}' "
        "preserveAspectRatio='none'>"
        f"<path d='{area}' fill-opacity='.13'/>"
        f"<path d='{line}' fill='none' stroke='#000' stroke-width='1.6' stroke-linecap='round' "
        "vector-effect='non-scaling-stroke'/></svg>"
    )
    address = f'url("data:image/svg+xml,{quote(picture, safe=" =:/")}")'
    return html.Div(className="spark", role="img", style={"--spark": address}, **aria(label=words))


def _runs(values: Sequence[float | None], top: float) -> list[list[tuple[float, float]]]:
    step = WIDTH / max(1, len(values) - 1)
    runs: list[list[tuple[float, float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((place * step, HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * value / top))
    return [run for run in runs if run]


def _line(run: list[tuple[float, float]]) -> str:
    points = run if len(run) > 1 else [run[0], run[0]]
    return "M" + "L".join(f"{x:.0f} {y:.1f}" for x, y in points)


def _area(run: list[tuple[float, float]]) -> str:
    return f"{_line(run)}L{run[-1][0]:.0f} {HEIGHT:g}L{run[0][0]:.0f} {HEIGHT:g}Z"
