"""One issued report: where it comes from, what people said of it, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash.development.base_component import Component
from msgspec.structs import replace

from config.permissions import Permission
from config.text import NOTE
from data.cubes import Cubes
from data.metrics import DEFINED
from data.viewer import Viewer
from documents.compared import metrics_of
from documents.model import Bars, Document, Table
from pages.data_pieces import zone_of
from pages.reports_ids import Ids
from pages.reports_list import kind_of, state_of
from pages.reports_questions import ADDRESS, is_id
from state.reports import APPROVED, DRAFT, Report
from ui import controls, html
from ui.aria import marks
from ui.clocks import moment
from ui.document import document as drawn
from ui.faces import no_data
from ui.icon import icon
from ui.numbers import count
from ui.panels import panel
from ui.theme import scheme_of

ROWS = 40
"""Rows of a table that the page shows; its CSV has them all."""
NONE = "There is no report of that ID, or it tells of more than you may see."
NO_ID = "An ID looks like RB-7K3QF-9XH2M: ten letters and digits, without 0, 1, I and O."


def missing(typed: str) -> list[Component]:
    """What is said where the address names no report that the viewer may open."""
    words = NONE if is_id(typed) else NO_ID
    return panel("No such report", "", no_data(words, html.A("All reports", href=ADDRESS)))


def head_of(report: Report, content: Document, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The panel above a report's own figures."""
    body = [_facts(report, content, cubes), *_said(report), *_acts(report, viewer)]
    return panel(report.title, _caption(content), body, tools=_files(report, viewer))


def _caption(content: Document) -> str:
    period = [content.period] if content.period and not content.words.startswith(content.period) else []
    return " · ".join([*period, content.words or content.plan])


def _facts(report: Report, content: Document, cubes: Cubes) -> Component:
    zone = zone_of(cubes)
    facts: list[tuple[str, Any]] = [
        ("Report ID", html.Code(report.id)),
        ("State", [state_of(report), *_approved(report, zone)]),
        ("Kind", kind_of(report)),
        ("Issued", f"{moment(report.made_us, zone)} by {report.by}"),
        ("Data", f"snapshot {report.snapshot}; the newest is {cubes.snapshot.number}"),
        ("Outreach through", content.outreach_through),
        ("Outcomes complete through", content.outcomes_through),
        ("Definitions", report.definitions),
    ]
    told = [html.Div([html.Dt(name), html.Dd(words)]) for name, words in facts if words]
    return html.Dl(told, className="terms report-facts")


def _approved(report: Report, zone: str) -> list[Any]:
    if report.state != APPROVED:
        return []
    return [f" {moment(report.approved_us, zone)} by {report.approved_by}"]


def _said(report: Report) -> list[Component]:
    if not report.comment:
        return []
    return [
        html.Div(
            [html.P(report.comment), html.Small(report.comment_by)],
            className="report-comment",
        )
    ]


def _files(report: Report, viewer: Viewer) -> list[Component]:
    """The report as PDF for A4 and Letter, and its tables as CSV."""
    at = f"{ADDRESS}/files/{report.id}"
    links = [("PDF", f"{at}.pdf?paper=a4"), ("PDF, US Letter", f"{at}.pdf?paper=us-letter")]
    if viewer.may(Permission.EXPORT):
        links.append(("CSV", f"{at}.csv"))
    made = [html.A([icon("download"), words], href=to, className="csv", download="") for words, to in links]
    return [html.Div(made, className="files no-print")]


def _acts(report: Report, viewer: Viewer) -> list[Component]:
    """What this viewer can do with it."""
    content: list[Component] = []
    if report.state == DRAFT and viewer.may(Permission.ISSUE_REPORTS):
        content.append(
            html.Div(
                [
                    controls.Label("Comment, printed with the report", html_for=Ids.COMMENT),
                    controls.Textarea(id=Ids.COMMENT, maxLength=NOTE, value=report.comment, rows=2),
                    _button("comment", "Keep the comment"),
                ],
                className="alert-comment",
            )
        )
    if viewer.may(Permission.APPROVE_REPORTS):
        draft = report.state == DRAFT
        words = "Approve" if draft else "Take the approval back"
        buttons = [_button("approve" if draft else "reopen", words, "btn-primary" if draft else "btn-quiet")]
        content.append(html.Div(buttons, className="alert-buttons"))
    if not content:
        return []
    return [html.Div(content, className="alert-acts no-print", **marks(report=report.id))]


def _button(do: str, told: str, css: str = "btn-quiet") -> Component:
    return html.Button(told, type="button", className=f"btn {css}", **marks(report_do=do))


def content_of(content: Document, defined: Mapping[str, Any] | None, theme: object) -> list[Component]:
    """The report's own figures, as they were told, and what its metrics meant."""
    return [*drawn(shortened(content), scheme_of(theme)), _definitions(content, defined or {})]


def shortened(content: Document) -> Document:
    """The document with the first rows of its tables, each saying how many more there are."""
    return replace(content, blocks=tuple(_short(block) for block in content.blocks))


def _short(block: Any) -> Any:
    if not isinstance(block, (Table, Bars)) or len(block.rows) <= ROWS:
        return block
    more = f"The first {ROWS} of {count(len(block.rows))} rows; the CSV has all of them."
    rows = block.rows[:ROWS]
    if isinstance(block, Bars):
        return replace(block, rows=rows, caption=f"{block.caption} {more}".strip())
    return replace(block, rows=rows, note=f"{block.note} {more}".strip())


def _definitions(content: Document, defined: Mapping[str, Any]) -> Component:
    """The metrics of a report as they were defined when it was issued; those that changed since say so."""
    items: list[Component] = []
    for name in metrics_of(content):
        was, now = defined.get(name), DEFINED.get(name)
        if was is None:
            continue
        changed = now is None or (was["meaning"], was["formula"], was["version"]) != (
            now.meaning, now.formula, now.version,
        )  # fmt: skip
        sign = [html.Span("defined otherwise since", className="state state-late")] if changed else []
        items += [
            html.Dt([was["label"], " ", *sign]),
            html.Dd([was["meaning"], " ", html.Small(was["formula"])]),
        ]
    if not items:
        return html.Div()
    title = "What the figures meant when it was issued"
    fold = html.Details([html.Summary(title), html.Dl(items, className="report-definitions")])
    return html.Section(html.Div(fold, className="panel-body"), className="panel card")
