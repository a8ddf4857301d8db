"""What can be told of a campaign and channel: which facts some source reports."""

from __future__ import annotations

from collections.abc import Sequence

from data.cubes import Cubes
from data.kept import kept_of

FACTS: dict[str, str] = {
    "sent": "Sent",
    "delivered": "Delivered",
    "bounced": "Bounced or failed",
    "opened": "Opened",
    "opened_human": "Opened by people",
    "clicked": "Clicked",
    "replied": "Replied",
    "opt_out": "Opted out",
    "complaint": "Complained",
    "members_converted": "Outcomes of members",
    "cost_micros": "Cost",
}
WITHOUT_CHANNEL: dict[str, str] = {
    "eligible": "Eligible",
    "contactable": "Contactable",
    "consented": "Consented",
    "assigned": "Assigned",
    "held_out": "Held out",
    "with_outcome": "Outcome rate",
}
SAME = {"failed": "bounced", "returned": "bounced"}  # other words for the same fact, by channel
REPORTED, TOTALS, ABSENT = "reported", "totals only", "not available"
Place = tuple[str, str]


def known(cubes: Cubes, campaigns: Sequence[str]) -> dict[Place, dict[str, str]]:
    """By campaign and channel ("" for none): each fact that a source reports, as rows or as totals only."""
    wanted = set(campaigns)
    return {place: facts for place, facts in _known(cubes).items() if place[0] in wanted}


@kept_of
def _known(cubes: Cubes) -> dict[Place, dict[str, str]]:
    found: dict[Place, dict[str, str]] = {}
    told = cubes.coverage.select("campaign", "channel", "fact", "origin")
    for campaign, channel, fact, origin in told.iter_rows():
        facts = found.setdefault((campaign, channel), {})
        name = SAME.get(fact, fact)
        if origin == "rows" or name not in facts:
            facts[name] = REPORTED if origin == "rows" else TOTALS
    return found


def rows(cubes: Cubes, campaigns: Sequence[str]) -> list[tuple[str, str, str, str]]:
    """(campaign, channel, fact, state) of every fact that the campaign and channel could have."""
    return [
        (campaign, channel, fact, told.get(fact, ABSENT))
        for (campaign, channel), told in sorted(known(cubes, campaigns).items())
        for fact in (FACTS if channel else WITHOUT_CHANNEL)
    ]


def counted(cubes: Cubes, campaigns: Sequence[str]) -> dict[str, dict[str, dict[str, int]]]:
    """By channel and fact: how many campaigns are in each state."""
    return _counted(cubes, tuple(campaigns))


@kept_of
def _counted(cubes: Cubes, campaigns: tuple[str, ...]) -> dict[str, dict[str, dict[str, int]]]:
    found: dict[str, dict[str, dict[str, int]]] = {}
    for _, channel, fact, state in rows(cubes, campaigns):
        states = found.setdefault(channel, {}).setdefault(fact, {})
        states[state] = states.get(state, 0) + 1
    return found


def totals_only(cubes: Cubes, campaigns: Sequence[str]) -> list[str]:
    """The campaigns of which some channel has totals that a source had added up."""
    found = known(cubes, campaigns)
    return sorted({campaign for (campaign, _), facts in found.items() if TOTALS in facts.values()})
