"""Keeps the schedule of pushes: each target in a process of its own, so that a broken one holds nobody up."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from config.settings import ROOT, Settings
from reports.transfer.targets import configured
from reports.transfer.tried import is_alone, look, missed, now_us, standing, timing_of
from state.store import Store

LOOK_SECONDS = 10.0
GRACE_SECONDS = 10
NICE = 10


@dataclass
class Child:
    """A push under way, and when it must have ended (seconds of the monotonic clock)."""

    process: subprocess.Popen[bytes]
    until: float


class Keeper:
    """Starts what is due, and ends what takes longer than its file allows. One process keeps one."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings, self.store = settings, store
        self.children: dict[Path, Child] = {}
        self._looked = -LOOK_SECONDS

    def keep(self) -> None:
        """Look, where that was not done for some seconds."""
        if time.monotonic() - self._looked >= LOOK_SECONDS:
            self._looked = time.monotonic()
            self.look()

    def look(self) -> int:
        """Look once; how many pushes are under way now."""
        self._reap()
        paths = configured(self.settings)
        for path in paths:
            if path not in self.children and self._waits(path):
                self._start(path)
        known = self.store.pushes.targets()
        names = {path.stem for path in paths}
        if any(state.name not in names for state in known):
            self.store.pushes.forget(names)
            look(self.settings, self.store)
        return len(self.children)

    def close(self) -> None:
        """End what is under way; nothing is lost by it."""
        for child in self.children.values():
            child.process.terminate()

    def _waits(self, path: Path) -> bool:
        """Whether a target is due; one that was not known before is kept."""
        try:
            state = standing(self.settings, path, self.store)
        except OSError:
            return False
        if state != self.store.pushes.target(path.stem):
            self.store.pushes.write(state)
        due = state.next_us is not None and state.next_us <= now_us()
        return due and is_alone(self.settings, path.stem)

    def _start(self, path: Path) -> None:
        command = [sys.executable, "-m", "reports", "push", "--target", path.stem, "--scheduled"]
        process = subprocess.Popen(
            command, cwd=ROOT, env=self.settings.for_child(),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.setpriority(os.PRIO_PROCESS, process.pid, NICE)  # pages do not wait for it
        self.children[path] = Child(process, time.monotonic() + timing_of(path).limit * 60)

    def _reap(self) -> None:
        for path, child in list(self.children.items()):
            if child.process.poll() is not None:
                del self.children[path]
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
        """Keep that a push failed which could not say so itself."""
        state = self.store.pushes.target(path.stem)
        if state is not None and state.began_us is not None:
            own = replace(state, began_us=None)
            missed(self.settings, path, self.store, own, f"{path.name}: {words}")
