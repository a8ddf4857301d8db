"""Campaign records of the sample, as the campaign system would export them."""

from __future__ import annotations

import json
from typing import Any

from etl.sample.campaigns import Campaign
from etl.sample.catalogue import HOLDOUT
from etl.sample.plan import Plan, day_date
from etl.sample.touches import VARIANTS

UNIT_COSTS = {"email": 0.0012, "push": 0.0005}  # the other channels state a cost per message
BUDGET_PER_TOUCH = {"email": 0.002, "sms": 0.016, "push": 0.001, "phone": 1.6, "mail": 0.9}
OWNERS = ("Quality team", "Member engagement team", "Pharmacy team")


def record(plan: Plan, campaign: Campaign) -> dict[str, Any]:
    """One campaign record; keys as the importer knows them."""
    template, program = campaign.template, campaign.program
    recorded = min(campaign.listed_start - 21, plan.last - 10)
    budget = sum(BUDGET_PER_TOUCH[wave.channel] * wave.share * campaign.size for wave in template.waves)
    return {
        "id": campaign.id,
        "name": template.name,
        "program": program.name,
        "line_of_business": campaign.line,
        "owner": OWNERS[2] if template.program == "refill" else OWNERS[campaign.number % 2],
        "purpose": program.purpose,
        "legal_basis": "Health care operations (45 CFR 164.506)",
        "third_party_funding": "none",
        "start": day_date(campaign.listed_start),
        "end": day_date(campaign.end),
        "waves": list(campaign.wave_names),
        "channels": list(campaign.channels),
        "audience": f"{program.audience}; {campaign.line}",
        "audience_size": campaign.size,
        "arms": [*template.effect, *([HOLDOUT] if template.holdout else [])],
        "holdout_share": template.holdout,
        "outcome": program.outcome,
        "window_days": program.window_days,
        "lag_days": program.lag_days,
        "direction": "higher",
        "value": program.value,
        "goal": round(program.base_rate * template.base_factor * 1.15, 3),
        "budget": round(max(budget * 1.1, 50)),
        "unit_costs": {name: UNIT_COSTS[name] for name in campaign.channels if name in UNIT_COSTS},
        "variants": [
            {"name": name, "channel": channel, "text": program.texts[channel][place]}
            for channel in campaign.channels
            for place, name in enumerate(VARIANTS)
        ],
        "recorded_at": day_date(recorded),
    }


def records_toml(plan: Plan, campaigns: list[Campaign]) -> str:
    """The campaign file: one [[campaign]] table per campaign that has a record."""
    parts = ["# Campaign records of the synthetic sample.\n"]
    for campaign in campaigns:
        if campaign.template.recorded:
            lines = [f"{key} = {_toml(value)}" for key, value in record(plan, campaign).items()]
            parts.append("\n".join(["[[campaign]]", *lines]) + "\n")
    return "\n".join(parts)


def _toml(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
    return value.isoformat() if hasattr(value, "isoformat") else json.dumps(value, ensure_ascii=False)
