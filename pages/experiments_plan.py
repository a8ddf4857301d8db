"""Before launch: what a campaign that is planned with a holdout will be able to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dash.development.base_component import Component

from data.cubes import Campaign, Cubes
from data.filters import Filters
from data.viewer import Viewer
from data.words import listed
from insight.experiments.intervals import LEVEL
from insight.experiments.power import detectable, needed, power, worthwhile
from pages.campaign_record import LEAST_MEMBERS
from pages.compare_ranks import record
from pages.experiments_questions import experiment
from pages.table import csv_link
from ui import html, tables
from ui.clocks import day
from ui.links import campaign_link
from ui.numbers import count, percent
from ui.panels import panel

TITLE = "Will the next ones be able to tell?"
CAPTION = (
    "Campaigns that have not begun and plan to hold members out: what they would show, by their records."
)


@dataclass(frozen=True)
class Plan:
    """A planned experiment: members, share held out, the rate to expect and where it comes from.

    `shows` is the smallest effect found four times out of five, `worth` the one worth knowing of, `power` the
    probability to find that one, `wanted` the members that would find it; None where it cannot be worked out.
    """

    campaign: Campaign
    members: int | None
    held: float | None
    base: float | None
    source: str
    arms: int
    shows: float | None = None
    worth: float | None = None
    power: float | None = None
    wanted: int | None = None

    @property
    def lacks(self) -> list[str]:
        """What the record would have to say."""
        return [
            words
            for words, value in (
                ("audience size", self.members),
                ("share held out", self.held),
                ("expected outcome rate", self.base),
            )
            if value is None
        ]


def plans(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Plan]:
    """The campaigns of a selection that have not begun, by their start."""
    kept = [cubes.campaigns[name] for name in filters.campaigns(cubes, viewer)]
    coming = [one for one in kept if one.recorded and (one.start_day is None or one.start_day > cubes.today)]
    begun = [one for one in coming if experiment(one.id, viewer, cubes) is None]
    found = [plan(one, viewer, cubes) for one in begun]
    return sorted(found, key=lambda one: (one.campaign.start_day is None, one.campaign.start_day or 0))


def plan(campaign: Campaign, viewer: Viewer, cubes: Cubes) -> Plan:
    """What a campaign's record lets it show; several treated arms share members and the chance of error."""
    known = record(campaign)
    size, share = known.get("audience_size"), known.get("holdout_share")
    members = round(size) if isinstance(size, (int, float)) and size >= LEAST_MEMBERS else None
    held = float(share) if isinstance(share, (int, float)) and 0 < share < 1 else None
    base, source = _base(campaign, known, viewer, cubes)
    arms = max(1, len(known.get("arms") or []) - 1)
    bare = Plan(campaign, members, held, base, source, arms)
    if members is None or held is None or base is None:
        return bare
    alpha = (1 - LEVEL) / arms
    treated, control = members * (1 - held) / arms, members * held
    worth = worthwhile(base)
    total = needed(base, worth, control / (treated + control), alpha)
    return Plan(
        campaign, members, held, base, source, arms, detectable(base, treated, control, alpha), worth,
        power(base, worth, treated, control, alpha),
        None if total is None else round(total * members / (treated + control)),
    )  # fmt: skip


def _base(
    campaign: Campaign, known: dict[str, Any], viewer: Viewer, cubes: Cubes
) -> tuple[float | None, str]:
    """The outcome rate to expect of those held out: the same program's latest, else the record's goal."""
    alike = [
        one
        for name in Filters().campaigns(cubes, viewer)
        if (one := cubes.campaigns[name]).program == campaign.program
        and one.outcome == campaign.outcome
        and one.id != campaign.id
        and one.recorded
    ]
    for one in sorted(
        alike,
        key=lambda c: (c.line_of_business == campaign.line_of_business, c.start_day or 0),
        reverse=True,
    ):
        found = experiment(one.id, viewer, cubes)
        if found is not None and found.cohorts.held is not None and not found.cohorts.hidden:
            return found.cohorts.held.rate, f"members held out in {one.name}"
    goal = known.get("goal")
    if isinstance(goal, (int, float)) and 0 < goal < 1:
        return float(goal), "the record's goal"
    return None, ""


def planned(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The panel of planned experiments; nothing where none is planned."""
    found = plans(filters, viewer, cubes)
    if not found:
        return []
    heads = ["Campaign", "Starts", "Members", "Held out", "Expected rate", "Will show", "Worth knowing",
    "Power",
             "Members wanted"]  # fmt: skip
    rows = [_row(one) for one in found]
    table = tables.table(heads, rows, TITLE, "words plans")
    told = [html.Li(_sentence(one)) for one in found]
    tools = csv_link("experiments", "plans", filters, viewer)
    foot = [html.Span("Two-sided test at 5%, power 80%; members count as independent.")]
    return panel(TITLE, CAPTION, [html.Ul(told, className="verdict-reasons"), table], foot, tools)


def _sentence(one: Plan) -> list[Any]:
    link = html.A(one.campaign.name, href=campaign_link(one.campaign.id))
    if one.lacks:
        return [link, f": its record does not say {listed(one.lacks)}, so that nothing can be worked out."]
    if one.shows is None or one.worth is None or one.power is None:
        return [link, ": it could not show any effect."]
    enough = one.shows <= one.worth
    will = "will tell" if enough else "will probably be too small to tell"
    return [
        link, f": {will}. It shows a rise of {100 * one.shows:.2f} points over {percent(one.base or 0)} "
        f"({one.source}) four times out of five; an effect of {100 * one.worth:.2f} points it would find "
        f"with a probability of {percent(one.power)}.",
    ]  # fmt: skip


def _row(one: Plan) -> list[Any]:
    start = day(one.campaign.start_day) if one.campaign.start_day is not None else "no date"
    return [
        one.campaign.name,
        html.Td(start, className="number"),
        _told(one.members, count),
        _told(one.held, percent),
        _told(one.base, percent),
        _told(one.shows, _points),
        _told(one.worth, _points),
        _told(one.power, percent),
        _told(one.wanted, count),
    ]


def _points(value: float) -> str:
    return f"{100 * value:.2f}"


def _told(value: float | None, write: Any) -> Component:
    if value is None:
        return html.Td("–", className="number is-nothing")
    return html.Td(write(value), className="number")
