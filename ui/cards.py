"""A figure on a card: large number, change, sparkline, and a button for what the number is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash.development.base_component import Component
from msgspec import structs

from data.answer import Released, Status
from data.metrics import Metric
from ui import html
from ui.aria import aria, marks
from ui.deltas import Delta
from ui.hints import hint
from ui.icon import icon
from ui.numbers import written
from ui.spark import spark


@dataclass(frozen=True)
class Figure:
    """What a card shows. `line` are the values of the sparkline, `line_words` says what they are;
    `explained_at` is the address at which the change is taken apart."""

    metric: Metric
    value: Released
    change: Delta | None
    versus: str = ""
    note: str = ""
    line: Sequence[float | None] = ()
    line_words: str = ""
    explained_at: str = ""


def card(figure: Figure) -> Component:
    """One card. The exact value, its parts, the definition and the status are in the number's hint."""
    metric, value = figure.metric, figure.value
    number = written(structs.replace(value, approximate=False), metric, brief=True)
    about_sign = [html.Span("≈", className="approximately")] if value.approximate and value.shown else []
    label = html.H2(metric.label, className="kpi-label")
    about = html.Button(
        icon("info-circle"),
        className="kpi-about",
        type="button",
        **aria(label=f"About {metric.label.lower()}"),
        **marks("hint-near"),
    )
    shown = html.P(
        [html.Span([*about_sign, number]), *_badge(value)],
        className=f"kpi-number {_face(value)}".strip(),
        **hint(value, metric, number),
    )
    change = [_change(figure.change, figure.versus, figure.explained_at)] if figure.change else []
    note = [html.P(figure.note, className="kpi-note")] if figure.note else []
    line = spark(figure.line, figure.line_words)
    children = [label, about, shown, *change, *note, *([line] if line is not None else [])]
    return html.Div(children, className="kpi card")


def _face(value: Released) -> str:
    if value.value is not None:
        return ""
    return {Status.WITHHELD: "is-withheld", Status.NOT_AVAILABLE: "is-absent"}.get(value.status, "is-nothing")


def _badge(value: Released) -> list[Component]:
    return [html.Span("in part", className="badge-part")] if value.status is Status.PARTIAL else []


def _change(change: Delta, versus: str, explained_at: str) -> Component:
    if change.tone == "none":
        return html.P(change.text, className="kpi-change quiet")
    arrow = [icon("arrow-up-right" if change.rises else "arrow-down-right")] if change.word else []
    words = f"{change.text} {change.word}".strip()
    strong: Component = html.Span([*arrow, words], className=change.tone)
    if explained_at:
        named = aria(label=f"{words}: what is it made of?")
        strong = html.A(strong, href=explained_at, className="change-link", **named)
    return html.P([strong, html.Span(f" {versus}", className="quiet")], className="kpi-change")
