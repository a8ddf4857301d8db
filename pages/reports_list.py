"""The issued reports that a viewer may open, newest first."""

from __future__ import annotations

from collections.abc import Sequence

from dash.development.base_component import Component

from data.cubes import Cubes
from pages.data_pieces import heads, page_of, state, zone_of
from pages.reports_questions import SIZE, View, address
from state.reports import APPROVED, Report
from ui import html
from ui.aria import Children, aria
from ui.clocks import moment
from ui.faces import no_data
from ui.icon import icon
from ui.numbers import count
from ui.panels import panel
from ui.tables import table

KINDS = {
    "executive": "Executive page",
    "monthly": "Monthly report",
    "view": "View",
    "table": "File of a table",
    "print": "Print",
    "mail": "Mail",
}
NOTHING = "No report was issued yet. Open the executive page or the monthly report, and issue it."
CAPTION = "Newest first, those that cover no more than you may see. Each opens with the figures it told."


def panel_of(reports: Sequence[Report], view: View, cubes: Cubes) -> list[Component]:
    """The panel of these reports; `view` says which page of them, and whether prints and files are among."""
    if view.every:
        switch = html.A("Without prints and files", href=address())
    else:
        switch = html.A("With prints and files", href=address(every=True))
    foot = [html.Span(switch, className="no-print")]
    if not reports:
        return panel("No report yet", CAPTION, no_data(NOTHING), foot)
    shown, page = page_of(reports, view.page, SIZE)
    rows = [_row(one, view, cubes) for one in shown]
    names = heads("Report", "Period", "Issued", "State", "ID")
    title = "One report" if len(reports) == 1 else f"{count(len(reports))} reports"
    body = table(names, rows, "Issued reports, newest first", "words reports")
    return panel(title, CAPTION, body, [*_turns(len(reports), page, view.every), *foot])


def kind_of(report: Report) -> str:
    """`Executive page`, `Print` and the like."""
    return KINDS.get(report.kind, report.kind.capitalize())


def state_of(report: Report) -> Component:
    """The state of a report in a word, with a sign of its own."""
    return state("approved", "good") if report.state == APPROVED else state("draft", "none")


def _row(report: Report, view: View, cubes: Cubes) -> list[Children]:
    current = aria(current="true") if report.id == view.report else {}
    title = html.A(report.title, href=address(report.id), className="report-link", **current)
    kind = kind_of(report)
    return [
        [title, *([html.Small(kind)] if kind != report.title else [])],
        report.period,
        [moment(report.made_us, zone_of(cubes)), html.Small(report.by)],
        state_of(report),
        html.Code(report.id),
    ]


def _turns(total: int, page: int, every: bool) -> list[Component]:
    """Where one stands in the list, and links to its other pages."""
    if total <= SIZE:
        return []
    first, last = page * SIZE + 1, min(total, (page + 1) * SIZE)
    said = html.Span(f"{count(first)} to {count(last)} of {count(total)}", className="turns-words")
    back = _turn("chevron-left", "Newer reports", address(every=every, page=page - 1), page > 0)
    on = _turn("chevron-right", "Older reports", address(every=every, page=page + 1), last < total)
    return [html.Span([*back, said, *on], className="turns no-print")]


def _turn(picture: str, words: str, to: str, there: bool) -> list[Component]:
    return [html.A(icon(picture), href=to, className="turn", **aria(label=words))] if there else []
