"""A question, resolved against one snapshot: which view answers it, over which days, for whom."""

from __future__ import annotations

from dataclasses import dataclass

from data.cubes import Cubes
from data.filters import Filters
from data.viewer import Viewer

ONE_AT_A_TIME = "Ask one at a time: these cuts are not released together."


@dataclass(frozen=True)
class Question:
    """A question: its view (None where its cuts are not released together), its days and what it groups by."""

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
