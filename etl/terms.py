"""What counts for a campaign: its outcomes and windows, and what a message costs, from its record."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from config.vocabulary import CLAIMS_LAG_DAYS, WINDOW_DAYS

TERMS = {
    "campaign": pl.String,
    "outcome": pl.String,
    "main": pl.Boolean,
    "tied": pl.Boolean,
    "window_days": pl.Int32,
    "lag_days": pl.Int32,
}
PRICES = {"campaign": pl.String, "channel": pl.String, "unit_micros": pl.Int64}


def terms(records: pl.DataFrame, tied: pl.DataFrame) -> pl.DataFrame:
    """The outcomes that count per campaign.

    `records` has the current campaign records, `tied` the distinct (campaign, outcome) that sources
    tie to a campaign themselves. The declared outcome is the main one; without a record it is the
    only one tied, or the first by name.
    """
    rows: list[dict[str, Any]] = []
    declared = {row["campaign"]: row for row in records.iter_rows(named=True)}
    by_campaign: dict[str, set[str]] = {}
    for campaign, outcome in tied.select("campaign", "outcome").iter_rows():
        by_campaign.setdefault(campaign, set()).add(outcome)
    for campaign in sorted(declared.keys() | by_campaign.keys()):
        record = declared.get(campaign, {})
        own = by_campaign.get(campaign, set())
        names = own | ({record["outcome"]} if record.get("outcome") else set())
        main = record.get("outcome") or (min(names) if names else None)
        rows.extend(
            {
                "campaign": campaign,
                "outcome": name,
                "main": name == main,
                "tied": name in own,
                "window_days": record.get("window_days") or WINDOW_DAYS,
                "lag_days": record["lag_days"] if record.get("lag_days") is not None else CLAIMS_LAG_DAYS,
            }
            for name in sorted(names)
        )
    return pl.DataFrame(rows, schema=TERMS)


def prices(records: pl.DataFrame) -> pl.DataFrame:
    """The unit costs that campaign records declare, in millionths."""
    rows = [
        {"campaign": campaign, "channel": channel, "unit_micros": round(float(cost) * 1_000_000)}
        for campaign, record in records.select("campaign", "record").iter_rows()
        for channel, cost in sorted((json.loads(record).get("unit_costs") or {}).items())
    ]
    return pl.DataFrame(rows, schema=PRICES)
