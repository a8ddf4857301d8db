"""A folder of months: each file is written under another name, read back, and then renamed; manifest last."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from remote.folder import Folder
from reports.manifest import SUFFIX, File, Manifest, ManifestError, loaded, name_of
from reports.transfer.places import Parcel
from reports.transfer.problems import TargetError

MOST = 1 << 22
"""Bytes of a manifest; what is longer is none."""
PART = ".part"


class Files:
    """Months in a folder."""

    keeps_files = True

    def __init__(self, folder: Folder) -> None:
        self.folder = folder

    def standing(self, month: str) -> bytes | None:
        sizes = self._sizes()
        text = self._manifest(month, sizes)
        try:
            told = loaded(text) if text is not None else None
        except ManifestError:
            return None
        whole = told is not None and all(sizes.get(file.name) == file.bytes for file in told.files)
        return text if whole else None

    def months(self) -> list[str]:
        begin = name_of("").removesuffix(SUFFIX)
        names = (name for name in self._sizes() if name.startswith(begin) and name.endswith(SUFFIX))
        return sorted(name.removeprefix(begin).removesuffix(SUFFIX) for name in names)

    def lay(self, parcel: Parcel) -> None:
        sizes = self._sizes()
        before = self._before(parcel.manifest, sizes)
        for file in parcel.manifest.files:
            self._put(file, parcel.folder / file.name, sizes)
        path = parcel.folder / parcel.manifest.name
        content = path.read_bytes()
        told = File(path.name, "", 0, len(content), sha256(content).hexdigest())
        self._put(told, path, {})
        self._clear(parcel.manifest, before)

    def wrong(self, month: str) -> Iterator[str]:
        sizes = self._sizes()
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
            elif self.folder.digest(file.name) != file.sha256:
                yield f"{file.name}: is not what was sent; find out who changed it, and push {month} again"

    def _sizes(self) -> dict[str, int]:
        return {entry.name: entry.size for entry in self.folder.entries()}

    def _manifest(self, month: str, sizes: dict[str, int]) -> bytes | None:
        name = name_of(month)
        return self.folder.read(name, MOST) if sizes.get(name, MOST) < MOST else None

    def _before(self, manifest: Manifest, sizes: dict[str, int]) -> set[str]:
        """The files that the manifest in force names: who reads by it finds them until the next time."""
        text = self._manifest(manifest.month, sizes)
        try:
            return {file.name for file in loaded(text).files} if text is not None else set()
        except ManifestError:
            return set()

    def _put(self, file: File, path: Path, sizes: dict[str, int]) -> None:
        if sizes.get(file.name) == file.bytes and self.folder.digest(file.name) == file.sha256:
            return  # laid down by a push that was cut off after it
        part = f".{file.name}.{file.sha256[:12]}{PART}"
        there = self._sizes().get(part, 0)
        self.folder.write(part, path, 0 if self.folder.at_once or there > file.bytes else there)
        if self.folder.digest(part) != file.sha256:
            self.folder.remove(part)
            raise TargetError(f"{file.name} did not arrive as it was sent; nothing was replaced")
        self.folder.rename(part, file.name)

    def _clear(self, manifest: Manifest, before: set[str]) -> None:
        """Take away what neither this manifest names nor the one before it."""
        begin = f"reachboard-monthly-{manifest.month}-snapshot-"
        kept = before | {file.name for file in manifest.files}
        for name in self._sizes():
            left = name.startswith(begin) and name not in kept
            if left or (name.startswith((f".{begin}", f".{manifest.name}")) and name.endswith(PART)):
                self.folder.remove(name)
