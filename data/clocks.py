"""The clocks of a snapshot, and which source sets each of them (product rule 13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from config.vocabulary import CLAIMS_LAG_DAYS
from data.records import BROWSER

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
ACTIVE_DAYS = 45
MESSAGE_FACTS = {"sent", "attempted", "printed", "delivered", "answered", "opened", "clicked", "bounced"}
OUTCOME = "outcome:"


@dataclass(frozen=True)
class OutreachClock:
    """How far a source of messages reaches. Outreach is complete through the least of the active ones."""

    source: str
    last_us: int
    active: bool
    sets: bool
    once: bool = False


@dataclass(frozen=True)
class OutcomeClock:
    """How far an outcome is complete: `window` and `lag` days before the latest row of its sources."""

    outcome: str
    day: int
    sources: tuple[str, ...]
    last_us: int
    window: int
    lag: int


def words_of(provides: str | None) -> set[str]:
    return set((provides or "").split())


def coming_once(loads: pl.DataFrame) -> frozenset[str]:
    """The sources that come once: nobody waits for more of them."""
    return frozenset(loads.filter(pl.col("once").fill_null(False))["source"])


def outreach(loads: pl.DataFrame) -> list[OutreachClock]:
    """The message sources of some loads, the one that reaches least first.

    What comes once is passed over, unless nothing else tells of messages.
    """
    reach: dict[str, int] = {}
    for source, provides, last_us in loads.select("source", "provides", "last_us").iter_rows():
        if last_us is not None and words_of(provides) & MESSAGE_FACTS:
            reach[source] = max(reach.get(source, 0), last_us)
    once = coming_once(loads)
    lasting = {source: last for source, last in reach.items() if source not in once} or reach
    newest = max(lasting.values(), default=0)
    active = {source: last for source, last in lasting.items() if last > newest - ACTIVE_DAYS * DAY_US}
    least = min((last // HOUR_US for last in active.values()), default=0)
    return [
        OutreachClock(
            source, last, source in active, source in active and last // HOUR_US == least, source in once
        )
        for source, last in sorted(reach.items(), key=lambda item: (item[1], item[0]))
    ]


def outcomes(loads: pl.DataFrame, terms: pl.DataFrame) -> list[OutcomeClock]:
    """The outcomes that some source of the loads reports, by name."""
    found: dict[str, dict[str, int]] = {}
    for source, provides, last_us in loads.select("source", "provides", "last_us").iter_rows():
        for word in words_of(provides):
            if word.startswith(OUTCOME) and last_us is not None:
                of = found.setdefault(word.removeprefix(OUTCOME), {})
                of[source] = max(of.get(source, 0), last_us)
    waits = _waits(terms)
    clocks = []
    for outcome, sources in sorted(found.items()):
        window, lag = waits.get(outcome, (0, CLAIMS_LAG_DAYS))
        last = max(sources.values())
        day = last // DAY_US - window - lag - 1
        setting = tuple(sorted(source for source, at in sources.items() if at == last))
        clocks.append(OutcomeClock(outcome, day, setting, last, window, lag))
    return clocks


def _waits(terms: pl.DataFrame) -> dict[str, tuple[int, int]]:
    """Window and lag of each outcome, of the campaign that waits longest."""
    rows = terms.select("outcome", "window_days", "lag_days").iter_rows()
    waits: dict[str, tuple[int, int]] = {}
    for outcome, window, lag in rows:
        if window + lag > sum(waits.get(outcome, (-1, 0))):
            waits[outcome] = (window, lag)
    return waits


def clocks(loads: pl.DataFrame, terms: pl.DataFrame) -> dict[str, Any]:
    """The clocks as a snapshot states them."""
    through = [one.last_us // HOUR_US * HOUR_US for one in outreach(loads) if one.sets]
    return {
        "outreach_through_us": min(through, default=None),
        "outcomes_through": {one.outcome: one.day for one in outcomes(loads, terms)},
        # An edit is no news from a source.
        "last_load_us": loads.filter(pl.col("source") != BROWSER)["received_us"].max(),
        "synthetic": bool(loads["synthetic"].any()),
    }
