"""Copies of the checkpoints in another place: whoever sets the ledger back to an earlier state is found."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ledger.chain import Tampered
from ledger.checkpoints import FILE, Checkpoint, append
from ledger.entry import canonical
from ledger.seals import Seals, sha256

KEY = "public-key.txt"
BEHIND = "there are copied checkpoints that are not here: the ledger was set back to an earlier state"


class Copies:
    """Brings the checkpoints of a folder to another place, each once, in their order."""

    def __init__(self, folder: Path, to: Path, seals: Seals) -> None:
        self.folder, self.to, self.seals = folder, to, seals
        self._last: bytes | None = None
        self._end = 0

    def bring(self) -> list[str]:
        """Copy what is new; what is wrong with the copies, in words. OSError where the place is away."""
        self.to.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (self.to / KEY).exists():
            (self.to / KEY).write_text(self.seals.public.hex() + "\n", encoding="ascii")
        there = last_line(self.to / FILE)
        end = self._end if there == self._last else self._found(there)
        if end is None:
            return [BEHIND]
        new = _behind(self.folder / FILE, end)
        if new:
            append(self.to / FILE, [new])
        self._end = end + len(new)
        self._last = new.splitlines(keepends=True)[-1] if new else there
        return []

    def _found(self, there: bytes) -> int | None:
        """Where in the file here goes on what the copies end with; None where they know of more."""
        end, restored = 0, None
        for line in _lines(self.folder / FILE):
            end += len(line)
            if line == there:
                return end
            declared = _document(line).get("restored") or {}
            if declared.get("hash") == digest(there):
                restored = end - len(line)
        return 0 if not there else restored


def digest(line: bytes) -> str:
    return sha256(line.removesuffix(b"\n"))


def last(to: Path) -> tuple[int, str] | None:
    """Number and hash of the last copied checkpoint; None without any."""
    line = last_line(to / FILE)
    return (int(_document(line)["number"]), digest(line)) if line else None


def last_line(path: Path) -> bytes:
    """The last whole line of a file; nothing where there is none."""
    found = b""
    for line in _lines(path):
        found = line
    return found


def compared(here: Sequence[Checkpoint], to: Path) -> Iterator[str]:
    """What was copied and is not here, in words; `Tampered` where a copy is no checkpoint."""
    known = {one.hash for one in here}
    lost = [(one.restored["number"], one.restored["last"]) for one in here if one.restored]
    missing = []
    for at, line in enumerate(_lines(to / FILE), 1):
        document = _document(line)
        if canonical(document) + b"\n" != line or not isinstance(document.get("number"), int):
            raise Tampered(at, "the copy is no checkpoint")
        number = document["number"]
        if digest(line) not in known and not any(first < number <= end for first, end in lost):
            missing.append(number)
    if missing:
        yield (
            f"{len(missing):,} copied checkpoints are not here, the first is number {missing[0]}: the ledger "
            "was set back to an earlier state, or signed anew"
        )


def _behind(path: Path, end: int) -> bytes:
    """The whole lines of a file behind a place."""
    if not path.exists():
        return b""
    with path.open("rb") as file:
        file.seek(end)
        new = file.read()
    return new[: new.rfind(b"\n") + 1]


def _lines(path: Path) -> Iterator[bytes]:
    """The whole lines of a file."""
    if path.exists():
        with path.open("rb") as file:
            yield from (line for line in file if line.endswith(b"\n"))


def _document(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
