"""What an arm's outcomes are worth per member assigned, where one outcome has a declared value."""

from __future__ import annotations

from dataclasses import dataclass

from insight.experiments.arms import Arm
from insight.experiments.differences import Difference
from insight.experiments.intervals import LEVEL, wilson


@dataclass(frozen=True)
class Mean:
    """A mean of money per assigned member, with its interval."""

    estimate: float
    low: float
    high: float

    def less(self, cost: float) -> Mean:
        """What is left after a cost per member that is known without error."""
        return Mean(self.estimate - cost, self.low - cost, self.high - cost)


def mean(arm: Arm, value: float, level: float = LEVEL) -> Mean:
    """Mean value per assigned member of an arm: rate x value.

    Every outcome is worth the same, so that the mean is a rate in another unit and its interval is the
    rate's (Wilson 1927), exactly as good. A negative value turns the ends around.
    """
    low, high = wilson(arm.hits, arm.n, level)
    return _scaled(arm.rate, float(low), float(high), value)


def gained(found: Difference, value: float) -> Mean:
    """Value per assigned member that the arm has more than the control: difference of rates x value."""
    return _scaled(found.estimate, found.low, found.high, value)


def _scaled(estimate: float, low: float, high: float, value: float) -> Mean:
    ends = sorted((low * value, high * value))
    return Mean(estimate * value, ends[0], ends[1])
