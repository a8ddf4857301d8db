"""Counts from before the detailed days, added up by an older system; every channel in two spellings."""

from __future__ import annotations

import numpy as np
import polars as pl

from etl.sample.campaigns import Campaign
from etl.sample.plan import Calendar, Plan
from etl.sample.stamps import day_text

SPELLINGS: tuple[tuple[str, str, float], ...] = (
    ("Email", "E-mail", 1.0),
    ("SMS", "text message", 0.8),
    ("Push", "push notification", 0.25),
    ("In-App", "in app message", 0.15),
    ("Phone", "IVR", 0.1),
    ("Direct mail", "letter", 0.3),
    ("WhatsApp", "whats app", 0.08),
    ("Portal", "Member Portal", 0.12),
)
HEADER = (
    "day",
    "campaign",
    "channel",
    "sends",
    "delivered",
    "bounces",
    "clicks",
    "members_reached",
    "members_clicked",
)


def history_frame(plan: Plan, campaigns: list[Campaign]) -> pl.DataFrame:
    """One row per working day and channel of each campaign that has a history."""
    calendar = Calendar(plan)
    rows: list[tuple[object, ...]] = []
    for campaign in campaigns:
        if campaign.template.history:
            days = np.arange(campaign.listed_start, campaign.start)
            rows += _rows(plan, campaign, days[calendar.is_working(days)])
    kinds = {name: pl.String if name in HEADER[:3] else pl.Int64 for name in HEADER}
    return pl.DataFrame(rows, schema=kinds, orient="row")


def _rows(plan: Plan, campaign: Campaign, days: np.ndarray) -> list[tuple[object, ...]]:
    rng = plan.stream("history", campaign.id)
    rows: list[tuple[object, ...]] = []
    for place, day in enumerate(day_text(days, "%Y-%m-%d")):
        for first, second, weight in SPELLINGS:
            sends = int(rng.poisson(max(campaign.size * 0.01 * weight, 30)))
            delivered = int(rng.binomial(sends, 0.95))
            clicks = int(rng.binomial(delivered, 0.04))
            members = min(clicks, int(rng.binomial(clicks, 0.9)))
            spelled = second if place % 2 else first
            rows.append(
                (day, campaign.id, spelled, sends, delivered, sends - delivered, clicks, delivered, members)
            )
    return rows
