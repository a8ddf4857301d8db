"""Files that somebody brought, until they are loaded: encrypted piece by piece, never whole in memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from etl.archive import CHUNK, TAG, derived, nonce
from etl.sources.problems import IntakeError

SALT = 16


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class TooLarge(ValueError):
    """More bytes than may be brought."""


@dataclass(frozen=True)
class Shelter:
    """Files under `folder` (mode 0600), each under a key of its own that is derived from `secret`."""

    folder: Path
    secret: bytes

    def keep(self, id: str, stream: Readable, most: int) -> tuple[int, str]:
        """Write a stream; its bytes and SHA-256. `TooLarge` beyond `most`, and then nothing is kept."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft, digest, size, salt = self._path(id).with_suffix(".draft"), sha256(), 0, os.urandom(SALT)
        cipher = self._cipher(salt)
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                out.write(salt)
                for number, (piece, last) in enumerate(_pieces(stream)):
                    size += len(piece)
                    if size > most:
                        raise TooLarge
                    digest.update(piece)
                    out.write(cipher.encrypt(nonce(number, last), piece, None))
            draft.replace(self._path(id))
        finally:
            draft.unlink(missing_ok=True)
        return size, digest.hexdigest()

    def head(self, id: str, most: int = CHUNK) -> tuple[bytes, bool]:
        """The first bytes of a file, and whether that is all of it."""
        first = next(self._opened(id), (b"", True))
        return first[0][:most], first[1] and len(first[0]) <= most

    def whole(self, id: str) -> bytes:
        return b"".join(piece for piece, _ in self._opened(id))

    def forget(self, id: str) -> None:
        self._path(id).unlink(missing_ok=True)

    def purge(self, before_us: int) -> int:
        """Delete files that were brought before an instant; how many."""
        old = [one for one in self.folder.glob("*") if one.stat().st_mtime_ns // 1000 < before_us]
        for one in old:
            one.unlink(missing_ok=True)
        return len(old)

    def _path(self, id: str) -> Path:
        return self.folder / f"{id}.sealed"

    def _cipher(self, salt: bytes) -> AESGCM:
        return AESGCM(derived(self.secret, f"plan|upload|v1|{salt.hex()}"))

    def _opened(self, id: str) -> Iterator[tuple[bytes, bool]]:
        try:
            with self._path(id).open("rb") as source:
                cipher, left = self._cipher(source.read(SALT)), self._path(id).stat().st_size - SALT
                number = 0
                while left > 0:
                    stored = source.read(CHUNK + TAG)
                    left -= len(stored)
                    yield cipher.decrypt(nonce(number, left == 0), stored, None), left == 0
                    number += 1
        except (FileNotFoundError, InvalidTag):
            raise IntakeError("the file is not there any more; bring it again") from None


def _pieces(stream: Readable) -> Iterator[tuple[bytes, bool]]:
    """A stream in pieces of one size, and whether each is the last."""
    held = _filled(stream)
    while True:
        following = _filled(stream) if len(held) == CHUNK else b""
        yield held, not following
        if not following:
            return
        held = following


def _filled(stream: Readable) -> bytes:
    parts, size = [], 0
    while size < CHUNK and (part := stream.read(CHUNK - size)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)
