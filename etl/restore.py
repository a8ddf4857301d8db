"""Restores a backup into an empty place: all of it, after all of it was checked, or nothing."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.settings import Settings
from data import catalogue
from data.refusals import waiting
from data.snapshot import Lake, Snapshot
from etl.archive import JOURNAL, LAKE, LEDGER, SECRET, STATE, BackupError
from etl.backup import DRAFT, ELSEWHERE, Told, table_files, versions_of
from etl.publish import check_zone
from etl.unpack import Archive, opened
from ledger import archives
from state import copies

NO_QUARANTINE = "Refused rows are not in a backup: import their files again, by a mended mapping."


def check(settings: Settings, file: Path) -> Told:
    """Find out whether an archive is whole and of the secret here; nothing is written."""
    with opened(file) as archive:
        archive.unlock(_secret(settings, archive))
        return Told(archive.manifest.snapshot, archive.manifest.made_us)


def restore(settings: Settings, file: Path) -> Told:
    """Put an archive into an empty place: all of it, after all of it was checked, or nothing."""
    _refuse_taken(settings.lake)
    with opened(file) as archive:
        secret = _secret(settings, archive)
        archive.unlock(secret)
        target = _state_target(settings, archive)
        with _staging(settings.var) as stage:
            for name in archive.names():
                _write(stage / name, archive.unsealed(name))
            last = _proven(Lake(stage / LAKE), archive)
            check_zone(last, settings)
            if settings.secret_key is None and not settings.secret_file.exists():
                _write(stage / SECRET, iter([secret + b"\n"]))
            notes = [*_notes(Lake(stage / LAKE), archive, last)]
            notes += _place(stage, settings, target)
        archives.restored(settings, last.number)
        return Told(last.number, archive.manifest.made_us, tuple(notes))


def _refuse_taken(path: Path) -> None:
    if path.is_file() or (path.is_dir() and any(path.iterdir())):
        raise BackupError(
            f"{path} is there already, and a restore goes into an empty place only: stop the app and move "
            "it away, or set REACHBOARD_VAR to another folder; then restore again."
        )


def _secret(settings: Settings, archive: Archive) -> bytes:
    """The secret of this place, else that of the archive; none is made up here."""
    if settings.secret_key is not None or settings.secret_file.exists():
        return settings.secret()
    held = archive.secret()
    if held is None:
        raise BackupError(
            "There is no secret here, and this archive holds none: bring back the one that it was made "
            f"under, in REACHBOARD_SECRET_KEY or in {settings.secret_file} (mode 0600); then restore again."
        )
    return held


def _state_target(settings: Settings, archive: Archive) -> Path | None:
    """Where the state database goes; `BackupError` where this place has another one."""
    file = copies.file_of(settings.state)
    if archive.manifest.state == "file" and file is None:
        raise BackupError(
            "This archive holds a state database of SQLite and REACHBOARD_STATE_URL names another kind: "
            "unset it to restore, and move what people changed by that database's own tools."
        )
    found = [] if file is None else copies.there(file)
    if found:
        # A restore that was killed has put this very file here.
        known = archive.manifest.state == "file" and found == [file]
        if not known or found[0].read_bytes() != b"".join(archive.unsealed(STATE)):
            raise BackupError(
                f"{found[0]} is there already, and what people changed is not mixed: stop the app and move "
                "it away; then restore again."
            )
        return None
    return file if archive.manifest.state == "file" else None


@contextmanager
def _staging(var: Path) -> Iterator[Path]:
    """A folder where a restore is made ready; it is empty again afterwards, and after one that was killed."""
    folder = var / ".restore"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        raise BackupError("Another restore into this place is under way; wait for it.") from None
    try:
        for leftover in folder.iterdir():
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def _write(path: Path, chunks: Iterator[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as out:
        out.writelines(chunks)


def _proven(lake: Lake, archive: Archive) -> Snapshot:
    """The snapshot of a lake made ready, once its tables open as the archive's list says."""
    last, manifest = lake.latest(), archive.manifest
    versions = versions_of(lake)
    if last.number != manifest.snapshot or versions != manifest.versions:
        raise BackupError(
            "The tables in this archive are not those that its list names; take another backup."
        )
    for name in versions:
        table_files(lake, last, name)
    return last


def _place(stage: Path, settings: Settings, state: Path | None) -> list[str]:
    """Secret and state first, the lake last by one rename: before it nothing is restored, after it all is.
    Returns notes."""
    os.sync()
    if (stage / SECRET).exists():
        (stage / SECRET).chmod(0o600)
        (stage / SECRET).rename(settings.secret_file)
    if state is not None:
        state.parent.mkdir(parents=True, exist_ok=True)
        ready = state.with_name(f".{state.name}{DRAFT}")
        shutil.copyfile(stage / STATE, ready)
        ready.chmod(0o600)
        ready.rename(state)
    _place_journal(stage / JOURNAL, settings.journal)
    note = archives.place(stage / LEDGER, settings)
    try:
        (stage / LAKE).rename(settings.lake)
    except OSError:
        _refuse_taken(settings.lake)
        raise
    os.sync()
    return [note] if note else []


def _place_journal(ready: Path, journal: Path) -> None:
    """Events that wait to be landed; a segment that is there already is of a restore that was killed."""
    for segment in sorted(ready.iterdir()) if ready.is_dir() else ():
        journal.mkdir(parents=True, exist_ok=True, mode=0o700)
        segment.chmod(0o600)
        segment.replace(journal / segment.name)


def _notes(lake: Lake, archive: Archive, last: Snapshot) -> Iterator[str]:
    if archive.manifest.state == "elsewhere":
        yield ELSEWHERE
    if waiting(catalogue.read(lake, last), time.time_ns() // 1000):
        yield NO_QUARANTINE
