"""The schedule: one elected process starts a run every few minutes, as a niced child that never overlaps."""

from __future__ import annotations

import fcntl
import logging
import os
import subprocess
import sys
from datetime import UTC, datetime
from io import TextIOWrapper

from apscheduler.schedulers.background import BackgroundScheduler

from config.settings import ROOT, Settings

log = logging.getLogger("reachboard.schedule")
_elected: list[TextIOWrapper] = []


def start(settings: Settings) -> BackgroundScheduler | None:
    """Start the scheduler in this process if no other has been elected; call it again to try later."""
    if not _elect(settings):
        return None
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.add_job(
        _run,
        "interval",
        minutes=settings.refresh_minutes,
        args=[settings],
        id="run",
        max_instances=1,
        coalesce=True,
        next_run_time=datetime.now(UTC),
    )
    scheduler.start()
    return scheduler


def _elect(settings: Settings) -> bool:
    settings.lake.mkdir(parents=True, exist_ok=True)
    handle = (settings.lake / ".leader").open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return False
    _elected.append(handle)
    return True


def _run(settings: Settings) -> None:
    """One run in a child of its own, so that pages do not wait for it and a crash cannot take them along."""
    command = [sys.executable, "-m", "etl", "run", "--scheduled"]
    done = subprocess.run(command, cwd=ROOT, preexec_fn=_nice, capture_output=True, text=True, check=False)
    if done.returncode:
        log.error("The scheduled run ended with code %d; the last snapshot stays.", done.returncode)


def _nice() -> None:
    os.nice(10)
