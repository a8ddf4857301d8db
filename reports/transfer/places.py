"""Where months are laid down: what stands there, and how one takes the place of another at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from config.settings import Settings
from reports.manifest import Manifest
from reports.monthly_export import Monthly
from reports.transfer.targets import Target


@dataclass(frozen=True)
class Parcel:
    """A month to lay down: its rows, and a folder with its files beside the manifest, which is sent last."""

    made: Monthly
    manifest: Manifest
    folder: Path


class Place(Protocol):
    """What a target is once it is reached. Every step raises TargetError in words without a secret."""

    keeps_files: bool

    def standing(self, month: str) -> bytes | None:
        """The manifest of a month as it stands there; None where none does, or not all that it names."""

    def lay(self, parcel: Parcel) -> None:
        """Lay a month down in the place of what stood there: whole, or not at all."""

    def wrong(self, month: str) -> Iterator[str]:
        """What is wrong with a month as it stands there, a line for each thing."""

    def months(self) -> list[str]:
        """The months of which a manifest stands there."""


@contextmanager
def opened(settings: Settings, target: Target) -> Iterator[Place]:
    """The place of a target."""
    if target.sql is not None:
        from reports.transfer.database import database

        with database(settings, target.sql) as tables:
            yield tables
        return
    folder = target.folder
    assert folder is not None
    from reports.transfer.files import Files

    if folder.scheme == "file":
        from reports.transfer.local import Local

        yield Files(Local(Path(folder.path)))
        return
    from reports.transfer.servers import reached

    with reached(settings, folder) as remote:
        yield Files(remote)
