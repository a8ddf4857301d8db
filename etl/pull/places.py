"""Where files are dropped: what lies there now, and the content of one of them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from config.settings import Settings
from etl.sources.folder import Folder
from etl.sources.problems import PlaceError


@dataclass(frozen=True)
class Entry:
    """A file: bytes, and when it was changed by the clock of the place (microseconds)."""

    name: str
    size: int
    changed_us: int

    @property
    def stamp(self) -> str:
        """Another one wherever the file may have changed."""
        return f"{self.size}@{self.changed_us}"


class Place(Protocol):
    """A folder. `at_once`: a file appears there whole or not at all; `our_clock`: its times are ours."""

    at_once: bool
    our_clock: bool

    def entries(self) -> list[Entry]:
        """The files right in the folder; PlaceError where it cannot be looked into."""

    def read(self, name: str, most: int) -> bytes:
        """The content of a file, of which no more than `most` bytes and one are read."""


@contextmanager
def opened(settings: Settings, folder: Folder) -> Iterator[Place]:
    """The place of a mapping; PlaceError says what is wrong there, without a secret."""
    if folder.scheme == "sftp":
        from etl.pull.sftp import sftp

        with sftp(settings, folder) as remote:
            yield remote
    elif folder.scheme == "s3":
        from etl.pull.bucket import bucket

        yield bucket(settings, folder)
    else:
        yield Local(Path(folder.path))


class Local:
    """A folder of this machine. Links are no files: they could lead anywhere."""

    at_once = False
    our_clock = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def entries(self) -> list[Entry]:
        try:
            found = [(one.name, one.lstat()) for one in self.folder.iterdir()]
        except FileNotFoundError:
            raise PlaceError("there is no such folder") from None
        except OSError as error:
            raise PlaceError(f"the folder cannot be looked into: {error.strerror}") from None
        return [
            Entry(name, told.st_size, told.st_mtime_ns // 1000)
            for name, told in found
            if stat.S_ISREG(told.st_mode)
        ]

    def read(self, name: str, most: int) -> bytes:
        try:
            handle = os.open(self.folder / name, os.O_RDONLY | os.O_NOFOLLOW)
            with os.fdopen(handle, "rb") as file:
                return file.read(most + 1)
        except OSError as error:
            raise PlaceError(f"{name} cannot be read: {error.strerror}") from None
