"""Who belongs to which campaign, in which arm, from which day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from etl.sample.campaigns import Campaign
from etl.sample.catalogue import HOLDOUT
from etl.sample.people import LINES, People
from etl.sample.plan import Calendar, Plan, day_date

NOT_ELIGIBLE_SHARE = 0.01
FAR = 2**31


@dataclass(frozen=True)
class Audience:
    """The members listed for one campaign, one array element each. `arm` is -1 where not assigned."""

    campaign: Campaign
    member: np.ndarray
    eligible: np.ndarray
    contactable: np.ndarray
    consented: np.ndarray
    arm: np.ndarray
    day: np.ndarray

    @property
    def assigned(self) -> np.ndarray:
        return self.arm >= 0

    @property
    def held_out(self) -> np.ndarray:
        names = np.array([*self.campaign.arms, ""])
        return np.asarray(names[self.arm] == HOLDOUT)


def contact_point(people: People, channel: str) -> np.ndarray:
    """Per member, whether the channel can reach the member at all."""
    points = {"email": people.has_email, "sms": people.has_mobile, "push": people.has_app}
    points |= {"phone": people.has_phone, "mail": np.ones(len(people), dtype=bool)}
    return np.asarray(points[channel])


def make_audiences(plan: Plan, people: People, campaigns: list[Campaign]) -> list[Audience]:
    """Draw all audiences. A member is in one campaign of a program at a time, so that every
    outcome inside a window belongs to one campaign and the planted effects stay exact."""
    calendar = Calendar(plan)
    free_from: dict[str, np.ndarray] = {}
    order = sorted(campaigns, key=lambda c: (not c.template.always_on, c.start, c.number))
    audiences = []
    for campaign in order:
        if campaign.template.future:
            continue
        free = free_from.setdefault(campaign.template.program, np.zeros(len(people), dtype=np.int64))
        audience = _draw(plan, calendar, people, campaign, free)
        busy = FAR if campaign.template.always_on else campaign.start + campaign.program.window_days
        free[audience.member] = busy + 1
        audiences.append(audience)
    return sorted(audiences, key=lambda audience: audience.campaign.number)


def _draw(plan: Plan, calendar: Calendar, people: People, campaign: Campaign, free: np.ndarray) -> Audience:
    rng = plan.stream("audience", campaign.id)
    reachable = np.any([contact_point(people, channel) for channel in campaign.channels], axis=0)
    pool = campaign.program.pool(people) & (free <= campaign.start)
    if campaign.template.line:
        pool &= people.line == LINES.index(campaign.template.line)
    exact = campaign.template.size > 1
    if exact:
        pool &= reachable & people.consent
    candidates = np.flatnonzero(pool)
    member = np.sort(rng.permutation(candidates)[: campaign.size])
    eligible = np.ones(len(member), bool) if exact else rng.random(len(member)) > NOT_ELIGIBLE_SHARE
    assigned = eligible & reachable[member] & people.consent[member]
    arm = np.where(assigned, _arms(rng, campaign, len(member)), -1)
    day = np.full(len(member), campaign.start)
    if campaign.template.always_on:
        day = calendar.next_working(rng.integers(campaign.start, plan.last + 1, len(member)))
        day = np.minimum(day, plan.last)
    return Audience(campaign, member, eligible, reachable[member], people.consent[member], arm, day)


def _arms(rng: np.random.Generator, campaign: Campaign, n: int) -> np.ndarray:
    treated = len(campaign.template.effect)
    shares = [(1 - campaign.template.holdout) / treated] * treated
    if campaign.template.holdout:
        shares.append(campaign.template.holdout)
    return rng.choice(len(shares), n, p=np.array(shares) / sum(shares))


def assignments_frame(people: People, audiences: list[Audience]) -> pl.DataFrame:
    """The assignment file: one row per campaign and listed member, as the plan's list tool writes it."""
    return pl.concat([_listed(people, audience) for audience in audiences])


def _listed(people: People, audience: Audience) -> pl.DataFrame:
    names = np.array([*audience.campaign.arms, ""])
    days = {int(day): day_date(int(day)).strftime("%m/%d/%Y") for day in np.unique(audience.day)}
    return pl.DataFrame(
        {
            "campaign_id": pl.repeat(audience.campaign.id, len(audience.member), eager=True),
            "member_id": pl.Series(people.ids[audience.member].tolist(), dtype=pl.String),
            "arm": pl.Series(names[audience.arm].tolist(), dtype=pl.String),
            "assigned": _yes_no(audience.assigned),
            "assigned_on": pl.Series([days[int(day)] for day in audience.day], dtype=pl.String),
            "eligible": _yes_no(audience.eligible),
            "contactable": _yes_no(audience.contactable),
            "consent": _yes_no(audience.consented),
        }
    )


def _yes_no(values: np.ndarray) -> pl.Series:
    return pl.Series(np.where(values, "Y", "N").tolist(), dtype=pl.String)
