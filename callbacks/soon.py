"""Starts at once what somebody asked for, beside the runs of the schedule, which would take it up later."""

from __future__ import annotations

import threading

from config.processes import start
from config.settings import Settings


def soon(settings: Settings) -> None:
    """A process that takes what waits one step further; it outlives the worker that starts it."""
    try:
        child = start(settings, "etl", "asked", start_new_session=True)
    except OSError:
        return  # the next run takes it up
    threading.Thread(target=child.wait, name="reachboard-asked", daemon=True).start()
