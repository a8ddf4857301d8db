"""Which states of pages were written down lately: a small map that all processes of a machine share."""

from __future__ import annotations

import fcntl
import mmap
import os
import secrets
import struct
import threading
import time
from collections.abc import Hashable
from hashlib import blake2b
from pathlib import Path

SLOTS = 1 << 14
PLACES = 4
"""Slots that a state may lie in: the oldest of them gives way."""
SLOT = struct.Struct("<QI")
KEY_BYTES = 16
FILE = ".seen"
AGAIN_SECONDS = 900
"""A page that stays open is written down again after so long."""


class Seen:
    """What was seen lately, by keyed digest: nobody finds a filter in it. It may be lost at any time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._map: mmap.mmap | None = None
        self._file = -1
        self._key = b""

    def known(self, state: Hashable) -> bool:
        """Whether a state was marked in the last minutes; marks nothing."""
        view = self._opened()
        return _find(view, self._digest(state), _now())[0]

    def mark(self, state: Hashable) -> bool:
        """Mark a state as seen; false where it was already. Of several processes, one is told true."""
        view, digest, now = self._opened(), self._digest(state), _now()
        if _find(view, digest, now)[0]:
            return False
        with self._lock:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                known, slot = _find(view, digest, now)
                if not known:
                    SLOT.pack_into(view, slot, digest, now)
                return not known
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def clear(self, state: Hashable) -> None:
        """Forget a state: what could not be recorded is seen anew."""
        known, slot = _find(self._opened(), self._digest(state), _now())
        if known:
            SLOT.pack_into(self._opened(), slot, 0, 0)

    def _digest(self, state: Hashable) -> int:
        return (
            int.from_bytes(blake2b(repr(state).encode(), digest_size=8, key=self._key).digest(), "little") | 1
        )

    def _opened(self) -> mmap.mmap:
        if self._map is None:
            with self._lock:
                if self._map is None:
                    self._map = self._open()
        return self._map

    def _open(self) -> mmap.mmap:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        size = KEY_BYTES + SLOTS * SLOT.size
        file = os.open(self.folder / FILE, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.lockf(file, fcntl.LOCK_EX)
        if os.fstat(file).st_size != size:
            os.ftruncate(file, 0)
            os.posix_fallocate(file, 0, size)  # a map of room that is not there would end the process
            os.pwrite(file, secrets.token_bytes(KEY_BYTES), 0)
        self._key = os.pread(file, KEY_BYTES, 0)
        fcntl.lockf(file, fcntl.LOCK_UN)
        self._file = file
        return mmap.mmap(file, size)


def _find(view: mmap.mmap, digest: int, now: int) -> tuple[bool, int]:
    """Whether a digest is marked and young, and where it is or goes."""
    first, oldest, where = digest >> 20, 1 << 63, 0
    for step in range(PLACES):
        slot = KEY_BYTES + (first + step) % SLOTS * SLOT.size
        held, at = SLOT.unpack_from(view, slot)
        if held == digest and now - at < AGAIN_SECONDS:
            return True, slot
        if at < oldest:
            oldest, where = at, slot
    return False, where


def _now() -> int:
    return int(time.time())
