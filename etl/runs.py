"""What became of the last runs, for people to see."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

KEPT = 100


@dataclass(frozen=True)
class RunRecord:
    """One run: when (microseconds, UTC), how it was started, how it ended and what it said."""

    started_us: int
    seconds: float
    kind: str
    ended: str
    words: str
    snapshot: int


def path_of(var: Path) -> Path:
    return var / "runs.json"


def read(var: Path) -> list[RunRecord]:
    """The last runs, newest first."""
    try:
        rows = json.loads(path_of(var).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return [RunRecord(**row) for row in rows]


def add(var: Path, record: RunRecord) -> None:
    """Put a run on top; the file is replaced in one step."""
    rows = [asdict(record), *(asdict(old) for old in read(var)[: KEPT - 1])]
    target = path_of(var)
    fresh = target.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    fresh.replace(target)
