"""The child process of a job: writes the file and its sidecar, tells its progress, and heeds a cancel."""

from __future__ import annotations

import logging
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from config.settings import Settings
from data.cubes import Cubes
from data.snapshot import Lake
from exports.formats import TooMuch, Written, pieces
from exports.jobs import DAY_US, FILE, SIDECAR, place
from exports.owner import viewer_of
from exports.sidecar import Told, sidecar
from exports.tables import sheet_of
from state.exports import DONE, FAILED, OPEN, RUNNING, WAITING, Ledger, now_us
from state.store import store_of

TELL_SECONDS = 0.3
log = logging.getLogger("reachboard.exports")


class Cancelled(Exception):
    """Somebody cancelled the job, or it was settled otherwise."""


def write(id: str, settings: Settings) -> int:
    """Write the file of a job; returns the exit code. The job always comes to an end, and says which."""
    os.umask(0o077)
    ledger = Ledger(store_of(settings).database)
    own = place(settings, id)
    try:
        _write(id, own, settings, ledger)
    except Cancelled:
        shutil.rmtree(own, ignore_errors=True)
    except TooMuch as refused:
        return _failed(id, own, ledger, str(refused))
    except Exception as error:  # whatever it is, the job must not stay open
        log.error("An export failed: %s.", type(error).__name__)
        said = f"The file could not be written ({type(error).__name__}). Start it again."
        return _failed(id, own, ledger, said)
    return 0


def _failed(id: str, own: Path, ledger: Ledger, said: str) -> int:
    ledger.move(id, OPEN, FAILED, said=said)
    shutil.rmtree(own, ignore_errors=True)
    return 1


def _write(id: str, own: Path, settings: Settings, ledger: Ledger) -> None:
    job = ledger.one(id)
    if job is None or not ledger.move(id, (WAITING,), RUNNING):
        raise Cancelled
    lake = Lake(settings.lake)
    cubes = Cubes(lake, lake.at(job.snapshot))
    viewer = viewer_of(job.owner)
    sheet = sheet_of(job.page, job.name, job.query, viewer, cubes, store_of(settings))
    _tell(ledger, id, total=sheet.total())
    written = Written(beat=_beat(ledger, id))
    with (own / FILE).open("wb") as out:
        out.writelines(pieces(sheet, job.format, written))  # type: ignore[arg-type]
    told = Told(viewer, job.reason, job.made_us)
    made = sidecar(sheet, job.format, written, told, cubes, job.report)  # type: ignore[arg-type]
    (own / SIDECAR).write_bytes(made)
    until = now_us() + settings.export_days * DAY_US
    numbers = {"rows": written.rows, "bytes": written.size, "sha256": written.sha256}
    if not ledger.move(id, (RUNNING,), DONE, expires_us=until, **numbers):
        raise Cancelled


def _beat(ledger: Ledger, id: str) -> Callable[[Written], None]:
    told_at = 0.0

    def beat(written: Written) -> None:
        nonlocal told_at
        if time.monotonic() - told_at > TELL_SECONDS:
            _tell(ledger, id, rows=written.rows, bytes=written.size)
            told_at = time.monotonic()

    return beat


def _tell(ledger: Ledger, id: str, **numbers: int) -> None:
    """Write the progress down, unless the job was cancelled meanwhile."""
    if not ledger.move(id, (RUNNING,), RUNNING, **numbers):
        raise Cancelled
