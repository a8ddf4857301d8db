"""What a serving process does beside answering: keeps its figures fresh and, if elected, the schedule."""

from __future__ import annotations

import logging

from flask import Flask

from app import shelf
from config.settings import Settings

log = logging.getLogger("reachboard.process")


def begin(server: Flask, settings: Settings) -> None:
    """Start the background work of this process; call it after the fork, once."""
    keeper = shelf.keeper(server)
    elected: list[object] = []

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

    keeper.watch(also=stand_for_election)
