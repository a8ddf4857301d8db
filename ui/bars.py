"""Bars made of plain boxes: inside a table's cell, and the rows of a funnel."""

from __future__ import annotations

from collections.abc import Sequence

from dash.development.base_component import Component

from data.answer import Released, Status
from data.metrics import Metric
from ui import html
from ui.aria import aria, marks
from ui.hints import hint
from ui.numbers import written
from ui.tables import face

SEEN = 0.004


def bar_cell(value: Released, metric: Metric, top: float, tone: str = "") -> Component:
    """A cell with its value and a bar from zero to its share of `top`."""
    if value.value is None:
        return html.Td(written(value, metric), className=f"bar-cell {face(value)}", **hint(value, metric))
    bar = html.Span(className=f"bar {tone}".strip(), style=_share(value.value, top))
    words = html.Span(written(value, metric), className=f"bar-words {face(value)}".strip())
    return html.Td(html.Div([bar, words], className="bar-row"), className="bar-cell", **hint(value, metric))


def slim(value: Released, metric: Metric, top: float, tone: str = "") -> Component:
    """The same as one element: its bar is drawn by the style sheet, for tables of many bars."""
    if value.value is None:
        return html.Td(written(value, metric), className=f"bar-in {face(value)}", **hint(value, metric))
    css = f"bar-in {tone} {face(value)}".replace("  ", " ").strip()
    return html.Td(
        written(value, metric), className=css, style=_share(value.value, top), **hint(value, metric)
    )


def steps(rows: Sequence[Component], words: str) -> Component:
    """The rows of a funnel: one stop of the Tab key, and arrow keys move between them."""
    return html.Ol(list(rows), className="steps", tabIndex=0, **marks("figures"), **aria(label=words))


def step(
    label: str,
    value: Released,
    metric: Metric,
    share: float,
    rate: str,
    more: Released | None = None,
    far_share: float = 0.0,
) -> Component:
    """A row of a funnel with a bar of `share`; `more` is the far end of a range, drawn lighter behind."""
    far = [html.Span(className="bar bar-far", style=_share(far_share, 1))] if more and more.value else []
    near = [html.Span(className="bar", style=_share(share, 1))] if value.value and share else []
    words = written(value, metric)
    if more is not None and more.value is not None and more.value != value.value:
        words = (
            f"{words} – {written(more, metric)}"
            if value.value is not None
            else f"up to {written(more, metric)}"
        )
    shown = face(value) if more is None or more.status is Status.RELEASED else face(more)
    return html.Li(
        [
            html.Span(label, className="step-label"),
            html.Span(words, className=f"step-words {shown}".strip()),
            html.Span(rate, className="step-rate"),
            html.Span([*far, *near], className="step-track", **aria(hidden="true")),
        ],
        className="step",
        **hint(value, metric, words),
    )


def _share(value: float, top: float) -> dict[str, str]:
    share = max(value / top, SEEN) if value and top else 0
    return {"--share": f"{100 * share:.1f}%"}
