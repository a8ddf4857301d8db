"""An arm of an experiment: how many members were assigned to it, and how many of them had the outcome."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Arm:
    """`n` members were assigned, `hits` of them had the outcome; `control` arms get no outreach.

    Everybody assigned counts, whoever was reached (intention to treat). Raises ValueError for counts that
    cannot be.
    """

    name: str
    n: int
    hits: int
    control: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.n:
            raise ValueError(f"{self.name}: {self.hits} with the outcome of {self.n} assigned cannot be.")

    @property
    def rate(self) -> float:
        """Share with the outcome; not a number where nobody was assigned."""
        return self.hits / self.n if self.n else float("nan")
