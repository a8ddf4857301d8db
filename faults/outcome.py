"""What a row of the table comes to."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass
class Outcome:
    """What became of the trials of one fault. All but `trials` and `counts` must be 0."""

    fault: str
    trials: int = 0
    lost: int = 0
    doubled: int = 0
    wrong: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def survived(self) -> bool:
        return self.trials > 0 and not (self.lost or self.doubled or self.wrong)

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "counts": dict(sorted(self.counts.items())), "survived": self.survived}


Make = Callable[[int, Path, Outcome], None]


@dataclass(frozen=True)
class Row:
    """A fault: its name for the command line, its words, the trials of the design, and what makes them."""

    name: str
    fault: str
    trials: int
    make: Make

    def run(self, trials: int, folder: Path) -> Outcome:
        folder.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        outcome = Outcome(self.fault)
        self.make(trials, folder, outcome)
        outcome.seconds = round(time.monotonic() - began, 1)
        return outcome
