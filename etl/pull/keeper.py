"""Keeps the schedule of pulls: each source in a process of its own, so that a broken one holds nobody up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from config.processes import Children
from config.settings import Settings
from data import pulls
from data.runs import RunRecord
from data.snapshot import Lake
from etl import runs
from etl.commit import LakeBusy
from etl.pull.breaker import due, failed
from etl.pull.door import configured
from etl.pull.tally import Tally
from etl.pull.tried import beat_of, in_words, standing, tried

AT_ONCE = 4
"""Sources that are pulled side by side; the next ones wait for a place."""


class Keeper:
    """Starts what is due, and ends what takes longer than its mapping allows. One process keeps one."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.children = Children()

    def look(self) -> int:
        """Look once; how many pulls are under way now."""
        for path, words in self.children.reaped():
            self._unheard(path, words)
        paths = configured(self.settings)
        now_us = time.time_ns() // 1000
        for path in paths:
            if path not in self.children and self._waits(path, now_us) and len(self.children) < AT_ONCE:
                self._start(path)
        for state in pulls.read(self.settings.lake):
            if self.settings.sources / state.mapping not in paths:
                pulls.forget(self.settings.lake, state.mapping)
        return len(self.children)

    def finish(self) -> None:
        """Pull what is due and wait until all of it has ended."""
        while self.look():
            time.sleep(0.2)

    def close(self) -> None:
        """End what is under way; nothing is lost by it."""
        self.children.close()

    def _waits(self, path: Path, now_us: int) -> bool:
        """Whether a source is due; one that was not known before is kept."""
        try:
            state = standing(self.settings, path, now_us)
        except OSError:
            return False
        if state != pulls.of_mapping(self.settings.lake, path.name):
            pulls.write(self.settings.lake, state)
        return due(state, now_us)

    def _start(self, path: Path) -> None:
        limit = beat_of(self.settings, path).timing.limit
        self.children.start(self.settings, path, limit, "etl", "pull", str(path), "--scheduled")

    def _unheard(self, path: Path, words: str) -> None:
        """Keep that a pull failed which could not say so itself."""
        state = pulls.of_mapping(self.settings.lake, path.name)
        if state is None:
            return
        beat, now_us = beat_of(self.settings, path), time.time_ns() // 1000
        pulls.write(
            self.settings.lake, failed(replace(state, began_us=None), beat, f"{path.name}: {words}", now_us)
        )


def pull_scheduled(settings: Settings, path: Path) -> Iterator[str]:
    """Pull a source by schedule; a line where it landed something or failed, kept among the runs."""
    started, clock = time.time_ns() // 1000, time.monotonic()
    ended, words, tally = "landed", "", Tally()
    try:
        for one in tried(settings, path, wait=False):
            tally.add(one)
    except LakeBusy:
        return
    except Exception as failure:
        ended, words = "failed", in_words(failure, path)
    rows = f"{path.name}: {tally.loaded:,} rows loaded, {tally.refused:,} refused." if tally.loads else ""
    away = [f"{path.name}: {name}: nothing of it is loaded: {reason}." for name, reason in tally.files]
    ended = "failed" if away and not tally.loads else ended
    said = " ".join(one for one in (rows, *away, words) if one)
    if not said:
        return
    number = Lake(settings.lake).latest().number
    runs.add(settings.lake, RunRecord(started, time.monotonic() - clock, runs.PULL, ended, said, number))
    yield said
