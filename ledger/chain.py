"""A chain: one process's file of lines, each holding the hash of the one before it."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ledger.entry import canonical
from ledger.seals import Seals, sha256

NAME = re.compile(r"\d{8}T\d{6}-[a-z]{1,12}-[0-9a-f]{12}")
LONGEST_LINE = 1 << 16
PROOFS = ("hash", "mark")


@dataclass(frozen=True)
class Head:
    """Where a chain stands: how many lines, the hash of the last one, and their bytes."""

    seq: int
    hash: str
    bytes: int
    at: int = 0


@dataclass(frozen=True)
class Line:
    """A proved line: its document, where it begins in the file, and the head that it makes."""

    document: dict[str, Any]
    offset: int
    head: Head


@dataclass(frozen=True)
class Torn:
    """What follows the last whole line: the write of a process that was killed in the middle of it."""

    bytes: int


class Tampered(Exception):
    """A line is not what was written; `line` counts from 1."""

    def __init__(self, line: int, words: str) -> None:
        super().__init__(words)
        self.line, self.words = line, words


def new_name(at_us: int, process: str) -> str:
    return f"{datetime.fromtimestamp(at_us / 1e6, UTC):%Y%m%dT%H%M%S}-{process}-{secrets.token_hex(6)}"


def path_of(folder: Path, name: str) -> Path:
    """The file of a chain: in a folder per month, so that none holds too many."""
    return folder / month_of(name) / f"{name}.jsonl"


def month_of(name: str) -> str:
    return f"{name[:4]}-{name[4:6]}"


def month_at(at_us: int) -> str:
    return f"{datetime.fromtimestamp(at_us / 1e6, UTC):%Y-%m}"


def chains(folder: Path, since: str = "") -> list[Path]:
    """The files of all chains, the oldest first; `since` is the first month (2026-11) that is wanted."""
    if not folder.is_dir():
        return []
    months = sorted(one for one in folder.iterdir() if one.is_dir() and one.name >= since)
    return [path for month in months for path in sorted(month.glob("*.jsonl"))]


def start(name: str) -> Head:
    """Before the first line: a chain's lines cannot stand in another one."""
    return Head(0, sha256(f"reachboard ledger {name}".encode()), 0)


def line_of(document: dict[str, Any], head: Head, seals: Seals) -> tuple[bytes, Head]:
    """The line of a document behind a head, and the head that it makes."""
    whole = {**document, "seq": head.seq + 1, "prev": head.hash}
    digest = sha256(canonical(whole))
    written = canonical({**whole, "hash": digest, "mark": seals.mark(digest)}) + b"\n"
    return written, Head(head.seq + 1, digest, head.bytes + len(written), document["at"])


def read(path: Path, seals: Seals, head: Head | None = None) -> Iterator[Line | Torn]:
    """The lines behind a head, each proved; `Tampered` at the first that is not what was written."""
    head = start(path.stem) if head is None else head
    with path.open("rb") as file:
        file.seek(head.bytes)
        for raw in iter(lambda: file.readline(LONGEST_LINE), b""):
            document = parsed(raw, head.seq + 1)
            if document is None:
                if file.read(1):
                    raise Tampered(head.seq + 1, "it is longer than any line")
                yield Torn(len(raw))
                return
            offset, head = head.bytes, proved(document, raw, head, seals)
            yield Line(document, offset, head)


def parsed(raw: bytes, line: int) -> dict[str, Any] | None:
    """The document of a line; None for one that was not written to its end."""
    if raw.endswith(b"\n"):
        document = _json(raw[:-1])
        if document is None or canonical(document) != raw[:-1]:
            raise Tampered(line, "it is not a line of the ledger")
        return document
    if not raw.strip(b"\0") or _begins(raw):
        return None
    raise Tampered(line, "its end is not that of a line")


def _json(raw: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _begins(raw: bytes) -> bool:
    """Whether a line may begin so: one that is whole but for its break, or breaks off before its end."""
    text = raw.rstrip(b"\0")
    whole = _json(text)
    if whole is not None:
        return canonical(whole) == text
    try:
        json.JSONDecoder().raw_decode(text.decode("utf-8", "ignore"))
    except ValueError:
        return text.startswith(b"{")
    return False  # a whole document, and something behind it


def proved(document: dict[str, Any], raw: bytes, head: Head, seals: Seals) -> Head:
    """The head that a line makes; `Tampered` where it is not the next line of this chain."""
    line = head.seq + 1
    bare = {name: value for name, value in document.items() if name not in PROOFS}
    digest = sha256(canonical(bare))
    if document.get("hash") != digest:
        raise Tampered(line, "its hash is not that of its words")
    if document.get("prev") != head.hash or document.get("seq") != line:
        raise Tampered(line, "it does not follow the line before it")
    if seals.complete and document.get("mark") != seals.mark(digest):
        raise Tampered(line, "it was written without the secret")
    at = document.get("at")
    if not isinstance(at, int) or at < head.at:
        raise Tampered(line, "it has no time, or one before that of the line before it")
    return Head(line, digest, head.bytes + len(raw), at)
