"""The archive of a backup: a tar whose files are sealed one by one, and a list of them with checksums."""

from __future__ import annotations

import hmac
import io
import os
import re
import struct
import tarfile
import tomllib
from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO, Literal

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import aes_key_wrap
from pydantic import BaseModel, ConfigDict, Field

from config.settings import ROOT

FORM = 1
LIST, SECRET, STATE = "manifest.json", "secret", "state.db"
LAKE, JOURNAL, LEDGER = FOLDERS = "lake", "journal", "ledger"
CHUNK, TAG, KEY = 1 << 20, 16, 32
STORED = CHUNK + TAG
_PART = re.compile(r"[A-Za-z0-9_.=%+-]{1,250}")


class BackupError(Exception):
    """A backup that cannot be made, or an archive that cannot be used: one sentence."""


class Entry(BaseModel):
    """A file as it lies in the archive: bytes and SHA-256, both of what is stored."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    size: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Facts(BaseModel):
    """What an archive is of; no figure, and nothing of a member."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    form: int = FORM
    product: str
    made_us: int
    snapshot: int
    published_us: int
    versions: dict[str, int]
    state: Literal["file", "none", "elsewhere"]
    fingerprint: str


class Manifest(Facts):
    """The facts, the archive's own key wrapped under the secret, the files, and the seal over all of it."""

    key: str = Field(pattern=r"^[0-9a-f]{80}$")
    files: dict[str, Entry]
    seal: str

    def sealed_by(self, key: bytes) -> str:
        text = self.model_dump_json(exclude={"seal"}).encode()
        return hmac.digest(derived(key, LIST), text, "sha256").hex()


def product() -> str:
    """The version of this product."""
    version: str = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    return version


class Packing:
    """Writes an archive: files first, the list last, so that one cut short is never taken for whole."""

    def __init__(self, out: BinaryIO, secret: bytes) -> None:
        self._key = os.urandom(KEY)
        self._wrapped = aes_key_wrap(wrapping(secret), self._key)
        self._tar = tarfile.TarFile(fileobj=out, mode="w", copybufsize=STORED)
        self._files: dict[str, Entry] = {}

    def add(self, name: str, source: BinaryIO) -> None:
        """Seal a file under a name; it must not grow or shrink meanwhile."""
        size = source.seek(0, io.SEEK_END)
        source.seek(0)
        stored = size + TAG * _chunks(size)
        self._put(name, _sealed(source, size, derived(self._key, name)), stored)

    def add_secret(self, secret: bytes) -> None:
        """The secret that opens the archive cannot be sealed by itself."""
        self._put(SECRET, iter([secret]), len(secret))

    def finish(self, facts: Facts) -> None:
        """Write the list, sealed, and end the archive."""
        draft = Manifest(**facts.model_dump(), key=self._wrapped.hex(), files=self._files, seal="")
        whole = draft.model_copy(update={"seal": draft.sealed_by(self._key)})
        text = whole.model_dump_json(indent=1).encode()
        self._put(LIST, iter([text]), len(text))
        self._tar.close()

    def _put(self, name: str, chunks: Iterator[bytes], size: int) -> None:
        if not ours(name) or name in self._files:
            raise BackupError("The lake holds a file that is not of this product; nothing was written.")
        header = tarfile.TarInfo(name)
        header.size, header.mode = size, 0o600
        source = _Source(chunks)
        self._tar.addfile(header, source)
        self._files[name] = Entry(size=size, sha256=source.digest.hexdigest())


class _Source:
    """Chunks, read as a file is; knows the checksum of what it gave."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest, self.digest = chunks, b"", sha256()

    def read(self, size: int = STORED, /) -> bytes:
        while len(self._rest) < size and (chunk := next(self._chunks, b"")):
            self._rest += chunk
        given, self._rest = self._rest[:size], self._rest[size:]
        self.digest.update(given)
        return given


def ours(name: str) -> bool:
    """Whether a name is one that a backup holds; no such name leads out of the folder that it is put into."""
    parts = name.split("/")
    plain = all(_PART.fullmatch(part) and part.strip(".") for part in parts)
    return plain and (name in (LIST, SECRET, STATE) if len(parts) == 1 else parts[0] in FOLDERS)


def wrapping(secret: bytes) -> bytes:
    return derived(secret, "plan|backup|v1")


def derived(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), KEY, None, purpose.encode()).derive(key)


def _chunks(size: int) -> int:
    return max(1, -(-size // CHUNK))


def nonce(number: int, last: bool) -> bytes:
    # The last chunk is marked: a file that lost its end is not taken for whole.
    return struct.pack(">QI", number, last)


def _sealed(source: BinaryIO, size: int, key: bytes) -> Iterator[bytes]:
    cipher, last = AESGCM(key), _chunks(size) - 1
    for number in range(last + 1):
        yield cipher.encrypt(nonce(number, number == last), source.read(CHUNK), None)
