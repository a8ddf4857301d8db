"""A folder on a server of SFTP whose host key is pinned."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import asyncssh

from config.settings import Settings
from remote.fail import Fail, secret_of
from remote.folder import Entry

READ, WRITE = 1 << 20, 1 << 18
"""Bytes at a time; each such piece has to come through in time."""
ENCRYPTED = "the key in key_file cannot be opened; name its passphrase as token, and keep it as PKCS8"
Words = Mapping[type[Exception], str]
# A kind of error comes before the one that it is a case of.
WORDS: Words = {
    asyncssh.HostKeyNotVerifiable: (
        "its host key is not the one in [folder] host_key; ask whoever runs it before you change that"
    ),
    asyncssh.PermissionDenied: "it does not accept the user or the key",
    TimeoutError: "it did not answer in time",
    ConnectionRefusedError: "nothing answers there; check host and port, and whether it runs",
    ConnectionError: "it broke off",
    OSError: "its host is not known or cannot be reached; check [folder] at",
}
One = TypeVar("One")


@dataclass(frozen=True)
class Server:
    """A folder of a server, and who signs in there: `token` names the passphrase. Seconds: `timeout`."""

    host: str
    port: int
    user: str
    path: str
    host_key: str
    key_file: str
    token: str
    timeout: float


@contextmanager
def opened(settings: Settings, server: Server, fail: Fail, words: Words) -> Iterator[Sftp]:
    """The folder over one connection; `words` say more of some errors, or otherwise."""
    how = _how(settings, server, fail)
    with asyncio.Runner() as runner:
        folder = Sftp(runner, server, fail, {**WORDS, **words})
        try:
            folder.run(folder.connect(how))
            yield folder
        finally:
            folder.run(folder.close())


class Sftp:
    """Files right in a folder of the server. A file is seen there while it is still written."""

    at_once = False

    def __init__(self, runner: asyncio.Runner, server: Server, fail: Fail, words: Words) -> None:
        self.runner, self.server, self.fail, self.words = runner, server, fail, words
        self.connection: asyncssh.SSHClientConnection | None = None
        self.client: Any = None

    def run(self, asked: Coroutine[Any, Any, One]) -> One:
        """What a coroutine comes to; where it fails the error of who asks, without the server's words."""
        try:
            return self.runner.run(asked)
        except (asyncssh.Error, OSError, TimeoutError) as failure:
            known = (words for kind, words in self.words.items() if isinstance(failure, kind))
            raise self.fail(next(known, "it broke off")) from None

    async def connect(self, how: dict[str, Any]) -> None:
        self.connection = await asyncssh.connect(self.server.host, self.server.port, config=None, **how)
        self.client = await self.connection.start_sftp_client()

    async def close(self) -> None:
        if self.connection is not None:
            self.connection.abort()
            await self.connection.wait_closed()

    def entries(self) -> list[Entry]:
        return self.run(self._soon(self._entries()))

    def read(self, name: str, most: int) -> bytes:
        return self.run(self._read(name, most))

    def digest(self, name: str) -> str:
        return self.run(self._digest(name))

    def write(self, name: str, path: Path, begin: int) -> None:
        self.run(self._write(name, path, begin))

    def rename(self, name: str, final: str) -> None:
        self.run(self._soon(self.client.posix_rename(self._at(name), self._at(final))))

    def remove(self, name: str) -> None:
        self.run(self._soon(self.client.remove(self._at(name))))

    def _at(self, name: str) -> str:
        return f"{self.server.path.rstrip('/') or '.'}/{name}"

    async def _soon(self, asked: Coroutine[Any, Any, One]) -> One:
        return await asyncio.wait_for(asked, self.server.timeout)

    async def _entries(self) -> list[Entry]:
        found = []
        async for one in self.client.scandir(self.server.path or "."):
            told, name = one.attrs, one.filename
            if isinstance(name, str) and stat.S_ISREG(told.permissions or 0):
                found.append(Entry(name, told.size or 0, int((told.mtime or 0) * 1_000_000)))
        return found

    async def _read(self, name: str, most: int) -> bytes:
        found = bytearray()
        async with self.client.open(self._at(name), "rb") as file:
            while len(found) < most:
                piece = await self._soon(file.read(min(READ, most - len(found))))
                if not piece:
                    break
                found += piece
        return bytes(found)

    async def _digest(self, name: str) -> str:
        found = sha256()
        async with self.client.open(self._at(name), "rb") as file:
            while piece := await self._soon(file.read(READ)):
                found.update(piece)
        return found.hexdigest()

    async def _write(self, name: str, path: Path, begin: int) -> None:
        with path.open("rb") as ours:
            ours.seek(begin)
            async with self.client.open(self._at(name), "r+b" if begin else "wb") as theirs:
                at = begin
                while piece := ours.read(WRITE):
                    await self._soon(theirs.write(piece, at))
                    at += len(piece)


def _how(settings: Settings, server: Server, fail: Fail) -> dict[str, Any]:
    """What a connection is made with: the pinned key of the host, and the key to sign in with alone."""
    passphrase = secret_of(settings, server.token, fail) or None
    try:
        host_key = asyncssh.import_public_key(server.host_key)
    except asyncssh.KeyImportError:
        raise fail("[folder] host_key cannot be read as a public key") from None
    if Path(server.key_file).exists() and Path(server.key_file).stat().st_mode & 0o077:
        raise fail("key_file can be read by others; make it readable by its owner alone: chmod 600")
    try:
        key = asyncssh.read_private_key(server.key_file, passphrase)
    except OSError as error:
        raise fail(f"key_file cannot be read: {error.strerror}") from None
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
        raise fail(ENCRYPTED) from None
    return {
        "username": server.user, "known_hosts": ([host_key], [], []), "client_keys": [key],
        "agent_path": None, "preferred_auth": "publickey", "connect_timeout": server.timeout,
        "login_timeout": server.timeout, "keepalive_interval": server.timeout,
    }  # fmt: skip
