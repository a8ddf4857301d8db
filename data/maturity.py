"""Up to which day messages are complete, and outcomes, campaign by campaign, also without a record."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from config.vocabulary import CLAIMS_LAG_DAYS, WINDOW_DAYS
from data.cubes import Cubes
from data.kept import kept_of
from data.periods import day_number

Term = tuple[str, int, int]  # outcome, window and lag in days


def term(campaign: str, cubes: Cubes) -> Term | None:
    """What counts as a campaign's outcome and how long it may take; None where nothing is known to count."""
    return _terms(cubes).get(campaign)


def complete_through(campaign: str, cubes: Cubes) -> int | None:
    """The day (day number) up to which a campaign's outcomes are complete; None where no clock runs.

    Where its own outcome has no clock, the usual window and lag are counted back from the data's end:
    an unknown outcome is no more complete than a known one.
    """
    clocks = cubes.snapshot.clocks.get("outcomes_through") or {}
    if not clocks:
        return None
    outcome, window, lag = term(campaign, cubes) or ("", WINDOW_DAYS, CLAIMS_LAG_DAYS)
    through = clocks.get(outcome or cubes.campaigns[campaign].outcome)
    return int(through) if through is not None else cubes.today - window - lag - 1


def whole_through(cubes: Cubes) -> int:
    """The last day (day number) on which every active source is complete."""
    through = cubes.snapshot.clocks.get("outreach_through_us")
    if through is None:
        return cubes.today
    zone = ZoneInfo(cubes.snapshot.zone)
    return day_number(datetime.fromtimestamp(through / 1_000_000, zone).date()) - 1


@kept_of
def _terms(cubes: Cubes) -> dict[str, Term]:
    version = cubes.snapshot.versions.get("terms")
    if version is None:
        return {}
    main = cubes.lake.frame("terms", version).filter(pl.col("main"))
    rows = main.select("campaign", "outcome", "window_days", "lag_days").iter_rows()
    return {campaign: (outcome, window, lag) for campaign, outcome, window, lag in rows}
