"""A drop folder of tests, on this machine, by SFTP or in S3, and a lake that takes its files."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from config.settings import Settings
from data.snapshot import Lake
from etl.land import Landed
from etl.pull import Pulled, come

SUM = 'stable = 0\nsha256 = "{file}.sha256"'
MAPPING = """
[source]
name = "dropped"
kind = "event"
zone = "America/New_York"

[folder]
{place}
{more}

[fields]
event_id = "id"
event = "what"
at = "at"
member = "member"
campaign = "campaign"
channel = {{ value = "email" }}
"""


def csv(numbers: range, what: str = "sent") -> bytes:
    """A file of events with these ids."""
    rows = [f"{n},{what},2026-03-{n % 28 + 1:02d} 10:00:00,M{n % 40},flu-2026" for n in numbers]
    return "\n".join(["id,what,at,member,campaign", *rows, ""]).encode()


def checksum(content: bytes) -> bytes:
    return f"{sha256(content).hexdigest()}  as-sha256sum-writes.csv\n".encode()


@dataclass
class Drop:
    """`put` lays a file down; `place` is what the mapping says of where."""

    settings: Settings
    place: str
    put: Callable[[str, bytes], None]
    remove: Callable[[str], None] = field(default=lambda _name: None)

    @property
    def mapping(self) -> Path:
        return self.settings.var / "drop.toml"

    @property
    def lake(self) -> Lake:
        return Lake(self.settings.lake)

    def maps(self, more: str = "stable = 0") -> Path:
        self.mapping.parent.mkdir(parents=True, exist_ok=True)
        self.mapping.write_text(MAPPING.format(place=self.place, more=more), encoding="utf-8")
        return self.mapping

    def look(self, **how: Any) -> dict[str, str | Landed]:
        """What a pull says of each file: what was landed, or why nothing was."""
        found: dict[str, str | Landed] = {}
        for one in come(self.settings, self.mapping, **how):
            if isinstance(one, Pulled):
                done = one.landed
                assert done.loaded + done.already_present + done.skipped + done.refused == done.rows_in
                found[done.file_name] = done
            else:
                found[one.file_name] = one.reason
        return found

    def rows(self) -> dict[str, int]:
        """Rows in by file, of what the last look landed."""
        return {name: one.rows_in for name, one in self.look().items() if isinstance(one, Landed)}

    def events(self) -> int:
        events = self.lake.frame("events")
        assert events["event_id"].n_unique() == events.height
        return events.height


def old(path: Path, seconds: float) -> None:
    """Let a file look as if it was written so long ago."""
    import os

    at = time.time() - seconds
    os.utime(path, (at, at))


def packed(content: bytes) -> bytes:
    return gzip.compress(content)
