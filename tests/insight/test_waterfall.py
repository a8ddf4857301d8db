"""A waterfall balances, whatever is told, withheld or small."""

from __future__ import annotations

import numpy as np
import pytest

from insight.waterfall import OTHERS, WITH_NEXT, WITH_REST, Step, waterfall

LEAST = 11


@pytest.mark.parametrize("seed", range(300))
def test_all_who_left_and_all_who_remain_are_all_who_began(seed: int) -> None:
    rng = np.random.default_rng(seed)
    start = float(rng.integers(0, 400))
    steps, here = [], start
    for place in range(int(rng.integers(1, 12))):
        here = max(0.0, here - float(rng.integers(-5, 40)))
        steps.append(
            Step(f"step {place}", None if rng.random() < 0.3 else here, f"reason {place}", "unknown")
        )
    found = waterfall(start, steps, LEAST)
    assert found.balances
    assert [fall.name for fall in found.falls] == [step.name for step in steps]
    remain = start
    for fall in found.falls:
        assert fall.left is None or fall.left == 0 or fall.left >= LEAST
        remain -= fall.left or 0
        assert fall.remain == remain
        assert fall.left is not None or fall.reason
    assert found.end == remain


def test_few_who_left_are_told_with_the_next_step_and_its_reason() -> None:
    found = waterfall(100, [Step("a", 95, "bounced"), Step("b", 60, "stopped")], LEAST)
    assert [(fall.name, fall.left) for fall in found.falls] == [("a", None), ("b", 40)]
    assert found.falls[0].reason == WITH_NEXT
    assert found.falls[1].because == "bounced, or stopped"


def test_few_who_left_at_the_last_step_remain() -> None:
    found = waterfall(100, [Step("a", 60, "stopped"), Step("b", 55, "bounced")], LEAST)
    assert (found.falls[1].left, found.falls[1].reason, found.end) == (None, WITH_REST, 60)


def test_a_step_that_counts_others_is_not_compared() -> None:
    found = waterfall(100, [Step("a", 120, "?"), Step("b", 40, "stopped")], LEAST)
    assert (found.falls[0].left, found.falls[0].reason) == (None, OTHERS)
    assert found.falls[1].left == 60
