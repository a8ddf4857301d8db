"""How the sources that are pulled by schedule stand: a small file in the lake for each, written by pulls."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from remote.breaker import Standing

SUFFIX = ".state.json"


@dataclass(frozen=True)
class PullState(Standing):
    """A source that is pulled by schedule.

    `mapping` is the file's name, `digest` of its bytes; `source` is empty where the mapping cannot be used.
    `loaded` and `refused` are rows of the last success.
    `files`: names and reasons of dropped files that were turned away; `waiting`: how many are not whole.
    """

    mapping: str
    digest: str = ""
    source: str = ""
    place: str = ""
    plan: str = ""
    loaded: int = 0
    refused: int = 0
    files: tuple[tuple[str, str], ...] = ()
    waiting: int = 0

    @property
    def name(self) -> str:
        """The source, or its mapping where that says none."""
        return self.source or self.mapping

    @property
    def words(self) -> str:
        """How it stands, in a few words."""
        if self.files and not self.failures and not self.fails:
            return "1 file turned away" if len(self.files) == 1 else f"{len(self.files):,} files turned away"
        return super().words


def folder_of(lake: Path) -> Path:
    return lake / "_pulls"


def read(lake: Path) -> list[PullState]:
    """The sources that are pulled by schedule, by name; what cannot be read is as if it was never tried."""
    return sorted(_states(folder_of(lake)), key=lambda one: (one.name, one.mapping))


def of_mapping(lake: Path, mapping: str) -> PullState | None:
    """How the source of a mapping's file stands."""
    return next((one for one in _states(folder_of(lake)) if one.mapping == mapping), None)


def changed(lake: Path) -> tuple[int, ...]:
    """Numbers that change whenever one of them moves."""
    return tuple(sorted(path.stat().st_mtime_ns for path in _files(folder_of(lake))))


def write(lake: Path, state: PullState) -> None:
    """Keep how a source stands; the file is replaced in one step."""
    folder = folder_of(lake)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{state.mapping}{SUFFIX}"
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    draft.write_text(json.dumps(asdict(state), indent=1), encoding="utf-8")
    draft.replace(target)


def forget(lake: Path, mapping: str) -> None:
    (folder_of(lake) / f"{mapping}{SUFFIX}").unlink(missing_ok=True)


def _files(folder: Path) -> list[Path]:
    return list(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []


def _states(folder: Path) -> Iterator[PullState]:
    known = {one.name for one in fields(PullState)}
    for path in _files(folder):
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            told["files"] = tuple((str(name), str(reason)) for name, reason in told.get("files", ()))
            yield PullState(**{name: value for name, value in told.items() if name in known})
        except (OSError, ValueError, TypeError, AttributeError):
            continue
