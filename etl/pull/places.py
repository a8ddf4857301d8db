"""Where files are dropped: what lies there now, and the content of one of them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from config.settings import Settings
from etl.sources.folder import Folder
from etl.sources.problems import PlaceError
from remote.folder import Entry


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
    if folder.scheme == "file":
        yield Local(Path(folder.path))
        return
    from etl.pull.servers import reached  # which brings the clients of servers along

    with reached(settings, folder) as place:
        yield place


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
