"""A folder of this machine, or one that is mounted."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from remote.folder import Entry
from reports.transfer.problems import TargetError

CHUNK = 1 << 20


class Local:
    """Files right in a folder."""

    at_once = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if not folder.is_dir():
            raise TargetError("there is no such folder; make it, or mount it")

    def entries(self) -> list[Entry]:
        try:
            found = [(one.name, one.stat()) for one in self.folder.iterdir() if one.is_file()]
        except OSError as error:
            raise _problem(error) from None
        return [Entry(name, told.st_size, told.st_mtime_ns // 1000) for name, told in found]

    def read(self, name: str, most: int) -> bytes:
        try:
            with (self.folder / name).open("rb") as file:
                return file.read(most)
        except OSError as error:
            raise _problem(error) from None

    def digest(self, name: str) -> str:
        found = sha256()
        try:
            with (self.folder / name).open("rb") as file:
                while piece := file.read(CHUNK):
                    found.update(piece)
        except OSError as error:
            raise _problem(error) from None
        return found.hexdigest()

    def write(self, name: str, path: Path, begin: int) -> None:
        try:
            with path.open("rb") as ours, (self.folder / name).open("r+b" if begin else "wb") as theirs:
                ours.seek(begin)
                theirs.seek(begin)
                while piece := ours.read(CHUNK):
                    theirs.write(piece)
                theirs.truncate()
                theirs.flush()
                os.fsync(theirs.fileno())
        except OSError as error:
            raise _problem(error) from None

    def rename(self, name: str, final: str) -> None:
        try:
            (self.folder / name).replace(self.folder / final)
        except OSError as error:
            raise _problem(error) from None

    def remove(self, name: str) -> None:
        try:
            (self.folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise _problem(error) from None


def _problem(error: OSError) -> TargetError:
    return TargetError(f"the folder cannot be written: {error.strerror}")
