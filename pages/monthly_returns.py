"""What each campaign's outreach was worth: its caused outcomes at their recorded value, against its cost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from data.answer import Answer, Released, Row, Status
from data.cubes import Campaign, Cubes
from data.untold import NOT_ESTIMABLE
from insight.returns import returned
from pages.evidence import Evidence
from pages.experiments_questions import higher_is_better

NAMES = ("roi", "roi_low", "roi_high")
NO_VALUE = "No value of an outcome is recorded for this campaign."
NO_COST = "What the messages cost is not known."
FREE = "Nothing was spent, so there is nothing to set a return against."


def with_returns(answer: Answer, found: Mapping[str, Evidence], cubes: Cubes) -> Answer:
    """An answer by campaign, which has `cost`, with the columns of returns."""
    rows = tuple(
        Row(row.key, {**row.values, **returns(found[name], row.values["cost"], cubes.campaigns[name])})
        for row in answer.rows
        if (name := str(row.key[0])) in found
    )
    return replace(answer, metrics=(*answer.metrics, *NAMES), rows=rows)


def returns(evidence: Evidence, cost: Released, campaign: Campaign) -> dict[str, Released]:
    """The return with both ends of its range; where there is none, why."""
    told = evidence.found
    if told is None:
        return dict.fromkeys(NAMES, evidence.values()["incremental_outcomes"])
    each = value_of_one(campaign)
    if each is None:
        return dict.fromkeys(NAMES, Released(None, Status.NOT_AVAILABLE, reason=NO_VALUE))
    if cost.status is not Status.RELEASED or cost.value is None:
        return dict.fromkeys(NAMES, Released(None, Status.NOT_AVAILABLE, reason=NO_COST))
    if cost.value <= 0:
        return dict.fromkeys(NAMES, Released(None, Status.NOT_AVAILABLE, reason=FREE))
    one = returned(told, each if higher_is_better(campaign) else -each, cost.value)
    if one is None:
        return dict.fromkeys(NAMES, Released(None, Status.RELEASED, reason=NOT_ESTIMABLE))
    ends = sorted((one.low, one.high))
    values = zip(NAMES, (one.value, *ends), strict=True)
    return {name: Released(value, Status.RELEASED) for name, value in values}


def value_of_one(campaign: Campaign) -> float | None:
    """The recorded value of one outcome, in money; None where nobody recorded one."""
    record = json.loads(campaign.record or "{}")
    value = record.get("value") if isinstance(record, dict) else None
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
