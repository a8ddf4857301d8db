"""Reports: what was issued, reopened by its ID with the same numbers, and the ways to a new one."""

from __future__ import annotations

from dash.development.base_component import Component

from config.permissions import Permission
from data.cubes import Cubes
from data.viewer import Viewer
from pages import reports_form
from pages.reports_ids import Ids
from pages.reports_questions import ADDRESS, view_of
from ui import controls, html
from ui.aria import aria
from ui.head import page_actions, page_head
from ui.icon import icon
from ui.page import Page
from ui.panels import waiting

LEAD = "What was told, kept as it was told: every print, file and report reopens by its ID."
WAYS = (
    ("/reports/executive", "Executive page", "One sheet: five figures, programs, three sentences."),
    ("/reports/monthly", "Monthly report", "A month over its days, by campaign, region and segment."),
)
ASKED = ("report", "of", "page", "schedule")


def layout(viewer: Viewer, cubes: Cubes, /, **query: str) -> Component:
    """The page: the report that the address names, the ways to a new one, and what was issued."""
    given = {name: query[name][:60] for name in ASKED if query.get(name)}
    view = view_of(given)
    may = viewer.may(Permission.ISSUE_REPORTS) or viewer.may(Permission.APPROVE_REPORTS)
    said = html.Div(id=Ids.SAID, tabIndex=-1, className="report-said", **aria(live="polite"))
    return html.Div(
        [
            page_head("Reports", html.P(LEAD, className="lead"), page_actions()),
            controls.Store(id=Ids.VIEW, data=given),
            controls.Store(id=Ids.CHANGED),
            *([controls.Store(id=Ids.ASK)] if may else []),
            html.Section([waiting(Ids.ONE), said], className="panel card", hidden=not view.report),
            html.Div(waiting(Ids.CONTENT, css="report-content"), hidden=not view.report),
            html.Section(waiting(Ids.MOVED), className="panel card", hidden=not view.report),
            _ways(view.report),
            html.Section(waiting(Ids.LIST), className="panel card no-print"),
            *_schedules(viewer, cubes, opened=bool(view.schedule)),
        ],
        className="data-page reports-page",
    )


def _schedules(viewer: Viewer, cubes: Cubes, *, opened: bool) -> list[Component]:
    """What goes out by the clock, for those who may have it sent."""
    if not viewer.may(Permission.ISSUE_REPORTS):
        return []
    preview = html.Div(id=Ids.PREVIEW, tabIndex=-1, className="report-said", **aria(live="polite"))
    form = html.Div(reports_form.form(viewer, opened=opened), className="schedule-frame")
    return [
        controls.Store(id=Ids.PLAN),
        html.Section([waiting(Ids.SCHEDULES), preview, form], className="panel card no-print"),
    ]


def _ways(typed: str) -> Component:
    """The pages that make a report, and the box for an ID from paper."""
    links = [
        html.A([html.Strong([title, icon("chevron-right")]), html.Span(words)], href=href, className="way")
        for href, title, words in WAYS
    ]
    box = controls.Input(
        id="reports-id", name="report", type="search", value=typed, placeholder="RB-", autoComplete="off",
        maxLength=60,
    )  # fmt: skip
    button = html.Button("Open", type="submit", className="btn btn-primary")
    find = html.Form(
        [controls.Label("Report ID", html_for="reports-id"), html.Div([box, button])],
        action=ADDRESS,
        method="GET",
        className="way way-find",
    )
    return html.Div([*links, find], className="ways card no-print")


PAGE = Page(
    "reports",
    ADDRESS,
    "Reports",
    needs=Permission.VIEW_CAMPAIGNS,
    layout=layout,
    icon="file-earmark-text",
    key="r",
    bones="list",
)
