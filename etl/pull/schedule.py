"""Pulls every configured source before a scheduled run; what fails is told, and keeps nothing else back."""

from __future__ import annotations

import time
from pathlib import Path

from config.settings import Settings, SettingsError
from data.runs import RunRecord
from data.snapshot import Lake
from etl import runs
from etl.commit import LakeBusy
from etl.intake import IntakeError
from etl.pull.door import configured, pull


def pull_all(settings: Settings) -> list[str]:
    """Pull each mapping of the folder `sources`; one line for each that landed something or failed."""
    return [line for path in configured(settings) if (line := _one(settings, path))]


def _one(settings: Settings, path: Path) -> str | None:
    started, clock = time.time_ns() // 1000, time.monotonic()
    ended, words = "landed", ""
    try:
        landed = [one.landed for one in pull(settings, path, wait=False)]
        loaded, refused = sum(one.loaded for one in landed), sum(one.refused for one in landed)
        words = f"{path.name}: {loaded:,} rows loaded, {refused:,} refused." if landed else ""
    except LakeBusy:
        return None
    except (IntakeError, SettingsError) as mistake:
        said = " ".join(str(mistake).splitlines())
        ended, words = "failed", said if said.startswith(path.name) else f"{path.name}: {said}"
    except Exception as failure:  # one source must not keep the others and the run back
        ended, words = "failed", f"{path.name}: it failed: {type(failure).__name__}."
    if not words:
        return None
    number = Lake(settings.lake).latest().number
    runs.add(settings.lake, RunRecord(started, time.monotonic() - clock, runs.PULL, ended, words, number))
    return words
