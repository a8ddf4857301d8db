"""The planted truths of a sample, as the figures that a right reading of its files must give."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import polars as pl

from etl.sample import emails, texts, touches
from etl.sample.history import SPELLINGS as HISTORY_SPELLINGS
from etl.sample.opt_outs import SPELLINGS
from etl.sample.people import LOW_REGION
from etl.sample.plan import ZONE, day_date
from etl.sample.spoil import Written
from etl.sample.world import World


def truth(world: World, written: dict[str, Written]) -> dict[str, Any]:
    """Everything planted, ready to be written as JSON. Counts of messages leave out repeated rows."""
    plan = world.plan
    return {
        "synthetic": True,
        "plan": {**asdict(plan), "first_day": _day(plan.first), "last_day": _day(plan.last), "zone": ZONE},
        "effects": [asdict(one) for one in world.truths],
        "campaigns": [_campaign(campaign) for campaign in world.campaigns],
        "messages": _messages(world),
        "email_outage": {
            "days": [_day(day) for day in world.outage],
            "undelivered": touches.OUTAGE_UNDELIVERED,
        },
        "sms_drop": {
            "from": _day(plan.last - touches.SMS_DROP_DAYS + 1),
            "kept_share": touches.SMS_DROP_KEPT,
        },
        "low_delivery": {
            "region": LOW_REGION,
            "undelivered_factor": touches.LOW_REGION_FACTOR,
            "undelivered": touches.UNDELIVERED,
        },
        "variants": {
            "email_b_click_factor": emails.VARIANT_B_CLICK_FACTOR,
            "sms_b_reply_factor": texts.VARIANT_B_REPLY_FACTOR,
        },
        "machines": {"proxy_share": emails.PROXY_SHARE, "scanner_share": emails.SCANNER_SHARE},
        "sent_after_opt_out": world.after_opt_out,
        "shared_addresses": _shared(world),
        "channel_spellings": sorted(_spellings()),
        "files": {name: asdict(one) for name, one in written.items()},
    }


def _day(number: int) -> str:
    return day_date(number).isoformat()


def _spellings() -> set[str]:
    of_history = {one for first, second, _ in HISTORY_SPELLINGS for one in (first, second)}
    return of_history | {one for ones in SPELLINGS.values() for one in ones}


def _campaign(campaign: Any) -> dict[str, Any]:
    template = campaign.template
    return {
        "campaign": campaign.id,
        "start": _day(campaign.start),
        "recorded": template.recorded,
        "holdout_share": template.holdout,
        "outcome": campaign.program.outcome,
        "window_days": campaign.program.window_days,
        "lag_days": campaign.program.lag_days,
        "planted": template.planted,
    }


def _shared(world: World) -> int:
    """E-mail addresses that the members file gives to more than one member."""
    listed = pl.Series(world.people.email[world.people.listed_email].tolist(), dtype=pl.String)
    return int((listed.value_counts()["count"] > 1).sum())


def _messages(world: World) -> list[dict[str, Any]]:
    """Messages per campaign, channel and stage that happened by the last day."""
    stages = pl.concat([_email(world), _sms(world), _push(world), _phone(world), _mail(world)])
    counts = (
        stages.unique(["touch", "stage"])
        .join(world.touches.select("touch", "channel"), on="touch")
        .join(world.names.select("touch", "campaign"), on="touch")
        .group_by("campaign", "channel", "stage")
        .len()
        .sort("campaign", "channel", "stage")
    )
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for campaign, channel, stage, n in counts.iter_rows():
        name = touches.CHANNELS[channel]
        rows.setdefault((campaign, name), {"campaign": campaign, "channel": name})[stage] = n
    return list(rows.values())


def _stage(frame: pl.DataFrame, stage: str) -> pl.DataFrame:
    return frame.select("touch", stage=pl.lit(stage))


def _email(world: World) -> pl.DataFrame:
    names = {
        "processed": "sent", "dropped": "suppressed", "delivered": "delivered", "bounce": "bounced",
        "open": "opened", "unsubscribe": "opt_out", "spamreport": "complaint",
    }  # fmt: skip
    events = world.emails
    human = ~pl.col("useragent").is_in([*emails.PROXY_AGENTS, emails.SCANNER_AGENT])
    clicks = (pl.col("event") == "click") & human & (pl.col("url") != emails.UNSUBSCRIBE_URL)
    return pl.concat(
        [
            *(_stage(events.filter(pl.col("event") == vendor), ours) for vendor, ours in names.items()),
            _stage(events.filter((pl.col("event") == "open") & human), "opened_human"),
            _stage(events.filter(clicks), "clicked"),
        ]
    )


def _sms(world: World) -> pl.DataFrame:
    states = world.texts
    left = world.left.filter(pl.col("channel") == "sms")
    return pl.concat(
        [
            _stage(states, "sent"),
            _stage(states.filter(pl.col("status") == "delivered"), "delivered"),
            _stage(states.filter(pl.col("status") == "undelivered"), "failed"),
            _stage(world.replies, "replied"),
            _stage(left, "opt_out"),
        ]
    )


def _push(world: World) -> pl.DataFrame:
    names = {
        "send": "sent",
        "receipt": "delivered",
        "unregistered": "failed",
        "open": "opened",
        "in_app_action": "acted",
    }
    events = world.pushes
    left = _stage(world.left.filter(pl.col("channel") == "push"), "opt_out")
    by_hand = _stage(events.filter(pl.col("event") == "open"), "opened_human")  # no machine opens a push
    staged = [_stage(events.filter(pl.col("event") == vendor), ours) for vendor, ours in names.items()]
    return pl.concat([*staged, by_hand, left])


def _phone(world: World) -> pl.DataFrame:
    calls = world.calls
    reached = calls.filter(pl.col("result").is_in(["Answered", "Voicemail"]))
    left = _stage(world.left.filter(pl.col("channel") == "phone"), "opt_out")
    return pl.concat([_stage(calls, "sent"), _stage(reached, "delivered"), left])


def _mail(world: World) -> pl.DataFrame:
    letters = world.letters
    left = _stage(world.left.filter(pl.col("channel") == "mail"), "opt_out")
    kept = letters.filter(pl.col("returned") < 0)
    back = letters.filter(pl.col("returned") >= 0)
    return pl.concat([_stage(letters, "sent"), _stage(kept, "delivered"), _stage(back, "returned"), left])
