"""The campaigns that a viewer may see: who they are, when they run and where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import request

from api.v1 import bodies, paging
from api.v1.parameters import PAGING, Parameters
from api.v1.problems import Fault, of
from config.suggest import nearest
from data.cubes import Campaign, Cubes
from data.filters import Filters, choices
from data.maturity import complete_through
from data.records import standing
from data.viewer import Viewer

STATUSES = ("draft", "scheduled", "active", "maturing", "closed", "no record")
RECORDED = ("program", "line_of_business", "channel")


def campaigns(viewer: Viewer, cubes: Cubes) -> dict[str, Any]:
    """`GET /api/v1/campaigns`: the campaigns in scope, by id."""
    asked = Parameters(request.args, ("status", *RECORDED, *PAGING), attributed=False)
    statuses = asked.names("status", STATUSES)
    filters = asked.filters(cubes, viewer)
    every = [described(one, cubes) for one in _kept(filters, viewer, cubes)]
    kept = [one for one in every if not statuses or one["status"] in statuses]
    part = paging.part(kept, asked.page(), cubes.snapshot.number)
    return {
        **bodies.stamp(cubes.snapshot),
        "count": part.count,
        "next": part.following,
        "campaigns": list(part.rows),
    }


def _kept(filters: Filters, viewer: Viewer, cubes: Cubes) -> Iterator[Campaign]:
    for name in filters.campaigns(cubes, viewer):
        if not filters.channel or set(filters.channel) & set(cubes.channels_of([name])):
            yield cubes.campaigns[name]


def described(campaign: Campaign, cubes: Cubes) -> dict[str, Any]:
    """A campaign's basic details."""
    return {
        "campaign_id": campaign.id,
        "name": campaign.name,
        "program": campaign.program,
        "line_of_business": campaign.line_of_business,
        "channels": cubes.channels_of([campaign.id]),
        "status": status(campaign, cubes),
        "start_date": bodies.day(campaign.start_day),
        "end_date": bodies.day(campaign.end_day),
        "outcome": campaign.outcome,
        "outcomes_complete_through": bodies.day(complete_through(campaign.id, cubes)),
        "recorded": campaign.recorded,
    }


def status(campaign: Campaign, cubes: Cubes) -> str:
    """One of `STATUSES`."""
    if not campaign.recorded:
        return "no record"
    through = complete_through(campaign.id, cubes)
    return standing(campaign.start_day, campaign.end_day, cubes.today, through)


def known(campaign: str, viewer: Viewer, cubes: Cubes) -> Campaign:
    """The campaign of that id; `Problem` with the near miss where the viewer has none."""
    offered = choices("campaign", cubes, viewer)
    if campaign not in offered:
        words = f"There is no campaign {campaign[:80]!r}. {nearest(campaign, offered)}".strip()
        raise of("not-found", [Fault("campaign_id", words)])
    return cubes.campaigns[campaign]
