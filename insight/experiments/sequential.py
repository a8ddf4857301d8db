"""A difference that may be looked at as often as one likes: an always-valid interval and p.

The normal mixture of Robbins 1970, as the mixture sequential probability ratio test of Johari, Koomen,
Pekelis and Walsh 2022 (Operations Research 70:1806) and as the asymptotic confidence sequence of
Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024 (Annals of Statistics 52:2613, theorem 2.2): over all
looks together the interval misses the truth with at most the stated probability.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from insight.experiments.intervals import LEVEL

Floats = NDArray[np.float64]
PLANNED = 10_000
"""Members at whom the interval is narrowest where no audience size is recorded: fixed before any look."""


@dataclass(frozen=True)
class Running:
    """Bounds of the difference and p, valid at every look; `critical`: half the width in standard errors."""

    low: Floats
    high: Floats
    p: Floats
    critical: Floats


def running(
    hits1: Any, n1: Any, hits0: Any, n0: Any, planned: float = PLANNED, level: float = LEVEL
) -> Running:
    """The reading of rate 1 less rate 0 while an experiment runs; arrays are several looks or experiments.

    `planned` is the number of members at whom the interval is narrowest. It is chosen beforehand, from the
    record: chosen by the data it would break the guarantee.
    """
    k1, m1, k0, m0 = (np.asarray(one, np.float64) for one in (hits1, n1, hits0, n0))
    gap, error, seen = k1 / m1 - k0 / m0, standard_error(k1, m1, k0, m0), m1 + m0
    alpha = 1 - level
    mixing = seen * tuned(planned, alpha)
    half = np.sqrt(2 * (mixing + 1) / mixing * np.log(np.sqrt(mixing + 1) / alpha))
    z2 = (gap / error) ** 2
    p = np.minimum(1.0, np.sqrt(mixing + 1) * np.exp(-z2 / 2 * mixing / (mixing + 1)))
    return Running(gap - half * error, gap + half * error, p, half)


def tuned(planned: float, alpha: float) -> float:
    """The mixture's variance (rho squared) for which the interval is narrowest after `planned` members."""
    size = -2 * np.log(alpha)
    return float((size + np.log(size) + 1) / planned)


def standard_error(k1: Floats, m1: Floats, k0: Floats, m0: Floats) -> Floats:
    """Standard error of the difference, one success and one failure added to each arm, so that an arm
    without outcomes is not taken for certain (Agresti and Caffo 2000)."""
    p1, p0 = (k1 + 1) / (m1 + 2), (k0 + 1) / (m0 + 2)
    return np.asarray(np.sqrt(p1 * (1 - p1) / m1 + p0 * (1 - p0) / m0), np.float64)
