"""Rules on released series: what fires, how often chance does, and that the past decides."""

from __future__ import annotations

from dataclasses import replace
from math import comb, isclose

import numpy as np
import pytest

from insight.anomalies.discovery import binomial_tail, findings, student_tail
from insight.anomalies.episodes import LASTS_DAYS, chosen, raised
from insight.anomalies.released import Bucket, Kind, Rule, judge_counts, judge_shares
from insight.anomalies.series import Watched

SHARE = Rule(Kind.DELIVERY, "delivered_rate", worse=-1, before=56, needed=7, least=100, points=0.05)
RISE = Rule(Kind.OPT_OUTS, "opt_outs_per_1000", 1, before=24, needed=6, least=300, points=0.001, times=1.5)
COUNT = Rule(Kind.VOLUME, "sent", worse=-1, before=8, needed=8, least=1_000, points=0.3)


def shares(*values: float, of: float = 1_000) -> list[Bucket]:
    return [Bucket(day, day, value * of, of) for day, value in enumerate(values)]


def counts(*values: float) -> list[Bucket]:
    return [Bucket(7 * week, 7 * week + 6, value) for week, value in enumerate(values)]


def test_a_fall_of_a_share_is_judged_by_the_days_before() -> None:
    (one,) = judge_shares(shares(*[0.95] * 20, 0.38), SHARE, 1)
    assert (one.value, one.usual, one.large) == (0.38, 0.95, True)
    assert one.chance < 1e-100
    assert one.low < 0.95 < one.high
    (small,) = judge_shares(shares(*[0.95] * 20, 0.91), SHARE, 1)
    assert (small.large, small.chance < 1e-4) == (False, True), "unlikely, and too small to call anybody"
    (rise,) = judge_shares(shares(*[0.95] * 20, 1.0), SHARE, 1)
    assert (rise.large, rise.chance) == (False, 1.0)


def test_few_messages_and_a_short_past_judge_nothing() -> None:
    assert judge_shares(shares(*[0.95] * 6, 0.1), SHARE, 7) == []
    assert judge_shares([*shares(*[0.95] * 20), Bucket(20, 20, 9, 99)], SHARE, 1) == []
    small = shares(*[0.95] * 20, of=99)
    assert judge_shares([*small, Bucket(20, 20, 100, 1_000)], SHARE, 1) == []


def test_a_rate_that_is_ever_restless_needs_more() -> None:
    calm = judge_shares(shares(*[0.90, 0.905] * 14, 0.84), SHARE, 1)[0]
    restless = judge_shares(shares(*[0.97, 0.83] * 14, 0.84), SHARE, 1)[0]
    assert calm.chance < 1e-8 < 1e-2 < restless.chance


def test_a_rise_of_opt_outs_counts_from_half_as_many_again() -> None:
    past = shares(*[0.004] * 10, of=20_000)
    for rate, large in ((0.0059, False), (0.0061, True)):
        one = judge_shares([*past, Bucket(20, 20, rate * 20_000, 20_000)], RISE, 1)[0]
        assert (one.large, one.chance < 1e-3) == (large, True)


def test_a_fall_of_messages_is_judged_by_eight_weeks() -> None:
    past = (2_000, 2_100, 1_900, 2_050, 1_950, 2_000, 2_020, 1_980)
    (one,) = judge_counts(counts(*past, 700), COUNT, 1)
    assert (one.usual, one.large, one.chance < 1e-4) == (2_000, True, True)
    assert judge_counts(counts(*past, 1_500), COUNT, 1)[0].large is False
    assert judge_counts(counts(*past, 0), COUNT, 1)[0].large is True
    assert judge_counts(counts(*past[:7], 700), COUNT, 1) == [], "seven weeks are too few"
    assert judge_counts(counts(*(one / 3 for one in past), 100), COUNT, 1) == [], "too few messages"
    assert judge_counts(counts(2_000, 0, *past[:6], 700), COUNT, 1) == [], "a week without any"
    assert judge_counts(counts(300, 9_000, 400, 7_000, 200, 8_000, 350, 6_000, 100), COUNT, 1) == [], "waves"


@pytest.mark.parametrize(("judge", "rule"), [(judge_shares, SHARE), (judge_counts, COUNT)])
def test_a_bucket_is_judged_by_earlier_ones_alone(judge: object, rule: Rule) -> None:
    draw = np.random.default_rng(4)
    buckets = [Bucket(day, day, float(draw.integers(1_500, 2_500)), 1.0) for day in range(60)]
    if rule is SHARE:
        buckets = [replace(one, of=3_000.0) for one in buckets]
    whole = judge(buckets, rule, 60)  # type: ignore[operator]
    for cut in (9, 20, 41):
        part = judge(buckets[:cut], rule, cut)  # type: ignore[operator]
        assert whole[: len(part)] == part


def test_benjamini_and_hochberg_published_example() -> None:
    """The 15 p values of their section 4.2: at 0.05 the first four are rejected."""
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
         0.6528, 0.7590, 1.0]  # fmt: skip
    assert sum(findings(p, 0.05)) == 4
    assert findings(p, 0.05)[:4] == [True] * 4
    assert findings([]) == []


def test_tails_are_those_of_the_tables() -> None:
    # 15 or more of 100 at 4.5 %: 5.5e-5 by the exact sum; the bound lies above it, and not far.
    exact = sum(comb(100, k) * 0.045**k * 0.955 ** (100 - k) for k in range(15, 101))
    assert exact < binomial_tail(0.15, 0.045, 100) < 10 * exact
    assert binomial_tail(0.0, 0.5, 4) == pytest.approx(0.5**4)
    for t, chance in ((0.0, 0.5), (1.415, 0.1), (1.895, 0.05), (2.998, 0.01), (4.785, 0.001)):
        assert isclose(student_tail(t), chance, rel_tol=2e-3), "Student's table, 7 degrees of freedom"


def test_quiet_days_hold_their_false_discovery_rate() -> None:
    """Quiet series of two thousand days each, looked at alone and thirty together, at one in a hundred."""
    draw = np.random.default_rng(11)
    found = 0
    of = 2_000.0
    for _ in range(15):
        hits = draw.binomial(int(of), 0.93, 2_060)
        series = [Bucket(day, day, float(one), of) for day, one in enumerate(hits)]
        found += sum(findings([one.chance], 0.01)[0] for one in judge_shares(series, SHARE, 2_000))
    assert found / 30_000 < 0.02, "a look alone errs about once in a hundred"
    days = draw.random((2_000, 30))
    assert sum(any(findings(list(row), 0.01)) for row in days) / 2_000 < 0.016, "thirty looks together, too"


def watched(*values: float, key: str = "email") -> Watched:
    buckets = shares(*values)
    return Watched(SHARE, None, key, tuple(judge_shares(buckets, SHARE, len(buckets))), len(values) - 1)


def test_days_near_each_other_are_one_trouble_and_it_ends() -> None:
    days = [0.95] * 20 + [0.4, 0.38] + [0.95] * 3 + [0.5] + [0.95] * (LASTS_DAYS - 1)
    (one,) = raised([watched(*days)])
    assert (one.first_day, one.last_day, one.value, one.stands) == (20, 25, 0.38, True)
    (over,) = raised([watched(*days, 0.95)])
    assert over.stands is False
    two = raised([watched(*days, *[0.95] * 3, 0.3)])
    assert [(one.first_day, one.stands) for one in two] == [(20, False), (len(days) + 3, True)]


def test_nothing_is_found_where_all_is_as_ever() -> None:
    draw = np.random.default_rng(5)
    several = [watched(*draw.binomial(1_000, 0.94, 80) / 1_000, key=f"channel {one}") for one in range(12)]
    assert chosen(several) == set()


WEEKLY = replace(SHARE, weekdays=6)


def weeks(last: float, many: int = 8, sunday: float = 0.85) -> list[Bucket]:
    """Days of which each seventh delivers less; the last one is such a day."""
    told = [sunday if (day + 1) % 7 == 0 else 0.95 for day in range(7 * many)]
    return shares(*told[:-1], last)


def test_a_day_is_held_against_the_same_weekday_where_enough_are_known() -> None:
    """Sundays that always deliver less are nothing odd; one as good as a Monday, and a bad Monday, are told
    by what is usual on them."""
    (plain,), (weekly,) = (judge_shares(weeks(0.85), rule, 1) for rule in (SHARE, WEEKLY))
    assert (plain.usual, plain.large) == (0.95, True)
    assert (weekly.usual, weekly.large, weekly.chance) == (0.85, False, 1.0)
    (fallen,) = judge_shares(weeks(0.75), WEEKLY, 1)
    assert (fallen.usual, fallen.large) == (0.85, True)
    (monday,) = judge_shares([*weeks(0.85), Bucket(56, 56, 850, 1_000)], WEEKLY, 1)
    assert (monday.usual, monday.large) == (0.95, True)
    (early,) = judge_shares(weeks(0.85, many=6), WEEKLY, 1)
    assert early.usual == 0.95, "five Sundays are too few: all days count"


def test_a_baseline_of_a_few_same_weekdays_finds_little_by_chance() -> None:
    rng = np.random.default_rng(5)
    rate = np.where(np.arange(7 * 300) % 7 == 6, 0.9, 0.95)
    buckets = [Bucket(day, day, float(hits), 2_000) for day, hits in enumerate(rng.binomial(2_000, rate))]
    found = judge_shares(buckets, WEEKLY, 7 * 290)
    assert sum(one.chance < 0.001 for one in found) < 0.006 * len(found)
    assert not any(one.large for one in found)
