"""How rare a surprise is among those before it: the tail of a statistic, learnt from its own past alone.

Peaks over a threshold, as in Siffer et al., "Anomaly Detection in Streams with Extreme Value Theory", KDD
2017: the excesses of the largest values follow a generalised Pareto law, here fitted by moments (Hosking and
Wallis, Technometrics 29, 1987). Of a series with many spikes the tail is heavy: one more is no news.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BLOCK = 64
MOST_KEPT = 6_000
TOP_SHARE = 0.02
LEAST_TOP = 8
LEAST_PAST = 24
RARE = 1e-3
HEAVIEST, LIGHTEST = 0.5, 0.02
SPREAD_FLOOR = 0.12
"""The scale of the excesses is no less than this share of where they begin: a surprise has to be one."""


def rarity(statistic: Floats, from_row: int, since: int) -> Floats:
    """Per row the chance that a surprise of its past is as large: 1 before `from_row`, tiny where it is new.

    The past is that up to the last whole block of 64 rows, at most 6,000 rows of it; from `since` on, once
    enough rows have come after it, nothing before it counts. Of rows that were themselves rare only the
    largest of each block is kept: what lasts does not become usual at once.
    """
    found = np.ones(len(statistic))
    learn = from_row // 3
    past = _Past()
    for begin in range(0, len(statistic), BLOCK):
        end = min(begin + BLOCK, len(statistic))
        block = statistic[begin:end]
        if begin >= since + from_row:
            past.forget(since)
        known = past.values()
        if end > from_row and len(known) >= LEAST_PAST:
            found[begin:end] = beyond(block, known)
        past.add(block, found[begin:end], begin, learn)
    found[:from_row] = 1.0
    return found


class _Past:
    """The surprises that count as past, with the rows they stood in."""

    def __init__(self) -> None:
        self._values, self._rows = np.zeros(0), np.zeros(0, np.int64)
        self._forgot = False

    def values(self) -> Floats:
        return self._values

    def forget(self, since: int) -> None:
        """Drop, once, what stood before a row."""
        if not self._forgot:
            self._values, self._rows = self._values[self._rows >= since], self._rows[self._rows >= since]
        self._forgot = True

    def add(self, block: Floats, chance: Floats, begin: int, learn: int) -> None:
        rows = np.arange(begin, begin + len(block))
        rare = chance < RARE
        kept = ~rare & (rows >= learn)
        if rare.any():
            kept[np.argmax(np.where(rare, block, -1.0))] = True
        self._values = np.concatenate((self._values, block[kept]))[-MOST_KEPT:]
        self._rows = np.concatenate((self._rows, rows[kept]))[-MOST_KEPT:]


def beyond(values: Floats, past: Floats) -> Floats:
    """The chance that a draw like `past` is at least as large as each of `values`."""
    top = max(LEAST_TOP, int(len(past) * TOP_SHARE))
    top = min(top, len(past) // 3)
    ordered = np.partition(past, len(past) - top - 1)
    edge, excess = float(ordered[-top - 1]), ordered[-top:] - ordered[-top - 1]
    scale, shape = _fitted(excess, edge)
    share = top / len(past)
    over = np.maximum(values - edge, 0.0)
    chance: Floats = share * (1 + shape * over / scale) ** (-1 / shape)
    # Below the edge only the order is of use; no past is long enough for less than a thousandth of one in it.
    return np.where(over > 0, np.maximum(chance, 1e-3 / (len(past) + 1)), 1.0)


def _fitted(excess: Any, edge: float) -> tuple[float, float]:
    """Scale and shape of the excesses, drawn a little to an exponential tail where there are few."""
    mean = float(excess.mean())
    floor = max(SPREAD_FLOOR * edge, 1e-9)
    if mean <= floor / 10:
        return floor, LIGHTEST
    variance = (float(excess.var()) * len(excess) + 4 * mean * mean) / (len(excess) + 4)
    ratio = mean * mean / variance
    shape = min(max(0.5 * (1 - ratio), LIGHTEST), HEAVIEST)
    return max(0.5 * mean * (1 + ratio), floor), shape
