"""Whether this server is ready and whole: its snapshot, its last run and its state database."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from api.health import Condition
from app.shelf import Keeper
from config.settings import Settings
from data import pulls, runs
from state.store import Store

BROKEN = {"failed": "The last run failed", "blocked": "A check stopped the last publish"}
LATE = 12
"""The schedule is late once so many refreshes long no run was started."""


def condition(keeper: Keeper, settings: Settings, store: Store) -> Condition:
    """What is missing, and what is wrong while pages go on; no figure and no message of an error is in it."""
    return Condition(
        keeper.missing(), [*keeper.wrong(), *_of_runs(settings), *_of_pulls(settings), *_of_state(store)]
    )


def _of_runs(settings: Settings) -> Iterator[str]:
    try:
        known = runs.read(settings.lake)
    except (OSError, json.JSONDecodeError, TypeError):
        yield "The record of runs cannot be read."
        return
    if not known:
        return
    last = runs.last_run(known)
    if last is not None and last.ended in BROKEN:
        yield f"{BROKEN[last.ended]}; figures are those of the last snapshot."
    quiet = time.time() - runs.changed(settings.lake) / 1e9
    if any(run.kind == "scheduled" for run in known) and quiet > LATE * settings.refresh_minutes * 60:
        yield "No run was started for a long time; the schedule may have stopped."


def _of_pulls(settings: Settings) -> Iterator[str]:
    """By name alone: what is wrong with a source stands on the Data page, for those who may see it."""
    for one in pulls.read(settings.lake):
        if one.fails:
            yield f"The source {one.name} cannot be pulled; its figures are those of its last data."
        if one.files:
            yield f"Of the source {one.name} a dropped file was turned away."


def _of_state(store: Store) -> Iterator[str]:
    try:
        store.check()
    except (SQLAlchemyError, OSError) as error:
        yield f"The state database does not answer ({type(error).__name__}): no edit, no key works."
