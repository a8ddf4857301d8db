"""A question, resolved against one snapshot: which view answers it, over which days, for whom."""

from __future__ import annotations

from dataclasses import dataclass

from data.cubes import Cubes
from data.filters import Filters
from data.viewer import Viewer

Key = tuple[object, ...]
SEVERAL = "(several together)"
ONE_AT_A_TIME = "Ask one at a time: these cuts are not released together."


@dataclass(frozen=True)
class Question:
    """A question: its view (None where its cuts are not released together), days and grouping."""

    cubes: Cubes
    filters: Filters
    viewer: Viewer
    by: tuple[str, ...]
    view: str | None
    span: tuple[int, int] | None

    @property
    def time(self) -> str | None:
        return next((name for name in self.by if name in ("day", "week", "month")), None)

    @property
    def cut_by(self) -> tuple[str, ...]:
        return tuple(name for name in self.by if self.cubes.dimension(name).kind in ("cut", "attribute"))

    @property
    def plain(self) -> tuple[str, ...]:
        """What it groups by, without the cuts."""
        return tuple(name for name in self.by if name not in self.cut_by)

    @property
    def of_records(self) -> tuple[str, ...]:
        """What it groups by that a campaign or channel decides alone."""
        return tuple(name for name in self.plain if name != self.time)

    def without_cuts(self, key: Key) -> Key:
        return tuple(part for name, part in zip(self.by, key, strict=True) if name in self.plain)

    def recorded(self, key: Key) -> Key:
        return tuple(part for name, part in zip(self.by, key, strict=True) if name in self.of_records)
