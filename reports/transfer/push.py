"""Pushes months to a target: what stands there already is left alone, what changed is laid down anew."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from config.permissions import Permission
from config.settings import Settings
from config.suggest import nearest
from data.cubes import Cubes
from data.viewer import Scope, Viewer
from reports.manifest import ManifestError, loaded, manifest
from reports.monthly_export import (
    CutRefused,
    Monthly,
    MonthRefused,
    chosen,
    known,
    lately,
    monthly,
    parsed,
    written,
)
from reports.monthly_files import Kind, laid
from reports.transfer.places import Parcel, Place, opened
from reports.transfer.problems import TargetError
from reports.transfer.targets import Target
from state.pushes import Pushed, PushStore


@dataclass(frozen=True)
class Sent:
    """A month that was laid down; `anew` where another stood in its place."""

    month: str
    rows: int
    bytes: int
    anew: bool

    def sentence(self) -> str:
        how = "told anew" if self.anew else "sent"
        return f"{self.month}: {how}: {self.rows:,} rows" + (f", {self.bytes:,} bytes" if self.bytes else "")


def viewer_of(target: Target, cubes: Cubes) -> Viewer:
    """Who a target is: nobody but its row scope; TargetError for programs and lines that nobody has."""
    what, campaigns = target.target, cubes.campaigns.values()
    asked = {"programs": what.programs, "lines_of_business": what.lines_of_business}
    there = {
        "programs": {one.program for one in campaigns},
        "lines_of_business": {one.line_of_business for one in campaigns},
    }
    for key, names in asked.items():
        for name in names or ():
            if name not in there[key]:
                told = nearest(name, there[key])
                raise TargetError(f"[target] {key}: no campaign has {name!r}. {told}".strip())
    scope = Scope(*(None if names is None else frozenset(names) for names in asked.values()))
    return Viewer(f"target {target.name}", "target", frozenset({Permission.EXPORT.value}), scope)


def push(
    settings: Settings, target: Target, cubes: Cubes, pushes: PushStore, months: Sequence[str] | None = None,
    anew: bool = False, by: str = "",
) -> Iterator[Sent]:  # fmt: skip
    """Lay down the months that changed since they were laid down last: of those named, else the last few.

    `anew` lays them down whatever stands there. TargetError says what went wrong, and nothing is half done:
    each month arrives whole or not at all.
    """
    viewer = viewer_of(target, cubes)
    try:
        cuts = chosen(target.target.cuts, cubes)
        asked = (
            lately(target.target.months, viewer, cubes)
            if months is None
            else [known(parsed(month), viewer, cubes) for month in months]
        )
    except CutRefused as refused:
        raise TargetError(f"[target] cuts: {refused}") from None
    except MonthRefused as refused:
        raise TargetError(str(refused)) from None
    with opened(settings, target) as place:
        for month in asked:
            made = monthly(month, cuts, viewer, cubes)
            sent = _laid(settings, target, place, made, viewer, cubes, pushes, anew, by)
            if sent is not None:
                yield sent


def _laid(
    settings: Settings, target: Target, place: Place, made: Monthly, viewer: Viewer, cubes: Cubes,
    pushes: PushStore, anew: bool, by: str,
) -> Sent | None:  # fmt: skip
    """Lay one month down, unless the same one stands there."""
    month = written(made.month)
    before = place.standing(month)
    kinds: list[Kind] = target.target.formats if place.keeps_files else []
    if before is not None and not anew and _same(before, made, kinds):
        return None
    folder = settings.pushes / target.name
    try:
        parcel = _packed(folder, made, kinds, viewer, cubes, before)
        told = parcel.manifest
        pushes.begin(target.name, month, made.snapshot, told.rows, ",".join(kinds) or "sql", by)
        place.lay(parcel)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    size = sum(file.bytes for file in told.files)
    digest = sha256(told.dumped()).hexdigest()
    pushes.add(
        Pushed(
            target.name, month, time.time_ns() // 1000, told.snapshot, told.definitions, told.content,
            digest, told.rows, size,
        )
    )  # fmt: skip
    return Sent(month, told.rows, size, before is not None)


def _same(before: bytes, made: Monthly, kinds: Sequence[Kind]) -> bool:
    try:
        told = loaded(before)
    except ManifestError:
        return False
    return (told.content, {file.format for file in told.files}) == (made.content, set(kinds))


def _packed(
    folder: Path, made: Monthly, kinds: Sequence[Kind], viewer: Viewer, cubes: Cubes, before: bytes | None
) -> Parcel:
    """Files and manifest in a folder of ours."""
    shutil.rmtree(folder, ignore_errors=True)
    files = list(laid(made, kinds, folder))
    previous = sha256(before).hexdigest() if before is not None else ""
    told = manifest(made, files, viewer, cubes, previous)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / told.name).write_bytes(told.dumped())
    return Parcel(made, told, folder)
