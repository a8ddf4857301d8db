"""Writes down what became of a run, for people to see."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, replace
from pathlib import Path

from data.runs import PULL as PULL
from data.runs import RunRecord, last_run, path_of, read

KEPT = 100
QUIET = "nothing new"


def add(lake: Path, record: RunRecord) -> None:
    """Put a run on top; the file is replaced in one step."""
    known = read(lake)
    same = _same(known, record)
    if same is not None:
        record, known = replace(record, times=same.times + 1), [one for one in known if one is not same]
    rows = [asdict(one) for one in (record, *known[: KEPT - 1])]
    lake.mkdir(parents=True, exist_ok=True)
    target = path_of(lake)
    fresh = target.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    fresh.replace(target)


def _same(known: list[RunRecord], record: RunRecord) -> RunRecord | None:
    """What a run shares an entry with: the quiet run just before it, or a pull that failed alike before."""
    if record.kind == PULL:
        alike = (one for one in known if (one.kind, one.ended, one.words) == (PULL, "failed", record.words))
        return next(alike, None) if record.ended == "failed" else None
    last = last_run(known)
    quiet = (QUIET, record.kind, record.snapshot)
    same = last is not None and record.ended == QUIET and (last.ended, last.kind, last.snapshot) == quiet
    return last if same else None
