"""Small plain tables: numbers to the right, and a face of its own for whatever is not a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from data.answer import Answer, Released, Status
from data.metrics import METRICS, Metric
from ui.aria import aria
from ui.icon import icon
from ui.numbers import behind, written

FACES = {Status.WITHHELD: "is-withheld", Status.NOT_AVAILABLE: "is-absent"}


def cell(value: Released, metric: Metric) -> Component:
    """A value in a table; what it is made of, or why it is missing, is in its title."""
    if value.value is not None and value.status is Status.RELEASED:
        title = {"title": behind(value, metric)} if metric.denominator else {}
        return html.Td(written(value, metric), className="number", **title)
    words = " · ".join(part for part in (behind(value, metric), value.reason) if part)
    if value.value is not None:
        return html.Td([written(value, metric), in_part()], className="number", title=words)
    face = FACES.get(value.status, "is-nothing")
    return html.Td(html.Span(written(value, metric), className=face), className="number", title=words)


def in_part() -> Component:
    return html.Sup("◐", className="part", **aria(label="in part"))


def table(heads: Sequence[object], rows: Sequence[Sequence[Any]], caption: str, name: str = "") -> Component:
    """A table of ready cells; text cells may be plain strings. The first column heads its row."""
    body = [html.Tr([_head_of_row(row[0]), *(_as_cell(one) for one in row[1:])]) for row in rows]
    return html.Div(
        html.Table(
            [
                html.Caption(caption, className="visually-hidden"),
                html.Thead(html.Tr([_head(head, place) for place, head in enumerate(heads)])),
                html.Tbody(body),
            ],
            className=f"table {name}",
        ),
        className="table-frame",
        tabIndex=0,
        role="region",
        **aria(label=caption),
    )


def _head(head: object, place: int) -> Component:
    if isinstance(head, html.Th):
        return head
    return html.Th(head, scope="col", className="number" if place else "")


def _head_of_row(content: object) -> Component:
    return html.Th(content, scope="row")


def _as_cell(one: object) -> Component:
    return one if isinstance(one, html.Td) else html.Td(one)


def answer_table(answer: Answer, head: str, labels: Sequence[str], caption: str) -> Component:
    """The table behind a chart: one row per key, one column per metric, exactly as it was answered."""
    metrics = [METRICS[name] for name in answer.metrics]
    rows = [
        [label, *(cell(row.values[metric.name], metric) for metric in metrics)]
        for label, row in zip(labels, answer.rows, strict=True)
    ]
    return table([head, *(metric.label for metric in metrics)], rows, caption)


def download(address: str, may: bool) -> list[Component]:
    """A link to a table's CSV, for those who may export."""
    if not may:
        return []
    return [html.A([icon("download"), "CSV"], href=address, className="csv no-print", download="")]


def behind_chart(content: object) -> Component:
    """The table behind a chart, folded away."""
    return html.Details([html.Summary("Show as a table"), content], className="as-table")


def hidden_words(answers: Sequence[Answer]) -> list[Component]:
    """How many values of the answers are withheld or counted in part; nothing where all are told."""
    values = [value for answer in answers for row in answer.rows for value in row.values.values()]
    withheld = sum(value.status is Status.WITHHELD for value in values)
    part = sum(value.status is Status.PARTIAL for value in values)
    words = [f"{withheld} withheld"] if withheld else []
    words += [f"{part} counted in part (◐)"] if part else []
    if not words:
        return []
    return [
        html.Span([icon("eye-slash"), " and ".join(words) + " to protect members"], className="hidden-words")
    ]
