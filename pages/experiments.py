"""Experiments: what worked, how sure that is, and whether the next one will be able to tell."""

from __future__ import annotations

from dash.development.base_component import Component

from config.permissions import Permission
from data.cubes import Cubes
from data.filters import choices
from data.viewer import Viewer
from pages.experiments_ids import Ids
from pages.experiments_questions import asked, chosen
from pages.experiments_words import method
from ui import html
from ui.aria import aria
from ui.faces import no_data
from ui.filterbar import Bar, filter_bar
from ui.head import page_actions, page_head
from ui.links import EXPERIMENTS
from ui.page import Page
from ui.panels import framed

LEAD = "Did outreach change anything, compared with members who were held out by chance?"
HIDDEN = (Bar.PERIOD, Bar.COMPARE, Bar.CHANNEL, Bar.REGION, Bar.VALUES)


def layout(viewer: Viewer, cubes: Cubes, /, **query: str) -> Component:
    """The page for a viewer; `query` restores its filters."""
    if not choices("campaign", cubes, viewer):
        step = html.A("Go to the Overview", href="/", className="btn btn-quiet")
        return html.Div([_head([]), no_data("There are no campaigns yet.", step)])
    filters, _ = asked(query, viewer, cubes)
    alone = chosen(filters, viewer, cubes) is not None
    bar = filter_bar(filters, viewer, cubes, query, reset=EXPERIMENTS, hidden=HIDDEN, usual="all_time")
    return html.Div(
        [
            _head(page_actions()),
            bar,
            html.Div(id=Ids.SCOPE, className="scope", **aria(live="polite")),
            framed(Ids.LIST, hidden=alone),
            framed(Ids.EFFECT, hidden=not alone),
            html.Div(
                [framed(Ids.READINGS, hidden=not alone), framed(Ids.CHECKS, hidden=not alone)],
                className="panels halves",
            ),
            framed(Ids.WHOM, hidden=not alone),
            framed(Ids.PLAN),
            html.Section(method(), className="panel card method-panel no-print"),
        ],
        className="overview experiments-page",
    )


def _head(actions: list[Component]) -> Component:
    return page_head("Experiments", html.P(LEAD, className="lead"), actions)


PAGE = Page(
    "experiments",
    EXPERIMENTS,
    "Experiments",
    needs=Permission.VIEW_CAMPAIGNS,
    layout=layout,
    icon="graph-up",
    key="e",
)
