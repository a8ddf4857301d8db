"""Who was reached: bitmaps of members by stage, campaign, channel, wave, variant and month."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import polars as pl
from pyroaring import BitMap

Place = tuple[str, str]
"""Campaign and channel."""


class Marked(NamedTuple):
    """The members who passed a stage in a wave, variant and month of a campaign and channel."""

    wave: str
    variant: str
    month: int
    members: BitMap


@dataclass(frozen=True, eq=False)
class Held:
    """The bitmaps of one stage, campaign and channel; those of months and of all are made at first need."""

    place: Place
    marks: list[Marked]

    @cached_property
    def months(self) -> dict[int, BitMap]:
        """The members by month, whatever the wave and variant."""
        of: dict[int, list[BitMap]] = {}
        for mark in self.marks:
            of.setdefault(mark.month, []).append(mark.members)
        return {month: _union(several) for month, several in of.items()}

    @cached_property
    def members(self) -> BitMap:
        return _union(list(self.months.values()))


def _union(several: list[BitMap]) -> BitMap:
    return several[0] if len(several) == 1 else BitMap.union(*several)


class Reach:
    """The bitmaps of a snapshot by stage."""

    def __init__(self, rows: pl.DataFrame) -> None:
        """`rows` are those of the table `told_reach`."""
        self.rows = rows.drop("members")
        found: dict[str, dict[Place, list[Marked]]] = {}
        for campaign, channel, wave, variant, month, stage, members in rows.iter_rows():
            places = found.setdefault(stage, {}).setdefault((campaign, channel), [])
            places.append(Marked(wave, variant, month, BitMap.deserialize(members)))
        self.stages = {
            stage: [Held(place, marks) for place, marks in of.items()] for stage, of in found.items()
        }

    @cached_property
    def apart(self) -> dict[str, frozenset[Place]]:
        """The (campaign, channel) whose messages tell waves apart, and those that tell variants apart."""
        return {
            name: frozenset(self.rows.filter(pl.col(name) != "").select("campaign", "channel").iter_rows())
            for name in ("wave", "variant")
        }
