"""The Campaign page without a campaign: the viewer's campaigns by status, to be searched and chosen from."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from difflib import get_close_matches
from typing import Any

from dash.development.base_component import Component

from data.cubes import UNNAMED, UNSTATED, Campaign, Cubes
from data.live import now
from data.viewer import Viewer
from pages import campaign_questions as questions
from pages import live
from pages.campaign_head import NO_RECORD, status
from pages.campaign_ids import Ids
from ui import controls, html
from ui.aria import aria
from ui.clocks import day
from ui.faces import no_data
from ui.icon import icon
from ui.links import campaign_link

SHOWN = 24
GONE = "There is no such campaign."
ORDER = ("Active", "Maturing", "Scheduled", "Draft", "Closed", NO_RECORD)
MEANINGS = {
    "Active": "Messages go out.",
    "Maturing": "Outreach has ended; outcomes are still to come.",
    "Scheduled": "To begin.",
    "Draft": "Without dates yet.",
    "Closed": "Outreach has ended and every outcome is in.",
    NO_RECORD: "Known from data files alone: open one to create its record.",
}


def every(find: str, viewer: Viewer, cubes: Cubes) -> Component:
    """The page without a campaign."""
    known = questions.seen(viewer, cubes)
    words = f"{len(known)} campaigns" if len(known) != 1 else "1 campaign"
    lead = f"{words}. Choose one." if known else "None yet."
    head = html.Div(
        html.Div([html.H1("Campaigns", tabIndex=-1), html.P(lead, className="lead")]),
        className="page-head campaigns-head",
    )
    if not known:
        step = html.A("Go to the Overview", href="/", className="btn btn-quiet")
        empty = no_data("There is no campaign yet. One appears with its first message or record.", step)
        return html.Div([head, empty], className="overview campaign")
    search = html.Div(
        [
            html.Label(
                "Search by name, program or line of business", htmlFor=Ids.FIND, className="form-label"
            ),
            controls.Input(id=Ids.FIND, type="search", value=find, debounce=250, maxLength=100),
        ],
        className="campaign-search no-print",
    )
    found = html.Div(matching(find, viewer, cubes), id=Ids.FOUND, **aria(live="polite"))
    return html.Div([head, search, found], className="overview campaign")


def matching(find: object, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The campaigns whose name, program or line holds every word that is looked for, grouped by status."""
    words = find.lower().split()[:10] if isinstance(find, str) else []
    found = [one for one in questions.seen(viewer, cubes) if _holds(one, words)]
    if not found:
        near = _links(_near(str(find), viewer, cubes))
        return [no_data("No campaign has these words in its name, program or line of business.", near)]
    groups: dict[str, list[Campaign]] = {}
    for one in found:
        groups.setdefault(status(one, cubes), []).append(one)
    bodies: list[Component] = []
    left, moving = SHOWN, now(viewer, cubes).moving
    for name in ORDER:
        members = groups.get(name, [])
        latest = sorted(members, key=lambda c: -(c.start_day or 0)) if name == "Closed" else members
        if latest[:left]:
            bodies.append(_group(name, latest[:left], len(members), moving))
        left -= len(latest[:left])
    more = f"{len(found) - SHOWN} more campaigns are not listed; search for them by name."
    rest = [html.P(more, className="quiet")] if len(found) > SHOWN else []
    heads = html.Thead(html.Tr([html.Th(words, scope="col") for words in ("Campaign", "Program", "Dates")]))
    caption = html.Caption("Campaigns by status", className="visually-hidden")
    table = html.Table([caption, heads, *bodies], className="table campaign-list")
    return [html.Div([html.Div(table, className="table-frame"), *rest], className="card campaign-groups")]


def _holds(campaign: Campaign, words: Sequence[str]) -> bool:
    text = f"{campaign.name} {campaign.id} {campaign.program} {campaign.line_of_business}".lower()
    return all(word in text for word in words)


def _group(name: str, campaigns: Sequence[Campaign], count: int, moving: AbstractSet[str]) -> Component:
    css = f"status-{name.lower().replace(' ', '-')}"
    words: list[Any] = [html.Span(name, className=css), f"{count} · {MEANINGS[name]}"]
    head = html.Tr(html.Th(words, colSpan=3, scope="rowgroup"), className="group-head")
    return html.Tbody([head, *(_row(one, one.id in moving) for one in campaigns)])


def _row(one: Campaign, is_live: bool) -> Component:
    link = html.Th([html.A(one.name, href=campaign_link(one.id)), *([live.mark()] if is_live else [])])
    if not one.recorded:
        return html.Tr([link, html.Td("not recorded", className="is-absent", colSpan=2)])
    names = [name for name in (one.program, one.line_of_business) if name not in UNNAMED]
    return html.Tr([link, html.Td(" · ".join(names) or UNSTATED), html.Td(_dates(one))])


def _dates(campaign: Campaign) -> str:
    if campaign.start_day is None:
        return "no dates"
    end = "no end date" if campaign.end_day is None else day(campaign.end_day)
    return f"{day(campaign.start_day)} – {end}"


def missing(name: str, viewer: Viewer, cubes: Cubes) -> Component:
    """An unknown campaign, or one that the viewer may not know of: the same page, with a way on."""
    said = f"There is no campaign “{name[:80]}” among those you may see."
    near = _links(_near(name, viewer, cubes))
    return html.Div(
        [
            html.H1("No such campaign", tabIndex=-1),
            html.P(said),
            *([near] if near is not None else []),
            html.A([icon("search"), "Show all campaigns"], href="/campaign", className="btn btn-primary"),
        ],
        className="empty-page campaign",
    )


def _near(name: str, viewer: Viewer, cubes: Cubes) -> list[Campaign]:
    known = questions.seen(viewer, cubes)
    spelled = {one.id.lower(): one for one in known} | {one.name.lower(): one for one in known}
    close = get_close_matches(name[:100].lower(), list(spelled), n=3, cutoff=0.5)
    return list({spelled[word].id: spelled[word] for word in close}.values())


def _links(campaigns: Sequence[Campaign]) -> Component | None:
    if not campaigns:
        return None
    links: list[Any] = ["Did you mean "]
    for place, one in enumerate(campaigns):
        links += [" or " if place else "", html.A(one.name, href=campaign_link(one.id))]
    return html.P([*links, "?"], className="near")
