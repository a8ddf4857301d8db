"""A question, resolved against one snapshot: which view answers it, over which days, for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from data.axes import Axes, distinct
from data.codebook import Bools, Ints
from data.cubes import Cubes
from data.filters import Filters
from data.viewer import Viewer

ONE_AT_A_TIME = "Ask one at a time: these cuts are not released together."


@dataclass(frozen=True, eq=False)
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

    @cached_property
    def axes(self) -> Axes:
        return Axes({name: self._labels(name) for name in self.by})

    @cached_property
    def plain_axes(self) -> Axes:
        return Axes({name: self.axes.labels[name] for name in self.plain})

    @cached_property
    def record_axes(self) -> Axes:
        return Axes({name: self.axes.labels[name] for name in self.of_records})

    def _labels(self, name: str) -> Sequence[object]:
        return self.cubes.shown(name) if name in self.cut_by else self.cubes.book.labels[name]

    @cached_property
    def campaigns(self) -> Bools | None:
        """Per campaign number whether the filters keep it, inside the viewer's scope; None: all of them."""
        if self.filters.keeps_all(self.viewer):
            return None
        return self.cubes.book.kept("campaign", self.filters.campaigns(self.cubes, self.viewer))

    @cached_property
    def channels(self) -> Bools | None:
        """Per channel number whether the filters keep it; None: all of them."""
        return self.cubes.book.kept("channel", self.filters.channel) if self.filters.channel else None

    def keeps(self, campaign: Ints, channel: Ints) -> Bools | None:
        """Which of some campaigns and channels the question keeps; None: all of them."""
        told = [
            kept[numbers]
            for kept, numbers in ((self.campaigns, campaign), (self.channels, channel))
            if kept is not None
        ]
        return np.logical_and.reduce(told) if told else None

    @cached_property
    def _recorded(self) -> dict[int, tuple[Bools, Ints | None]]:
        return {}

    def recorded(self, places: Bools) -> Ints | None:
        """The codes of `record_axes` in which some (campaign, channel) of a matrix lie; None: in none.

        Worked out once for all metrics that the same sources report: see `Cubes.matrix`.
        """
        if id(places) not in self._recorded:
            self._recorded[id(places)] = places, self._lying(places)
        return self._recorded[id(places)][1]

    def _lying(self, places: Bools) -> Ints | None:
        campaign, channel = np.nonzero(places)
        kept = self.keeps(campaign, channel)
        if kept is not None:
            campaign, channel = campaign[kept], channel[kept]
        if not len(campaign):
            return None
        axes = self.record_axes
        return distinct(axes.codes(self.record_parts(campaign, channel), len(campaign)), axes.size)[0]

    def record_parts(self, campaign: Ints, channel: Ints) -> dict[str, Ints]:
        """The numbers of what a campaign or channel decides alone, by name."""
        own = {"campaign": campaign, "channel": channel}
        of = self.cubes.book.of_campaign
        return {name: own[name] if name in own else of[name][campaign] for name in self.of_records}
