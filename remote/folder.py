"""A folder on another system: the files right in it, read, written and renamed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


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


class Folder(Protocol):
    """One folder. `at_once`: a file appears there whole or not at all; what is cut off begins anew."""

    at_once: bool

    def entries(self) -> list[Entry]:
        """The files right in the folder."""

    def read(self, name: str, most: int) -> bytes:
        """The content of a file, of which no more than `most` bytes are read."""

    def digest(self, name: str) -> str:
        """SHA-256 of a file as it stands there."""

    def write(self, name: str, path: Path, begin: int) -> None:
        """Write a file of ours, from byte `begin` on; 0 where files appear at once."""

    def rename(self, name: str, final: str) -> None:
        """Give a file another name at once, in the place of what had that name."""

    def remove(self, name: str) -> None:
        """Take a file away."""
