"""One campaign: its record, its way from eligible to outcome, and what happened on its days."""

from __future__ import annotations

from dash.development.base_component import Component

from config.permissions import Permission
from data.cubes import Campaign, Cubes
from data.filters import Filters
from data.viewer import Viewer
from pages import campaign_head, campaign_list, campaign_members, live
from pages import campaign_questions as questions
from pages.campaign_ids import LIVE, Ids, Notes, Record
from ui import controls, html
from ui.aria import Children, aria
from ui.filterbar import Bar, filter_bar
from ui.links import campaign_link
from ui.page import Page
from ui.panels import waiting

HIDDEN = (Bar.CAMPAIGN, Bar.PROGRAM, Bar.LINE, Bar.COMPARE)

STORES = (Ids.SEEN, Record.ASK, Record.SAVED, Notes.ASK, Notes.CHANGED)


def layout(viewer: Viewer, cubes: Cubes, /, **query: str) -> Component:
    """The page of the campaign that the address names, or the list of those there are."""
    name = query.get("campaign", "")
    if not name:
        return campaign_list.every(query.get("find", "")[:100], viewer, cubes)
    filters, campaign, _ = questions.asked(query, viewer, cubes)
    if campaign is None:
        return campaign_list.missing(name, viewer, cubes)
    return _page(campaign, filters, viewer, cubes, query)


def _page(
    campaign: Campaign, filters: Filters, viewer: Viewer, cubes: Cubes, query: dict[str, str]
) -> Component:
    bar = filter_bar(
        filters,
        viewer,
        cubes,
        query,
        reset=campaign_link(campaign.id),
        hidden=HIDDEN,
        usual="all_time",
    )
    return html.Div(
        [
            campaign_head.head(campaign, filters, viewer, cubes),
            *(controls.Store(id=name) for name in STORES),
            controls.Store(id=Ids.CAMPAIGN, data=campaign.id),
            *live.place(LIVE),
            bar,
            html.Div(id=Ids.SCOPE, className="scope", **aria(live="polite")),
            waiting(Ids.CARDS, [html.Div(className="bone bone-card") for _ in range(7)], "kpis"),
            html.Div(
                [_panel(Ids.STEPS), html.Div([_panel(Ids.ARMS), _panel(Ids.CURVE)], className="stack")],
                className="panels halves",
            ),
            _panel(Ids.COHORTS),
            _panel(Ids.WATERFALL),
            _panel(Record.PANEL),
            _section(waiting(Ids.TREND), _notes()),
            _section(waiting(Ids.CHANNELS), html.Div(id=Ids.WAVES, className="waves")),
            _panel(Ids.VARIANTS),
            _section(campaign_members.chooser(query, cubes), waiting(Ids.MEMBERS)),
            html.Div([_panel(Ids.RESPONSE), _panel(Ids.DAYPARTS)], className="panels halves"),
            _panel(Ids.COST),
        ],
        className="overview campaign",
    )


def _notes() -> Component:
    return html.Div(
        [html.Div(id=Notes.LIST), html.P(id=Notes.SAID, role="status", className="said toast-said")],
        className="campaign-notes",
    )


def _panel(name: str) -> Component:
    return _section(waiting(name))


def _section(*content: Children) -> Component:
    return html.Section(list(content), className="panel card")


PAGE = Page(
    "campaign",
    "/campaign",
    "Campaigns",
    needs=Permission.VIEW_CAMPAIGNS,
    layout=layout,
    icon="megaphone",
    key="c",
)
