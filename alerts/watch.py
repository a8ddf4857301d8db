"""Looks what is wrong with the loading, and keeps it: what is new is told, what is over is told once more."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from alerts import conditions, contact
from config.settings import Settings
from data import catalogue, pulls
from data.snapshot import Lake
from state.incidents import IncidentStore
from state.store import store_of

LOADING = "loading"
log = logging.getLogger("reachboard.alerts")


def look(settings: Settings, incidents: IncidentStore, now_us: int | None = None) -> None:
    """Settle what is wrong with the loading by what the lake says of itself; sends nothing."""
    at = time.time_ns() // 1000 if now_us is None else now_us
    lake = Lake(settings.lake)
    known = catalogue.read(lake, lake.latest())
    standing = incidents.open_keys(LOADING)
    found = conditions.of_loading(known, pulls.read(settings.lake), standing, at)
    incidents.settle(LOADING, found, settings.alerts, at)


@contextmanager
def watched(settings: Settings) -> Iterator[None]:
    """Look when what is done inside has ended, well or not; looking never fails it."""
    try:
        yield
    finally:
        after(settings)


def after(settings: Settings) -> None:
    """Look, and only log where that is not possible: a state database that is away stops no run."""
    store = store_of(settings)
    try:
        look(settings, store.incidents)
        contact.look(settings, store, time.time_ns() // 1000)
    except Exception as failure:  # whatever it is, the run it follows has done its work
        log.error("It could not be looked whether anything is wrong: %s.", type(failure).__name__)
    finally:
        store.close()
