"""What a serving process does beside answering: keeps its figures fresh and, if elected, the schedule."""

from __future__ import annotations

from flask import Flask

from app import shelf
from config.settings import Settings


def begin(server: Flask, settings: Settings) -> None:
    """Start the background work of this process; call it after the fork, once."""
    keeper = shelf.keeper(server)
    elected: list[object] = []

    def stand_for_election() -> None:
        # Again and again: when the elected worker dies, another takes over.
        if not elected:
            from etl import schedule

            scheduler = schedule.start(settings)
            elected.extend([scheduler] if scheduler is not None else [])

    keeper.watch(also=stand_for_election)
