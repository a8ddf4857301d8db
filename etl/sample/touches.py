"""What was sent to whom and when: one row per message, before it is known how it fared."""

from __future__ import annotations

import numpy as np
import polars as pl

from etl.sample.audiences import Audience, contact_point
from etl.sample.catalogue import Wave
from etl.sample.people import LOW_REGION, REGIONS, People
from etl.sample.plan import Calendar, Plan, to_utc

CHANNELS = ("email", "sms", "push", "phone", "mail")
HOURS = {"email": (9, 16), "sms": (9, 20), "push": (10, 20), "phone": (9, 19), "mail": (9, 10)}
UNDELIVERED = {"email": 0.038, "sms": 0.045, "push": 0.07, "phone": 0.0, "mail": 0.022}
LOW_REGION_FACTOR = 2.2
OUTAGE_UNDELIVERED = 0.62
OUTAGE_SHARE = 0.02
SMS_DROP_DAYS = 7
SMS_DROP_KEPT = 0.35
VARIANTS = ("A", "B")


def make_touches(plan: Plan, people: People, audiences: list[Audience]) -> pl.DataFrame:
    """All messages in order of time: touch, member, campaign (number), wave, channel, variant, day, utc."""
    calendar = Calendar(plan)
    frames = [
        _wave(plan, calendar, people, a, place)
        for a in audiences
        for place in range(len(a.campaign.template.waves))
    ]
    touches = pl.concat(frames).filter(pl.col("day") <= plan.last)
    touches = _drop_sms(plan, touches)
    touches = touches.sort("utc", "campaign", "wave", "member").with_row_index("touch")
    outage = outage_days(plan, touches)
    return touches.with_columns(_delivered(plan, people, touches, outage))


def _wave(plan: Plan, calendar: Calendar, people: People, audience: Audience, place: int) -> pl.DataFrame:
    campaign = audience.campaign
    wave = campaign.template.waves[place]
    rng = plan.stream("wave", campaign.id, str(place))
    chosen = _chosen(rng, people, audience, wave)
    member, n = audience.member[chosen], int(chosen.sum())
    ranks = np.arange(wave.over, 0, -1, dtype=float)
    steps = rng.choice(wave.over, n, p=ranks / ranks.sum())
    day = calendar.plus_working(calendar.next_working(audience.day[chosen] + wave.after), steps)
    first, last = HOURS[wave.channel]
    second = (first * 3600 + rng.beta(1.3, 2.2, n) * (last - first) * 3600).astype(np.int64)
    variants = plan.stream("variant", campaign.id, wave.channel).integers(0, 2, len(people))
    return pl.DataFrame(
        {
            "member": member,
            "campaign": np.full(n, campaign.number, dtype=np.int64),
            "wave": np.full(n, place, dtype=np.int64),
            "channel": np.full(n, CHANNELS.index(wave.channel), dtype=np.int64),
            "variant": variants[member].astype(np.int64),
            "day": day,
            "utc": to_utc(day, second),
        }
    )


def _chosen(rng: np.random.Generator, people: People, audience: Audience, wave: Wave) -> np.ndarray:
    treated = audience.assigned & ~audience.held_out
    if wave.arm:
        treated &= np.array([*audience.campaign.arms, ""])[audience.arm] == wave.arm
    kept = rng.random(len(audience.member)) < wave.share
    return np.asarray(treated & kept & contact_point(people, wave.channel)[audience.member])


def _drop_sms(plan: Plan, touches: pl.DataFrame) -> pl.DataFrame:
    """Planted: the text provider takes in only a third of the messages in the last week."""
    kept = plan.stream("sms drop").random(len(touches)) < SMS_DROP_KEPT
    late = (pl.col("channel") == CHANNELS.index("sms")) & (pl.col("day") > plan.last - SMS_DROP_DAYS)
    return touches.filter(~late | pl.Series(kept))


def outage_days(plan: Plan, touches: pl.DataFrame) -> list[int]:
    """Planted: the two days of the e-mail outage, a pair that holds a noticeable share of all e-mails."""
    emails = touches.filter(pl.col("channel") == CHANNELS.index("email"))
    days = emails.group_by("day").len().sort("day")
    pairs = days.with_columns(both=pl.col("len") + pl.col("len").shift(-1), after=pl.col("day").shift(-1))
    pairs = pairs.filter(
        (pl.col("after") == pl.col("day") + 1) & (pl.col("both") >= len(emails) * OUTAGE_SHARE)
    )
    if pairs.is_empty():
        return []
    recent = pairs.filter(pl.col("day").is_between(plan.last - 100, plan.last - 30))
    best = (pairs if recent.is_empty() else recent).sort("both", "day").row(0, named=True)
    return [int(best["day"]), int(best["after"])]


def _delivered(plan: Plan, people: People, touches: pl.DataFrame, outage: list[int]) -> list[pl.Series]:
    rng = plan.stream("delivered")
    channel = touches["channel"].to_numpy()
    risk = np.array([UNDELIVERED[name] for name in CHANNELS])[channel]
    low = people.region[touches["member"].to_numpy()] == REGIONS.index(LOW_REGION)
    risk = np.where(low, risk * LOW_REGION_FACTOR, risk)
    down = np.isin(touches["day"].to_numpy(), outage) & (channel == CHANNELS.index("email"))
    risk = np.where(down, OUTAGE_UNDELIVERED, risk)
    return [pl.Series("delivered", rng.random(len(touches)) >= risk), pl.Series("outage", down)]
