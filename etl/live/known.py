"""Many whole numbers with what is known of each, in sorted runs: small in memory, quick to look up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Known:
    """A growing set of int64 keys, each with a row of `width` int64 values. A run is merged with the one
    before it when it is half as long, so that there are few."""

    def __init__(self, width: int = 0) -> None:
        self.width = width
        self._runs: list[tuple[Ints, Ints]] = []

    def __len__(self) -> int:
        return sum(len(keys) for keys, _ in self._runs)

    def find(self, keys: Ints) -> tuple[Bools, Ints]:
        """Which keys are known, and the values of those that are, shape (keys, width)."""
        found = np.zeros(len(keys), np.bool_)
        values = np.zeros((len(keys), self.width), np.int64)
        for run, told in self._runs:
            at = np.searchsorted(run, keys)
            at[at == len(run)] = 0
            here = run[at] == keys
            found |= here
            values[here] = told[at[here]]
        return found, values

    def add(self, keys: Ints, values: Ints | None = None) -> None:
        """Add distinct keys that are not known yet."""
        if not len(keys):
            return
        rows = np.zeros((len(keys), 0), np.int64) if values is None else values
        order = np.argsort(keys)
        self._runs.append((keys[order], rows[order]))
        while len(self._runs) > 1 and 2 * len(self._runs[-1][0]) >= len(self._runs[-2][0]):
            (a, b), (c, d) = self._runs.pop(), self._runs.pop()
            merged, told = np.concatenate((a, c)), np.concatenate((b, d))
            order = np.argsort(merged, kind="stable")
            self._runs.append((merged[order], told[order]))
