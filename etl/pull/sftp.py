"""A drop folder on a server of SFTP whose host key is pinned."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import asyncssh

from config.settings import Settings
from etl.pull.places import Entry
from etl.pull.tokens import token_of
from etl.sources.folder import Folder
from etl.sources.problems import PlaceError

CHUNK = 1 << 20
ENCRYPTED = "the key in key_file cannot be opened; name its passphrase as token, and keep it as PKCS8"
One = TypeVar("One")


@contextmanager
def sftp(settings: Settings, folder: Folder) -> Iterator[Sftp]:
    """The folder over one connection; PlaceError where it cannot be had."""
    how = _how(settings, folder)
    with asyncio.Runner() as runner:
        place = Sftp(runner, folder)
        try:
            place.run(place.connect(how))
            yield place
        finally:
            place.run(place.close())


class Sftp:
    """Files right in a folder of the server. Its clock is not ours, and a file grows while it is written."""

    at_once = False
    our_clock = False

    def __init__(self, runner: asyncio.Runner, folder: Folder) -> None:
        self.runner, self.folder = runner, folder
        self.connection: asyncssh.SSHClientConnection | None = None
        self.client: asyncssh.SFTPClient | None = None

    def run(self, asked: Coroutine[Any, Any, One]) -> One:
        """What a coroutine comes to; PlaceError in words where it fails."""
        try:
            return self.runner.run(asked)
        except (asyncssh.Error, OSError, TimeoutError) as failure:
            raise PlaceError(_words(failure)) from None

    async def connect(self, how: dict[str, Any]) -> None:
        self.connection = await asyncssh.connect(self.folder.host, self.folder.port, config=None, **how)
        self.client = await self.connection.start_sftp_client()

    async def close(self) -> None:
        if self.connection is not None:
            self.connection.abort()
            await self.connection.wait_closed()

    def entries(self) -> list[Entry]:
        return self.run(asyncio.wait_for(self._entries(), self.folder.timeout))

    async def _entries(self) -> list[Entry]:
        assert self.client is not None
        found = []
        async for one in self.client.scandir(self.folder.path or "."):
            told, name = one.attrs, one.filename
            if isinstance(name, str) and stat.S_ISREG(told.permissions or 0):
                found.append(Entry(name, told.size or 0, int((told.mtime or 0) * 1_000_000)))
        return found

    def read(self, name: str, most: int) -> bytes:
        try:
            return self.run(self._read(name, most))
        except PlaceError as problem:
            raise PlaceError(f"{name} cannot be read: {problem}") from None

    async def _read(self, name: str, most: int) -> bytes:
        assert self.client is not None
        parts: list[bytes] = []
        size = 0
        async with self.client.open(f"{self.folder.path.rstrip('/') or '.'}/{name}", "rb") as file:
            while size <= most:
                part: Any = await asyncio.wait_for(file.read(CHUNK), self.folder.timeout)
                if not part:
                    break
                parts.append(part)
                size += len(part)
        return b"".join(parts)


def _how(settings: Settings, folder: Folder) -> dict[str, Any]:
    """What a connection is made with: the pinned key of the host, and the key to sign in with alone."""
    passphrase = token_of(settings, folder.token) if folder.token else None
    try:
        host_key = asyncssh.import_public_key(folder.host_key)
    except asyncssh.KeyImportError:
        raise PlaceError("[folder] host_key cannot be read as a public key") from None
    if Path(folder.key_file).exists() and Path(folder.key_file).stat().st_mode & 0o077:
        raise PlaceError("key_file can be read by others; make it readable by its owner alone: chmod 600")
    try:
        key = asyncssh.read_private_key(folder.key_file, passphrase)
    except OSError as error:
        raise PlaceError(f"key_file cannot be read: {error.strerror}") from None
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
        raise PlaceError(ENCRYPTED) from None
    return {
        "username": folder.user, "known_hosts": ([host_key], [], []), "client_keys": [key],
        "agent_path": None, "preferred_auth": "publickey", "connect_timeout": folder.timeout,
        "login_timeout": folder.timeout, "keepalive_interval": folder.timeout,
    }  # fmt: skip


def _words(failure: Exception) -> str:
    """What failed, without the server's own words."""
    if isinstance(failure, asyncssh.HostKeyNotVerifiable):
        return "its host key is not the one in [folder] host_key; ask whoever runs it before you change that"
    if isinstance(failure, asyncssh.PermissionDenied):
        return "it does not accept the user or the key"
    if isinstance(failure, asyncssh.SFTPNoSuchFile):
        return "there is no such folder or file"
    if isinstance(failure, asyncssh.SFTPPermissionDenied):
        return "the user may not read there"
    if isinstance(failure, TimeoutError):
        return "it did not answer in time"
    if isinstance(failure, ConnectionRefusedError):
        return "nothing answers there; check host and port, and whether it runs"
    if isinstance(failure, OSError) and not isinstance(failure, ConnectionError):
        return "its host is not known or cannot be reached; check [folder] at"
    return "it broke off"
