"""Starts at once what somebody asked for, beside the runs of the schedule, which would take it up later."""

from __future__ import annotations

import subprocess
import sys
import threading

from config.settings import ROOT, Settings


def soon(settings: Settings) -> None:
    """A process that takes what waits one step further; it outlives the worker that starts it."""
    try:
        child = subprocess.Popen(
            [sys.executable, "-m", "etl", "asked"],
            cwd=ROOT,
            env=settings.for_child(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return  # the next run takes it up
    threading.Thread(target=child.wait, name="reachboard-asked", daemon=True).start()
