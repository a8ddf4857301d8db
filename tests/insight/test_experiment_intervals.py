"""Intervals, tests and power against the figures that their papers and R's documentation print."""

from __future__ import annotations

import numpy as np
import pytest

from insight.experiments.arms import Arm
from insight.experiments.checks import Guard, guard, guard_against, sample_ratio
from insight.experiments.compliers import complier
from insight.experiments.differences import difference, lift
from insight.experiments.intervals import koopman, miettinen_nurminen, newcombe, score_test, wilson
from insight.experiments.money import Money, welch
from insight.experiments.power import detectable, needed, power
from insight.experiments.several import benjamini_hochberg, holm

# Newcombe 1998, Statistics in Medicine 17:873, table II: counts, then methods 10 and 6.
TABLE_II = [
    ((56, 70, 48, 80), (0.0524, 0.3339), (0.0528, 0.3382)),
    ((9, 10, 3, 10), (0.1705, 0.8090), (0.1700, 0.8406)),
    ((5, 56, 0, 29), (-0.0381, 0.1926), (-0.0326, 0.1933)),
    ((0, 10, 0, 20), (-0.1611, 0.2775), (-0.1658, 0.2844)),
    ((0, 10, 0, 10), (-0.2775, 0.2775), (-0.2879, 0.2879)),
    ((10, 10, 0, 20), (0.6791, 1.0000), (0.7156, 1.0000)),
]


@pytest.mark.parametrize(("counts", "tenth", "sixth"), TABLE_II, ids=str)
def test_differences_are_those_of_newcombes_table(
    counts: tuple[int, ...], tenth: tuple[float, float], sixth: tuple[float, float]
) -> None:
    assert np.round(newcombe(*counts), 4) == pytest.approx(tenth, abs=1e-9)
    assert np.round(miettinen_nurminen(*counts), 4) == pytest.approx(sixth, abs=1e-9)


def test_a_trial_of_perondi_is_as_r_has_it() -> None:
    """Fagerland, Lydersen and Laake 2015 and R's PropCIs: 7 of 34 against 1 of 34."""
    assert miettinen_nurminen(7, 34, 1, 34) == pytest.approx((0.0270416, 0.3452912), abs=1e-6)
    assert newcombe(7, 34, 1, 34) == pytest.approx((0.019, 0.34), abs=5e-4)
    assert koopman(7, 34, 1, 34) == pytest.approx((1.220853, 42.575718), abs=1e-5)


def test_koopmans_own_example() -> None:
    """Koopman 1984, as Nam 1995 repeats it: 36 of 40 against 16 of 80."""
    assert koopman(36, 40, 16, 80) == pytest.approx((2.940, 7.152), abs=5e-4)


def test_wilsons_interval_is_newcombes_first_example() -> None:
    """Newcombe 1998, Statistics in Medicine 17:857, table I, method 3."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_an_interval_and_its_test_agree_about_zero() -> None:
    rng = np.random.default_rng(1)
    k1, k0 = rng.binomial(400, 0.1, 500), rng.binomial(200, 0.08, 500)
    low, high = koopman(k1, 400, k0, 200)
    p = score_test(k1, 400, k0, 200)
    assert (((low > 1) | (high < 1)) == (p < 0.05)).all()


def test_of_arrays_each_is_what_it_is_alone() -> None:
    many = miettinen_nurminen([56, 5], [70, 56], [48, 0], [80, 29])
    for place, counts in enumerate([(56, 70, 48, 80), (5, 56, 0, 29)]):
        assert [many[0][place], many[1][place]] == pytest.approx(
            [float(one) for one in miettinen_nurminen(*counts)]
        )


def test_power_is_that_of_r_and_stata() -> None:
    assert power(0.5, 0.25, 50, 50) == pytest.approx(0.740, abs=5e-4)  # power.prop.test(n = 50, .50, .75)
    assert power(0.5, 0.25, 76.70692, 76.70692) == pytest.approx(0.9, abs=1e-6)
    assert power(0.015, -0.014, 550, 550) == pytest.approx(0.74156, abs=1e-5)
    assert power(0.2, -0.1, 154, 308) == pytest.approx(0.7995659, abs=1e-6)
    assert needed(0.5, 0.25, 0.5) in (115, 116, 117)  # power.prop.test(p1 = .50, p2 = .75, power = .8): 57.7


def test_what_is_detectable_has_the_power_asked_for() -> None:
    found = detectable(0.08, 9_000, 1_500)
    assert found is not None
    assert power(0.08, found, 9_000, 1_500) == pytest.approx(0.8, abs=1e-6)
    assert detectable(0.9, 3, 2) is None


def test_corrections_are_those_of_their_papers() -> None:
    """Holm 1979 by hand; Benjamini and Hochberg 1995, section 3.1: fifteen p values, four rejected at 5 %."""
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    ps = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
          0.6528, 0.7590, 1.0]  # fmt: skip
    assert sum(p <= 0.05 for p in benjamini_hochberg(ps)) == 4
    assert sum(p <= 0.05 for p in holm(ps)) == 3
    assert holm([]) == benjamini_hochberg([]) == []


def test_welch_is_students_sleep() -> None:
    """R's `t.test(extra ~ group, data = sleep)`: t = -1.8608, df = 17.776, p = 0.07939."""
    found = welch(Money(0.75, 1.789010, 10), Money(2.33, 2.002249, 10))
    assert found is not None
    assert found.freedom == pytest.approx(17.776, abs=1e-3)
    assert found.p == pytest.approx(0.07939, abs=1e-5)
    assert (found.low, found.high) == pytest.approx((-3.3654832, 0.2054832), abs=1e-5)
    assert welch(Money(1, 0, 5), Money(1, 0, 5)) is None


def test_the_hba1c_trial_of_the_brief() -> None:
    """9.14 % of texted and 7.83 % of untexted members took the test: 86 % would have done so anyway."""
    found = lift(Arm("Text", 100_000, 9_140), Arm("No text", 100_000, 7_830))
    assert found is not None
    assert 1 / (1 + found.estimate) == pytest.approx(0.857, abs=5e-4)
    assert difference(Arm("Text", 100_000, 9_140), Arm("No text", 100_000, 7_830)).estimate == pytest.approx(
        0.0131
    )


def test_a_lift_without_outcomes_in_the_control_is_not_estimable() -> None:
    assert lift(Arm("Text", 100, 9), Arm("Control", 100, 0)) is None
    found = lift(Arm("Text", 100, 0), Arm("Control", 100, 9))
    assert found is not None
    assert (found.estimate, found.low) == (-1, -1)
    assert -1 < found.high < 0


def test_shares_that_were_not_planned_raise_the_alarm() -> None:
    """Fabijan et al. 2019: 821,588 against 815,482 of a 50:50 split is no chance."""
    found = sample_ratio([821_588, 815_482], [0.5, 0.5])
    assert found is not None
    assert found.alarm
    assert found.p == pytest.approx(1.8e-6, rel=0.02)
    even = sample_ratio([850, 150], [0.85, 0.15])
    assert even is not None
    assert not even.alarm
    assert even.p == 1
    assert sample_ratio([10, 2], [0.85, 0.15]) is None
    assert sample_ratio([10], [1.0]) is None


def test_guards_break_beyond_chance_alone() -> None:
    assert guard(40, 1000, 0.02) is Guard.BROKEN
    assert guard(22, 1000, 0.02) is Guard.WATCH
    assert guard(12, 1000, 0.02) is Guard.KEPT
    assert guard(0, 0, 0.02) is None
    assert guard_against(40, 1000, 12, 1000) is Guard.BROKEN
    assert guard_against(22, 1000, 20, 1000) is Guard.WATCH
    assert guard_against(9, 1000, 20, 1000) is Guard.KEPT


def test_the_effect_on_those_sent_to_is_the_gap_over_the_share_sent_to() -> None:
    treated, control = Arm("Text", 10_000, 1_200), Arm("Control", 5_000, 500, control=True)
    found = complier(treated, control, 8_000)
    told = complier(treated, control, 8_000, together=(1_050, 0))
    assert found is not None
    assert told is not None
    assert found.estimate == told.estimate == pytest.approx(0.025)
    assert found.low <= told.low < told.estimate < told.high <= found.high
    assert complier(treated, control, 0) is None
    assert complier(treated, control, 20_000) is None


def test_everybody_sent_to_is_the_effect_of_assignment() -> None:
    treated, control = Arm("Text", 10_000, 1_200), Arm("Control", 5_000, 500, control=True)
    found, whole = complier(treated, control, 10_000), difference(treated, control)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((whole.low, whole.high), abs=5e-4)
