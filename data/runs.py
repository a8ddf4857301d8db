"""What became of the last runs: one small file in the lake, written by the runs themselves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PULL = "pull"


@dataclass(frozen=True)
class RunRecord:
    """One run: when (microseconds, UTC), how it was started, how it ended and what it said.

    Runs that find nothing new after another one are counted in `times`; the others are told of the last.
    """

    started_us: int
    seconds: float
    kind: str
    ended: str
    words: str
    snapshot: int
    times: int = 1


def path_of(lake: Path) -> Path:
    return lake / "_runs.json"


def read(lake: Path) -> list[RunRecord]:
    """The last runs, newest first."""
    try:
        rows = json.loads(path_of(lake).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return [RunRecord(**row) for row in rows]


def last_run(known: Sequence[RunRecord]) -> RunRecord | None:
    """The last run that was to publish; pulls are told of beside it."""
    return next((run for run in known if run.kind != PULL), None)


def changed(lake: Path) -> int:
    """A number that changes whenever a run is added."""
    try:
        return path_of(lake).stat().st_mtime_ns
    except FileNotFoundError:
        return 0
