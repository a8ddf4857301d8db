"""The executive page: one sheet that prints, five figures, programs, risk and three sentences."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from dash.development.base_component import Component

from config.permissions import Permission
from data.cubes import Cubes
from data.filters import Filters, choices
from data.viewer import Viewer
from pages.executive_ids import Ids
from pages.executive_questions import PERIOD, TITLE, address, asked
from ui import html
from ui.aria import aria
from ui.faces import no_data
from ui.filterbar import Bar, filter_bar
from ui.head import page_actions, page_head
from ui.icon import icon
from ui.page import Page
from ui.panels import waiting

ADDRESS = "/reports/executive"
LEAD = "One sheet for those who decide: what outreach caused, what it cost, and what is to be decided."
ISSUED_KEEPS = "Issued, it keeps its figures, and can be commented and approved."
PAPERS = {"a4": "A4", "us-letter": "US Letter"}


def layout(viewer: Viewer, cubes: Cubes, /, **query: str) -> Component:
    """The page for a viewer; `query` restores its filters."""
    head = page_head(TITLE, html.P(LEAD, className="lead"), page_actions())
    if not choices("campaign", cubes, viewer):
        step = html.A("Go to the Overview", href="/", className="btn btn-quiet")
        return html.Div([head, no_data("There are no campaigns yet.", step)])
    filters, _ = asked(query, viewer, cubes)
    return html.Div(
        [
            head,
            filter_bar(filters, viewer, cubes, query, reset=ADDRESS, hidden=(Bar.COMPARE,), usual=PERIOD),
            html.Div(id=Ids.SCOPE, className="scope", **aria(live="polite")),
            html.Div(id=Ids.HEAD, className="report-bar no-print"),
            html.Div(id=Ids.SAID, className="report-said", tabIndex=-1, **aria(live="polite")),
            waiting(Ids.SHEET, [html.Div(className="bone bone-panel")], "report-content"),
            waiting(Ids.REST, [], "report-content"),
        ],
        className="overview executive-page",
    )


def scope(filters: Filters, problems: Sequence[str], cubes: Cubes) -> list[Component]:
    """The filters in words, what they are held against, and what of the address does not exist."""
    words = [
        html.P(f"Showing {filters.sentence(cubes)}", className="scope-sentence"),
        html.P("Beside the same days of last year", className="scope-against"),
    ]
    wrong = [html.Ul([html.Li(problem) for problem in problems], className="notes")] if problems else []
    return [html.Div(words, className="scope-words"), *wrong]


def bar(filters: Filters, viewer: Viewer) -> list[Component]:
    """What can be done with the sheet: take it as PDF, and issue it under an ID."""
    query = urlencode(address(filters))
    links = [
        html.A(
            [icon("download"), f"PDF, {words}"],
            href=f"{ADDRESS}.pdf?{query}&paper={paper}",
            className="btn btn-quiet",
            download="",
        )
        for paper, words in PAPERS.items()
    ]
    if not viewer.may(Permission.ISSUE_REPORTS):
        return [*links]
    issue = html.Button(
        [icon("check-circle"), "Issue as a report"], id=Ids.ISSUE, type="button", className="btn btn-primary"
    )
    return [*links, issue, html.Span(ISSUED_KEEPS, className="quiet")]


PAGE = Page("executive", ADDRESS, TITLE, needs=Permission.VIEW_CAMPAIGNS, layout=layout)
