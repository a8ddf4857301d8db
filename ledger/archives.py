"""The ledger in a backup, and put back by a restore so that it is verified as before."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from config.settings import Settings
from ledger import copies
from ledger.book import book_of
from ledger.chain import chains
from ledger.checkpoints import FILE, Signer, newest
from ledger.entry import Entry, What, operator
from ledger.seals import Seals
from ledger.writing import now_us

STAYS = "The ledger that is here stays: it is newer than the one in the archive."


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Name and whole lines of each file: checkpoints first, since chains only grow meanwhile."""
    for path in (folder / FILE, *chains(folder)):
        with suppress(FileNotFoundError):
            raw = path.read_bytes()
            if whole := raw[: raw.rfind(b"\n") + 1]:
                yield path.relative_to(folder).as_posix(), whole


def place(ready: Path, settings: Settings) -> str:
    """Put files that were made ready into an empty ledger; a note where there is one already."""
    there = settings.ledger
    if not ready.is_dir():
        return ""
    if (there / FILE).exists() or chains(there):
        return STAYS
    there.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The checkpoints last: a restore that was killed before them is made again.
    for path in sorted(ready.rglob("*.jsonl"), key=lambda one: one.name == FILE):
        to = there / path.relative_to(ready)
        to.parent.mkdir(mode=0o700, exist_ok=True)
        path.chmod(0o600)
        shutil.move(path, to)
    return ""


def restored(settings: Settings, snapshot: int) -> None:
    """Write down that a backup was restored, and declare which copied checkpoints were lost by it."""
    book_of(settings).record(Entry(What.RESTORE, operator(), snapshot=snapshot))
    lost = _lost(settings)
    if lost is not None:
        Signer(settings.ledger, Seals.of(settings.secret())).sign(now_us(), lost)


def _lost(settings: Settings) -> dict[str, Any] | None:
    """What the copies know of beyond the last checkpoint here; None where they know of no more."""
    try:
        copied = None if settings.ledger_copy is None else copies.last(settings.ledger_copy)
    except OSError:
        return None
    here = newest(settings.ledger)
    if copied is None or (here is not None and copied[0] <= here.number):
        return None
    return {"number": 0 if here is None else here.number, "last": copied[0], "hash": copied[1]}
