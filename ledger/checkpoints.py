"""Signed checkpoints over the heads of all chains, each holding the hash of the one before it."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ledger.chain import Head, Line, Tampered, chains, month_at, month_of, parsed, path_of, read
from ledger.entry import What, canonical
from ledger.seals import Seals, sha256

FILE = "checkpoints.jsonl"
LOCK = ".checkpoints.lock"
TAIL = 1 << 20
GENESIS = sha256(b"reachboard ledger checkpoints")
MONTH_US = 40 * 86_400_000_000


@dataclass(frozen=True)
class Checkpoint:
    """One signed line. `heads` are those that moved: chain -> (lines, hash, bytes).

    `end` is where its line ends in the file. `restored` stands in the first one after a backup was restored:
    behind which number up to which last one others were lost.
    """

    number: int
    at: int
    prev: str
    heads: Mapping[str, tuple[int, str, int]]
    hash: str
    end: int = 0
    restored: Mapping[str, Any] = field(default_factory=dict)

    def head(self, chain: str) -> Head:
        return Head(*self.heads[chain])


def checkpoints(
    folder: Path, seals: Seals, since_us: int = 0, before: Checkpoint | None = None
) -> Iterator[Checkpoint]:
    """The checkpoints of a folder behind `before`; `Tampered` at the first that is not what was signed.

    A last line that was not written to its end is passed over. Of those before `since_us` the hashes are
    looked at, and not the signatures.
    """
    path, end = folder / FILE, 0 if before is None else before.end
    if not path.exists():
        return
    with path.open("rb") as file:
        file.seek(end)
        for line, raw in enumerate(file, 1 if before is None else before.number + 1):
            document = parsed(raw, line)
            if document is None:
                return
            end += len(raw)
            before = replace(_proved(document, before, line, seals, since_us), end=end)
            yield before


def newest(folder: Path) -> Checkpoint | None:
    """The last checkpoint as it stands there, not proved; None where there is none."""
    try:
        with (folder / FILE).open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL))
            whole = file.read().rpartition(b"\n")[0]
        return _read(json.loads(whole[whole.rfind(b"\n") + 1 :]), 0)
    except (OSError, ValueError, Tampered):
        return None


def _proved(
    document: dict[str, Any], before: Checkpoint | None, line: int, seals: Seals, since_us: int
) -> Checkpoint:
    found = _read(document, line)
    signature = str(document.get("sig", ""))
    bare = {name: value for name, value in document.items() if name != "sig"}
    if document.get("key") != seals.public.hex():
        raise Tampered(line, "it is signed by another key")
    if (found.at >= since_us or before is None) and not seals.signed(bare, signature):
        raise Tampered(line, "its signature is not that of its words")
    last, prev = (0, GENESIS) if before is None else (before.number, before.hash)
    if found.prev != prev:
        raise Tampered(line, "it does not follow the checkpoint before it")
    lost = int(found.restored.get("last", last))
    if found.number != lost + 1 or int(found.restored.get("number", last)) != last:
        raise Tampered(line, "its number does not follow that of the checkpoint before it")
    return found


def _read(document: dict[str, Any], line: int) -> Checkpoint:
    try:
        heads = {chain: (seq, digest, size) for chain, (seq, digest, size) in document["heads"].items()}
        restored = document.get("restored", {})
        return Checkpoint(
            int(document["number"]), int(document["at"]), str(document["prev"]), heads,
            sha256(canonical(document)), 0, restored if isinstance(restored, dict) else {},
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Tampered(line, "it is no checkpoint") from None


class Signer:
    """Signs what is new since the last checkpoint. Of several, one works at a time."""

    def __init__(self, folder: Path, seals: Seals) -> None:
        self.folder, self.seals = folder, seals
        self._last: Checkpoint | None = None
        self._known: dict[str, Head] = {}

    def sign(self, at: int, restored: Mapping[str, Any] | None = None) -> tuple[Checkpoint | None, list[str]]:
        """Sign all heads as they stand; (nothing where nothing is new, what is wrong with chains).

        A chain that is not what was written is left out, so that no signature stands under it.
        """
        with self._alone():
            for one in checkpoints(self.folder, self.seals, at, self._last):
                self._last = one
                self._known |= {chain: one.head(chain) for chain in one.heads}
            moved, wrong = self._moved(self._known, at)
            if not moved and restored is None:
                return None, wrong
            return self._add(self._last, moved, at, restored), wrong

    def _moved(self, known: Mapping[str, Head], at: int) -> tuple[dict[str, Head], list[str]]:
        """The chains with something new beside words on checkpoints. Only the last two months can have it."""
        moved: dict[str, Head] = {}
        wrong: list[str] = []
        new = False
        since = month_at(at - MONTH_US)
        for path in chains(self.folder, since):
            head = known.get(path.stem)
            try:
                size = path.stat().st_size
                if head is not None and size == head.bytes:
                    continue
                if head is not None and size < head.bytes:
                    raise Tampered(head.seq, "it was cut")
                for line in read(path, self.seals, head):
                    if isinstance(line, Line):
                        new |= line.document["what"] != What.CHECKPOINT.value
                        moved[path.stem] = line.head
            except Tampered as found:
                wrong.append(f"{path.stem}, line {found.line}: {found.words}")
        wrong += [
            f"{chain}: its file is gone"
            for chain in known
            if month_of(chain) >= since and not path_of(self.folder, chain).exists()
        ]
        return (moved if new else {}), wrong

    def _add(
        self, last: Checkpoint | None, moved: Mapping[str, Head], at: int, restored: Mapping[str, Any] | None
    ) -> Checkpoint:
        lost = (restored or {}).get("last", 0 if last is None else last.number)
        document: dict[str, Any] = {
            "number": lost + 1,
            "at": at if last is None else max(at, last.at),
            "prev": GENESIS if last is None else last.hash,
            "heads": {chain: [head.seq, head.hash, head.bytes] for chain, head in moved.items()},
            "key": self.seals.public.hex(),
            **({"restored": dict(restored)} if restored else {}),
        }
        signed = {**document, "sig": self.seals.sign(document)}
        append(self.folder / FILE, [canonical(signed) + b"\n"])
        return _read(signed, 0)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def append(path: Path, lines: list[bytes]) -> None:
    """Write lines to the end of a file, behind its last whole line, and flush them to the disk."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        end = _whole(file)
        written = os.pwrite(file, b"".join(lines), end)
        if written < sum(map(len, lines)):
            os.ftruncate(file, end)
            raise OSError(28, "No space left on device")
        os.ftruncate(file, end + written)
        os.fsync(file)
    finally:
        os.close(file)


def _whole(file: int) -> int:
    """Bytes up to the end of the last whole line."""
    end = os.fstat(file).st_size
    while end:
        begin = max(0, end - 65_536)
        at = os.pread(file, end - begin, begin).rfind(b"\n")
        if at >= 0:
            return begin + at + 1
        end = begin
    return 0
