"""The preference centre's list of opt-outs; every channel spelled as each clerk likes it."""

from __future__ import annotations

import numpy as np
import polars as pl

from etl.sample.calls import DO_NOT_CALL_RATE
from etl.sample.emails import awake
from etl.sample.people import People
from etl.sample.plan import Plan
from etl.sample.pushes import DISABLE_RATE
from etl.sample.stamps import ids, local_text

SPELLINGS: dict[str, tuple[str, ...]] = {
    "sms": ("SMS", "sms", "Text", "text message", "TXT"),
    "push": ("Push", "push notification", "Mobile Push", "app push"),
    "phone": ("Phone", "call", "Voice", "telephone"),
    "mail": ("Mail", "Direct mail", "LETTER", "postal"),
}
MAIL_RATE = 0.0008


def opt_outs(
    plan: Plan, replies: pl.DataFrame, pushes: pl.DataFrame, calls: pl.DataFrame, letters: pl.DataFrame
) -> pl.DataFrame:
    """Opt-outs but those by e-mail link: touch, member, channel, message id, utc.

    `pushes`, `calls` and `letters` are delivered touches with touch, member and utc.
    """
    rng = plan.stream("opt-outs")
    stops = replies.filter(pl.col("kind") == "stop")
    frames = [
        _rows("sms", "SM", plan, stops, stops["utc"].to_numpy() + 30),
        *(
            _rows(
                name, prefix, plan, left, awake(left["utc"].to_numpy() + rng.integers(60, 500_000, len(left)))
            )
            for name, prefix, left in (
                ("push", "PN", _leavers(rng, pushes, DISABLE_RATE)),
                ("phone", "CA", _leavers(rng, calls, DO_NOT_CALL_RATE)),
                ("mail", "LT", _leavers(rng, letters, MAIL_RATE)),
            )
        ),
    ]
    return pl.concat(frames).filter(pl.col("utc") < plan.end_second).sort("utc", "touch")


def _leavers(rng: np.random.Generator, touches: pl.DataFrame, rate: float) -> pl.DataFrame:
    return touches.filter(pl.Series(rng.random(len(touches)) < rate))


def _rows(channel: str, prefix: str, plan: Plan, touches: pl.DataFrame, utc: np.ndarray) -> pl.DataFrame:
    return touches.select("touch", "member").with_columns(
        channel=pl.lit(channel),
        message=ids(prefix, touches["touch"], plan.seed),
        utc=pl.Series(utc).cast(pl.Int64),
    )


def opt_out_log(plan: Plan, people: People, left: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """The list as the preference centre exports it, in the plan's local time with its offset."""
    places = np.arange(len(left))
    spelled = [SPELLINGS[c][p % len(SPELLINGS[c])] for p, c in zip(places, left["channel"], strict=True)]
    named = left.select("touch").join(names, on="touch", how="left", maintain_order="left")
    return pl.DataFrame(
        {
            "request_id": ids("OO", left["touch"], plan.seed),
            "member_id": pl.Series(people.ids[left["member"].to_numpy()].tolist(), dtype=pl.String),
            "requested_at": local_text(left["utc"], "%Y-%m-%d %H:%M:%S%z"),
            "channel": pl.Series(spelled, dtype=pl.String),
            "message_id": left["message"],
            "campaign": named["campaign"],
            "wave": named["wave"],
            "variant": named["variant"],
        }
    )
