"""What a serving process does beside answering: keeps its figures fresh and, if elected, the schedule."""

from __future__ import annotations

import logging
import time

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from app import doors, shelf
from app.ending import at_end
from app.keeping import Keeping
from app.meters import Meters
from app.moving import Moving
from app.sending import Sending
from app.trail import METERS
from app.watching import Watching
from config.settings import Settings
from exports import jobs
from reports.transfer.keeper import Keeper as Pushing
from state.store import Store

SWEEP_SECONDS = 600
log = logging.getLogger("reachboard.process")


def begin(server: Flask, settings: Settings) -> None:
    """Start the background work of this process; call it after the fork, once."""
    keeper = shelf.keeper(server)
    _share_meters(server, settings)
    elected: list[BackgroundScheduler] = []
    keeping, watching = Keeping(server, settings), Watching(server, settings)
    pushing = Pushing(settings, server.extensions["reachboard.store"])
    moving, sending = Moving(server, settings), Sending(server, settings)
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

    def keep_following() -> None:
        if elected:
            from etl import schedule

            try:
                schedule.keep_following(settings)
            except OSError as error:  # no process or memory to be had: the next round tries again
                log.error("Live counts could not be followed: %s.", type(error).__name__)

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

    def keep_ledger() -> None:
        keeping.settle()
        if elected:
            keeping.keep()

    def look() -> None:
        stand_for_election()
        hand_on()
        keep_following()
        sweep()
        keep_ledger()
        if elected:
            watching.look()
            moving.look()
            sending.look()
            push()

    def push() -> None:
        try:
            pushing.keep()
        except Exception as error:  # a state database that is away: the next round tries again
            log.error("It could not be looked which targets are due: %s.", type(error).__name__)

    def stop() -> None:
        keeper.stop()
        sending.close()
        pushing.close()
        for scheduler in elected:
            from etl import schedule

            schedule.stop(scheduler)

    keeper.watch(also=look)
    at_end(server, stop)


def _share_meters(server: Flask, settings: Settings) -> None:
    meters = server.extensions[METERS]
    assert isinstance(meters, Meters)
    try:
        meters.share(settings.meters)
    except OSError as error:  # a full or read-only disk: this process counts for itself
        log.error("Requests cannot be counted together: %s.", type(error).__name__)
