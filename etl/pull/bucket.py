"""A drop folder in S3, or in what speaks like it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from pyarrow import fs

from config.settings import Settings, token_variable
from etl.pull.places import Entry
from etl.pull.tokens import token_of
from etl.sources.folder import Folder
from etl.sources.problems import PlaceError

TRIES = 3
WORDS = (
    ("NO_SUCH_BUCKET", "there is no such bucket; check [folder] at and endpoint"),
    ("ACCESS_DENIED", "the key may not read there; allow s3:ListBucket and s3:GetObject"),
    ("HTTP status 403", "the key may not read there; allow s3:ListBucket and s3:GetObject"),
    ("INVALID_ACCESS_KEY_ID", "it does not know the key id of the token"),
    ("SIGNATURE_DOES_NOT_MATCH", "it does not accept the secret key of the token"),
    ("INVALID_SIGNATURE", "it does not accept the secret key of the token"),
    ("TOKEN", "it does not accept the token"),
    ("NETWORK_CONNECTION", "nothing answers there; check [folder] endpoint and region, and the firewall"),
    ("timed out", "it did not answer in time"),
    ("301", "the bucket is of another region; check [folder] region"),
)


def bucket(settings: Settings, folder: Folder) -> Bucket:
    """The bucket; the token is the id of a key and its secret with a colon between them."""
    how: dict[str, Any] = {}
    if folder.token:
        name, colon, secret = token_of(settings, folder.token).partition(":")
        if not colon:
            raise PlaceError(
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
    return Bucket(system, f"{folder.host}/{folder.path.strip('/')}".rstrip("/"))


class Bucket:
    """Objects right under a prefix. One appears whole or not at all."""

    at_once = True
    our_clock = False

    def __init__(self, system: Any, path: str) -> None:
        self.system, self.path = system, path

    def entries(self) -> list[Entry]:
        try:
            found = self.system.get_file_info(fs.FileSelector(self.path))
        except FileNotFoundError:
            return []  # a prefix under which nothing lies is none
        except OSError as error:
            raise PlaceError(_words(error)) from None
        return [
            Entry(one.base_name, one.size, one.mtime_ns // 1000)
            for one in found
            if one.type == fs.FileType.File
        ]

    def read(self, name: str, most: int) -> bytes:
        try:
            with self.system.open_input_stream(f"{self.path}/{name}", compression=None) as stream:
                return bytes(stream.read(most + 1))
        except OSError as error:
            raise PlaceError(f"{name} cannot be read: {_words(error)}") from None


def _words(error: OSError) -> str:
    """What an error means; its own words hold request ids and names."""
    text = str(error)
    return next((words for mark, words in WORDS if mark in text), "it cannot be read; check [folder]")
