"""A question, resolved against one snapshot: which view answers it, over which days, for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from data.cubes import Cubes
from data.filters import Filters
from data.viewer import Viewer

Key = tuple[object, ...]
Place = tuple[str, str]
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

    @cached_property
    def time(self) -> str | None:
        return next((name for name in self.by if name in ("day", "week", "month")), None)

    @cached_property
    def cut_by(self) -> tuple[str, ...]:
        return tuple(name for name in self.by if self.cubes.dimension(name).kind in ("cut", "attribute"))

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """What it groups by, without the cuts."""
        return tuple(name for name in self.by if name not in self.cut_by)

    @cached_property
    def of_records(self) -> tuple[str, ...]:
        """What it groups by that a campaign or channel decides alone."""
        return tuple(name for name in self.plain if name != self.time)

    def kept(self, places: Iterable[Place]) -> set[Place]:
        """The (campaign, channel) of `places` that the filters keep, inside the viewer's scope."""
        campaigns = set(self.filters.campaigns(self.cubes, self.viewer))
        channels = self.filters.channel
        return {one for one in places if one[0] in campaigns and (not channels or one[1] in channels)}

    def recorded_of(self, places: Iterable[Place]) -> set[Key]:
        """The keys of these (campaign, channel), by what campaign and channel alone decide."""
        names = self.of_records
        if not names:
            return {()}
        return {tuple(self._told_of(name, place) for name in names) for place in places}

    def _told_of(self, name: str, place: Place) -> str:
        campaign, channel = place
        if name == "channel":
            return channel
        return campaign if name == "campaign" else str(getattr(self.cubes.campaigns[campaign], name))

    @cached_property
    def _plain_at(self) -> list[int]:
        return [self.by.index(name) for name in self.plain]

    @cached_property
    def _recorded_at(self) -> list[int]:
        return [self.by.index(name) for name in self.of_records]

    def without_cuts(self, key: Key) -> Key:
        return tuple([key[at] for at in self._plain_at])

    def recorded(self, key: Key) -> Key:
        return tuple([key[at] for at in self._recorded_at])
