"""Sends scheduled reports; in the elected process, in a thread that a slow mail server may hold.

A process that ends waits for the mail that is under way, since nobody could tell else whether it arrived, and
begins no other.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field

from flask import Flask

from app import shelf
from config.settings import Settings
from data.cubes import Cubes
from reports import schedules
from state.store import Store

EVERY_SECONDS = 20.0
NAME = "reachboard-reports"
log = logging.getLogger("reachboard.reports")


@dataclass
class Sending:
    """Called again and again; sends what is due, unless it is at it already."""

    server: Flask
    settings: Settings
    _next: float = 0.0
    _busy: threading.Thread | None = None
    _closed: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Start sending where something may be due."""
        keeper = shelf.keeper(self.server)
        busy = self._busy is not None and self._busy.is_alive()
        waits = self._closed.is_set() or time.monotonic() < self._next
        if busy or waits or not keeper.loaded:
            return
        self._next = time.monotonic() + EVERY_SECONDS
        given = (keeper.current(),)
        self._busy = threading.Thread(target=self._send, args=given, name=NAME, daemon=False)
        self._busy.start()

    def close(self) -> None:
        """Begin no other mail; the interpreter itself waits for the one that is under way."""
        self._closed.set()

    def _send(self, cubes: Cubes) -> None:
        store = self.server.extensions["reachboard.store"]
        assert isinstance(store, Store)
        try:
            if store.schedules.all():
                schedules.work(self.settings, store, cubes, ends=self._closed.is_set)
        except Exception as error:  # a state database that is away: the next round tries again
            log.error("Scheduled reports could not be sent: %s.", type(error).__name__)
