"""Writes down what became of a run, for people to see."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, replace
from pathlib import Path

from data.runs import RunRecord, path_of, read

KEPT = 100
QUIET = "nothing new"


def add(lake: Path, record: RunRecord) -> None:
    """Put a run on top; the file is replaced in one step."""
    known = read(lake)
    if known and _quiet(known[0], record):
        record, known = replace(record, times=known[0].times + 1), known[1:]
    rows = [asdict(one) for one in (record, *known[: KEPT - 1])]
    lake.mkdir(parents=True, exist_ok=True)
    target = path_of(lake)
    fresh = target.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    fresh.replace(target)


def _quiet(last: RunRecord, record: RunRecord) -> bool:
    """Whether a run found nothing new like the one before: they share an entry."""
    return (last.ended, last.kind, last.snapshot) == (QUIET, record.kind, record.snapshot) and (
        record.ended == QUIET
    )
