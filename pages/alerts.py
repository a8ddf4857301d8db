"""Alerts: what departs from its own past, against which baseline, and what people made of it."""

from __future__ import annotations

from dash.development.base_component import Component

from config.permissions import Permission
from data.cubes import Cubes
from data.viewer import Viewer
from pages.alerts_ids import Ids
from ui import controls, html
from ui.aria import aria
from ui.head import page_actions, page_head
from ui.page import Page
from ui.panels import waiting

LEAD = "What departs from its own past: volume, delivery, engagement, opt-outs, complaints, cost and sources."
ASKED = ("alert", "past")


def layout(viewer: Viewer, _cubes: Cubes, /, **query: str) -> Component:
    """The page: the alert that the address names, what is open, and what is past."""
    given = {name: query[name][:60] for name in ASKED if query.get(name)}
    acts = [controls.Store(id=Ids.ASK)] if viewer.may(Permission.HANDLE_ALERTS) else []
    one = html.Section(
        [waiting(Ids.ONE), html.Div(id=Ids.SAID, tabIndex=-1, className="alert-said", **aria(live="polite"))],
        className="panel card",
        hidden="alert" not in given,
    )
    return html.Div(
        [
            page_head("Alerts", html.P(LEAD, className="lead"), page_actions()),
            controls.Store(id=Ids.VIEW, data=given),
            *(controls.Store(id=name) for name in (Ids.CHANGED, Ids.MARK, Ids.ONE_MARK)),
            *acts,
            one,
            html.Section(waiting(Ids.OPEN), className="panel card"),
            html.Section(waiting(Ids.PAST), className="panel card"),
        ],
        className="data-page alerts-page",
    )


PAGE = Page(
    "alerts",
    "/alerts",
    "Alerts",
    needs=Permission.VIEW_CAMPAIGNS,
    layout=layout,
    icon="bell",
    key="a",
    bones="list",
)
