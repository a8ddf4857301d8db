"""The monthly report: a month over its days, by campaign, region and segment, beside the year before."""

from __future__ import annotations

from collections.abc import Mapping

from dash.development.base_component import Component

from config.permissions import Permission
from data.cubes import Cubes
from data.filters import parse
from data.viewer import Viewer
from pages import monthly_month
from pages.monthly_blocks import PATH
from pages.monthly_document import OVERVIEW, TITLE
from pages.monthly_document import PAGE as NAME
from pages.monthly_ids import Ids
from ui import controls, html
from ui.aria import aria
from ui.faces import no_data
from ui.filterbar import Bar, filter_bar
from ui.head import page_actions, page_head
from ui.page import Page
from ui.panels import waiting

LEAD = "A month as it is told now, beside the year before. Each of its files carries a report ID."
HIDDEN = (Bar.PERIOD, Bar.COMPARE, Bar.CHANNEL)


def layout(viewer: Viewer, cubes: Cubes, /, **query: str) -> Component:
    """The page for a viewer; `query` restores its month and what it is narrowed to."""
    if not cubes.snapshot.number or not cubes.campaigns:
        step = html.A("Go to the Overview", href="/", className="btn btn-quiet")
        return html.Div([_head([]), no_data("There is no month to report yet.", step)])
    return html.Div(
        [
            _head([html.Div(id=Ids.FILES), *page_actions()]),
            _bar(query, viewer, cubes),
            html.Div(id=Ids.SCOPE, className="scope", **aria(live="polite")),
            _part(OVERVIEW, waiting(Ids.FINDINGS, css="report-findings")),
            waiting(Ids.FIGURES, [html.Div(className="bone bone-card") for _ in range(10)], "kpis"),
            _panel(Ids.DAYS),
            _pair(Ids.OPENED, Ids.RESPONDED),
            _panel(Ids.CAMPAIGNS),
            _pair(Ids.REGIONS, Ids.SEGMENTS),
            _panel(Ids.RESPONSES),
            _panel(Ids.YEAR),
            _panel(Ids.EXPERIMENTS),
            html.Ul(id=Ids.NOTES, className="report-notes"),
        ],
        className="overview monthly",
    )


def _head(actions: list[Component]) -> Component:
    return page_head(TITLE, html.P(LEAD, className="lead"), actions)


def _bar(query: Mapping[str, str], viewer: Viewer, cubes: Cubes) -> Component:
    """The house's filters with the month in the place of a period."""
    narrowed, _ = parse(monthly_month.narrowed(query), cubes, viewer)
    chosen = monthly_month.asked(dict(query), viewer, cubes).month
    told = dict.fromkeys([chosen, *monthly_month.months(viewer, cubes)])
    options = {monthly_month.written(one): monthly_month.named(one) for one in sorted(told, reverse=True)}
    select = controls.Select(id=Ids.MONTH, options=options, value=monthly_month.written(chosen))
    month = html.Div([controls.Label("Month", html_for=Ids.MONTH), select], className="field")
    return filter_bar(narrowed, viewer, cubes, query, reset=PATH, hidden=HIDDEN, before=[month])


def _part(title: str, *content: Component) -> Component:
    return html.Div([html.H2(title, className="report-part"), *content])


def _panel(name: Ids) -> Component:
    return html.Section(waiting(name), className="panel card", id=f"{name}-panel")


def _pair(first: Ids, second: Ids) -> Component:
    return html.Div([_panel(first), _panel(second)], className="panels panels-even")


PAGE = Page(
    NAME,
    PATH,
    TITLE,
    needs=Permission.VIEW_CAMPAIGNS,
    layout=layout,
)
