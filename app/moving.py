"""Keeps what each new snapshot moves of the reports issued last; in the elected process, beside the runs."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from flask import Flask

from app import shelf
from config.settings import Settings
from data.cubes import Cubes
from reports.frozen import BY_THE_WAY
from reports.issue import as_told
from reports.moved import NotAskable, catch_up
from state.reports import Report
from state.store import Store

FOLLOWED = 30
"""Reports that are followed from snapshot to snapshot; others are measured when somebody opens them."""
AT_ONCE_SECONDS = 2.0
STEPS = 4
log = logging.getLogger("reachboard.reports")


@dataclass
class Moving:
    """Called again and again; measures while there is time, and goes on at the next call."""

    server: Flask
    settings: Settings
    _seen: int = 0

    def look(self) -> None:
        """Follow the reports to the newest snapshot; a state database that is away only puts it off."""
        keeper = shelf.keeper(self.server)
        if not keeper.loaded:
            return
        cubes = keeper.current()
        if cubes.snapshot.published_us == self._seen:
            return
        store = self.server.extensions["reachboard.store"]
        assert isinstance(store, Store)
        began = time.monotonic()
        try:
            for report in store.reports.latest(most=FOLLOWED, without=BY_THE_WAY):
                if time.monotonic() - began > AT_ONCE_SECONDS:
                    return  # the next call goes on where this one stopped
                self._follow(report, store, cubes)
        except Exception as error:  # the next call tries again
            log.error("It could not be kept what moved since reports: %s.", type(error).__name__)
            return
        self._seen = cubes.snapshot.published_us

    def _follow(self, report: Report, store: Store, cubes: Cubes) -> None:
        if report.snapshot > cubes.snapshot.number:
            return  # of a lake that was made anew
        try:
            catch_up(report, as_told(report, store), cubes, store, self.settings, STEPS)
        except NotAskable:
            log.info("A report's question cannot be asked again.")
