"""What proves that a dropped file is whole: companions with its checksum, its count of rows or its size."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any

from etl.pull.places import Place
from etl.sources.folder import PROOFS, Folder
from etl.sources.problems import IntakeError
from remote.folder import Entry

LONGEST = 16 << 20
SUM = re.compile(r"\\?\s*([0-9a-fA-F]{64})(\s.*)?", re.DOTALL)
COUNT = re.compile(r"\s*(\d{1,15})(\s.*)?", re.DOTALL)
NAMES = ("name", "file", "filename", "file_name")
SUMS = ("sha256", "checksum", "sha_256")
COUNTS = ("rows", "count", "records", "row_count", "record_count")
SIZES = ("size", "bytes")


class Missing(Exception):
    """What proves the file is not there yet, in words."""


@dataclass(frozen=True)
class Proof:
    """What companions say of a file; None where they say nothing. `rows` without the header."""

    sha256: str | None = None
    rows: int | None = None
    size: int | None = None

    def check_bytes(self, raw: bytes) -> None:
        """IntakeError where the file as it lies there is another one."""
        if self.size is not None and self.size != len(raw):
            raise IntakeError(f"has {len(raw):,} bytes, and its manifest says {self.size:,}")
        if self.sha256 is not None and sha256(raw).hexdigest() != self.sha256:
            raise IntakeError("its SHA-256 is not the one that came with it")

    def check_rows(self, rows: int) -> None:
        """IntakeError where the file has more or fewer rows than it should."""
        if self.rows is not None and self.rows != rows:
            raise IntakeError(f"has {rows:,} rows, and the count that came with it says {self.rows:,}")


class Proofs:
    """The companions in a folder as it lies there now."""

    def __init__(self, folder: Folder, place: Place, entries: list[Entry]) -> None:
        self.folder, self.place = folder, place
        self.entries = {one.name: one for one in entries}
        self._read: dict[str, str] = {}

    @property
    def wanted(self) -> bool:
        """Whether files come with something that proves them."""
        return any(getattr(self.folder, name) for name in PROOFS)

    def data(self) -> list[Entry]:
        """The data files, the oldest first; companions are none."""
        patterns = [_name(getattr(self.folder, name), "*", "*") for name in PROOFS]
        found = [
            one
            for one in self.entries.values()
            if any(fnmatchcase(one.name, pattern) for pattern in self.folder.files)
            and not any(pattern and fnmatchcase(one.name, pattern) for pattern in patterns)
        ]
        return sorted(found, key=lambda one: (one.changed_us, one.name))

    def beside(self, name: str) -> str:
        """The stamps of a file's companions: another text wherever one may have changed."""
        beside = [self.entries.get(one) for one in self._companions(name)]
        return " ".join("-" if one is None else one.stamp for one in beside)

    def of(self, name: str) -> Proof:
        """What companions say of a file; `Missing` where one is not there, IntakeError where one is wrong."""
        proof: dict[str, Any] = {}
        for kind, companion in zip(self._kinds(), self._companions(name), strict=True):
            if companion not in self.entries:
                raise Missing(f"waits for {companion}")
            if kind == "ready":
                continue
            text = self._text(companion)
            if not text.strip():
                raise Missing(f"waits for the content of {companion}")
            told = _manifest(text, companion, name) if kind == "manifest" else _single(kind, text, companion)
            for key, value in told.items():
                if proof.setdefault(key, value) != value:
                    raise IntakeError(f"its companions do not agree on {key}")
        return Proof(**proof)

    def _kinds(self) -> list[str]:
        return [name for name in PROOFS if getattr(self.folder, name)]

    def _companions(self, name: str) -> list[str]:
        return [_name(getattr(self.folder, kind), name, stem(name)) for kind in self._kinds()]

    def _text(self, companion: str) -> str:
        if companion not in self._read:
            raw = self.place.read(companion, LONGEST)
            if len(raw) > LONGEST:
                raise IntakeError(f"{companion} is too long for what it should say")
            self._read[companion] = raw.decode("utf-8-sig", "replace")
        return self._read[companion]


def stem(name: str) -> str:
    """A file's name without its endings, such as .csv.gz."""
    return PurePosixPath(name.removesuffix(".gz")).stem


def _name(pattern: str, file: str, stem_: str) -> str:
    return pattern.replace("{file}", file).replace("{stem}", stem_)


def _single(kind: str, text: str, companion: str) -> dict[str, Any]:
    if kind == "sha256":
        found = SUM.fullmatch(text)
        if found is None:
            raise IntakeError(f"{companion} holds no SHA-256")
        return {"sha256": found.group(1).lower()}
    found = COUNT.fullmatch(text)
    if found is None:
        raise IntakeError(f"{companion} holds no count of rows")
    return {"rows": int(found.group(1))}


def _manifest(text: str, companion: str, name: str) -> dict[str, Any]:
    """What a manifest says of a file: an object, a list of objects, or those in `files`."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise IntakeError(f"{companion} is no JSON") from None
    listed = told.get("files", [told]) if isinstance(told, dict) else told
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise IntakeError(f"{companion} lists no files")
    alone = len(listed) == 1 and not any(key in listed[0] for key in NAMES)
    mine = [one for one in listed if alone or _first(one, NAMES) == name]
    if not mine:
        raise Missing(f"waits until {companion} names it")
    proof: dict[str, Any] = {}
    checksum = _first(mine[-1], SUMS)
    if checksum is not None:
        found = SUM.fullmatch(str(checksum))
        if found is None:
            raise IntakeError(f"{companion} holds no SHA-256 for it")
        proof["sha256"] = found.group(1).lower()
    for key, names in (("rows", COUNTS), ("size", SIZES)):
        value = _first(mine[-1], names)
        if value is not None:
            if type(value) is not int or value < 0:
                raise IntakeError(f"{companion} holds no whole number as {key}")
            proof[key] = value
    if not proof:
        raise IntakeError(f"{companion} says neither a checksum, a count of rows nor a size")
    return proof


def _first(given: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((given[name] for name in names if given.get(name) is not None), None)
