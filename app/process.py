"""What a serving process does beside answering: keeps its figures fresh and, if elected, the schedule."""

from __future__ import annotations

import logging
import time

from flask import Flask

from app import doors, shelf
from config.settings import Settings
from exports import jobs
from state.store import Store

SWEEP_SECONDS = 600
log = logging.getLogger("reachboard.process")


def begin(server: Flask, settings: Settings) -> None:
    """Start the background work of this process; call it after the fork, once."""
    keeper = shelf.keeper(server)
    elected: list[object] = []
    swept = -float(SWEEP_SECONDS)

    def stand_for_election() -> None:
        # Again and again: when the elected worker dies, another takes over.
        if not elected:
            from etl import schedule

            try:
                scheduler = schedule.start(settings)
            except OSError as error:  # a full or read-only disk: pages go on, and the next round tries again
                log.error("The schedule could not be started: %s.", type(error).__name__)
                return
            elected.extend([scheduler] if scheduler is not None else [])

    def sweep() -> None:
        nonlocal swept
        if not elected or time.monotonic() - swept < SWEEP_SECONDS:
            return
        swept = time.monotonic()
        store = server.extensions["reachboard.store"]
        assert isinstance(store, Store)
        try:
            jobs.sweep(settings, store)
        except Exception as error:  # a state database that is away: the next round tries again
            log.error("Old exports could not be swept: %s.", type(error).__name__)

    def hand_on() -> None:
        try:
            doors.hand_on(server)
        except OSError as error:
            log.error("A segment of the journal could not be handed on: %s.", type(error).__name__)

    def look() -> None:
        stand_for_election()
        hand_on()
        sweep()

    keeper.watch(also=look)
