"""Drop folders on servers of SFTP and in buckets of S3."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import asyncssh

from config.settings import Settings
from etl.sources.folder import Folder
from etl.sources.problems import PlaceError
from remote import s3, sftp
from remote.folder import Entry
from remote.folder import Folder as Remote

IN_S3 = s3.Words(
    denied="the key may not read there; allow s3:ListBucket and s3:GetObject",
    otherwise="it cannot be read; check [folder]",
)
BY_SFTP: sftp.Words = {
    asyncssh.SFTPNoSuchFile: "there is no such folder or file",
    asyncssh.SFTPPermissionDenied: "the user may not read there",
}


@contextmanager
def reached(settings: Settings, folder: Folder) -> Iterator[Server]:
    """The folder of a mapping; PlaceError where it cannot be had."""
    if folder.scheme == "s3":
        prefix = s3.Prefix(
            folder.host, folder.path, folder.token, folder.region, folder.endpoint, folder.timeout
        )
        yield Server(s3.opened(settings, prefix, PlaceError, IN_S3))
        return
    server = sftp.Server(
        folder.host, folder.port, folder.user, folder.path, folder.host_key, folder.key_file, folder.token,
        folder.timeout,
    )  # fmt: skip
    with sftp.opened(settings, server, PlaceError, BY_SFTP) as remote:
        yield Server(remote)


class Server:
    """A folder whose clock is not ours."""

    our_clock = False

    def __init__(self, remote: Remote) -> None:
        self.remote, self.at_once = remote, remote.at_once

    def entries(self) -> list[Entry]:
        return self.remote.entries()

    def read(self, name: str, most: int) -> bytes:
        try:
            return self.remote.read(name, most + 1)
        except PlaceError as problem:
            raise PlaceError(f"{name} cannot be read: {problem}") from None
