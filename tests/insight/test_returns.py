"""Return on investment: worked by hand, unknown where the range includes 0, and never divided by nothing."""

from __future__ import annotations

import pytest

from insight.experiments import Arm
from insight.incremental import incremental
from insight.returns import returned

WORKS = incremental(Arm("out", 10_000, 1_000), Arm("held", 10_000, 800, control=True), 4_000.0)


def test_it_is_value_less_cost_over_cost() -> None:
    found = returned(WORKS, 50.0, 4_000.0)
    assert found is not None
    assert WORKS.value == pytest.approx(200)
    assert found.value == pytest.approx((200 * 50 - 4_000) / 4_000)
    assert found.low == pytest.approx((WORKS.low * 50 - 4_000) / 4_000)
    assert found.high == pytest.approx((WORKS.high * 50 - 4_000) / 4_000)


def test_a_range_with_zero_in_it_has_no_return() -> None:
    unsure = incremental(Arm("out", 1_000, 100), Arm("held", 1_000, 99, control=True), 10.0)
    assert returned(unsure, 50.0, 10.0) is None


def test_nothing_spent_is_said_and_not_divided_by() -> None:
    with pytest.raises(ValueError, match="Nothing was spent"):
        returned(WORKS, 50.0, 0.0)
