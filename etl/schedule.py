"""The schedule: one elected process starts runs as niced children, and keeps a follower for live counts."""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from io import TextIOWrapper

from apscheduler.schedulers.background import BackgroundScheduler

from alerts import watch
from alerts.delivery import deliver
from config.settings import ROOT, Settings
from data.runs import RunRecord, last_run, read
from data.snapshot import Lake
from etl import runs
from etl.pull import Keeper
from state.store import store_of

log = logging.getLogger("reachboard.schedule")
ENDED_BY_US = (signal.SIGTERM, signal.SIGINT)  # somebody stops the server: no fault of the run
NICE = 10
LOOK_SECONDS = 10
"""From one look at which sources are due to the next."""
_elected: list[TextIOWrapper] = []
_keepers: list[Keeper] = []
_follower: list[subprocess.Popen[bytes]] = []
_under_way: list[subprocess.Popen[bytes]] = []


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
    _keepers[:] = [Keeper(settings)]
    scheduler.add_job(
        _keepers[0].look, "interval", seconds=LOOK_SECONDS, id="pull", max_instances=1, coalesce=True,
        next_run_time=datetime.now(UTC),
    )  # fmt: skip
    if settings.alerts:
        scheduler.add_job(
            _tell, "interval", minutes=1, args=[settings], id="tell", max_instances=1, coalesce=True
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
    command, started = [sys.executable, "-m", "etl", "run", "--scheduled"], time.time_ns() // 1000
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.setpriority(os.PRIO_PROCESS, child.pid, NICE)  # pages do not wait for it
    _under_way[:] = [child]
    if child.wait():
        log.error("The scheduled run ended with code %d; the last snapshot stays.", child.returncode)
        _note(settings, started, child.returncode)


def stop(scheduler: BackgroundScheduler) -> None:
    """Start nothing anew, and end what is under way: the next server takes up what was not published."""
    scheduler.shutdown(wait=False)
    for keeper in _keepers:
        keeper.close()
    for child in _under_way:
        if child.poll() is None:
            child.terminate()


def _note(settings: Settings, started_us: int, code: int) -> None:
    """Keep that a run ended which could not say so itself: killed, or before it began."""
    last = last_run(read(settings.lake))
    if -code in ENDED_BY_US or (last is not None and last.started_us >= started_us):
        return
    how = f"it was ended by signal {-code}" if code < 0 else f"it ended with code {code}"
    seconds = time.time() - started_us / 1e6
    number = Lake(settings.lake).latest().number
    runs.add(
        settings.lake, RunRecord(started_us, seconds, "scheduled", "failed", f"It failed: {how}.", number)
    )
    watch.after(settings)


def _tell(settings: Settings) -> None:
    """Deliver what is to be told, beside the runs: a receiver that hangs holds nothing up."""
    store = store_of(settings)
    try:
        deliver(settings, store.incidents)
    except Exception as failure:  # a state database that is away: the next minute tries again
        log.error("Nobody could be told: %s.", type(failure).__name__)
    finally:
        store.close()


def keep_following(settings: Settings) -> None:
    """See that a follower runs, once events have come in live; call it again and again."""
    if not settings.journal.is_dir() or (_follower and _follower[-1].poll() is None):
        return
    # It may begin when this process has gone already, and would take whoever adopts it for its parent.
    command = [sys.executable, "-m", "etl", "follow", "--of", str(os.getpid())]
    _follower[:] = [subprocess.Popen(command, cwd=ROOT, env=settings.for_child())]
