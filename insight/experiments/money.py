"""Means of money per member, compared without assuming that both arms vary alike."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from scipy.special import stdtr, stdtrit

from insight.experiments.intervals import LEVEL


@dataclass(frozen=True)
class Money:
    """Mean money per assigned member, its standard deviation, and how many members."""

    mean: float
    deviation: float
    n: int


@dataclass(frozen=True)
class Means:
    """Difference of two means with its interval and two-sided p."""

    estimate: float
    low: float
    high: float
    p: float
    freedom: float
    method: str = "Welch's t"


def welch(treated: Money, control: Money, level: float = LEVEL) -> Means | None:
    """Welch 1947, Biometrika 34:28; None where an arm has fewer than two members, or nothing varies."""
    if min(treated.n, control.n) < 2:
        return None
    one, other = treated.deviation**2 / treated.n, control.deviation**2 / control.n
    if not one + other:
        return None
    freedom = (one + other) ** 2 / (one**2 / (treated.n - 1) + other**2 / (control.n - 1))
    gap, error = treated.mean - control.mean, sqrt(one + other)
    half = float(stdtrit(freedom, 0.5 + level / 2)) * error
    p = 2 * float(stdtr(freedom, -abs(gap) / error))
    return Means(gap, gap - half, gap + half, p, freedom)
