"""The print shop's list: when each letter was printed, and when it came back."""

from __future__ import annotations

import numpy as np
import polars as pl

from etl.sample.people import People
from etl.sample.plan import Plan
from etl.sample.stamps import day_text, ids

POSTAGE = 0.73


def letter_returns(plan: Plan, touches: pl.DataFrame) -> pl.DataFrame:
    """Per letter the day it came back, -1 where it did not (or has not yet): touch, returned."""
    rng = plan.stream("letters")
    back = touches["day"].to_numpy() + rng.integers(8, 22, len(touches))
    returned = np.where(touches["delivered"].to_numpy() | (back > plan.last), -1, back)
    return pl.DataFrame({"touch": touches["touch"], "returned": returned})


def letter_log(
    plan: Plan, people: People, touches: pl.DataFrame, names: pl.DataFrame, returns: pl.DataFrame
) -> pl.DataFrame:
    """The list as the print shop sends it."""
    named = touches.select("touch").join(names, on="touch", how="left", maintain_order="left")
    latest = np.maximum(touches["day"].to_numpy(), returns["returned"].to_numpy())
    return pl.DataFrame(
        {
            "letter_id": ids("LT", touches["touch"], plan.seed),
            "member_id": pl.Series(people.ids[touches["member"].to_numpy()].tolist(), dtype=pl.String),
            "campaign": named["campaign"],
            "wave": named["wave"],
            "version": named["variant"],
            "printed_on": day_text(touches["day"], "%Y-%m-%d"),
            "returned_on": day_text(returns["returned"], "%Y-%m-%d"),
            "postage": pl.repeat(f"${POSTAGE}", len(touches), eager=True),
            "updated_on": day_text(latest, "%Y-%m-%d"),
        }
    )
