"""Follows a journal: what it gains, also in the segments that are still written."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

from collect.journal import HEAD, OPEN, READY, segments


class Tail:
    """Reads each record of a journal once, from the first that is there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, int] = {}

    def new(self) -> Iterator[bytes]:
        """The whole records that were added since; what was landed and deleted meanwhile is passed over."""
        stems = sorted({one.stem for one in segments(self.folder)})
        self._read = {stem: at for stem, at in self._read.items() if stem in stems}
        for stem in stems:
            yield from self._of(stem)

    def _of(self, stem: str) -> Iterator[bytes]:
        for suffix in (OPEN, READY):
            try:
                with (self.folder / f"{stem}{suffix}").open("rb") as file:
                    file.seek(self._read.get(stem, 0))
                    yield from self._whole(file.read(), stem)
                    return
            except FileNotFoundError:  # renamed, or landed
                continue

    def _whole(self, chunk: bytes, stem: str) -> Iterator[bytes]:
        begin, at = self._read.get(stem, 0), 0
        while at + HEAD.size <= len(chunk):
            length, check = HEAD.unpack_from(chunk, at)
            payload = chunk[at + HEAD.size : at + HEAD.size + length]
            if len(payload) < length or zlib.crc32(payload) != check:
                return
            at += HEAD.size + length
            self._read[stem] = begin + at
            yield payload
