"""The call centre's list: semicolons, decimal commas, local times."""

from __future__ import annotations

import numpy as np
import polars as pl

from etl.sample.people import People
from etl.sample.plan import Plan
from etl.sample.stamps import ids, local_text

RESULTS = ("Answered", "Voicemail", "No answer", "Busy", "Wrong number")
SHARES = (0.34, 0.37, 0.22, 0.04, 0.03)
DO_NOT_CALL_RATE = 0.006  # of answered calls


def call_results(plan: Plan, people: People, touches: pl.DataFrame) -> pl.DataFrame:
    """Result per call: touch, result, seconds; older members answer more often."""
    rng = plan.stream("calls")
    n = len(touches)
    result = rng.choice(len(RESULTS), n, p=SHARES)
    older = people.age[touches["member"].to_numpy()] >= 65
    picked_up = (result == RESULTS.index("No answer")) & older & (rng.random(n) < 0.2)
    result = np.where(picked_up, 0, result)
    talk = np.where(result == 0, rng.gamma(2.2, 70, n), np.where(result == 1, 24, 0)).astype(np.int64)
    return pl.DataFrame({"touch": touches["touch"], "result": np.array(RESULTS)[result], "seconds": talk})


def call_log(
    plan: Plan, people: People, touches: pl.DataFrame, names: pl.DataFrame, results: pl.DataFrame
) -> pl.DataFrame:
    """The list as the call centre exports it."""
    cost = 0.35 + results["seconds"].to_numpy() * 0.009
    member = pl.Series(people.ids[touches["member"].to_numpy()].tolist(), dtype=pl.String)
    named = touches.select("touch").join(names, on="touch", how="left", maintain_order="left")
    return pl.DataFrame(
        {
            "Call ID": ids("CA", touches["touch"], plan.seed),
            "Member": member,
            "Campaign": named["campaign"],
            "Wave": named["wave"],
            "Script": named["variant"],
            "Call start": local_text(touches["utc"], "%d-%m-%Y %H:%M"),
            "Result": results["result"],
            "Seconds": results["seconds"],
            "Cost": pl.Series([f"{value:.2f}".replace(".", ",") for value in cost], dtype=pl.String),
        }
    )
