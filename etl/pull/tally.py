"""What a try of a source came to: rows, and files that were turned away or are not whole."""

from __future__ import annotations

from dataclasses import dataclass, field

from etl.pull.door import Came, Pulled
from etl.pull.folder import TurnedAway, Waiting


@dataclass
class Tally:
    """What a try came to so far."""

    loaded: int = 0
    refused: int = 0
    loads: int = 0
    files: list[tuple[str, str]] = field(default_factory=list)
    waiting: int = 0

    def add(self, one: Came) -> None:
        if isinstance(one, Pulled):
            self.loads += 1
            self.loaded += one.landed.loaded
            self.refused += one.landed.refused
        elif isinstance(one, TurnedAway):
            self.files.append((one.file_name, one.reason))
        elif isinstance(one, Waiting):
            self.waiting += 1
