"""Keys as whole numbers: what a question groups by, each with the labels it may have, in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from data.codebook import Ints

Key = tuple[object, ...]
DENSE = 500_000
"""Up to so many possible keys, those that occur are found by counting and not by sorting."""


class Axes:
    """The labels of each name that keys are made of. Codes of keys sort as the keys do."""

    def __init__(self, labels: Mapping[str, Sequence[object]]) -> None:
        self.labels = dict(labels)
        self.names = tuple(self.labels)
        self.steps: dict[str, int] = {}
        self.size = 1
        for name in reversed(self.names):
            self.steps[name] = self.size
            self.size *= max(1, len(self.labels[name]))

    def codes(self, parts: Mapping[str, Ints], height: int) -> Ints:
        """The codes of `height` keys, from the numbers of their labels by name."""
        made = np.zeros(height, np.int64)
        for name in self.names:
            made += parts[name] * self.steps[name]
        return made

    def part(self, codes: Ints, name: str) -> Ints:
        """The numbers of one name's labels in some keys."""
        return codes // self.steps[name] % max(1, len(self.labels[name]))

    def onto(self, codes: Ints, other: Axes) -> Ints:
        """The codes, among the axes of fewer names, of the same keys without the rest."""
        if other.names == self.names:
            return codes
        return other.codes({name: self.part(codes, name) for name in other.names}, len(codes))

    def keys(self, codes: Ints) -> list[Key]:
        """The keys of some codes."""
        if not self.names:
            return [()] * len(codes)
        columns = [[self.labels[name][at] for at in self.part(codes, name).tolist()] for name in self.names]
        return list(zip(*columns, strict=True))

    @cached_property
    def _places(self) -> dict[str, dict[object, int]]:
        return {name: {label: at for at, label in enumerate(of)} for name, of in self.labels.items()}

    def code(self, key: Key) -> int:
        """The code of one key."""
        found = zip(self.names, key, strict=True)
        return sum(self._places[name][label] * self.steps[name] for name, label in found)


def distinct(codes: Ints, size: int) -> tuple[Ints, Ints]:
    """The distinct codes in order, and for each code its place among them; codes are below `size`."""
    if size > max(DENSE, 16 * len(codes)):
        found, places = np.unique(codes, return_inverse=True)
        return found, places
    met = np.zeros(size, np.bool_)
    met[codes] = True
    found = met.nonzero()[0]
    rank = np.empty(size, np.int64)
    rank[found] = np.arange(len(found))
    return found, rank[codes]


def looked_up(codes: Ints, among: Ints) -> tuple[Ints, np.ndarray]:
    """For each code its place among sorted codes, and whether it is there."""
    if not len(among):
        return np.zeros(len(codes), np.int64), np.zeros(len(codes), np.bool_)
    places = np.minimum(np.searchsorted(among, codes), len(among) - 1)
    return places, among[places] == codes
