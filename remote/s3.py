"""A prefix of a bucket in S3, or in what speaks like it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pyarrow import fs

from config.settings import Settings, token_variable
from remote.fail import Fail, secret_of
from remote.folder import Entry

TRIES, CHUNK = 3, 1 << 20
DENIED = ("ACCESS_DENIED", "HTTP status 403")
WORDS = (
    ("NO_SUCH_BUCKET", "there is no such bucket; check [folder] at and endpoint"),
    ("INVALID_ACCESS_KEY_ID", "it does not know the key id of the token"),
    ("SIGNATURE", "it does not accept the secret key of the token"),
    ("TOKEN", "it does not accept the token"),
    ("NETWORK_CONNECTION", "nothing answers there; check [folder] endpoint and region, and the firewall"),
    ("timed out", "it did not answer in time"),
    ("301", "the bucket is of another region; check [folder] region"),
)


@dataclass(frozen=True)
class Prefix:
    """Where objects lie, and who asks: `token` names the setting. Seconds: `timeout`."""

    bucket: str
    path: str
    token: str
    region: str
    endpoint: str
    timeout: float


@dataclass(frozen=True)
class Words:
    """What is said where the key may not do what is asked, and of an error that nothing is known of."""

    denied: str
    otherwise: str


def opened(settings: Settings, prefix: Prefix, fail: Fail, words: Words) -> Bucket:
    """The prefix; the token is the id of a key and its secret with a colon between them."""
    how = _key(settings, prefix, fail)
    if prefix.region:
        how["region"] = prefix.region
    if prefix.endpoint:
        parts = urlsplit(prefix.endpoint)
        how |= {"scheme": parts.scheme, "endpoint_override": parts.netloc}
    system = fs.S3FileSystem(
        **how, connect_timeout=prefix.timeout, request_timeout=prefix.timeout,
        retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=TRIES),
    )  # fmt: skip
    return Bucket(system, f"{prefix.bucket}/{prefix.path.strip('/')}".rstrip("/"), fail, words)


class Bucket:
    """Objects right under a prefix. One appears whole or not at all."""

    at_once = True

    def __init__(self, system: Any, path: str, fail: Fail, words: Words) -> None:
        self.system, self.path, self.fail, self.words = system, path, fail, words

    def entries(self) -> list[Entry]:
        with self._told():
            try:
                found = self.system.get_file_info(fs.FileSelector(self.path))
            except FileNotFoundError:
                return []  # a prefix under which nothing lies is none
        return [
            Entry(one.base_name, one.size, one.mtime_ns // 1000)
            for one in found
            if one.type == fs.FileType.File
        ]

    def read(self, name: str, most: int) -> bytes:
        with self._told(), self.system.open_input_stream(self._at(name), compression=None) as stream:
            return bytes(stream.read(most))

    def digest(self, name: str) -> str:
        found = sha256()
        with self._told(), self.system.open_input_stream(self._at(name), compression=None) as stream:
            while piece := stream.read(CHUNK):
                found.update(piece)
        return found.hexdigest()

    def write(self, name: str, path: Path, begin: int) -> None:
        assert begin == 0
        with (
            self._told(),
            path.open("rb") as ours,
            self.system.open_output_stream(self._at(name), compression=None) as theirs,
        ):
            while piece := ours.read(CHUNK):
                theirs.write(piece)

    def rename(self, name: str, final: str) -> None:
        with self._told():
            self.system.copy_file(self._at(name), self._at(final))
            self.system.delete_file(self._at(name))

    def remove(self, name: str) -> None:
        with self._told():
            self.system.delete_file(self._at(name))

    def _at(self, name: str) -> str:
        return f"{self.path}/{name}"

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What an error means; its own words hold request ids and names."""
        try:
            yield
        except OSError as error:
            text, denied = str(error), [(mark, self.words.denied) for mark in DENIED]
            known = (words for mark, words in (*denied, *WORDS) if mark in text)
            raise self.fail(next(known, self.words.otherwise)) from None


def _key(settings: Settings, prefix: Prefix, fail: Fail) -> dict[str, Any]:
    if not prefix.token:
        return {}
    name, colon, secret = secret_of(settings, prefix.token, fail).partition(":")
    if not colon:
        variable = token_variable(prefix.token)
        raise fail(f"{variable} must be a key's id and its secret, with a colon between them")
    return {"access_key": name, "secret_key": secret}
