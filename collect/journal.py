"""The journal: what was accepted, durable before anybody is told so; a drain lands it in the lake later.

A journal is a folder of segments. A segment is written by one process under an exclusive file lock, named
`<microseconds>-<process>-<number>.open`, and becomes `.ready` when it is full or old. A record is its length
and CRC-32 (each 4 bytes, little-endian) and that many bytes. What follows the last whole record of a segment
was never acknowledged.
"""

from __future__ import annotations

import fcntl
import os
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

HEAD = struct.Struct("<II")
DRAFT, OPEN, READY = ".draft", ".open", ".ready"
LARGEST = 16 << 20
OLDEST_SECONDS = 5.0


class JournalFailed(OSError):
    """Nothing was kept: the disk is full or fails. Send the same again later."""


@dataclass(eq=False)
class _Waiting:
    record: bytes
    done: bool = False
    failed: OSError | None = None


class Journal:
    """Appends records of one process. Threads that append at a time share one flush to the disk."""

    def __init__(self, folder: Path, largest: int = LARGEST, oldest: float = OLDEST_SECONDS) -> None:
        self.folder, self.largest, self.oldest = folder, largest, oldest
        self._waiting: list[_Waiting] = []
        self._turn = threading.Condition()
        self._busy = False
        self._segment: _Segment | None = None
        self._number = 0

    def append(self, payload: bytes) -> None:
        """Keep a record; returns when it lies on the disk. `JournalFailed` where it does not."""
        own = _Waiting(framed(payload))
        with self._turn:
            self._waiting.append(own)
            while self._busy and not own.done:
                self._turn.wait()
            if own.done:
                return self._said(own)
            self._busy, several, self._waiting = True, self._waiting, []
        try:
            self._write(several)
        finally:
            with self._turn:
                self._busy = False
                self._turn.notify_all()
        return self._said(own)

    def _said(self, own: _Waiting) -> None:
        if own.failed is not None:
            raise JournalFailed(own.failed.errno, "The journal cannot be written.") from own.failed

    def _write(self, several: list[_Waiting]) -> None:
        try:
            segment = self._current()
            segment.write(b"".join(one.record for one in several))
        except OSError as problem:
            for one in several:
                one.failed = problem
            self._abandon()
        finally:
            for one in several:
                one.done = True

    def _current(self) -> _Segment:
        if self._segment is not None and self._segment.is_spent(self.largest, self.oldest):
            self.release()
        if self._segment is None:
            self._number += 1
            self._segment = _Segment(self.folder, self._number)
        return self._segment

    def _abandon(self) -> None:
        """Go on in another segment: what a failed flush left of this one is not known."""
        segment, self._segment = self._segment, None
        if segment is not None:
            with suppress(OSError):
                segment.close()

    def release(self) -> None:
        """Hand the segment on, where there is one with records in it."""
        segment, self._segment = self._segment, None
        if segment is not None:
            segment.close()

    def release_old(self) -> None:
        """Hand on a segment that has waited long enough, unless it is being written."""
        with self._turn:
            if self._busy or self._segment is None or not self._segment.is_spent(self.largest, self.oldest):
                return
            self._busy = True
        try:
            self.release()
        finally:
            with self._turn:
                self._busy = False
                self._turn.notify_all()


class _Segment:
    """A file that grows by whole records."""

    def __init__(self, folder: Path, number: int) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{time.time_ns() // 1000:016d}-{os.getpid()}-{number}"
        self.path = folder / f"{name}{OPEN}"
        self.begun = time.monotonic()
        self.size = 0
        # Locked before it has the name by which a drain takes what nobody holds.
        draft = folder / f"{name}{DRAFT}"
        self._file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        draft.rename(self.path)
        _sync_folder(folder)

    def write(self, records: bytes) -> None:
        begin = self.size
        try:
            left = memoryview(records)
            while left:
                left = left[os.write(self._file, left) :]
            os.fdatasync(self._file)
        except OSError:
            os.ftruncate(self._file, begin)
            raise
        self.size += len(records)

    def is_spent(self, largest: int, oldest: float) -> bool:
        return self.size > 0 and (self.size >= largest or time.monotonic() - self.begun >= oldest)

    def close(self) -> None:
        try:
            self.path.rename(self.path.with_suffix(READY))
        finally:
            os.close(self._file)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the only right to take segments away; waits for whoever holds it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".drain").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def framed(payload: bytes) -> bytes:
    """A record as it stands in a segment."""
    return HEAD.pack(len(payload), zlib.crc32(payload)) + payload


def segments(folder: Path) -> list[Path]:
    """Every segment, oldest first, also those that are still written."""
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted((one for one in found if one.suffix in (OPEN, READY)), key=lambda one: one.name)


def finished(folder: Path) -> list[Path]:
    """The segments that nobody writes any more, oldest first; also those of a process that died."""
    return [one for one in segments(folder) if one.suffix == READY or _is_left(one)]


def _is_left(segment: Path) -> bool:
    try:
        with segment.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return False
    return True


def records(segment: Path) -> Iterator[bytes]:
    """The whole records of a segment."""
    with segment.open("rb") as file:
        while len(head := file.read(HEAD.size)) == HEAD.size:
            length, check = HEAD.unpack(head)
            payload = file.read(length)
            if len(payload) < length or zlib.crc32(payload) != check:
                return
            yield payload


def backlog(folder: Path) -> int:
    """Bytes that wait to be landed."""
    if not folder.is_dir():
        return 0
    total = 0
    for one in folder.iterdir():
        try:
            total += one.stat().st_size
        except FileNotFoundError:  # landed meanwhile
            continue
    return total
