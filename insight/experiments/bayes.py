"""The Bayesian reading: how likely it is that an arm is better, after what was seen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import betainc, betaincinv

from insight.experiments.arms import Arm
from insight.experiments.intervals import LEVEL

PRIOR = (0.5, 0.5)
"""Jeffreys' prior of a rate, Beta(1/2, 1/2): each arm on its own, worth one member (Gelman et al., Bayesian
Data Analysis, 3rd ed., section 2.8)."""
SLICES, STEPS = 400, 40


@dataclass(frozen=True)
class Posterior:
    """Mean and central interval of the difference of rates, and the probability that it is above 0."""

    estimate: float
    low: float
    high: float
    above: float
    prior: tuple[float, float] = PRIOR


@lru_cache(256)
def posterior(
    treated: Arm, control: Arm, level: float = LEVEL, prior: tuple[float, float] = PRIOR
) -> Posterior:
    """Beta-binomial posterior of the treated rate less the control's, by quadrature: the same every time."""
    a1, b1 = prior[0] + treated.hits, prior[1] + treated.n - treated.hits
    a0, b0 = prior[0] + control.hits, prior[1] + control.n - control.hits
    slices = betaincinv(a0, b0, (np.arange(SLICES) + 0.5) / SLICES)

    def below(gap: float) -> float:
        return float(np.mean(betainc(a1, b1, np.clip(slices + gap, 0, 1))))

    def quantile(share: float) -> float:
        low, high = -1.0, 1.0
        for _ in range(STEPS):
            middle = (low + high) / 2
            low, high = (middle, high) if below(middle) < share else (low, middle)
        return (low + high) / 2

    tail = (1 - level) / 2
    mean = a1 / (a1 + b1) - a0 / (a0 + b0)
    return Posterior(mean, quantile(tail), quantile(1 - tail), 1 - below(0.0), prior)
