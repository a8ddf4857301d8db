"""Sends scheduled reports; in the elected process, in a thread that a slow mail server may hold."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass

from flask import Flask

from app import shelf
from config.settings import Settings
from data.cubes import Cubes
from reports import schedules
from state.store import Store

EVERY_SECONDS = 20.0
log = logging.getLogger("reachboard.reports")


@dataclass
class Sending:
    """Called again and again; sends what is due, unless it is at it already."""

    server: Flask
    settings: Settings
    _next: float = 0.0
    _busy: threading.Thread | None = None

    def look(self) -> None:
        """Start sending where something may be due."""
        keeper = shelf.keeper(self.server)
        busy = self._busy is not None and self._busy.is_alive()
        if busy or not keeper.loaded or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + EVERY_SECONDS
        given = (keeper.current(),)
        self._busy = threading.Thread(target=self._send, args=given, name="reachboard-reports", daemon=True)
        self._busy.start()

    def _send(self, cubes: Cubes) -> None:
        store = self.server.extensions["reachboard.store"]
        assert isinstance(store, Store)
        try:
            if store.schedules.all():
                schedules.work(self.settings, store, cubes)
        except Exception as error:  # a state database that is away: the next round tries again
            log.error("Scheduled reports could not be sent: %s.", type(error).__name__)
