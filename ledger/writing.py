"""Appends lines to this process's chain so that they are on the disk, whole, before anybody goes on."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ledger.chain import Head, line_of, month_at, month_of, new_name, path_of, start
from ledger.entry import Entry, What
from ledger.seals import Seals

LARGEST = 32 * 1024 * 1024


class Chain:
    """The file that one process writes; a new one is begun each month, and behind 32 MB."""

    def __init__(self, folder: Path, seals: Seals, process: str) -> None:
        self.folder, self.seals, self.process = folder, seals, process
        self.name = ""
        self._head = Head(0, "", 0)
        self._file = -1

    def append(self, entries: Sequence[tuple[int, Entry]]) -> None:
        """Write entries, each with its time (microseconds), by one write and one flush to the disk.

        OSError where that cannot be; then none of them is written, and nothing half written stays.
        """
        self._ready(entries[0][0])
        lines, head = [], self._head
        for at, entry in entries:
            line, head = line_of({"at": max(at, head.at), **entry.body()}, head, self.seals)
            lines.append(line)
        try:
            _write(self._file, b"".join(lines))
            os.fdatasync(self._file)
        except OSError:
            self._back()
            raise
        self._head = head

    def forget(self) -> None:
        """Leave the file to itself: the next entry begins another chain."""
        if self._file >= 0:
            os.close(self._file)
        self._file, self.name = -1, ""

    def _ready(self, at: int) -> None:
        if self._file >= 0 and self._head.bytes < LARGEST and month_at(at) == month_of(self.name):
            return
        before = self.name
        self.forget()
        self._begin(at, before)

    def _begin(self, at: int, before: str) -> None:
        name = new_name(at, self.process)
        path = path_of(self.folder, name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)  # whoever verifies sees that it is being written
            about = {"process": self.process} | ({"after": before} if before else {})
            entry = Entry(What.BEGIN, about=about)
            line, head = line_of({"at": at, **entry.body()}, start(name), self.seals)
            _write(file, line)
            os.fsync(file)
            for folder in (path.parent, self.folder):
                _flushed(folder)
        except OSError:
            path.unlink(missing_ok=True)
            os.close(file)
            raise
        self.name, self._head, self._file = name, head, file

    def _back(self) -> None:
        """Take away what was half written. What a failed flush left is not known: another chain goes on."""
        with suppress(OSError):  # a torn end tells of itself
            os.ftruncate(self._file, self._head.bytes)
        self.forget()


def _write(file: int, lines: bytes) -> None:
    view = memoryview(lines)
    while view:
        view = view[os.write(file, view) :]


def _flushed(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def now_us() -> int:
    return time.time_ns() // 1000
