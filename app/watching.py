"""Looks at each new snapshot for what departs from its past; in the elected process, beside the runs."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Flask

from app import shelf
from config.settings import Settings
from insight.anomalies import watch
from state.store import Store

log = logging.getLogger("reachboard.alerts")


@dataclass
class Watching:
    """Called again and again; looks when there is a snapshot that this process has not looked at."""

    server: Flask
    settings: Settings
    _seen: int = 0

    def look(self) -> None:
        """Look at the newest snapshot, once; a state database that is away only puts it off."""
        keeper = shelf.keeper(self.server)
        if not keeper.loaded or (cubes := keeper.current()).snapshot.published_us == self._seen:
            return
        store = self.server.extensions["reachboard.store"]
        assert isinstance(store, Store)
        try:
            watch.look(self.settings, store, cubes)
        except Exception as error:  # the pages go on; the next round tries again
            log.error("It could not be looked for what departs from its past: %s.", type(error).__name__)
        else:
            self._seen = cubes.snapshot.published_us
