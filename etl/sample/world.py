"""Everything that happens in one sample, before any vendor prints it."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from etl.sample.audiences import Audience, make_audiences
from etl.sample.calls import call_results
from etl.sample.campaigns import Campaign, make_campaigns
from etl.sample.emails import email_events
from etl.sample.letters import letter_returns
from etl.sample.opt_outs import opt_outs
from etl.sample.outcomes import Truth, make_outcomes
from etl.sample.people import People, make_people
from etl.sample.plan import Plan
from etl.sample.pushes import push_events
from etl.sample.texts import sms_replies, sms_states
from etl.sample.touches import CHANNELS, VARIANTS, make_touches, outage_days

GRACE_SECONDS = 2 * 86_400  # until an opt-out takes hold
IGNORED_SHARE = 0.03  # planted: messages that are sent after an opt-out nevertheless


@dataclass(frozen=True)
class World:
    """One sample. Frames that hold `touch` refer to rows of `touches`; times are UTC epoch seconds."""

    plan: Plan
    people: People
    campaigns: list[Campaign]
    audiences: list[Audience]
    touches: pl.DataFrame
    names: pl.DataFrame
    emails: pl.DataFrame
    texts: pl.DataFrame
    replies: pl.DataFrame
    pushes: pl.DataFrame
    calls: pl.DataFrame
    letters: pl.DataFrame
    left: pl.DataFrame
    outcomes: pl.DataFrame
    truths: list[Truth]
    outage: list[int]
    after_opt_out: int

    def of(self, channel: str) -> pl.DataFrame:
        """The messages of a channel."""
        return of_channel(self.touches, channel)


def of_channel(touches: pl.DataFrame, channel: str) -> pl.DataFrame:
    return touches.filter(pl.col("channel") == CHANNELS.index(channel))


def make_world(plan: Plan) -> World:
    """Play the sample through: people, lists, messages, reactions, opt-outs, outcomes."""
    people, campaigns = make_people(plan), make_campaigns(plan)
    audiences = make_audiences(plan, people, campaigns)
    touches = make_touches(plan, people, audiences)
    outage = outage_days(plan, touches)
    names = _names(campaigns, touches)
    events = _events(plan, people, touches, names)
    kept, after = respect_opt_outs(plan, touches, events["emails"], events["left"])
    events = {
        name: frame.join(kept.select("touch"), on="touch", how="semi", maintain_order="left")
        for name, frame in events.items()
    }
    outcomes, truths = make_outcomes(plan, people, audiences, kept)
    return World(
        plan=plan,
        people=people,
        campaigns=campaigns,
        audiences=audiences,
        touches=kept,
        names=names,
        **events,
        outcomes=outcomes,
        truths=truths,
        outage=outage,
        after_opt_out=after,
    )


def _names(campaigns: list[Campaign], touches: pl.DataFrame) -> pl.DataFrame:
    """Campaign, wave and variant of each touch as they are printed."""
    ids = {campaign.number: campaign.id for campaign in campaigns}
    return touches.select(
        "touch",
        campaign=pl.col("campaign").replace_strict(ids, return_dtype=pl.String),
        wave=pl.format("Wave {}", pl.col("wave") + 1),
        variant=pl.col("variant").replace_strict(dict(enumerate(VARIANTS)), return_dtype=pl.String),
    )


def _events(
    plan: Plan, people: People, touches: pl.DataFrame, names: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    by = {channel: of_channel(touches, channel) for channel in CHANNELS}
    texts = sms_states(plan, people, by["sms"], names)
    replies = sms_replies(plan, by["sms"], texts)
    calls = call_results(plan, people, by["phone"])
    letters = letter_returns(plan, by["mail"])
    answered = by["phone"].filter(calls["result"] == "Answered")
    return {
        "emails": email_events(plan, people, by["email"]),
        "texts": texts,
        "replies": replies,
        "pushes": push_events(plan, by["push"]),
        "calls": calls,
        "letters": letters,
        "left": opt_outs(
            plan, replies, by["push"].filter("delivered"), answered, by["mail"].filter("delivered")
        ),
    }


def respect_opt_outs(
    plan: Plan, touches: pl.DataFrame, emails: pl.DataFrame, left: pl.DataFrame
) -> tuple[pl.DataFrame, int]:
    """Touches without those sent after the member opted out of the channel, but for a planted few;
    and how many of those few there are."""
    unsubscribed = emails.filter(pl.col("event") == "unsubscribe").select("touch", "utc")
    leaving = pl.concat([unsubscribed, left.select("touch", "utc")])
    first = (
        leaving.join(touches.select("touch", "member", "channel"), on="touch", maintain_order="left")
        .group_by("member", "channel")
        .agg(pl.col("utc").min().alias("left_utc"))
    )
    known = touches.join(first, on=["member", "channel"], how="left", maintain_order="left")
    late = (known["utc"] > known["left_utc"] + GRACE_SECONDS).fill_null(False)
    ignored = late & pl.Series(plan.stream("ignored").random(len(touches)) < IGNORED_SHARE)
    return touches.filter(~late | ignored), int(ignored.sum())
