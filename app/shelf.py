"""The figures of this process: one shelf of cubes, renewed in the background, one state per request."""

from __future__ import annotations

import atexit
import gc
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask, current_app, g, has_request_context

from config.settings import Settings
from data.cubes import Cubes, Shelf
from data.snapshot import Lake
from data.warm import warm

POLL_SECONDS = 2.0
SEARCHES = (20_000, 20, 20)
"""After how many new objects, and every how many searches, garbage is searched for among older ones."""
_EXTENSION = "reachboard.keeper"
log = logging.getLogger("reachboard.shelf")
atexit.register(gc.unfreeze)  # libraries that count what is left at the end would report it as lost


def settle() -> None:
    """Take what stands out of the search for garbage, which would otherwise go through it between answers.

    What an earlier snapshot left is freed first; answers are short-lived, so that a search is seldom needed.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SEARCHES)


@dataclass
class Keeper:
    """Holds the shelf, and knows whether its last renewal went well."""

    shelf: Shelf
    failed: str = ""
    loaded: bool = False
    _warmed: Cubes | None = None
    _stop: threading.Event = field(default_factory=threading.Event)

    def renew(self) -> None:
        """Look for a newer snapshot once; a failure is remembered by its kind, and the old cubes stay."""
        try:
            self.shelf.renew()
        except Exception as error:  # The lake may be half written or away; pages go on with what they hold.
            if self.failed != type(error).__name__:
                log.error("The newest snapshot could not be loaded: %s.", type(error).__name__)
            self.failed = type(error).__name__
        else:
            self.failed, self.loaded = "", True

    def watch(self, also: Callable[[], None] | None = None) -> threading.Thread:
        """Renew every few seconds in a thread until `stop`, and call `also` each time."""

        def go() -> None:
            while not self._stop.is_set():
                self.renew()
                if also is not None:
                    also()
                self._warm()
                self._stop.wait(POLL_SECONDS)

        thread = threading.Thread(target=go, name="reachboard-shelf", daemon=True)
        thread.start()
        return thread

    def _warm(self) -> None:
        """Make what the first questions of a new snapshot need; without it they only take longer."""
        if self.loaded and self._warmed is not (cubes := self.shelf.current()):
            self._warmed = cubes
            try:
                warm(cubes, lambda: not self._stop.is_set())
            except Exception as error:  # Whoever asks meets the same, and is told.
                log.error("The newest snapshot could not be prepared: %s.", type(error).__name__)
            settle()

    def missing(self) -> list[str]:
        """Why this process cannot answer yet, in words; nothing when it can."""
        if self.loaded:
            return []
        return [
            f"The snapshot could not be loaded ({self.failed})."
            if self.failed
            else "The snapshot is being loaded."
        ]

    def wrong(self) -> list[str]:
        """What is wrong while the process answers from an earlier snapshot."""
        return (
            [f"The newest snapshot could not be loaded ({self.failed})."]
            if self.failed and self.loaded
            else []
        )

    def stop(self) -> None:
        self._stop.set()

    def current(self) -> Cubes:
        cubes = self.shelf.current()
        self.loaded = True
        return cubes


def install(server: Flask, settings: Settings) -> Keeper:
    """Give the server its keeper; the lake is first opened when somebody asks."""
    keeper = Keeper(Shelf(Lake(settings.lake)))
    server.extensions[_EXTENSION] = keeper
    return keeper


def keeper(server: Flask | None = None) -> Keeper:
    """The keeper of a server, or of the one that answers."""
    found = (server or current_app).extensions[_EXTENSION]
    assert isinstance(found, Keeper)
    return found


def cubes() -> Cubes:
    """The cubes of this request: the same ones until it is answered, whatever is published meanwhile."""
    if not has_request_context():
        return keeper().current()
    if "cubes" not in g:
        g.cubes = keeper().current()
    pinned = g.cubes
    assert isinstance(pinned, Cubes)
    return pinned
