"""A folder on a server of SFTP whose host key is pinned."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

import asyncssh

from config.settings import Settings
from config.tokens import TokenError, token_of
from reports.transfer.problems import TargetError
from reports.transfer.targets import Folder

CHUNK = 1 << 18
ENCRYPTED = "the key in key_file cannot be opened; name its passphrase as token, and keep it as PKCS8"
One = TypeVar("One")


@contextmanager
def sftp(settings: Settings, folder: Folder) -> Iterator[Sftp]:
    """The folder over one connection; TargetError where it cannot be had."""
    how = _how(settings, folder)
    with asyncio.Runner() as runner:
        drive = Sftp(runner, folder)
        try:
            drive.run(drive.connect(how))
            yield drive
        finally:
            drive.run(drive.close())


class Sftp:
    """Files right in a folder of the server."""

    resumes = True

    def __init__(self, runner: asyncio.Runner, folder: Folder) -> None:
        self.runner, self.folder = runner, folder
        self.connection: asyncssh.SSHClientConnection | None = None
        self.client: Any = None

    def run(self, asked: Coroutine[Any, Any, One]) -> One:
        """What a coroutine comes to; TargetError in words where it fails."""
        try:
            return self.runner.run(asked)
        except (asyncssh.Error, OSError, TimeoutError) as failure:
            raise TargetError(_words(failure)) from None

    async def connect(self, how: dict[str, Any]) -> None:
        host = self.folder.place.hostname or ""
        self.connection = await asyncssh.connect(host, self.folder.place.port or 22, config=None, **how)
        self.client = await self.connection.start_sftp_client()

    async def close(self) -> None:
        if self.connection is not None:
            self.connection.abort()
            await self.connection.wait_closed()

    def sizes(self) -> dict[str, int]:
        return self.run(self._soon(self._sizes()))

    def read(self, name: str, most: int) -> bytes:
        return self.run(self._soon(self._read(name, most)))

    def digest(self, name: str) -> str:
        return self.run(self._digest(name))

    def write(self, name: str, path: Path, begin: int) -> None:
        self.run(self._write(name, path, begin))

    def rename(self, name: str, final: str) -> None:
        self.run(self._soon(self.client.posix_rename(self._at(name), self._at(final))))

    def remove(self, name: str) -> None:
        self.run(self._soon(self.client.remove(self._at(name))))

    def _at(self, name: str) -> str:
        return f"{self.folder.path.rstrip('/') or '.'}/{name}"

    async def _soon(self, asked: Coroutine[Any, Any, One]) -> One:
        return await asyncio.wait_for(asked, self.folder.timeout)

    async def _sizes(self) -> dict[str, int]:
        found: dict[str, int] = {}
        async for one in self.client.scandir(self.folder.path or "."):
            if isinstance(one.filename, str) and stat.S_ISREG(one.attrs.permissions or 0):
                found[one.filename] = one.attrs.size or 0
        return found

    async def _read(self, name: str, most: int) -> bytes:
        async with self.client.open(self._at(name), "rb") as file:
            return bytes(await file.read(most))

    async def _digest(self, name: str) -> str:
        found = sha256()
        async with self.client.open(self._at(name), "rb") as file:
            while piece := await self._soon(file.read(CHUNK)):
                found.update(piece)
        return found.hexdigest()

    async def _write(self, name: str, path: Path, begin: int) -> None:
        with path.open("rb") as ours:
            ours.seek(begin)
            async with self.client.open(self._at(name), "r+b" if begin else "wb") as theirs:
                at = begin
                while piece := ours.read(CHUNK):
                    await self._soon(theirs.write(piece, at))
                    at += len(piece)


def _how(settings: Settings, folder: Folder) -> dict[str, Any]:
    """What a connection is made with: the pinned key of the host, and the key to sign in with alone."""
    try:
        passphrase = token_of(settings, folder.token) if folder.token else None
    except TokenError as problem:
        raise TargetError(str(problem)) from None
    try:
        host_key = asyncssh.import_public_key(folder.host_key)
    except asyncssh.KeyImportError:
        raise TargetError("[folder] host_key cannot be read as a public key") from None
    if Path(folder.key_file).exists() and Path(folder.key_file).stat().st_mode & 0o077:
        raise TargetError("key_file can be read by others; make it readable by its owner alone: chmod 600")
    try:
        key = asyncssh.read_private_key(folder.key_file, passphrase)
    except OSError as error:
        raise TargetError(f"key_file cannot be read: {error.strerror}") from None
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
        raise TargetError(ENCRYPTED) from None
    return {
        "username": unquote(folder.place.username or ""), "known_hosts": ([host_key], [], []),
        "client_keys": [key], "agent_path": None, "preferred_auth": "publickey",
        "connect_timeout": folder.timeout, "login_timeout": folder.timeout,
        "keepalive_interval": folder.timeout,
    }  # fmt: skip


def _words(failure: Exception) -> str:
    """What failed, without the server's own words."""
    known: tuple[tuple[type[Exception], str], ...] = (
        (
            asyncssh.HostKeyNotVerifiable,
            "its host key is not the one in [folder] host_key; ask whoever runs it before you change that",
        ),
        (asyncssh.PermissionDenied, "it does not accept the user or the key"),
        (asyncssh.SFTPNoSuchFile, "there is no such folder; ask whoever runs it to make it"),
        (asyncssh.SFTPPermissionDenied, "the user may not write there; ask whoever runs it to allow it"),
        (asyncssh.SFTPOpUnsupported, "it cannot replace a file at once (posix-rename); use another server"),
        (TimeoutError, "it did not answer in time; what was cut off is gone on with"),
        (ConnectionRefusedError, "nothing answers there; check host and port, and whether it runs"),
        (ConnectionError, "it broke off; what was cut off is gone on with"),
        (asyncssh.SFTPFailure, "it could not do that; its disk may be full"),
        (OSError, "its host is not known or cannot be reached; check [folder] at"),
    )
    return next((words for kind, words in known if isinstance(failure, kind)), "it broke off")
