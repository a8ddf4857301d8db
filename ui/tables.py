"""Small plain tables: numbers to the right, and a face of its own for whatever is not a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash.development.base_component import Component

from data.answer import Answer, Released, Status
from data.columns import counted
from data.metrics import METRICS, Metric
from ui import html
from ui.aria import Children, aria, marks
from ui.hints import hint, hoist
from ui.icon import icon
from ui.numbers import written

FACES = {Status.WITHHELD: "is-withheld", Status.NOT_AVAILABLE: "is-absent"}


def cell(value: Released, metric: Metric, so_far: bool = False) -> Component:
    """A value in a table; its hint says what it is made of, or why it is missing. `so_far`: more comes."""
    css = f"number {face(value)}{' so-far' if so_far and value.shown else ''}".strip()
    words = written(value, metric)
    return html.Td(words, className=css, **hint(value, metric, words))


def face(value: Released) -> str:
    """The class of a value that is not simply told: withheld, not available, nothing to count, in part."""
    if value.value is None:
        return FACES.get(value.status, "is-nothing")
    return "in-part" if value.status is Status.PARTIAL else ""


def table(
    heads: Sequence[Children], rows: Sequence[Sequence[Any]], caption: str, name: str = ""
) -> Component:
    """A table of ready cells; text cells may be plain strings. The first column heads its row.

    It is one stop of the Tab key: arrow keys move between its cells, and each figure gives its hint.
    """
    body = [html.Tr([_head_of_row(row[0]), *(_as_cell(one) for one in row[1:])]) for row in rows]
    top = [_head(head, place) for place, head in enumerate(heads)]
    hoist(top, body)
    return framed(top, body, caption, name)


def framed(heads: Sequence[Component], body: Sequence[Component], caption: str, name: str = "") -> Component:
    """A table of ready heads and rows, in a frame of its own that scrolls where it is too wide."""
    return html.Div(
        html.Table(
            [
                html.Caption(caption, className="visually-hidden"),
                html.Thead(html.Tr(list(heads))),
                html.Tbody(list(body)),
            ],
            className=f"table {name}",
        ),
        className="table-frame",
        tabIndex=0,
        role="region",
        **aria(label=caption),
    )


def _head(head: Children, place: int) -> Component:
    if isinstance(head, html.Th):
        return head
    return html.Th(head, scope="col", className="number" if place else "")


def _head_of_row(content: Children) -> Component:
    return html.Th(content, scope="row")


def _as_cell(one: Children) -> Component:
    return one if isinstance(one, html.Td) else html.Td(one)


def answer_table(answer: Answer, head: str, labels: Sequence[str], caption: str) -> Component:
    """The table behind a chart: one row per key, one column per metric, exactly as it was answered."""
    metrics = [METRICS[name] for name in answer.metrics]
    rows = [
        [label, *(cell(row.values[metric.name], metric) for metric in metrics)]
        for label, row in zip(labels, answer.rows, strict=True)
    ]
    return table([head, *(metric.label for metric in metrics)], rows, caption)


def download(address: str, may: bool, chart: bool = False) -> list[Component]:
    """The link to a table's CSV, with a menu of its other formats, for those who may export.

    The browser fills the menu when it is opened (assets/exports.js): its addresses follow from the link's.
    `chart`: the panel holds one, which the menu offers as a picture.
    """
    if not may:
        return []
    opener = html.Summary(icon("chevron-down"), **aria(label="Other formats"))
    menu = html.Details(opener, className="formats", **(marks("pictures") if chart else {}))
    link = html.A([icon("download"), "CSV"], href=address, className="csv", download="")
    return [html.Div([link, menu], className="files no-print")]


def behind_chart(opener: str, place: str) -> Component:
    """The table behind a chart, folded away; a click on `opener` fetches it into `place`."""
    return html.Details(
        [html.Summary("Show as a table", id=opener), html.Div(id=place)], className="as-table"
    )


def hidden_words(answers: Sequence[Answer]) -> list[Component]:
    """How many values of the answers are withheld or counted in part; nothing where all are told."""
    withheld = sum(counted(answer, Status.WITHHELD) for answer in answers)
    part = sum(counted(answer, Status.PARTIAL) for answer in answers)
    words = [f"{withheld} withheld"] if withheld else []
    words += [f"{part} counted in part (◐)"] if part else []
    if not words:
        return []
    return [
        html.Span([icon("eye-slash"), " and ".join(words) + " to protect members"], className="hidden-words")
    ]
