"""Score intervals of rates, of their difference and of their ratio; all of them take arrays as well.

Counts are members; `hits` of `n`, suffix 1 for the arm that is judged and 0 for the one it is held against.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Floats = NDArray[np.float64]
Bounds = tuple[Floats, Floats]
LEVEL = 0.95
STEPS = 60  # halvings of a bracket: below the precision of a float
FARTHEST = 30.0  # natural logarithm of the largest ratio that is looked at


def critical(level: float = LEVEL) -> float:
    """Standard errors from the middle of a two-sided interval to its end: 1.96 for 95 %."""
    return float(ndtri(0.5 + level / 2))


def wilson(hits: Any, n: Any, level: float = LEVEL) -> Bounds:
    """Interval of one rate (Wilson 1927): Newcombe 1998, Statistics in Medicine 17:857, method 3."""
    k, m, z = _floats(hits), _floats(n), critical(level)
    middle = (2 * k + z**2) / (2 * (m + z**2))
    half = z * np.sqrt(z**2 + 4 * k * (1 - k / m)) / (2 * (m + z**2))
    return np.clip(middle - half, 0, 1), np.clip(middle + half, 0, 1)


def newcombe(hits1: Any, n1: Any, hits0: Any, n0: Any, level: float = LEVEL) -> Bounds:
    """Interval of rate 1 less rate 0: hybrid score, Newcombe 1998, Stat. Med. 17:873, method 10."""
    p1, p0 = _floats(hits1) / _floats(n1), _floats(hits0) / _floats(n0)
    (low1, high1), (low0, high0) = wilson(hits1, n1, level), wilson(hits0, n0, level)
    gap = p1 - p0
    return gap - np.hypot(p1 - low1, high0 - p0), gap + np.hypot(high1 - p1, p0 - low0)


def miettinen_nurminen(hits1: Any, n1: Any, hits0: Any, n0: Any, level: float = LEVEL) -> Bounds:
    """Interval of rate 1 less rate 0: score, Miettinen and Nurminen 1985, Stat. Med. 4:213."""
    counts = np.broadcast_arrays(*(_floats(one) for one in (hits1, n1, hits0, n0)))
    gap, z2 = counts[0] / counts[1] - counts[2] / counts[3], critical(level) ** 2

    def fits(delta: Floats) -> NDArray[np.bool_]:
        return _score_of_difference(delta, *counts) <= z2

    low = _bound(fits, gap, np.full_like(gap, -1.0))
    return low, _bound(fits, gap, np.full_like(gap, 1.0))


def koopman(hits1: Any, n1: Any, hits0: Any, n0: Any, level: float = LEVEL) -> Bounds:
    """Interval of rate 1 over rate 0: score, Koopman 1984, Biometrics 40:513.

    Consistent with Pearson's chi-square test. From 0 where arm 1 has no outcome; without an end where arm
    0 has none (infinity).
    """
    counts = np.broadcast_arrays(*(_floats(one) for one in (hits1, n1, hits0, n0)))
    k1, m1, k0, m0 = counts
    z2 = critical(level) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = np.log((k1 / m1) / (k0 / m0))
    middle = np.clip(np.nan_to_num(middle, nan=0.0), -FARTHEST, FARTHEST)

    def fits(log_ratio: Floats) -> NDArray[np.bool_]:
        return _score_of_ratio(np.exp(log_ratio), *counts) <= z2

    low = np.exp(_bound(fits, middle, np.full_like(middle, -FARTHEST)))
    high = np.exp(_bound(fits, middle, np.full_like(middle, FARTHEST)))
    return np.where(k1 == 0, 0.0, low), np.where(k0 == 0, np.inf, high)


def score_test(hits1: Any, n1: Any, hits0: Any, n0: Any) -> Floats:
    """Two-sided p that both arms have one rate: the pooled two-proportion z test (Pearson's chi-square).

    1 where nobody, or everybody, of both had the outcome.
    """
    k1, m1, k0, m0 = (_floats(one) for one in (hits1, n1, hits0, n0))
    pooled = (k1 + k0) / (m1 + m0)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / m1 + 1 / m0))
    gap = np.abs(k1 / m1 - k0 / m0)
    z = np.divide(gap, spread, out=np.zeros_like(gap + spread), where=spread > 0)
    return np.asarray(2 * ndtr(-z), np.float64)


def _score_of_difference(delta: Floats, k1: Floats, m1: Floats, k0: Floats, m0: Floats) -> Floats:
    """Squared score that the difference is `delta`, at the rates that are likeliest under it."""
    total, hits = m1 + m0, k1 + k0
    third = total
    second = (m1 + 2 * m0) * delta - total - hits
    first = (m0 * delta - total - 2 * k0) * delta + hits
    none = k0 * delta * (1 - delta)
    turn = second**3 / (3 * third) ** 3 - first * second / (6 * third**2) + none / (2 * third)
    size = np.sqrt(np.maximum(second**2 / (3 * third) ** 2 - first / (3 * third), 0))
    size = np.where(turn < 0, -size, size)
    cosine = np.divide(turn, size**3, out=np.ones_like(turn), where=np.abs(size) > 1e-12)
    angle = (np.pi + np.arccos(np.clip(cosine, -1, 1))) / 3
    p0 = np.clip(2 * size * np.cos(angle) - second / (3 * third), 0, 1)
    p1 = np.clip(p0 + delta, 0, 1)
    variance = (p1 * (1 - p1) / m1 + p0 * (1 - p0) / m0) * total / (total - 1)
    return _squared(k1 / m1 - k0 / m0 - delta, variance)


def _score_of_ratio(ratio: Floats, k1: Floats, m1: Floats, k0: Floats, m0: Floats) -> Floats:
    """Squared score that the ratio is `ratio`, at the rates that are likeliest under it."""
    total, hits = m1 + m0, k1 + k0
    linear = -(m1 * ratio + k1 + m0 + k0 * ratio)
    root = np.sqrt(np.maximum(linear**2 - 4 * total * ratio * hits, 0))
    p0 = np.clip(2 * hits / (-linear + root), 0, 1)  # the smaller root, without its cancellation
    p1 = np.clip(ratio * p0, 0, 1)
    variance = p1 * (1 - p1) / m1 + ratio**2 * p0 * (1 - p0) / m0
    return _squared(k1 / m1 - ratio * k0 / m0, variance)


def _squared(gap: Floats, variance: Floats) -> Floats:
    """Squared standard scores; a gap without any variance is infinitely far, and no gap is near."""
    near = np.where(np.abs(gap) < 1e-12, 0.0, np.inf)
    return np.divide(gap**2, variance, out=near, where=variance > 1e-18)


def _bound(fits: Callable[[Floats], NDArray[np.bool_]], inside: Floats, outside: Floats) -> Floats:
    """Where `fits` ends between a value that fits and one at the edge of all there is, by halving."""
    inside, outside = inside.astype(np.float64), outside.astype(np.float64)
    for _ in range(STEPS):
        middle = (inside + outside) / 2
        good = fits(middle)
        inside, outside = np.where(good, middle, inside), np.where(good, outside, middle)
    return inside


def _floats(one: Any) -> Floats:
    return np.asarray(one, np.float64)
