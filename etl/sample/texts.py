"""The text provider's log (one row per message, latest state), its late states, and the replies."""

from __future__ import annotations

import numpy as np
import polars as pl

from etl.sample.emails import awake
from etl.sample.people import People
from etl.sample.plan import Plan
from etl.sample.stamps import ids, utc_text
from etl.sample.touches import VARIANTS

FORM = "%Y-%m-%d %H:%M:%S UTC"
STILL_UNKNOWN = 0.02  # never confirmed by the carrier: neither delivered nor failed
LATE_STATE = 0.035
REPLY_RATE = 0.042
VARIANT_B_REPLY_FACTOR = 1.3
PRICE = 0.0079

REPLIES: dict[str, tuple[str, ...]] = {
    "positive": ("YES", "Yes", "yes please", "Si", "OK"),
    "negative": ("No", "NO thanks", "not now"),
    "stop": ("STOP", "Stop", "Cancel", "UNSUBSCRIBE", "Alto"),
    "help": ("HELP", "Help"),
    "other": ("Who is this?", "Thanks", "I have it done already"),
}
REPLY_SHARES = (0.55, 0.13, 0.07, 0.05, 0.20)


def sms_states(plan: Plan, people: People, touches: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Final state per message: the log's columns, and `late` and `final_us` for the second file."""
    rng = plan.stream("texts")
    n = len(touches)
    unknown = rng.random(n) < STILL_UNKNOWN
    delivered = touches["delivered"].to_numpy()
    status = np.where(unknown, "sent", np.where(delivered, "delivered", "undelivered"))
    errors = np.array(["30003", "30005", "30006", "30008"])[rng.choice(4, n, p=[0.35, 0.25, 0.25, 0.15])]
    segments = 1 + touches["variant"].to_numpy()
    utc = touches["utc"].to_numpy()
    done = utc + rng.integers(1, 40, n)
    late = ~unknown & (rng.random(n) < LATE_STATE)
    done = np.where(late, utc + rng.integers(7_200, 200_000, n), done)
    return pl.DataFrame(
        {
            "touch": touches["touch"],
            "sid": ids("SM", touches["touch"], plan.seed),
            "status": status,
            "sent_utc": utc + 1,
            "done_utc": done,
            "to": pl.Series(people.phone[touches["member"].to_numpy()].tolist(), dtype=pl.String),
            "error_code": np.where(status == "undelivered", errors, ""),
            "num_segments": segments,
            "price": pl.Series((-PRICE * segments).round(4)),
            "late": late & (done < plan.end_second),
        }
    ).join(names, on="touch", how="left", maintain_order="left")


def sms_log(states: pl.DataFrame) -> pl.DataFrame:
    """The log as exported first: messages whose last state came late still say `sent`."""
    early = pl.when("late").then(pl.lit("sent")).otherwise("status")
    error = pl.when("late").then(pl.lit("")).otherwise("error_code")
    updated = pl.when("late").then(pl.col("sent_utc") + 2).otherwise("done_utc")
    return _printed(states.with_columns(status=early, error_code=error, done_utc=updated))


def sms_updates(states: pl.DataFrame) -> pl.DataFrame:
    """The later export: the same messages with their last state."""
    return _printed(states.filter("late"))


def _printed(states: pl.DataFrame) -> pl.DataFrame:
    return states.select(
        "sid",
        date_sent=utc_text(states["sent_utc"], FORM),
        date_updated=utc_text(states["done_utc"], FORM),
        to="to",
        status="status",
        error_code="error_code",
        num_segments="num_segments",
        price="price",
        price_unit=pl.lit("USD"),
        campaign="campaign",
        wave="wave",
        variant="variant",
    )


def sms_replies(plan: Plan, touches: pl.DataFrame, states: pl.DataFrame) -> pl.DataFrame:
    """Inbound texts: touch, sid of the message answered, utc, sender, body and class."""
    rng = plan.stream("replies")
    reached = states.filter(pl.col("status") == "delivered").join(
        touches.select("touch", "member", "channel", variant_no="variant"), on="touch", maintain_order="left"
    )
    rate = REPLY_RATE * np.where(
        reached["variant_no"].to_numpy() == VARIANTS.index("B"), VARIANT_B_REPLY_FACTOR, 1.0
    )
    answers = reached.filter(pl.Series(rng.random(len(reached)) < rate))
    n = len(answers)
    kind = rng.choice(len(REPLIES), n, p=REPLY_SHARES)
    pick = rng.integers(0, 60, n)
    classes = list(REPLIES)
    bodies = [REPLIES[classes[k]][p % len(REPLIES[classes[k]])] for k, p in zip(kind, pick, strict=True)]
    delay = np.minimum(np.exp(rng.normal(np.log(1_500), 1.5, n)), 600_000).astype(np.int64)
    return (
        answers.select("touch", "sid", "to", "member", "campaign", "wave", "variant")
        .with_columns(
            pl.Series("utc", awake(answers["done_utc"].to_numpy() + delay)),
            pl.Series("body", bodies, dtype=pl.String),
            pl.Series("kind", [classes[k] for k in kind], dtype=pl.String),
        )
        .filter(pl.col("utc") < plan.end_second)
        .sort("utc", "touch")
    )


def reply_log(plan: Plan, replies: pl.DataFrame) -> pl.DataFrame:
    """The replies as the text provider exports them."""
    return replies.select(
        reply_sid=ids("RE", replies["touch"], plan.seed),
        received=utc_text(replies["utc"], FORM),
        in_reply_to="sid",
        sender="to",
        body="body",
        campaign="campaign",
        wave="wave",
        variant="variant",
    )
