"""The nowcast covers the final rate at its stated rate, by simulation of delays and of lags."""

from __future__ import annotations

import numpy as np
import pytest

from insight.nowcast import Delays, known_by, nowcast, wilson

STARTS, ENDS = (0, 14, 30, 60), (14, 30, 60, 91)
WINDOW, LAG = 90, 60


def delays_of(services: np.ndarray) -> Delays:
    counts = np.histogram(services, bins=[*STARTS, ENDS[-1]])[0]
    return Delays(STARTS, ENDS, tuple(int(one) for one in counts))


@pytest.mark.parametrize("lag_median", [3.0, 20.0, 45.0])
@pytest.mark.parametrize("age", [90, 105, 130])
def test_the_range_covers_the_final_rate(lag_median: float, age: int) -> None:
    rng = np.random.default_rng(int(lag_median) * 1_000 + age)
    covered = tried = 0
    for _ in range(400):
        past = delays_of(np.floor((WINDOW - 1) * rng.beta(1.0, 1.9, 600)))
        members = 2_000
        happens = rng.random(members) < 0.11
        service = np.floor((WINDOW - 1) * rng.beta(1.0, 1.9, members))
        lag = np.minimum(np.exp(rng.normal(np.log(lag_median), 0.6, members)), LAG - 1)
        known = int((happens & (service + lag <= age)).sum())
        found = nowcast(members, known, known_by(past, age, age, LAG))
        if found is None:
            continue
        tried += 1
        covered += found.low <= happens.mean() <= found.high
    assert tried >= 350
    assert covered / tried >= 0.95


def test_a_complete_cohort_is_what_it_is() -> None:
    past = Delays(STARTS, ENDS, (200, 200, 100, 100))
    known = known_by(past, WINDOW + LAG + 1, WINDOW + LAG + 30, LAG)
    assert known.share == pytest.approx(1.0)
    found = nowcast(1_000, 120, known)
    assert found is not None
    assert found.rate == pytest.approx(0.12)
    assert found.low <= 0.12 <= found.high


def test_older_cohorts_are_more_complete_and_their_range_narrower() -> None:
    past = Delays(STARTS, ENDS, (200, 200, 100, 100))
    known = [known_by(past, age, age, LAG) for age in (90, 105, 120, 135, 150)]
    shares = [one.share for one in known]
    assert shares == sorted(shares)
    assert all(one.low <= one.share <= one.high for one in known)
    wide = [nowcast(1_000, int(100 * one.share), one) for one in known]
    widths = [one.high - one.low for one in wide if one is not None]
    assert len(widths) >= 3
    assert widths == sorted(widths, reverse=True)


def test_where_too_little_is_known_nothing_is_said() -> None:
    past = Delays(STARTS, ENDS, (200, 200, 100, 100))
    assert nowcast(1_000, 2, known_by(past, 5, 5, LAG)) is None
    assert nowcast(1_000, 2, known_by(Delays(STARTS, ENDS, (0, 0, 0, 0)), 90, 90, LAG)) is None


def test_more_outcomes_than_members_are_refused() -> None:
    known = known_by(Delays(STARTS, ENDS, (1, 1, 1, 1)), 200, 200, 0)
    with pytest.raises(ValueError, match="11 outcomes of 10"):
        nowcast(10, 11, known)


def test_wilsons_interval_as_published() -> None:
    """Newcombe 1998, Statistics in Medicine 17, table I, method 3: 81 of 263 is 0.2553 to 0.3662."""
    assert wilson(81 / 263, 263, 1.959964) == pytest.approx((0.2553, 0.3662), abs=1e-4)
