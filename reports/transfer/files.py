"""A folder of months: each file is written under another name, read back, and then renamed; manifest last."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from reports.manifest import SUFFIX, File, Manifest, ManifestError, loaded, name_of
from reports.transfer.places import Parcel
from reports.transfer.problems import TargetError

MOST = 1 << 22
"""Bytes of a manifest; what is longer is none."""
PART = ".part"


class Drive(Protocol):
    """One folder. `resumes`: whether what was written of a file, and was cut off, can be gone on with."""

    resumes: bool

    def sizes(self) -> dict[str, int]:
        """The files right in the folder, and their bytes."""

    def read(self, name: str, most: int) -> bytes:
        """The content of a file, of which no more than `most` bytes are read."""

    def digest(self, name: str) -> str:
        """SHA-256 of a file as it stands there."""

    def write(self, name: str, path: Path, begin: int) -> None:
        """Write a file of ours, from byte `begin` on."""

    def rename(self, name: str, final: str) -> None:
        """Give a file another name at once, in the place of what had that name."""

    def remove(self, name: str) -> None:
        """Take a file away."""


class Files:
    """A folder of months on a drive."""

    keeps_files = True

    def __init__(self, drive: Drive) -> None:
        self.drive = drive

    def standing(self, month: str) -> bytes | None:
        sizes = self.drive.sizes()
        text = self._manifest(month, sizes)
        try:
            told = loaded(text) if text is not None else None
        except ManifestError:
            return None
        whole = told is not None and all(sizes.get(file.name) == file.bytes for file in told.files)
        return text if whole else None

    def months(self) -> list[str]:
        begin = name_of("").removesuffix(SUFFIX)
        names = (name for name in self.drive.sizes() if name.startswith(begin) and name.endswith(SUFFIX))
        return sorted(name.removeprefix(begin).removesuffix(SUFFIX) for name in names)

    def lay(self, parcel: Parcel) -> None:
        sizes = self.drive.sizes()
        before = self._before(parcel.manifest, sizes)
        for file in parcel.manifest.files:
            self._put(file, parcel.folder / file.name, sizes)
        path = parcel.folder / parcel.manifest.name
        content = path.read_bytes()
        told = File(path.name, "", 0, len(content), sha256(content).hexdigest())
        self._put(told, path, {})
        self._clear(parcel.manifest, before)

    def wrong(self, month: str) -> Iterator[str]:
        sizes = self.drive.sizes()
        text = self._manifest(month, sizes)
        if text is None:
            yield f"{name_of(month)}: is not there; push the month again"
            return
        try:
            told = loaded(text)
        except ManifestError as problem:
            yield f"{name_of(month)}: {problem}"
            return
        for file in told.files:
            if file.name not in sizes:
                yield f"{file.name}: is missing; push {month} again"
            elif self.drive.digest(file.name) != file.sha256:
                yield f"{file.name}: is not what was sent; find out who changed it, and push {month} again"

    def _manifest(self, month: str, sizes: dict[str, int]) -> bytes | None:
        name = name_of(month)
        return self.drive.read(name, MOST) if sizes.get(name, MOST) < MOST else None

    def _before(self, manifest: Manifest, sizes: dict[str, int]) -> set[str]:
        """The files that the manifest in force names: who reads by it finds them until the next time."""
        text = self._manifest(manifest.month, sizes)
        try:
            return {file.name for file in loaded(text).files} if text is not None else set()
        except ManifestError:
            return set()

    def _put(self, file: File, path: Path, sizes: dict[str, int]) -> None:
        if sizes.get(file.name) == file.bytes and self.drive.digest(file.name) == file.sha256:
            return  # laid down by a push that was cut off after it
        part = f".{file.name}.{file.sha256[:12]}{PART}"
        there = self.drive.sizes().get(part, 0)
        self.drive.write(part, path, there if self.drive.resumes and there <= file.bytes else 0)
        if self.drive.digest(part) != file.sha256:
            self.drive.remove(part)
            raise TargetError(f"{file.name} did not arrive as it was sent; nothing was replaced")
        self.drive.rename(part, file.name)

    def _clear(self, manifest: Manifest, before: set[str]) -> None:
        """Take away what neither this manifest names nor the one before it."""
        begin = f"reachboard-monthly-{manifest.month}-snapshot-"
        kept = before | {file.name for file in manifest.files}
        for name in self.drive.sizes():
            left = name.startswith(begin) and name not in kept
            if left or (name.startswith((f".{begin}", f".{manifest.name}")) and name.endswith(PART)):
                self.drive.remove(name)
