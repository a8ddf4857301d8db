"""Keeps the ledger of a server: what was counted is written, and the elected process signs and copies."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field

from flask import Flask

from alerts import security
from app.recorded import recorded
from config.processes import start_nicely
from config.settings import Settings
from ledger import verified
from ledger.index import index_of
from ledger.keeping import Keeper, Kept

SIGN_SECONDS = 60
FIRST_LOOK_SECONDS = 600
DAY_US = 86_400_000_000
log = logging.getLogger("reachboard.ledger")


@dataclass
class Keeping:
    """Called again and again; does each thing when it is due."""

    server: Flask
    settings: Settings
    kept: Kept = field(default_factory=Kept)
    _keeper: Keeper | None = None
    _signed: float = -SIGN_SECONDS
    _looked: float = field(default_factory=time.monotonic)

    def settle(self) -> None:
        """Write what this process has counted."""
        recorded(self.server).settle()

    def keep(self) -> None:
        """Sign all chains once a minute, and have all of the ledger verified once a day; in one process."""
        if time.monotonic() - self._signed < SIGN_SECONDS:
            return
        self._signed = time.monotonic()
        if self._keeper is None:
            self._keeper = Keeper(recorded(self.server).book, self.settings.ledger_copy)
        self.kept = self._keeper.keep()
        for words in (*self.kept.tampered, self.kept.unwritten, self.kept.uncopied):
            if words:
                log.error("The ledger: %s.", words)
        self._tell()
        if time.monotonic() - self._looked > FIRST_LOOK_SECONDS:
            self._looked = time.monotonic()
            self._verify()

    def _tell(self) -> None:
        """Keep what is wrong, so that somebody is told; a state database that is away stops nothing."""
        store = self.server.extensions["reachboard.store"]
        try:
            now_us = time.time_ns() // 1000
            security.look(self.settings, store.incidents, index_of(self.settings), self.kept, now_us)
        except Exception as error:  # the next minute tries again
            log.error("It could not be looked whether anything is wrong: %s.", type(error).__name__)

    def _verify(self) -> None:
        """Have all of it verified by a child of its own, where that was not done for a day."""
        last = verified.last(self.settings.ledger)
        if last is not None and time.time_ns() // 1000 - last.at < DAY_US:
            return
        child = start_nicely(self.settings, "compliance", "audit", "verify", "--keep")
        threading.Thread(target=child.wait, name="reachboard-verify", daemon=True).start()
