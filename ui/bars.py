"""Bars made of plain boxes: inside a table's cell, and the rows of a funnel."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from data.answer import Released
from data.metrics import Metric
from ui.aria import aria
from ui.numbers import behind, written
from ui.tables import FACES, in_part

SEEN = 0.004


def bar_cell(value: Released, metric: Metric, top: float, tone: str = "") -> Component:
    """A cell with its value and a bar from zero to its share of `top`."""
    if value.value is None:
        face = FACES.get(value.status, "is-nothing")
        return html.Td(
            html.Span(written(value, metric), className=face), className="bar-cell", title=value.reason
        )
    words = [written(value, metric), *([in_part()] if value.status == "partial" else [])]
    inside = [
        html.Span(className=f"bar {tone}", style=_share(value.value, top)),
        html.Span(words, className="bar-words"),
    ]
    return html.Td(
        html.Div(inside, className="bar-row"),
        className="bar-cell",
        title=f"{behind(value, metric)} {value.reason}".strip(),
    )


def step(
    label: str, value: Released, metric: Metric, top: float, rate: str, more: Released | None = None
) -> Component:
    """A row of a funnel. `more` is the far end of a range, drawn lighter behind the bar."""
    face = FACES.get(value.status, "is-nothing") if value.value is None else ""
    far = [html.Span(className="bar bar-far", style=_share(more.value, top))] if more and more.value else []
    near = [html.Span(className="bar", style=_share(value.value, top))] if value.value else []
    words = (
        written(value, metric)
        if more is None or more.value is None
        else f"{written(value, metric)} – {written(more, metric)}"
    )
    part = [in_part()] if "partial" in (value.status, more.status if more else "") else []
    return html.Li(
        [
            html.Span(label, className="step-label"),
            html.Span([*far, *near], className="step-track", **aria(hidden="true")),
            html.Span(
                [html.Span([words, *part], className=face), html.Span(rate, className="quiet")],
                className="step-words",
            ),
        ],
        className="step",
        title=value.reason,
    )


def _share(value: float, top: float) -> dict[str, str]:
    share = max(value / top, SEEN) if value and top else 0
    return {"--share": f"{100 * share:.1f}%"}
