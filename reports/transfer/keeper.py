"""Keeps the schedule of pushes: each target in a process of its own, so that a broken one holds nobody up."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from config.processes import Children
from config.settings import Settings
from reports.transfer.targets import configured
from reports.transfer.tried import is_alone, look, missed, now_us, standing, timing_of
from state.store import Store

LOOK_SECONDS = 10.0


class Keeper:
    """Starts what is due, and ends what takes longer than its file allows. One process keeps one."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings, self.store = settings, store
        self.children = Children()
        self._looked = -LOOK_SECONDS

    def keep(self) -> None:
        """Look, where that was not done for some seconds."""
        if time.monotonic() - self._looked >= LOOK_SECONDS:
            self._looked = time.monotonic()
            self.look()

    def look(self) -> int:
        """Look once; how many pushes are under way now."""
        for path, words in self.children.reaped():
            self._unheard(path, words)
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
        self.children.close()

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
        command = ("reports", "push", "--target", path.stem, "--scheduled")
        self.children.start(self.settings, path, timing_of(path).limit, *command)

    def _unheard(self, path: Path, words: str) -> None:
        """Keep that a push failed which could not say so itself."""
        state = self.store.pushes.target(path.stem)
        if state is not None and state.began_us is not None:
            own = replace(state, began_us=None)
            missed(self.settings, path, self.store, own, f"{path.name}: {words}")
