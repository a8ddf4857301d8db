"""Simulated experiments: where nothing is planted little is found, and what is planted is covered."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from insight.experiments.arms import Arm
from insight.experiments.bayes import posterior
from insight.experiments.compliers import complier
from insight.experiments.groups import interaction
from insight.experiments.intervals import koopman, miettinen_nurminen, newcombe, score_test
from insight.experiments.sequential import running
from insight.experiments.several import benjamini_hochberg, holm

RUNS, LOOKS = 2_000, 40
OFTEN = 0.05 + 3 * np.sqrt(0.05 * 0.95 / RUNS)  # three standard errors of a simulation above 5 %
Counts = NDArray[np.int64]


def drawn(
    rate1: float, rate0: float, n1: int = 4_000, n0: int = 1_000, seed: int = 8
) -> tuple[Counts, Counts]:
    rng = np.random.default_rng(seed)
    return rng.binomial(n1, rate1, RUNS), rng.binomial(n0, rate0, RUNS)


def looks(rate1: float, rate0: float, batch1: int, batch0: int) -> tuple[Any, ...]:
    """Hits and members of both arms at every look: runs in rows, looks in columns."""
    rng = np.random.default_rng(9)
    k1 = rng.binomial(batch1, rate1, (RUNS, LOOKS)).cumsum(axis=1)
    k0 = rng.binomial(batch0, rate0, (RUNS, LOOKS)).cumsum(axis=1)
    seen = np.arange(1, LOOKS + 1)
    return k1, batch1 * seen, k0, batch0 * seen


@pytest.mark.parametrize("rate", [0.02, 0.08, 0.3])
def test_without_an_effect_the_fixed_test_finds_one_in_one_of_twenty(rate: float) -> None:
    k1, k0 = drawn(rate, rate)
    assert 0.03 < (score_test(k1, 4_000, k0, 1_000) < 0.05).mean() < OFTEN


@pytest.mark.parametrize(("batch1", "batch0"), [(200, 200), (400, 100), (2_000, 350)])
@pytest.mark.parametrize("rate", [0.08, 0.15])
def test_peeking_at_every_look_the_sequential_test_finds_none_more_often(
    rate: float, batch1: int, batch0: int
) -> None:
    counts = looks(rate, rate, batch1, batch0)
    always = running(*counts, planned=LOOKS * (batch1 + batch0))
    assert (always.p < 0.05).any(axis=1).mean() <= OFTEN
    assert (((always.low > 0) | (always.high < 0)).any(axis=1)).mean() <= OFTEN
    assert (((always.low > 0) | (always.high < 0)) == (always.p < 0.05)).all()


def test_peeking_with_the_fixed_test_is_what_it_protects_from() -> None:
    counts = looks(0.08, 0.08, 200, 200)
    assert (score_test(*counts) < 0.05).any(axis=1).mean() > 0.2


@pytest.mark.parametrize(("rate1", "rate0"), [(0.10, 0.08), (0.079, 0.096), (0.14, 0.13)])
def test_a_known_effect_lies_inside_at_every_look(rate1: float, rate0: float) -> None:
    always = running(*looks(rate1, rate0, 400, 100), planned=20_000)
    missed = (always.low > rate1 - rate0) | (always.high < rate1 - rate0)
    assert missed.any(axis=1).mean() <= OFTEN


def test_a_large_effect_is_found_while_it_runs() -> None:
    always = running(*looks(0.12, 0.08, 400, 100), planned=20_000)
    assert (always.low > 0).any(axis=1).mean() > 0.9


@pytest.mark.parametrize("interval", [newcombe, miettinen_nurminen])
@pytest.mark.parametrize(
    ("rate1", "rate0", "n1", "n0"),
    [(0.10, 0.08, 4_000, 1_000), (0.03, 0.02, 600, 200), (0.35, 0.30, 300, 300)],
)
def test_a_known_difference_is_covered(interval: Any, rate1: float, rate0: float, n1: int, n0: int) -> None:
    k1, k0 = drawn(rate1, rate0, n1, n0)
    low, high = interval(k1, n1, k0, n0)
    assert 0.935 < ((low <= rate1 - rate0) & (rate1 - rate0 <= high)).mean() < 0.975


def test_a_known_lift_is_covered() -> None:
    k1, k0 = drawn(0.10, 0.08)
    low, high = koopman(k1, 4_000, k0, 1_000)
    assert 0.935 < ((low <= 1.25) & (high >= 1.25)).mean() < 0.965


def test_over_several_arms_holm_keeps_the_chance_of_any_false_alarm() -> None:
    rng = np.random.default_rng(3)
    control = rng.binomial(2_000, 0.1, RUNS)
    ps = np.stack(
        [score_test(rng.binomial(2_000, 0.1, RUNS), 2_000, control, 2_000) for _ in range(4)], axis=1
    )
    raw = (ps < 0.05).any(axis=1).mean()
    any_holm = np.mean([min(holm(row)) < 0.05 for row in ps.tolist()])
    any_rate = np.mean([min(benjamini_hochberg(row)) < 0.05 for row in ps.tolist()])
    assert raw > 0.1
    assert any_holm <= any_rate <= OFTEN


def test_the_credible_interval_covers_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    inside = 0
    for _ in range(200):
        treated = Arm("Text", 2_000, int(rng.binomial(2_000, 0.1)))
        control = Arm("Control", 600, int(rng.binomial(600, 0.08)), control=True)
        found = posterior(treated, control)
        inside += found.low <= 0.02 <= found.high
    assert 0.9 < inside / 200 < 0.99


def test_a_posterior_is_that_of_its_definition() -> None:
    """Against a million draws of the two Beta distributions."""
    found = posterior(Arm("Text", 3_119, 296), Arm("Control", 2_674, 240, control=True))
    rng = np.random.default_rng(2)
    gap = rng.beta(296.5, 2_823.5, 1_000_000) - rng.beta(240.5, 2_434.5, 1_000_000)
    assert found.above == pytest.approx((gap > 0).mean(), abs=0.003)
    assert (found.low, found.high) == pytest.approx(np.quantile(gap, [0.025, 0.975]), abs=1e-4)


def test_the_effect_on_those_sent_to_is_covered() -> None:
    rng = np.random.default_rng(6)
    inside = []
    for _ in range(RUNS):
        sent = int(rng.binomial(4_000, 0.7))
        k1 = int(rng.binomial(sent, 0.12)) + int(rng.binomial(4_000 - sent, 0.09))
        k0 = int(rng.binomial(1_500, 0.09 * 0.3 + 0.09 * 0.7))
        found = complier(Arm("Text", 4_000, k1), Arm("Control", 1_500, k0, control=True), sent)
        assert found is not None
        inside.append(found.low <= 0.03 <= found.high)
    assert np.mean(inside) > 0.94


def p_of_interaction(effects: list[float], rates: list[float], seed: int) -> Any:
    """p in each of 500 experiments, of groups whose rates differ and of these effects."""
    rng = np.random.default_rng(seed)
    sizes = [(1_500, 400), (3_000, 900), (800, 300), (5_000, 1_500)]
    found = []
    for _ in range(500):
        arms = [
            (
                Arm("Outreach", n1, int(rng.binomial(n1, rate + effect))),
                Arm("Holdout", n0, int(rng.binomial(n0, rate)), control=True),
            )
            for (n1, n0), rate, effect in zip(sizes, rates, effects, strict=True)
        ]
        found.append(interaction(arms))
    return np.array(found)


def test_an_effect_that_is_the_same_everywhere_rarely_looks_as_if_it_differed() -> None:
    often = (p_of_interaction([0.02] * 4, [0.05, 0.1, 0.2, 0.12], 3) < 0.05).mean()
    assert 0.02 < often < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 500)


def test_an_effect_that_differs_is_found() -> None:
    assert (p_of_interaction([0.0, 0.06, 0.0, 0.06], [0.1] * 4, 4) < 0.05).mean() > 0.8


def test_one_group_alone_has_no_interaction() -> None:
    assert interaction([(Arm("Outreach", 10, 1), Arm("Holdout", 10, 1, control=True))]) is None
