"""Counts that move while people look: a count is told anew only when enough people have moved it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Held:
    """A count, what is told of it, and the people (pseudonyms) who moved it since; None: one unknown person.

    What is told lags by fewer people than the threshold or by less than that many, and never falls.
    """

    count: int = 0
    told: int = 0
    moved_us: int = 0
    waiting: set[int | None] = field(default_factory=set)

    def add(self, events: int, people: Iterable[int | None], threshold: int) -> None:
        """Count `events` of `people`, of whom no more than `threshold` are remembered."""
        self.count += events
        for one in people:
            if len(self.waiting) >= threshold:
                return
            self.waiting.add(one)

    def tell(self, threshold: int, now_us: int) -> bool:
        """Tell the count where that is allowed; returns whether what is told has moved."""
        if len(self.waiting) < threshold or self.count - self.told < threshold:
            return False
        self.told, self.moved_us = self.count, now_us
        self.waiting.clear()
        return True
