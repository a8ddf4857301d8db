"""The [folder] section of a mapping: where files are dropped, and what proves that one is whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from etl.sources.pulled import Given, section
from etl.sources.rest import LOOPBACK
from etl.sources.rules import Note

FOLDER = (
    "at", "files", "sha256", "count", "manifest", "ready", "stable", "most_mb", "host_key", "key_file",
    "token", "region", "endpoint", "timeout",
)  # fmt: skip
OF = {"sftp": ("host_key", "key_file"), "s3": ("region", "endpoint")}
PROOFS = ("sha256", "count", "manifest", "ready")
HOST_KEY = re.compile(r"(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|ssh-rsa) [A-Za-z0-9+/]+=*( .*)?")


@dataclass(frozen=True)
class Folder:
    """Where files are dropped. `scheme`: file, sftp or s3; `host`: the server or the bucket; `path` in it.

    `sha256`, `count`, `manifest` and `ready` name companions, with {file} and {stem} in the data file's
    place; empty where there is none. Seconds: `stable` for which a file must rest, `timeout` of the server.
    """

    scheme: str
    host: str
    path: str
    port: int = 22
    user: str = ""
    files: tuple[str, ...] = ("*.csv", "*.csv.gz")
    sha256: str = ""
    count: str = ""
    manifest: str = ""
    ready: str = ""
    stable: float = 60
    most_mb: int = 512
    host_key: str = ""
    key_file: str = ""
    token: str = ""
    region: str = ""
    endpoint: str = ""
    timeout: float = 30

    @property
    def shown(self) -> str:
        """The place for people, without the user."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = f":{self.port}" if self.scheme == "sftp" and self.port != 22 else ""
        return self.path if self.scheme == "file" else f"{self.scheme}://{host}{port}/{self.path.lstrip('/')}"


def parse_folder(document: dict[str, Any], note: Note) -> Folder | None:
    """The [folder] section, None where there is none; problems go to `note`."""
    table = section(document, "folder", note)
    if table is None:
        return None
    given = Given(table, "[folder]", FOLDER, note)
    place = _place(given)
    scheme = place.scheme if place is not None else "file"
    for name, keys in OF.items():
        for key in keys:
            if key in table and scheme != name:
                given.wrong(key, f"belongs to {name}:// alone")
    if scheme == "file" and "token" in table:
        given.wrong("token", "belongs to sftp:// and s3:// alone")
    return Folder(
        **_where(place),
        files=_patterns(given),
        sha256=_companion(given, "sha256"),
        count=_companion(given, "count"),
        manifest=_companion(given, "manifest"),
        ready=_companion(given, "ready"),
        stable=given.number("stable", 60, 0, 86_400, whole=False),
        most_mb=given.whole("most_mb", 512, 1, 8_192),
        host_key=_host_key(given, scheme),
        key_file=_key_file(given, scheme),
        token=given.secret(),
        region=given.text("region", "", "us-east-1"),
        endpoint=_endpoint(given),
        timeout=given.number("timeout", 30, 1, 3_600, whole=False),
    )


def _place(given: Given) -> SplitResult | None:
    text = given.needed("at", "/srv/drop/mailer")
    if text.startswith("/"):
        return SplitResult("file", "", text, "", "")
    example = '"/srv/drop", "sftp://user@host/path" or "s3://bucket/prefix"'
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if not text:
        return None
    if parts.scheme not in ("sftp", "s3") or not parts.hostname or parts.query or parts.fragment:
        given.wrong("at", f"must be a place such as {example}")
        return None
    if parts.password is not None or (parts.scheme == "s3" and parts.username is not None):
        given.wrong("at", "holds a secret; name it as token, which a setting holds")
        return None
    if parts.scheme == "sftp" and not parts.username:
        given.wrong("at", 'names no user: "sftp://user@host/path"')
    return parts


def _where(place: SplitResult | None) -> dict[str, Any]:
    if place is None or place.scheme == "file":
        return {"scheme": "file", "host": "", "path": place.path if place is not None else ""}
    host = place.hostname or ""
    # A bucket keeps its capitals, which a host name loses.
    host = place.netloc if place.scheme == "s3" else host
    return {
        "scheme": place.scheme, "host": host, "path": unquote(place.path), "port": place.port or 22,
        "user": unquote(place.username or ""),
    }  # fmt: skip


def _patterns(given: Given) -> tuple[str, ...]:
    files = given.table.get("files", ["*.csv", "*.csv.gz"])
    files = [files] if isinstance(files, str) else files
    right = isinstance(files, list) and bool(files)
    if not right or not all(isinstance(one, str) and one and "/" not in one for one in files):
        given.wrong("files", 'must be patterns of names, such as ["*.csv", "*.csv.gz"]; without folders')
        return ("*.csv",)
    return tuple(files)


def _companion(given: Given, name: str) -> str:
    text = given.text(name, "", "{file}.sha256")
    plain = text.replace("{file}", "f").replace("{stem}", "s")
    if text and (plain != PurePosixPath(plain).name or "{" in plain or plain in (".", "..")):
        given.wrong(name, 'is the name of a file beside, with {file} or {stem} in it, as "{file}.sha256"')
        return ""
    if text and name != "manifest" and plain == text:
        given.wrong(name, 'needs {file} or {stem}, since each file has its own, as "{file}.sha256"')
    return text


def _host_key(given: Given, scheme: str) -> str:
    key = given.text("host_key", "", "ssh-ed25519 AAAA...")
    if scheme == "sftp" and not HOST_KEY.fullmatch(key):
        given.wrong(
            "host_key", 'needs the public key of the server, as "ssh-ed25519 AAAA..."; ask whoever runs it'
        )
    return key


def _key_file(given: Given, scheme: str) -> str:
    path = given.text("key_file", "", "/etc/reachboard/drop_key")
    if scheme == "sftp" and not path.startswith("/"):
        given.wrong("key_file", 'needs the path of the private key to sign in with, as "/etc/reachboard/key"')
    return path


def _endpoint(given: Given) -> str:
    text = given.text("endpoint", "", "https://s3.example.org")
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        host = parts.hostname if parts.port != 0 else None
    except ValueError:
        host = None
    wrong = host is None or parts.scheme not in ("http", "https") or parts.path.strip("/") or parts.query
    if wrong or parts.username is not None:
        given.wrong("endpoint", 'must be an address such as "https://s3.example.org"')
        return ""
    if parts.scheme == "http" and host not in LOOPBACK:
        given.wrong(
            "endpoint", "must begin with https://, since members' data would cross the network in clear"
        )
    return text
