"""A heat map as a table: coloured cells with their numbers, for the eye, the keyboard and paper alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash.development.base_component import Component

from data.answer import Released
from data.metrics import Metric
from ui import html, tables
from ui.aria import Children, aria
from ui.hints import hint
from ui.numbers import written

STEPS = 6
# A step is at least this share of the highest value: small differences keep one colour.
LEAST_STEP = 0.02


def heat(
    rows: Sequence[Children],
    columns: Sequence[Children],
    cells: Sequence[Sequence[Released]],
    metric: Metric,
    caption: str,
    corner: str = "",
) -> Component:
    """The cells by row; colours run from the lowest value told to the highest, zero has none.

    Where lower is better, the colours are those of the worse. The key of the colours is `scale`.
    `corner` heads the column of row labels. What is withheld is hatched, what nobody reports dotted.
    """
    told = [one.value for row in cells for one in row if one.value]
    low, high = min(told, default=0.0), max(told, default=0.0)
    body = [
        [label, *(_cell(one, metric, low, high) for one in row)]
        for label, row in zip(rows, cells, strict=True)
    ]
    return tables.table([corner or html.Td(), *columns], body, caption, f"heat {_way(metric)}".strip())


def scale(cells: Sequence[Sequence[Released]], metric: Metric) -> list[Component]:
    """What the colours mean, for the foot of the panel; nothing where nothing is told."""
    told = [one for row in cells for one in row if one.value]
    if not told:
        return []
    low, high = (pick(told, key=lambda one: one.value or 0) for pick in (min, max))
    if _step(high.value or 0, low.value or 0, high.value or 0) < STEPS:
        words = f"{written(low, metric)} to {written(high, metric)}: close together, so colours differ little"
        return [html.Span(words, className="key")]
    boxes = [html.Span(className=f"h{step}") for step in range(1, STEPS + 1)]
    better = {"higher": ", which is better", "lower": ", which is worse"}.get(metric.better, "")
    ends: list[Any] = [
        f"{written(low, metric)} ",
        html.Span(boxes, className=f"heat-scale {_way(metric)}".strip(), **aria(hidden="true")),
        f" {written(high, metric)} · a stronger colour is higher{better}",
    ]
    return [html.Span(ends, className="key")]


def _way(metric: Metric) -> str:
    return "heat-down" if metric.better == "lower" else ""


def _cell(value: Released, metric: Metric, low: float, high: float) -> Component:
    css = (
        tables.face(value)
        if value.value is None
        else f"h{_step(value.value, low, high)} {tables.face(value)}"
    )
    return html.Td(written(value, metric), className=css.strip(), **hint(value, metric))


def _step(value: float, low: float, high: float) -> int:
    if not value:
        return 0
    if high <= low:
        return STEPS // 2
    width = max((high - low) / STEPS, LEAST_STEP * high)
    return 1 + min(STEPS - 1, int((value - low) / width))
