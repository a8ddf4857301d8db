"""The difference between two arms and its ratio, each with a named interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import isinf
from typing import Literal

from insight.experiments import intervals
from insight.experiments.arms import Arm
from insight.experiments.intervals import LEVEL, Bounds, critical, score_test
from insight.experiments.sequential import PLANNED, running

Method = Literal["newcombe", "miettinen_nurminen"]
METHODS: dict[Method, tuple[str, Callable[..., Bounds]]] = {
    "newcombe": ("Newcombe's hybrid score interval (method 10)", intervals.newcombe),
    "miettinen_nurminen": ("Miettinen and Nurminen's score interval", intervals.miettinen_nurminen),
}
ALWAYS_VALID = "always-valid interval (asymptotic confidence sequence)"
KOOPMAN = "Koopman's score interval"


class Reading(StrEnum):
    """How a difference is read: once, at its planned end; or at any time, as often as one likes."""

    FIXED = "fixed horizon"
    SEQUENTIAL = "sequential"
    BAYES = "Bayesian"


@dataclass(frozen=True)
class Difference:
    """Outcome rate of an arm less the control's, as a fraction, with its interval and two-sided p.

    `critical` is how many standard errors the interval reaches from its middle.
    """

    estimate: float
    low: float
    high: float
    p: float
    method: str
    reading: Reading
    level: float
    critical: float

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


def difference(treated: Arm, control: Arm, level: float = LEVEL, method: Method = "newcombe") -> Difference:
    """The difference at its planned end: everybody assigned counts, whoever was sent to.

    p is that of the two-proportion z test. Members count as independent: the interval ignores households.
    Raises ValueError where an arm is empty.
    """
    counts = _counts(treated, control)
    words, bounds = METHODS[method]
    low, high = bounds(*counts, level)
    gap, p = treated.rate - control.rate, float(score_test(*counts))
    return Difference(gap, float(low), float(high), p, words, Reading.FIXED, level, critical(level))


def always_valid(treated: Arm, control: Arm, planned: float = PLANNED, level: float = LEVEL) -> Difference:
    """The difference while it runs: looked at as often as one likes, it misses the truth no more often."""
    found = running(*_counts(treated, control), planned, level)
    return Difference(
        treated.rate - control.rate, float(found.low), float(found.high), float(found.p), ALWAYS_VALID,
        Reading.SEQUENTIAL, level, float(found.critical),
    )  # fmt: skip


@dataclass(frozen=True)
class Lift:
    """How much larger an arm's rate is than the control's, as a fraction of the control's."""

    estimate: float
    low: float
    high: float
    method: str = KOOPMAN


def lift(treated: Arm, control: Arm, level: float = LEVEL) -> Lift | None:
    """The relative lift; None (not estimable) where nobody of the control had the outcome."""
    low, high = intervals.koopman(*_counts(treated, control), level)
    if not control.hits or isinf(float(high)):
        return None
    return Lift(treated.rate / control.rate - 1, float(low) - 1, float(high) - 1)


def _counts(treated: Arm, control: Arm) -> tuple[int, int, int, int]:
    if not treated.n or not control.n:
        raise ValueError(f"{treated.name} against {control.name}: an arm without members has no rate.")
    return treated.hits, treated.n, control.hits, control.n
