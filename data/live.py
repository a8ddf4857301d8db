"""Live counts: what has happened today so far; one process writes what the hold rule tells, all read it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import msgspec

from data.cubes import Cubes
from data.viewer import Viewer

FOLDER, FILE = ".live", "now.json"
LIVE_MINUTES = 15
"""A campaign is live while what is told of it moved in the last minutes."""
MINUTE_US = 60_000_000
ENDED = ("suppressed", "returned", "bounced", "failed")
NOT_DELIVERED = "not_delivered"
LIVE_STAGES: tuple[str, ...] = (
    "sent",
    "delivered",
    NOT_DELIVERED,
    "opened",
    "clicked",
    "replied",
    "acted",
    "opt_out",
    "complaint",
)
"""What live counts tell: messages that reached a stage today, `NOT_DELIVERED` for any of `ENDED`."""


class Cell(msgspec.Struct, array_like=True, frozen=True):
    """What is told of one stage of a campaign ("" where none is named) and channel; `before`: what was told
    five minutes ago."""

    campaign: str
    channel: str
    stage: str
    told: int
    before: int
    moved_us: int


class Now(msgspec.Struct, frozen=True):
    """The live counts of a day (a number) of the plan's calendar, read up to `as_of_us`."""

    day: int = 0
    as_of_us: int = 0
    cells: tuple[Cell, ...] = ()

    def seen_by(self, viewer: Viewer, cubes: Cubes) -> Now:
        """The part in a viewer's row scope; a campaign that no snapshot knows is in the whole scope alone."""
        if viewer.scope.whole:
            return self
        known = cubes.campaigns
        inside = {one.id for one in known.values() if viewer.scope.allows(one.program, one.line_of_business)}
        return msgspec.structs.replace(self, cells=tuple(one for one in self.cells if one.campaign in inside))

    def of(self, campaign: str) -> Now:
        """The part of one campaign."""
        return msgspec.structs.replace(
            self, cells=tuple(one for one in self.cells if one.campaign == campaign)
        )

    @property
    def campaigns(self) -> list[str]:
        """The campaigns of which something is told, most messages first; "" last."""
        told: dict[str, int] = {}
        for one in self.cells:
            told[one.campaign] = told.get(one.campaign, 0) + one.told
        return sorted((name for name in told if told[name]), key=lambda name: (not name, -told[name], name))

    @property
    def moving(self) -> frozenset[str]:
        """The campaigns that are live."""
        since = time.time_ns() // 1000 - LIVE_MINUTES * MINUTE_US
        return frozenset(one.campaign for one in self.cells if one.campaign and one.moved_us >= since)

    def told(self, stage: str) -> int:
        """How many messages that reached a stage are told."""
        return sum(one.told for one in self.cells if one.stage == stage)

    def lately(self, stage: str) -> int:
        """How many of them were told in the last five minutes."""
        return sum(one.told - one.before for one in self.cells if one.stage == stage)


NOTHING = Now()
_decoder = msgspec.json.Decoder(Now)


def now(viewer: Viewer, cubes: Cubes) -> Now:
    """The newest live counts that a viewer may see."""
    return read(cubes.lake.root).seen_by(viewer, cubes)


def read(lake: Path) -> Now:
    """The newest live counts beside a lake, `NOTHING` where there are none."""
    file = lake / FOLDER / FILE
    try:
        stamp = file.stat()
    except FileNotFoundError:
        return NOTHING
    return _read(file, stamp.st_mtime_ns, stamp.st_ino)


@lru_cache(maxsize=4)
def _read(file: Path, _changed_ns: int, _inode: int) -> Now:
    try:
        return _decoder.decode(file.read_bytes())
    except (FileNotFoundError, msgspec.DecodeError):
        return NOTHING


def write(lake: Path, day: int, as_of_us: int, cells: Iterable[Cell]) -> None:
    """Put live counts in place of the last ones, at once."""
    folder = lake / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f"{FILE}.{os.getpid()}"
    draft.write_bytes(msgspec.json.encode(Now(day, as_of_us, tuple(cells))))
    draft.replace(folder / FILE)
