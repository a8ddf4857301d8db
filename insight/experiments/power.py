"""What an experiment can see: its power, and the smallest effect that it finds four times out of five."""

from __future__ import annotations

from math import sqrt

from scipy.special import ndtr

from insight.experiments.intervals import LEVEL, critical

USUAL_POWER = 0.8
Z_POWER = 0.8416212335729143  # standard errors beyond which the usual power lies
STEPS = 60
A_FIFTH, MOST = 0.2, 0.02


def power(base: float, effect: float, n1: float, n0: float, alpha: float = 1 - LEVEL) -> float:
    """Probability that a two-sided test finds rate `base` + `effect` of `n1` members against `base` of `n0`.

    Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 3rd ed., formula 4.8, and R's
    `power.prop.test`; with unequal arms the pooled rate is weighted by their sizes.
    """
    treated = base + effect
    pooled = (n1 * treated + n0 * base) / (n1 + n0)
    null = sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n0))
    spread = sqrt(treated * (1 - treated) / n1 + base * (1 - base) / n0)
    if not spread:
        return 1.0 if effect else alpha / 2
    return float(ndtr((abs(effect) - critical(1 - alpha) * null) / spread))


def detectable(
    base: float, n1: float, n0: float, alpha: float = 1 - LEVEL, wanted: float = USUAL_POWER
) -> float | None:
    """The smallest rise over `base` that is found with the wanted power; None where no rise would be."""
    if min(n1, n0) <= 0 or not 0 <= base < 1 or power(base, 1 - base, n1, n0, alpha) < wanted:
        return None
    low, high = 0.0, 1 - base
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if power(base, middle, n1, n0, alpha) >= wanted else (middle, high)
    return high


def needed(
    base: float, effect: float, held: float, alpha: float = 1 - LEVEL, wanted: float = USUAL_POWER
) -> int | None:
    """Members to assign in all, of whom the share `held` is held out, to find `effect`; None without end."""
    if not 0 < held < 1 or not effect or not 0 <= base + effect <= 1:
        return None
    low, high = 2.0, 1e9
    if power(base, effect, high * (1 - held), high * held, alpha) < wanted:
        return None
    while high - low > 1:
        middle = (low + high) / 2
        enough = power(base, effect, middle * (1 - held), middle * held, alpha) >= wanted
        low, high = (low, middle) if enough else (middle, high)
    return int(high) + 1


def worthwhile(base: float) -> float:
    """The effect that a plan would want to know of: a fifth of the control's rate, at most 2 points.

    Text reminders raised HbA1c tests by a sixth (7.83 to 9.14 %) and flu shots by 2 points on average
    (Milkman et al. 2021, PNAS 118:e2101165118): an experiment that could not see as much says little.
    """
    return min(A_FIFTH * base, MOST)
