"""Which campaign is best at a figure, and why none is where they cannot be compared."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from data.answer import Released, Status
from data.cubes import Campaign
from data.metrics import Metric
from data.words import listed
from pages.compare_chosen import Launched
from pages.maturity import of_outcomes

SURE = 1.96  # standard errors: a difference within them may be chance
TOO_CLOSE = "too close to call"


@dataclass(frozen=True)
class Standing:
    """A campaign's value of a metric; `tag` is the letter it has on the page.

    `whole` is false where some of its channels do not report what the metric counts.
    """

    tag: str
    campaign: Launched
    value: Released
    complete: bool
    whole: bool = True


def record(campaign: Campaign) -> dict[str, Any]:
    """A campaign's record, empty where it has none."""
    found = json.loads(campaign.record or "{}")
    return found if isinstance(found, dict) else {}


def best(metric: Metric, standings: Sequence[Standing]) -> tuple[Standing | None, str]:
    """The best of them, or none and the reason in words; counts follow a campaign's size and have no best."""
    if not metric.is_ratio or metric.weak or metric.better == "neither" or len(standings) < 2:
        return None, ""
    reason = _apart(metric, standings)
    if reason:
        return None, reason
    rising = metric.better == "higher" and not (of_outcomes(metric.name) and _lower_is_better(standings))
    ordered = sorted(standings, key=lambda one: one.value.value or 0, reverse=rising)
    return (ordered[0], "") if _clear(metric, ordered[0].value, ordered[1].value) else (None, TOO_CLOSE)


def _apart(metric: Metric, standings: Sequence[Standing]) -> str:
    """Why they cannot be compared; empty where they can."""
    for status, words in (
        (Status.NOT_AVAILABLE, "not available"),
        (Status.WITHHELD, "withheld"),
        (Status.PARTIAL, "counted in part"),
    ):
        if found := [one.tag for one in standings if one.value.status is status]:
            return f"not ranked: {words} in {listed(found)}"
    if found := [one.tag for one in standings if one.value.value is None]:
        return f"not ranked: nothing to count in {listed(found)}"
    if found := [one.tag for one in standings if not one.whole]:
        return f"not ranked: some channels of {listed(found)} do not report it"
    return _of_outcomes_apart(standings) if of_outcomes(metric.name) else ""


def _of_outcomes_apart(standings: Sequence[Standing]) -> str:
    records = [record(one.campaign.campaign) for one in standings]
    if len({one.campaign.campaign.outcome for one in standings}) > 1:
        return "not ranked: their outcomes differ"
    if len({told.get("direction") or "higher" for told in records}) > 1:
        return "not ranked: higher is better in one, lower in another"
    windows = {told.get("window_days") for told in records}
    if len(windows) > 1:
        return "not ranked: their outcome windows differ"
    waiting = [one.tag for one in standings if not one.complete]
    return f"not ranked: outcomes of {listed(waiting)} still to come" if waiting else ""


def _lower_is_better(standings: Sequence[Standing]) -> bool:
    return record(standings[0].campaign.campaign).get("direction") == "lower"


def _clear(metric: Metric, first: Released, second: Released) -> bool:
    """Whether two values differ by more than chance may; money has no interval and differs if it differs."""
    gap = abs((first.value or 0) - (second.value or 0))
    if metric.shape == "money" or not gap:
        return gap > 0
    factor = 1000 if metric.shape == "per_1000" else 1
    return gap / factor > SURE * sqrt(_variance(first) + _variance(second))


def _variance(value: Released) -> float:
    n, k = value.denominator or 0, value.numerator or 0
    share = min(1.0, k / n) if n else 0.0
    # Nobody of n is not certainty: half a member stands in for none and for all.
    share = min(max(share, 0.5 / n), 1 - 0.5 / n) if n > 1 else 0.5
    return share * (1 - share) / n if n else 1.0
