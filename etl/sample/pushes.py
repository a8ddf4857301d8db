"""The app's push log: one row per event, with the member's own id."""

from __future__ import annotations

import numpy as np
import polars as pl

from etl.sample.emails import awake
from etl.sample.people import People
from etl.sample.plan import Plan
from etl.sample.stamps import ids, scattered, utc_text

OPEN_RATE = 0.062
ACT_OF_OPEN = 0.35
DISABLE_RATE = 0.002


def push_events(plan: Plan, touches: pl.DataFrame) -> pl.DataFrame:
    """Events of the push touches: touch, event, utc."""
    rng = plan.stream("pushes")
    sent = touches["utc"].to_numpy()
    delivered = touches.filter("delivered")
    failed = touches.filter(~pl.col("delivered"))
    arrived = delivered["utc"].to_numpy() + rng.integers(1, 600, len(delivered))
    opened = rng.random(len(delivered)) < OPEN_RATE
    opened_at = awake(arrived[opened] + np.exp(rng.normal(np.log(1_200), 1.5, opened.sum())).astype(np.int64))
    acted = rng.random(int(opened.sum())) < ACT_OF_OPEN
    frames = [
        _events(touches["touch"], "send", sent),
        _events(delivered["touch"], "receipt", arrived),
        _events(failed["touch"], "unregistered", failed["utc"].to_numpy() + 2),
        _events(delivered["touch"].filter(pl.Series(opened)), "open", opened_at),
        _events(
            delivered["touch"].filter(pl.Series(opened)).filter(pl.Series(acted)),
            "in_app_action",
            opened_at[acted] + rng.integers(10, 400, int(acted.sum())),
        ),
    ]
    events = pl.concat(frames).filter(pl.col("utc") < plan.end_second)
    return events.sort("utc", "touch", "event")


def _events(touch: pl.Series, event: str, utc: np.ndarray) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "touch": touch,
            "event": pl.repeat(event, len(touch), eager=True),
            "utc": pl.Series(utc).cast(pl.Int64),
        }
    )


def push_log(
    plan: Plan, people: People, touches: pl.DataFrame, names: pl.DataFrame, events: pl.DataFrame
) -> pl.DataFrame:
    """The log as the app's messaging service exports it."""
    member = touches["member"].to_numpy()
    messages = touches.select(
        "touch",
        push_id=ids("PN", touches["touch"], plan.seed),
        user_id=pl.Series(people.ids[member].tolist(), dtype=pl.String),
        device=pl.Series([f"dev-{number:016x}" for number in scattered(member, plan.seed + 1)]),
    ).join(names, on="touch", how="left", maintain_order="left")
    log = events.join(messages, on="touch", how="left", maintain_order="left")
    return log.select(
        "push_id",
        "event",
        occurred_at=utc_text(events["utc"], "%Y-%m-%dT%H:%M:%SZ"),
        user_id="user_id",
        device="device",
        campaign="campaign",
        wave="wave",
        variant="variant",
    )
