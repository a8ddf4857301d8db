"""Export jobs: a child process of its own writes the file; its state is in the ledger, its life in a lock.

The lock is taken before the job is written down and handed to the child, which holds it until it ends. Where
an open job's lock is free, its process has died: every worker sees that, and says so.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import shutil
import threading
from collections.abc import Mapping
from pathlib import Path

from config import processes
from config.settings import Settings
from config.text import TextRefused, typed
from data.cubes import Cubes
from data.viewer import Viewer
from exports.formats import FORMATS
from exports.owner import owner_of
from exports.tables import canonical, sheet_of
from ledger.book import Unwritable
from state.exports import (
    CANCELLED,
    DONE,
    EXPIRED,
    FAILED,
    HELD,
    JOB,
    OPEN,
    REMOVED,
    Asked,
    Export,
    Ledger,
    TooMany,
    now_us,
)
from state.store import Store

AT_ONCE, KEPT = 2, 20
DAY_US = 86_400_000_000
LOCK, FILE, SIDECAR = "lock", "file", "sidecar.json"
DIED = "The process ended before the file was complete, and nothing of it was kept. Start it again."
_ID = re.compile(r"[0-9a-f]{32}")


class JobRefused(ValueError):
    """A job that cannot be started; the message says why and what to do."""


def folder(settings: Settings) -> Path:
    """Where the files of jobs are."""
    return settings.var / "exports"


def place(settings: Settings, id: str) -> Path:
    """The folder of one job. Its name is random: it tells nothing of what is in it."""
    assert _ID.fullmatch(id)
    return folder(settings) / id


def asked_of(
    page: str,
    name: str,
    query: Mapping[str, str],
    format: str,
    reason: str,
    viewer: Viewer,
    cubes: Cubes,
    store: Store,
) -> Asked:
    """What somebody asks for, looked at; `JobRefused`, `NoSuchTable`, `FiltersRefused` where it cannot be."""
    if format not in FORMATS:
        raise JobRefused(f"There is no format {format[:20]!r}. Choose one of {', '.join(FORMATS)}.")
    try:
        why = typed(reason)
    except TextRefused as refused:
        raise JobRefused(f"Reason: {refused}.") from None
    sheet = sheet_of(page, name, query, viewer, cubes, store)
    return Asked(
        page, name, sheet.title, sheet.words, dict(query), format, why, sheet.snapshot,
        f"{sheet.file_name}.{format}", None, *canonical(query, viewer, cubes),
    )  # fmt: skip


def start(asked: Asked, viewer: Viewer, settings: Settings, store: Store) -> Export:
    """Write a job down and start its process; `JobRefused` where the viewer has enough of them."""
    if settings.export_reason and not asked.reason:
        raise JobRefused("Say what it is for; nothing was started.")
    ledger, owner = Ledger(store.database), owner_of(viewer)
    sweep(settings, store)
    if sum(one.kind == JOB and one.status == DONE for one in ledger.of(owner)) >= KEPT:
        raise JobRefused(f"You keep {KEPT} files already. Delete one, then start again.")
    id = secrets.token_hex(16)
    lock = _lock(settings, id)
    try:
        made = ledger.add(id, JOB, asked, owner, most=AT_ONCE)
        _spawn(settings, id, lock)
    except TooMany:
        _empty(settings, id)
        said = f"{AT_ONCE} of your exports are being written. Wait for one, or cancel it."
        raise JobRefused(said) from None
    except Unwritable:
        _empty(settings, id)
        raise
    except OSError as error:
        ledger.move(id, OPEN, FAILED, said=f"The process could not be started ({type(error).__name__}).")
    finally:
        os.close(lock)
    return made


def _lock(settings: Settings, id: str) -> int:
    """The lock of a new job, held; its folder and everything in it is for this user alone."""
    folder(settings).mkdir(parents=True, exist_ok=True, mode=0o700)
    own = place(settings, id)
    own.mkdir(mode=0o700)
    lock = os.open(own / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def _spawn(settings: Settings, id: str, lock: int) -> None:
    # It outlives the worker that started it, and says what breaks where that one does.
    child = processes.start(settings, "exports", id, pass_fds=[lock], stderr=None, start_new_session=True)
    threading.Thread(target=child.wait, name="reachboard-export", daemon=True).start()


def is_alive(settings: Settings, id: str) -> bool:
    """Whether the process of a job lives: its lock is held."""
    try:
        lock = os.open(place(settings, id) / LOCK, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def history(viewer: Viewer, settings: Settings, store: Store, most: int = 100) -> list[Export]:
    """The viewer's exports as they are now, newest first; a job whose process died has failed."""
    return [_settled(one, settings, store) for one in Ledger(store.database).of(owner_of(viewer), most)]


def own(id: str, viewer: Viewer, settings: Settings, store: Store) -> Export | None:
    """The viewer's own job of that id as it is now; None where there is none, or it is somebody else's."""
    found = Ledger(store.database).one(id) if _ID.fullmatch(id) else None
    if found is None or found.kind != JOB or not owner_of(viewer).owns(found):
        return None
    return _settled(found, settings, store)


def _settled(export: Export, settings: Settings, store: Store) -> Export:
    """The export, moved on where nobody else does: its process died, or its days are over."""
    ledger = Ledger(store.database)
    if export.kind != JOB:
        return export
    moved = False
    if export.status in OPEN and not is_alive(settings, export.id):
        moved = ledger.move(export.id, OPEN, FAILED, said=DIED)
    elif export.status == DONE and (export.expires_us or 0) <= now_us():
        moved = ledger.move(export.id, (DONE,), EXPIRED)
    if moved:
        _empty(settings, export.id)
    return export if not moved and export.status not in OPEN else ledger.one(export.id) or export


def cancel(id: str, viewer: Viewer, settings: Settings, store: Store) -> bool:
    """End one's own open job; its process sees it at the next batch, and leaves nothing behind."""
    found = own(id, viewer, settings, store)
    return found is not None and Ledger(store.database).move(id, OPEN, CANCELLED)


def remove(id: str, viewer: Viewer, settings: Settings, store: Store) -> bool:
    """Delete the file of one's own finished job; that it was written stays in the history."""
    found = own(id, viewer, settings, store)
    if found is None or not Ledger(store.database).move(id, (DONE,), REMOVED):
        return False
    _empty(settings, id)
    return True


def file_of(id: str, viewer: Viewer, settings: Settings, store: Store) -> tuple[Export, Path] | None:
    """One's own finished job and the folder with its file and sidecar; None where there is none any more."""
    found = own(id, viewer, settings, store)
    if found is None or found.status != DONE:
        return None
    kept = place(settings, id)
    return (found, kept) if (kept / FILE).is_file() else None


def taken(export: Export, store: Store) -> None:
    """Write down that the file of a job is taken; `Unwritable` where it must not be."""
    Ledger(store.database).fetched(export)


def sweep(settings: Settings, store: Store) -> None:
    """Settle what nobody looks at, and delete every folder without a job that may have a file."""
    known = [_settled(one, settings, store) for one in Ledger(store.database).held()]
    held = {one.id for one in known if one.status in HELD}
    if not folder(settings).is_dir():
        return
    for path in folder(settings).iterdir():
        if path.name not in held and _ID.fullmatch(path.name) and not is_alive(settings, path.name):
            shutil.rmtree(path, ignore_errors=True)


def _empty(settings: Settings, id: str) -> None:
    shutil.rmtree(place(settings, id), ignore_errors=True)
