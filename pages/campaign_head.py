"""The head of the Campaign page: name, status in words, owner, neighbours; and its key figures as cards."""

from __future__ import annotations

import json
from typing import Any

from dash.development.base_component import Component

from data.answer import Status
from data.codebook import SEVERAL
from data.cubes import UNNAMED, Campaign, Cubes
from data.filters import Filters
from data.maturity import complete_through, term
from data.metrics import METRICS
from data.viewer import Viewer
from pages import campaign_questions as questions
from pages import evidence, evidence_words
from pages.findings import held_out
from pages.maturity import of_outcomes
from pages.questions import complete
from pages.questions import status as standing
from ui import html
from ui.aria import aria, marks
from ui.cards import Figure, card
from ui.clocks import day
from ui.head import page_actions
from ui.icon import icon
from ui.links import campaign_link, compare_link
from ui.numbers import written

NOT_CAUSED = "Observed, not causally measured"
NO_RECORD = "No record"


def head(campaign: Campaign, filters: Filters, viewer: Viewer, cubes: Cubes) -> Component:
    """Name, status, what it belongs to, and the way to the campaigns before and after."""
    words = status(campaign, cubes)
    standing = html.P(
        [
            html.Span(words, className=f"standing status-{words.lower().replace(' ', '-')}"),
            html.Span(standing_words(campaign, cubes)),
        ],
        className="lead",
    )
    compare = html.A(
        "Compare",
        href=compare_link((campaign.id,)),
        className="btn btn-quiet act bi-bar-chart",
    )
    return html.Header(
        [
            _neighbours(campaign, filters, viewer, cubes),
            html.Div(
                [
                    html.Div(
                        [
                            html.H1(campaign.name, tabIndex=-1, **marks("names-page")),
                            standing,
                            _belongs(campaign),
                        ]
                    ),
                    html.Div([compare, *page_actions()], className="page-actions no-print"),
                ],
                className="page-head",
            ),
        ],
        className="campaign-head",
    )


def status(campaign: Campaign, cubes: Cubes) -> str:
    """Where the campaign stands by its dates and its outcome's clock: `Draft` to `Closed`, or `No record`."""
    return standing(campaign, cubes) or NO_RECORD


def standing_words(campaign: Campaign, cubes: Cubes) -> str:
    """Where the campaign stands, with its dates and its outcome's clock in a sentence."""
    start, end, today = campaign.start_day, campaign.end_day, cubes.today
    through = outcomes_through(campaign, cubes)
    clock = "" if through is None else f"; outcomes are complete for members assigned until {day(through)}"
    if start is None:
        return "Known from data files alone." if not campaign.recorded else "Its record has no start date."
    words = status(campaign, cubes)
    until = "without an end date" if end is None else f"until {day(end)}"
    if words == "Scheduled":
        return f"Starts {day(start)}, {until}."
    if words == "Active":
        whole = "" if end is None else f" of {end - start + 1}"
        return f"Day {today - start + 1}{whole}: since {day(start)}, {until}{clock}."
    dates = f"{day(start)} – {day(end)}"
    if words == "Maturing":
        return f"{dates}{clock or '; outcomes are still to come'}."
    return f"{dates}; every outcome is in."


def outcomes_through(campaign: Campaign, cubes: Cubes) -> int | None:
    """The last day of assignment (day number) whose outcomes are complete; None where no clock runs."""
    return complete_through(campaign.id, cubes)


def so_far(campaign: Campaign, filters: Filters, cubes: Cubes) -> bool:
    """Whether more outcomes are expected of what the filters keep."""
    return not complete(campaign, filters, cubes)


def outcome_words(campaign: Campaign, cubes: Cubes) -> str:
    """`A1c test within 90 days`: the outcome that counts, and its window; empty where none is known."""
    known = term(campaign.id, cubes)
    if known is None or not known[0]:
        return ""
    return f"{known[0].replace('_', ' ').capitalize()} within {known[1]} days"


def record_of(campaign: Campaign) -> dict[str, Any]:
    """The campaign's record as the snapshot has it."""
    found = json.loads(campaign.record)
    return found if isinstance(found, dict) else {}


def _belongs(campaign: Campaign) -> Component:
    owner = record_of(campaign).get("owner")
    pairs = [("Program", campaign.program), ("Line of business", campaign.line_of_business), ("Owner", owner)]
    told = [(words, value) for words, value in pairs if value and value not in UNNAMED]
    return html.P(
        [html.Span([f"{words} ", html.Strong(str(value))], className="clock") for words, value in told],
        className="lead clocks",
    )


def _neighbours(campaign: Campaign, filters: Filters, viewer: Viewer, cubes: Cubes) -> Component:
    every = questions.seen(viewer, cubes)
    place = next(n for n, one in enumerate(every) if one.id == campaign.id)
    back = every[place - 1] if place else None
    on = every[place + 1] if place + 1 < len(every) else None
    return html.Nav(
        [
            html.A("All campaigns", href="/campaign", className="campaign-all"),
            _neighbour(back, "prev", "Previous campaign", "previous", "chevron-left", filters),
            _neighbour(on, "next", "Next campaign", "next", "chevron-right", filters),
        ],
        className="neighbours no-print",
        **aria(label="Campaigns by start"),
    )


def _neighbour(
    campaign: Campaign | None, rel: str, words: str, mark: str, picture: str, filters: Filters
) -> Component | None:
    if campaign is None:
        return None
    said = [html.Span(f"{words}: ", className="visually-hidden"), html.Span(campaign.name)]
    inside = [icon(picture), *said] if rel == "prev" else [*said, icon(picture)]
    return html.A(
        inside,
        href=_address(campaign, filters),
        rel=rel,
        className=f"neighbour neighbour-{mark}",
        **marks(mark),
    )


def _address(campaign: Campaign, filters: Filters) -> str:
    """The neighbour's page over the same preset; days picked by hand belong to this campaign alone."""
    period = filters.period
    if period.all_time or period.start is not None:
        return campaign_link(campaign.id)
    return f"{campaign_link(campaign.id)}&period={period.preset}"


def cards(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The key figures; the one of outcomes says what it is not."""
    answer = questions.key_figures(filters, viewer, cubes)
    campaign = cubes.campaigns[filters.campaign[0]]
    found = []
    for name in answer.metrics:
        value = answer.one(name)
        note = value.reason if value.value is None else ""
        if of_outcomes(name) and value.value is not None:
            money = METRICS[name].shape == "money"
            note = (
                _until(campaign, filters, cubes) if money else _outcome_note(campaign, filters, viewer, cubes)
            )
        elif value.value is not None and value.status is Status.PARTIAL and value.approximate:
            note = value.reason
        found.append(card(Figure(METRICS[name], value, None, note=note)))
    return [*found, evidence_words.campaign_card(evidence.one(filters, viewer, cubes))]


def _outcome_note(campaign: Campaign, filters: Filters, viewer: Viewer, cubes: Cubes) -> str:
    """Both arms' rates where members are held out, else that nothing causal is measured."""
    until = _until(campaign, filters, cubes)
    rows = questions.arms(filters, viewer, cubes).rows
    told = [row for row in rows if row.values["outcome_rate"].value is not None and SEVERAL not in row.key]
    held = [row for row in told if held_out(row)]
    if not held or len(told) < 2:
        return f"{until}{NOT_CAUSED}"
    rates = [
        f"{row.key[0]}{' (held out)' if row in held else ''} "
        f"{written(row.values['outcome_rate'], METRICS['outcome_rate'])}"
        for row in told[:3]
    ]
    return f"{until}{' · '.join(rates)}."


def _until(campaign: Campaign, filters: Filters, cubes: Cubes) -> str:
    return "So far. " if so_far(campaign, filters, cubes) else ""
