"""Rules on released series: a bucket against a robust baseline of the buckets before it alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log, sqrt
from statistics import median

from insight.anomalies.discovery import binomial_tail, student_tail

SIGMA = 1.4826  # of a normal law, in median absolute deviations
BAND = 3.0
WAVES = 0.5


class Kind(StrEnum):
    """What an alert on figures is about."""

    VOLUME = "volume"
    DELIVERY = "delivery"
    ENGAGEMENT = "engagement"
    OPT_OUTS = "opt-outs"
    COMPLAINTS = "complaints"
    COST = "cost"
    SOURCE = "source"


@dataclass(frozen=True)
class Bucket:
    """A complete bucket: its first and last day (day numbers), hits and what they are hits of.

    For counts `hits` is the count and `of` 1. A bucket of which something is withheld is no bucket.
    """

    first: int
    last: int
    hits: float
    of: float = 1.0


@dataclass(frozen=True)
class Judged:
    """A bucket against its baseline: value, what is usual, the band around it, and the chance (p value) that
    a bucket like those before lies as far out on the side that matters; `large` is false where it is too
    small a difference to call anybody, however unlikely."""

    bucket: Bucket
    value: float
    usual: float
    low: float
    high: float
    chance: float
    large: bool


@dataclass(frozen=True)
class Rule:
    """How a kind of series is judged.

    `worse`: -1 where a fall is bad, 1 where a rise is. `before` buckets make the baseline, from `needed` on;
    a bucket counts from `least` on (of what it is a share, or the count that is usual). `points` or `times`
    say from which difference on anybody is called. `weekdays`: from so many days of the same weekday among
    those before on, they alone are the baseline of a day (0: never).
    """

    kind: Kind
    metric: str
    worse: int
    before: int
    needed: int
    least: float
    points: float = 0.0
    times: float = 1.0
    weekdays: int = 0


def judge_shares(buckets: Sequence[Bucket], rule: Rule, recent: int) -> list[Judged]:
    """The last `recent` buckets of a share against the median share of those before each.

    Hits follow a binomial law; where the past buckets lie further apart than it says (the robust spread of
    their z values), the bucket counts as if it had so many fewer.
    """
    found = []
    for at in range(max(0, len(buckets) - recent), len(buckets)):
        one = buckets[at]
        past = [b for b in buckets[max(0, at - rule.before) : at] if b.of >= rule.least]
        if one.of >= rule.least and len(past) >= rule.needed:
            same = [b for b in past if (one.first - b.first) % 7 == 0]
            alike = same if 0 < rule.weekdays <= len(same) else past
            found.append(_share(one, alike, rule))
    return found


def _share(one: Bucket, past: Sequence[Bucket], rule: Rule) -> Judged:
    usual = median(b.hits / b.of for b in past)
    sure = min(max(usual, 0.5 / sum(b.of for b in past)), 1 - 1e-9)
    scores = [abs(b.hits - b.of * sure) / sqrt(b.of * sure * (1 - sure)) for b in past]
    wide = max(1.0, SIGMA * median(scores))
    spread = wide * sqrt(sure * (1 - sure) / one.of)
    value = one.hits / one.of
    gap = rule.worse * (value - usual)
    ratio = value / sure if rule.worse > 0 else sure / max(value, 1e-9)
    large = gap >= rule.points and ratio >= rule.times
    low, high = max(0.0, usual - BAND * spread), min(1.0, usual + BAND * spread)
    chance = binomial_tail(value, sure, one.of / wide**2) if gap > 0 else 1.0
    return Judged(one, value, usual, low, high, chance, large)


def judge_counts(buckets: Sequence[Bucket], rule: Rule, recent: int) -> list[Judged]:
    """The last `recent` buckets of a count against the median of those before each, as ratios.

    Buckets must not overlap. What was seen among them is no news, however far from their median. The spread
    of the logarithms is that of the past: the median absolute deviation, at least two thirds of the largest
    and a tenth; where it is above a half, sending comes in waves, and no bucket is the usual one. Chances
    follow Student's law: few buckets make it.
    """
    found = []
    for at in range(max(0, len(buckets) - recent), len(buckets)):
        past = [b.hits / b.of for b in buckets[max(0, at - rule.before) : at]]
        if len(past) >= rule.needed and min(past) > 0 and median(past) >= rule.least:
            usual = median(past)
            away = [abs(log(one / usual)) for one in past]
            spread = max(0.1, max(away) * 2 / 3, SIGMA * median(away))
            if spread <= WAVES:
                found.append(_count(buckets[at], past, usual, spread, rule))
    return found


def _count(one: Bucket, past: Sequence[float], usual: float, spread: float, rule: Rule) -> Judged:
    value = one.hits / one.of
    gap = rule.worse * log(max(value, usual / 1e6) / usual)
    news = rule.worse * value > max(rule.worse * before for before in past)
    large = rule.worse * (value / usual - 1) >= rule.points
    low, high = (usual * exp(side * 2 * spread) for side in (-1, 1))
    return Judged(one, value, usual, low, high, student_tail(gap / spread), large and news)
