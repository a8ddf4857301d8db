"""Looks at each new snapshot for what departs from its past; in the elected process, beside the runs."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from flask import Flask

from app import shelf
from config.settings import Settings
from insight.anomalies import watch
from state.store import Store

AGAIN_SECONDS = 300.0
log = logging.getLogger("reachboard.alerts")


@dataclass
class Watching:
    """Called again and again; looks when there is a new snapshot, and once in a while at the same one."""

    server: Flask
    settings: Settings
    _seen: int = 0
    _again: float = 0.0

    def look(self) -> None:
        """Look at the newest snapshot; a state database that is away only puts it off."""
        keeper = shelf.keeper(self.server)
        if not keeper.loaded:
            return
        cubes = keeper.current()
        if cubes.snapshot.published_us == self._seen and time.monotonic() < self._again:
            return
        self._seen, self._again = cubes.snapshot.published_us, time.monotonic() + AGAIN_SECONDS
        store = self.server.extensions["reachboard.store"]
        assert isinstance(store, Store)
        try:
            watch.look(self.settings, store, cubes)
        except Exception as error:  # the pages go on; some minutes later it is tried again
            log.error("It could not be looked for what departs from its past: %s.", type(error).__name__)
