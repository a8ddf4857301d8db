"""Folders on servers of SFTP and in buckets of S3."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote

import asyncssh

from config.settings import Settings
from remote import s3, sftp
from remote.folder import Folder as Remote
from reports.transfer.problems import TargetError
from reports.transfer.targets import Folder

GOES_ON = "; what was cut off is gone on with"
TO_S3 = s3.Words(
    denied="the key may not write there; allow s3:ListBucket, GetObject, PutObject and DeleteObject",
    otherwise="it cannot be written; check [folder]",
)
BY_SFTP: sftp.Words = {
    asyncssh.SFTPNoSuchFile: "there is no such folder; ask whoever runs it to make it",
    asyncssh.SFTPPermissionDenied: "the user may not write there; ask whoever runs it to allow it",
    asyncssh.SFTPOpUnsupported: "it cannot replace a file at once (posix-rename); use another server",
    asyncssh.SFTPFailure: "it could not do that; its disk may be full",
    **{kind: sftp.WORDS[kind] + GOES_ON for kind in (TimeoutError, ConnectionError)},
}


@contextmanager
def reached(settings: Settings, folder: Folder) -> Iterator[Remote]:
    """The folder of a target; TargetError where it cannot be had."""
    place = folder.place
    if folder.scheme == "s3":
        prefix = s3.Prefix(
            place.netloc, folder.path, folder.token, folder.region, folder.endpoint, folder.timeout
        )
        yield s3.opened(settings, prefix, TargetError, TO_S3)
        return
    server = sftp.Server(
        place.hostname or "", place.port or 22, unquote(place.username or ""), folder.path, folder.host_key,
        folder.key_file, folder.token, folder.timeout,
    )  # fmt: skip
    with sftp.opened(settings, server, TargetError, BY_SFTP) as remote:
        yield remote
