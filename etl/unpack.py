"""Opens the archive of a backup: nothing in it is used before every name and checksum was held right."""

from __future__ import annotations

import hmac
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap
from pydantic import ValidationError

from data.identify import fingerprint
from etl.archive import (
    FORM,
    LIST,
    SECRET,
    STORED,
    BackupError,
    Manifest,
    derived,
    nonce,
    ours,
    product,
    wrapping,
)

LONGEST_LIST = 64 << 20


class Archive:
    """An archive whose names and checksums are right. Say `unlock` before `unsealed`."""

    def __init__(self, tar: tarfile.TarFile, members: dict[str, tarfile.TarInfo], manifest: Manifest) -> None:
        self._tar, self._members, self.manifest = tar, members, manifest
        self._key = b""

    def secret(self) -> bytes | None:
        """The secret, where the archive was made to hold it."""
        return b"".join(self._stored(SECRET)) if SECRET in self._members else None

    def unlock(self, secret: bytes) -> None:
        """Take the archive's key; `BackupError` under another secret, or where the list was changed."""
        manifest = self.manifest
        if not hmac.compare_digest(fingerprint(secret).encode(), manifest.fingerprint.encode()):
            raise BackupError(
                "This archive was made under another secret than the one here, which could not read it and "
                "would take every member for a stranger; bring that secret back."
            )
        try:
            self._key = aes_key_unwrap(wrapping(secret), bytes.fromhex(manifest.key))
        except InvalidUnwrap:
            raise BackupError("The key of this archive was changed; take another backup.") from None
        if not hmac.compare_digest(manifest.sealed_by(self._key).encode(), manifest.seal.encode()):
            raise BackupError("The list of this archive was changed after it was made; take another backup.")

    def names(self) -> list[str]:
        """The sealed files."""
        return [name for name in self.manifest.files if name != SECRET]

    def unsealed(self, name: str) -> Iterator[bytes]:
        """The content of a file as it was packed."""
        cipher, last = AESGCM(derived(self._key, name)), _stored_chunks(self.manifest.files[name].size) - 1
        for number, stored in enumerate(self._stored(name)):
            try:
                yield cipher.decrypt(nonce(number, number == last), stored, None)
            except InvalidTag:
                raise BackupError(f"{name} in this archive was changed; take another backup.") from None

    def check(self) -> None:
        """Hold every file against its size and checksum."""
        for name, entry in self.manifest.files.items():
            digest = sha256()
            for chunk in self._stored(name):
                digest.update(chunk)
            if self._members[name].size != entry.size or digest.hexdigest() != entry.sha256:
                raise BackupError(
                    f"{name} in this archive is not as it was written (its checksum differs); "
                    "copy the archive again, or take another backup."
                )

    def _stored(self, name: str) -> Iterator[bytes]:
        source = self._tar.extractfile(self._members[name])
        if source is None:
            raise BackupError("This archive is damaged; take another backup.")
        with source:
            while chunk := source.read(STORED):
                yield chunk


@contextmanager
def opened(file: Path) -> Iterator[Archive]:
    """The archive in a file, with every name and checksum held right; `BackupError` says what is wrong."""
    with file.open("rb") as raw:
        try:
            with tarfile.open(fileobj=raw, mode="r:") as tar:
                members = _members(tar)
                manifest = _manifest(tar, members)
                if members.keys() - {LIST} != manifest.files.keys():
                    raise BackupError(
                        "This archive does not hold the files that its list names: it is damaged, or was "
                        "changed; take another backup."
                    )
                archive = Archive(tar, members, manifest)
                archive.check()
                yield archive
        except tarfile.TarError:
            raise BackupError(
                f"{file} cannot be read as an archive of `python -m etl backup`: it is cut short, damaged or "
                "something else; copy it again, or take another backup."
            ) from None


def _members(tar: tarfile.TarFile) -> dict[str, tarfile.TarInfo]:
    found: dict[str, tarfile.TarInfo] = {}
    try:
        for member in tar:
            if not ours(member.name) or member.type != tarfile.REGTYPE or member.issparse():
                raise BackupError(
                    "This archive holds a name or a link that leads out of the folder, or that no backup "
                    "holds; it was not made by `python -m etl backup`."
                )
            if member.name in found:
                raise BackupError(
                    "This archive holds a file twice; it was not made by `python -m etl backup`."
                )
            found[member.name] = member
    except (ValueError, OverflowError, RecursionError):
        raise tarfile.ReadError from None
    return found


def _manifest(tar: tarfile.TarFile, members: dict[str, tarfile.TarInfo]) -> Manifest:
    member = members.get(LIST)
    source = None if member is None or member.size > LONGEST_LIST else tar.extractfile(member)
    if source is None:
        raise BackupError(
            "This archive lacks its list (manifest.json), which is written last: it is cut short, or was "
            "made by something else; copy it again, or take another backup."
        )
    try:
        text = source.read()
        told = json.loads(text)
        if isinstance(told, dict) and told.get("form") != FORM:
            raise BackupError("This archive has a form that this version of Reachboard does not know.")
        manifest = Manifest.model_validate_json(text)
        newer = _numbers(manifest.product) > _numbers(product())
    except (ValidationError, ValueError, RecursionError):
        raise BackupError("The list of this archive (manifest.json) cannot be read; it is damaged.") from None
    if newer:
        raise BackupError(
            f"This archive was made by a newer Reachboard than this one ({product()}); restore it with that."
        )
    return manifest


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _stored_chunks(stored: int) -> int:
    return max(1, -(-stored // STORED))
