"""The manifest of a month: which files, how many rows, bytes and SHA-256 of each, of which data and terms."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from data.cubes import Cubes
from data.metrics import DEFINITIONS_VERSION
from data.viewer import Viewer
from exports.sidecar import TYPES, instant
from ledger.entry import canonical
from reports.monthly_export import COLUMNS, MEANINGS, SCHEMA, Monthly, written

VERSION = "reachboard-monthly/1"
SUFFIX = ".manifest.json"


class ManifestError(ValueError):
    """No manifest, or not as it was written; the message says what is wrong, and what to do next."""


@dataclass(frozen=True)
class File:
    """One file of a month."""

    name: str
    format: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What stands beside the files of a month. `previous` is the SHA-256 of the manifest that it took the
    place of, or empty; `more` is what people and receivers read of it, and nothing here needs."""

    month: str
    snapshot: int
    definitions: str
    content: str
    rows: int
    files: tuple[File, ...]
    previous: str = ""
    schema: str = SCHEMA
    more: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        return name_of(self.month)

    @property
    def report(self) -> str:
        """An id that is the same for the same figures of the same snapshot."""
        return f"monthly-{self.month}-s{self.snapshot}-{self.content[:12]}"

    def told(self) -> dict[str, Any]:
        """As an object; its last entry is the checksum of all others."""
        body: dict[str, Any] = {
            "manifest": VERSION,
            "report": self.report,
            "month": self.month,
            "schema": self.schema,
            "snapshot": self.snapshot,
            "definitions": self.definitions,
            **self.more,
            "rows": self.rows,
            "content": self.content,
            "files": [vars(one) for one in self.files],
            "previous": self.previous or None,
        }
        return {**body, "sha256": checksum(body)}

    def dumped(self) -> bytes:
        return json.dumps(self.told(), ensure_ascii=False, indent=2).encode() + b"\n"


def name_of(month: str) -> str:
    """The file that holds the manifest of a month; it stays the same when the month is told anew."""
    return f"reachboard-monthly-{month}{SUFFIX}"


def checksum(body: Mapping[str, Any]) -> str:
    """Of everything in a manifest but the checksum itself."""
    return sha256(canonical({name: one for name, one in body.items() if name != "sha256"})).hexdigest()


def manifest(
    made: Monthly, files: Sequence[File], viewer: Viewer, cubes: Cubes, previous: str = ""
) -> Manifest:
    """The manifest of a month's files."""
    snapshot, scope = cubes.snapshot, viewer.scope
    more = {
        "published": instant(snapshot.published_us),
        "clocks": {
            "outreach_through": instant(snapshot.clocks.get("outreach_through_us")),
            "outcomes_through": _days(snapshot.clocks.get("outcomes_through")),
        },
        "release": {name: snapshot.terms.get(name) for name in ("threshold", "profile", "zone")},
        "scope": {
            "programs": None if scope.programs is None else sorted(scope.programs),
            "lines_of_business": None if scope.lines is None else sorted(scope.lines),
        },
        "cuts": list(made.cuts),
        "columns": [
            {"name": name, "type": TYPES[kind], "meaning": MEANINGS[name]} for name, kind in COLUMNS.items()
        ],
        "synthetic": bool(snapshot.clocks.get("synthetic", False)),
    }
    return Manifest(
        written(made.month), made.snapshot, DEFINITIONS_VERSION, made.content, made.frame.height,
        tuple(files), previous, more=more,
    )  # fmt: skip


def _days(clocks: object) -> dict[str, str | None]:
    known = clocks if isinstance(clocks, dict) else {}
    return {name: (instant(day * 86_400_000_000) or "")[:10] for name, day in sorted(known.items())}


def loaded(text: bytes) -> Manifest:
    """A manifest as it was written; ManifestError where it is none, or somebody changed it."""
    try:
        body = json.loads(text)
        files = tuple(File(**one) for one in body["files"])
        found = Manifest(
            str(body["month"]), int(body["snapshot"]), str(body["definitions"]), str(body["content"]),
            int(body["rows"]), files, str(body["previous"] or ""), str(body["schema"]),
        )  # fmt: skip
        version, marked = body["manifest"], body["sha256"]
    except (ValueError, TypeError, KeyError):
        raise ManifestError("it is no manifest of a monthly export; fetch it again") from None
    if version != VERSION:
        raise ManifestError(
            f"it is written as {str(version)[:40]!r}, and this reads {VERSION!r}; update one of them"
        )
    if marked != checksum(body):
        raise ManifestError("it is not as it was written: its own checksum differs; fetch it again")
    return found
