"""Incremental outcomes: a published trial, and simulations in which the truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from insight.experiments import Arm, Verdict
from insight.incremental import Incremental, incremental, total


def test_the_published_reminder_trial_is_mostly_not_caused() -> None:
    """9.14 % of texted against 7.83 % of untexted members (docs/product of the plan): 86 % came anyway."""
    found = incremental(Arm("texted", 50_000, 4_570), Arm("not texted", 50_000, 3_915), 10_000.0)
    assert found.expected == pytest.approx(3_915)
    assert found.value == pytest.approx(655)
    assert found.expected / found.observed == pytest.approx(0.857, abs=0.001)
    assert found.low < 655 < found.high
    assert found.verdict is Verdict.WORKS
    assert found.cost_each == pytest.approx(10_000 / 655)


def test_arms_of_unequal_size_are_told_in_members_of_outreach() -> None:
    found = incremental(Arm("treated", 9_000, 900), Arm("held out", 1_000, 80), 900.0)
    assert found.expected == pytest.approx(720)
    assert found.value == pytest.approx(180)
    assert found.observed == 900


@pytest.mark.parametrize("outcomes", [80, 79, 85])
def test_a_cost_is_not_estimable_where_the_range_includes_nothing(outcomes: int) -> None:
    found = incremental(Arm("treated", 1_000, outcomes), Arm("held out", 1_000, 80), 500.0)
    assert found.low <= 0 <= found.high
    assert found.cost_each is None
    assert found.verdict in (Verdict.NO_EVIDENCE, Verdict.TOO_SMALL)


def test_fewer_of_a_bad_outcome_is_good() -> None:
    treated, control = Arm("treated", 8_000, 800), Arm("held out", 8_000, 1_200)
    assert incremental(treated, control, None).verdict is Verdict.HARMFUL
    assert incremental(treated, control, None, higher=False).verdict is Verdict.WORKS


def test_an_unknown_cost_is_no_cost_of_nothing() -> None:
    found = incremental(Arm("treated", 8_000, 1_200), Arm("held out", 8_000, 800), None)
    assert found.cost_each is None


def parts(rng: np.random.Generator) -> tuple[list[Incremental], float]:
    """Four campaigns whose true effects are 0, 1, 2 and -1 points, and the outcomes these cause."""
    found, caused = [], 0.0
    for members, held, effect in (
        (3_000, 600, 0.0),
        (2_000, 2_000, 0.01),
        (900, 300, 0.02),
        (500, 400, -0.01),
    ):
        treated = Arm("treated", members, int(rng.binomial(members, 0.08 + effect)))
        control = Arm("held out", held, int(rng.binomial(held, 0.08)))
        found.append(incremental(treated, control, None))
        caused += effect * members
    return found, caused


def test_a_sum_of_campaigns_covers_the_truth_at_its_rate() -> None:
    rng = np.random.default_rng(8)
    covered = 0
    for _ in range(1_000):
        found, caused = parts(rng)
        _, low, high = total(found)
        covered += low <= caused <= high
    assert 925 <= covered <= 975


def test_a_sum_of_one_is_that_one() -> None:
    one = incremental(Arm("treated", 900, 120), Arm("held out", 300, 30), None)
    assert total([one]) == pytest.approx((one.value, one.low, one.high))
