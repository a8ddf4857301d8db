"""The monthly report's panels: blocks of its document, with the files of their tables and the way on."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from dash.development.base_component import Component
from msgspec.structs import replace

from config.permissions import Permission
from data.cubes import Cubes
from data.viewer import Viewer
from documents.model import Bars, Block, Document, Figures, Lines, Notes, Sentences, Table
from documents.outline import behind
from pages.monthly_blocks import PATH, query
from pages.monthly_document import SECTION, document
from pages.monthly_ids import Ids, opener_of, table_of
from pages.monthly_month import Asked, asked
from pages.table import chart_link, csv_link
from ui import html, tables
from ui.document import inside
from ui.icon import icon
from ui.numbers import count
from ui.panels import panel
from ui.theme import Scheme

MOST = 25
"""Rows of a table that the page shows; its files have them all."""
FILES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("PDF, A4", "pdf", {"paper": "a4"}),
    ("PDF, US Letter", "pdf", {"paper": "us-letter"}),
    ("Word", "docx", {}),
    ("HTML, to put into a page", "html", {}),
)
ALONE = (
    ("Overview alone, Word", "docx", {"section": SECTION}),
    ("Overview alone, HTML", "html", {"section": SECTION}),
)
SEAM = "Dotted: up to here the year before is of counts that were added up before they came."


@dataclass(frozen=True)
class Shown:
    """The report that a page's address asks for."""

    asked: Asked
    document: Document
    viewer: Viewer

    def named(self, name: str) -> Block | None:
        """The table, bars or lines of that name."""
        told = (one for one in self.document.blocks if isinstance(one, (Table, Bars, Lines)))
        return next((one for one in told if one.name == name), None)


def shown(query: object, viewer: Viewer, cubes: Cubes) -> Shown:
    told = asked(query, viewer, cubes)
    return Shown(told, document(told.month, told.filters, viewer, cubes), viewer)


def files(of: Shown) -> list[Component]:
    """The menu of the report's files, for those who may export."""
    if not of.viewer.may(Permission.EXPORT):
        return []
    kept = query(of.asked.month, of.asked.filters)
    links = [
        html.A(words, href=f"{PATH}.{end}?{urlencode({**kept, **more})}", download="")
        for words, end, more in (*FILES, *ALONE)
    ]
    opener = html.Summary([icon("download"), html.Span("Files")], className="btn btn-quiet")
    menu = html.Div(links, className="formats-menu")
    return [html.Details([opener, menu], className="report-files no-print")]


def scope(of: Shown) -> list[Component]:
    """What the report is of in words, and what the address asked for in vain."""
    words = html.P(["Showing ", html.Strong(of.document.period), f" · {of.document.words}"])
    problems = [
        html.Li([icon("exclamation-triangle"), html.Span(text)], className="problem")
        for text in of.asked.problems
    ]
    more = [html.Ul(problems, className="notes")] if problems else []
    return [html.Div(words, className="scope-words scope-sentence"), *more]


def findings(of: Shown) -> list[Component]:
    first = next(one for one in of.document.blocks if isinstance(one, Sentences))
    return inside(first, "light")


def figures(of: Shown) -> list[Component]:
    return [card for one in of.document.blocks if isinstance(one, Figures) for card in inside(one, "light")]


def notes(of: Shown) -> list[Component]:
    return [item for one in of.document.blocks if isinstance(one, Notes) for item in inside(one, "light")]


def lines(name: Ids, of: Shown, scheme: Scheme) -> list[Component]:
    """Lines with the table behind them; nothing where nothing of them may be told."""
    table = name.removeprefix("monthly-")
    block = of.named(table)
    if not isinstance(block, Lines):
        return []
    fold = tables.behind_chart(opener_of(name), table_of(name))
    foot = [html.Span(SEAM)] if block.seam else []
    return panel(
        block.title, block.caption, [*inside(block, scheme), fold], foot,
        chart_link("monthly", table, of.asked.filters, of.viewer),
    )  # fmt: skip


def lines_table(name: Ids, of: Shown) -> Component:
    """The table behind a panel's lines; nothing where there are none."""
    block = of.named(name.removeprefix("monthly-"))
    return html.Div(inside(behind(block), "light") if isinstance(block, Lines) else [])


def table(name: Ids, of: Shown, file: str = "", before: str = "") -> list[Component]:
    """A table or bars with its file; `before` names the sentences that stand above it."""
    of_name = name.removeprefix("monthly-")
    block = of.named(of_name)
    if not isinstance(block, (Table, Bars)):
        return []
    more = max(0, len(block.rows) - MOST)
    block = replace(block, rows=block.rows[:MOST])
    told = [one for one in of.document.blocks if isinstance(one, Sentences) and one.title == before]
    above = [part for one in told for part in inside(one, "light")]
    title = before or block.title
    foot = [html.Span(f"{count(more)} more rows stand in the files.")] if more else []
    return panel(
        title, block.caption, [*above, *inside(block, "light")], foot,
        tools=csv_link("monthly", file or of_name, of.asked.filters, of.viewer),
    )  # fmt: skip
