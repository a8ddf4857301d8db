"""Backs up what cannot be made again: what was released above all, landed rows, what people changed."""

from __future__ import annotations

import fcntl
import io
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from collect.journal import READY, alone, framed, records, segments
from config.settings import Settings
from data.identify import fingerprint
from data.snapshot import Lake, Snapshot
from etl.archive import JOURNAL, LAKE, LEDGER, STATE, BackupError, Facts, Packing, product
from etl.commit import Writer
from etl.door import check_secret, quarantine_of
from etl.land import tidy
from ledger import archives
from state import copies

LOG = "_delta_log"
# Commits, their checksums and checkpoints; not the drafts that a crash left among them.
_LOGGED = re.compile(r"_last_checkpoint|\d+\.(json|crc|checkpoint\.([\w-]+\.)*parquet)")
DRAFT = ".reachboard-draft"
BESIDE_TABLES = ("_secret", "_runs.json")
ELSEWHERE = "The state database (REACHBOARD_STATE_URL) is not in it: its own tools back it up and restore it."
OPEN_TO_ALL = (
    "Warning: the secret is in it, open to everyone who can read the file, who can then open the rest and "
    "find members by their ids. Keep it where secrets are kept, never beside other backups."
)
CLOSED = "The secret is not in it, and nothing opens it without: keep a copy of the secret in another place."


@dataclass(frozen=True)
class Told:
    """The snapshot that was backed up or restored, and what its keeper must know besides."""

    snapshot: int
    made_us: int
    notes: tuple[str, ...] = ()


def backup(settings: Settings, file: Path, with_secret: bool = False) -> Told:
    """Write the last snapshot, every landed row and the state database into a new archive."""
    lake = Writer(settings.lake)
    if not lake.latest().number:
        raise BackupError(f"Nothing is published in {lake.root}, so there is nothing to back up.")
    if file.exists():
        raise BackupError(f"{file} is there already; a backup never replaces another: name another file.")
    if file.resolve().is_relative_to(lake.root.resolve()):
        raise BackupError("A backup cannot lie in the lake that it is of; name a file elsewhere.")
    check_secret(settings)
    # In the order of a drain, which holds the journal while it lands.
    with alone(settings.journal), lake.lock():
        tidy(lake, quarantine_of(settings))
        last = lake.latest()
        lake.return_to(last)
        with _whole_or_nothing(file) as out:
            return _pack(settings, lake, last, out, with_secret)


def _pack(settings: Settings, lake: Lake, last: Snapshot, out: BinaryIO, with_secret: bool) -> Told:
    packing = Packing(out, settings.secret())
    root, versions = lake.root.resolve(), versions_of(lake)
    for path in (*_beside(root), *(path for name in versions for path in table_files(lake, last, name))):
        with path.open("rb") as source:
            packing.add(f"{LAKE}/{path.relative_to(root).as_posix()}", source)
    _pack_journal(packing, settings)
    for name, whole in archives.files(settings.ledger):
        packing.add(f"{LEDGER}/{name}", io.BytesIO(whole))
    kind = _pack_state(packing, settings)
    if with_secret:
        packing.add_secret(settings.secret())
    facts = Facts(
        product=product(),
        made_us=time.time_ns() // 1000,
        snapshot=last.number,
        published_us=last.published_us,
        versions=versions,
        state=kind,
        fingerprint=fingerprint(settings.secret()),
    )
    packing.finish(facts)
    notes = (OPEN_TO_ALL if with_secret else CLOSED, *((ELSEWHERE,) if kind == "elsewhere" else ()))
    return Told(last.number, facts.made_us, notes)


def versions_of(lake: Lake) -> dict[str, int]:
    """The newest version of every table in a lake, also of one that another version of this product made."""
    names = sorted(folder.name for folder in lake.root.iterdir() if (folder / LOG).is_dir())
    return {name: version for name in names if (version := lake.version(name)) is not None}


def _beside(root: Path) -> list[Path]:
    return [path for name in BESIDE_TABLES if (path := root / name).is_file()]


def table_files(lake: Lake, last: Snapshot, name: str) -> list[Path]:
    """The log of a table, and the files of its newest version and of the published one.

    They differ where files were merged since; readers read what the snapshot names.
    """
    root = lake.root.resolve()
    found = {path for path in (root / name / LOG).iterdir() if _LOGGED.fullmatch(path.name)}
    for version in {None, last.versions.get(name)}:
        handle = lake.open(name, version)
        found |= set() if handle is None else {Path(uri).resolve() for uri in handle.file_uris()}
    if not all(path.is_relative_to(root / name) and path.is_file() for path in found):
        raise BackupError(f"Files of the table {name} are missing from the lake, or lie outside of it.")
    return sorted(found)


def _pack_journal(packing: Packing, settings: Settings) -> None:
    """What is accepted and not landed: the whole records of each segment, also of one that grows."""
    for segment in segments(settings.journal):
        whole = b"".join(framed(payload) for payload in records(segment))
        if whole:
            packing.add(f"{JOURNAL}/{segment.stem}{READY}", io.BytesIO(whole))


def _pack_state(packing: Packing, settings: Settings) -> Literal["file", "none", "elsewhere"]:
    file = copies.file_of(settings.state)
    if file is None:
        return "elsewhere"
    if not file.exists():
        return "none"
    try:
        packing.add(STATE, io.BytesIO(copies.copied(file)))
    except copies.StateUnreadable:
        raise BackupError("The state database cannot be read, or is damaged; nothing was written.") from None
    return "file"


@contextmanager
def _whole_or_nothing(file: Path) -> Iterator[BinaryIO]:
    """A draft beside `file` that takes its name when all is written; what killed backups left is removed."""
    _sweep(file.parent)
    draft = file.with_name(f".{file.name}{DRAFT}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            fcntl.flock(out, fcntl.LOCK_EX)
            yield out
            out.flush()
            os.fsync(out.fileno())
        draft.rename(file)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _sweep(folder: Path) -> None:
    for leftover in folder.glob(f".*{DRAFT}"):
        # A draft that is locked is being written, by a backup of another lake.
        with suppress(OSError), leftover.open("rb") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            leftover.unlink()
