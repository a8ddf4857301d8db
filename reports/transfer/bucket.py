"""A prefix of a bucket in S3, or in what speaks like it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pyarrow import fs

from config.settings import Settings, token_variable
from config.tokens import TokenError, token_of
from reports.transfer.problems import TargetError
from reports.transfer.targets import Folder

TRIES, CHUNK = 3, 1 << 20
DENIED = "the key may not write there; allow s3:ListBucket, GetObject, PutObject and DeleteObject"
WORDS = (
    ("NO_SUCH_BUCKET", "there is no such bucket; check [folder] at and endpoint"),
    ("ACCESS_DENIED", DENIED),
    ("HTTP status 403", DENIED),
    ("INVALID_ACCESS_KEY_ID", "it does not know the key id of the token"),
    ("SIGNATURE", "it does not accept the secret key of the token"),
    ("TOKEN", "it does not accept the token"),
    ("NETWORK_CONNECTION", "nothing answers there; check [folder] endpoint and region, and the firewall"),
    ("timed out", "it did not answer in time"),
    ("301", "the bucket is of another region; check [folder] region"),
)  # fmt: skip


def bucket(settings: Settings, folder: Folder) -> Bucket:
    """The bucket; the token is the id of a key and its secret with a colon between them."""
    how: dict[str, Any] = {}
    if folder.token:
        try:
            name, colon, secret = token_of(settings, folder.token).partition(":")
        except TokenError as problem:
            raise TargetError(str(problem)) from None
        if not colon:
            raise TargetError(
                f"{token_variable(folder.token)} must be a key's id and its secret, with a colon between them"
            )
        how = {"access_key": name, "secret_key": secret}
    if folder.region:
        how["region"] = folder.region
    if folder.endpoint:
        parts = urlsplit(folder.endpoint)
        how |= {"scheme": parts.scheme, "endpoint_override": parts.netloc}
    system = fs.S3FileSystem(
        **how, connect_timeout=folder.timeout, request_timeout=folder.timeout,
        retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=TRIES),
    )  # fmt: skip
    return Bucket(system, f"{folder.place.netloc}/{folder.path.strip('/')}".rstrip("/"))


class Bucket:
    """Objects right under a prefix. What is cut off leaves no object, and begins again."""

    resumes = False

    def __init__(self, system: Any, path: str) -> None:
        self.system, self.path = system, path

    def sizes(self) -> dict[str, int]:
        with _told():
            try:
                found = self.system.get_file_info(fs.FileSelector(self.path))
            except FileNotFoundError:
                return {}  # a prefix under which nothing lies is none
        return {one.base_name: one.size for one in found if one.type == fs.FileType.File}

    def read(self, name: str, most: int) -> bytes:
        with _told(), self.system.open_input_stream(self._at(name), compression=None) as stream:
            return bytes(stream.read(most))

    def digest(self, name: str) -> str:
        found = sha256()
        with _told(), self.system.open_input_stream(self._at(name), compression=None) as stream:
            while piece := stream.read(CHUNK):
                found.update(piece)
        return found.hexdigest()

    def write(self, name: str, path: Path, begin: int) -> None:
        assert begin == 0
        with (
            _told(),
            path.open("rb") as ours,
            self.system.open_output_stream(self._at(name), compression=None) as theirs,
        ):
            while piece := ours.read(CHUNK):
                theirs.write(piece)

    def rename(self, name: str, final: str) -> None:
        with _told():
            self.system.copy_file(self._at(name), self._at(final))
            self.system.delete_file(self._at(name))

    def remove(self, name: str) -> None:
        with _told():
            self.system.delete_file(self._at(name))

    def _at(self, name: str) -> str:
        return f"{self.path}/{name}"


@contextmanager
def _told() -> Iterator[None]:
    """What an error means; its own words hold request ids and names."""
    try:
        yield
    except OSError as error:
        text = str(error)
        told = next((words for mark, words in WORDS if mark in text), "it cannot be written; check [folder]")
        raise TargetError(told) from None
