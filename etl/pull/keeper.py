"""Keeps the schedule of pulls: each source in a process of its own, so that a broken one holds nobody up."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from config.settings import ROOT, Settings
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
GRACE_SECONDS = 10
NICE = 10


@dataclass
class Child:
    """A pull under way, and when it must have ended (seconds of the monotonic clock)."""

    process: subprocess.Popen[bytes]
    until: float


class Keeper:
    """Starts what is due, and ends what takes longer than its mapping allows. One process keeps one."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.children: dict[Path, Child] = {}

    def look(self) -> int:
        """Look once; how many pulls are under way now."""
        self._reap()
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
        for child in self.children.values():
            child.process.terminate()

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
        command = [sys.executable, "-m", "etl", "pull", str(path), "--scheduled"]
        process = subprocess.Popen(
            command, cwd=ROOT, env=self.settings.for_child(),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        # Pages do not wait for it.
        os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
        limit = beat_of(self.settings, path).timing.limit
        self.children[path] = Child(process, time.monotonic() + limit * 60)

    def _reap(self) -> None:
        for path, child in list(self.children.items()):
            if (code := child.process.poll()) is not None:
                del self.children[path]
                if code:
                    self._unheard(path, "it was ended before it could finish")
            elif time.monotonic() > child.until:
                child.process.terminate()
                with suppress(subprocess.TimeoutExpired):
                    child.process.wait(GRACE_SECONDS)
                child.process.kill()
                child.process.wait()
                del self.children[path]
                self._unheard(path, "it took longer than [schedule] limit allows; the next try goes on")

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
