"""What was found in a drop folder before, so that no file is fetched in vain. Losing it loses nothing."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Memory:
    """A file: its stamp and its companions', since when they are these (microseconds), its content once
    taken, or why not."""

    stamp: str
    beside: str
    since_us: int
    sha256: str = ""
    said: str = ""


class Remembered:
    """The files of a source's folder by name, in one small file beside the lake's tables."""

    def __init__(self, folder: Path, source: str) -> None:
        self.path = folder / f"{source}.files.json"
        self.files = _read(self.path)

    def met(self, name: str, stamp: str, beside: str, now_us: int) -> Memory:
        """What is known of a file as it is now; one that changed is a new one."""
        known = self.files.get(name)
        if known is None or known.stamp != stamp:
            known = Memory(stamp, beside, now_us)
        elif known.beside != beside:
            known = Memory(stamp, beside, now_us, known.sha256)
        self.files[name] = known
        return known

    def keep(self, name: str, memory: Memory) -> None:
        self.files[name] = memory

    def only(self, names: set[str]) -> None:
        """Forget files that are gone."""
        self.files = {name: one for name, one in self.files.items() if name in names}

    def save(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(f".{os.getpid()}")
        draft.write_text(
            json.dumps({name: asdict(one) for name, one in self.files.items()}), encoding="utf-8"
        )
        draft.replace(self.path)


def _read(path: Path) -> dict[str, Memory]:
    try:
        return {name: Memory(**told) for name, told in json.loads(path.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
