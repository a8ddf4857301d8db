"""Who was reached: bitmaps of members by stage, campaign, channel, wave, variant and month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import polars as pl
from pyroaring import BitMap

from data.codebook import Codebook, Ints, numbered

Place = tuple[str, str]
"""Campaign and channel."""


class Marked(NamedTuple):
    """The members who passed a stage in a wave, variant and month of a campaign and channel."""

    campaign: str
    channel: str
    wave: str
    variant: str
    month: int
    members: BitMap


@dataclass(frozen=True, eq=False)
class Entries:
    """The bitmaps of a stage, in order of campaign and channel, and where each lies, by number.

    `wave` and `variant` are places in `waves` and `variants`; they say nothing where bitmaps are those of
    whole months. `first` is where the entries of each campaign and channel begin.
    """

    campaign: Ints
    channel: Ints
    month: Ints
    wave: Ints
    variant: Ints
    waves: Sequence[str]
    variants: Sequence[str]
    members: Sequence[BitMap]

    @cached_property
    def first(self) -> Ints:
        moved = (np.diff(self.campaign) != 0) | (np.diff(self.channel) != 0)
        return np.flatnonzero(np.concatenate([[len(self.members) > 0], moved]))

    @cached_property
    def run(self) -> Ints:
        """The place of each entry's campaign and channel in `first`."""
        begins = np.zeros(len(self.members), np.int64)
        begins[self.first[1:]] = 1
        return np.cumsum(begins)

    @cached_property
    def together(self) -> list[BitMap]:
        """The members of each campaign and channel, whatever the month."""
        ends = [*self.first[1:].tolist(), len(self.members)]
        return [_union(self.members[begin:end]) for begin, end in zip(self.first.tolist(), ends, strict=True)]


def _union(several: Sequence[BitMap]) -> BitMap:
    return several[0] if len(several) == 1 else BitMap.union(*several)


class Reach:
    """The bitmaps of a snapshot by stage; `rows` say where each lies."""

    def __init__(self, told: pl.DataFrame) -> None:
        """`told` is the table `told_reach`."""
        ordered = told.sort("stage", "campaign", "channel", "month", "wave", "variant")
        self.rows = ordered.drop("members")
        self._marks: dict[str, list[Marked]] = {}
        columns = ordered.select("campaign", "channel", "wave", "variant", "month", "stage", "members")
        for campaign, channel, wave, variant, month, stage, members in columns.iter_rows():
            mark = Marked(campaign, channel, wave, variant, month, BitMap.deserialize(members))
            self._marks.setdefault(stage, []).append(mark)
        self._entries: dict[tuple[str, bool], Entries] = {}

    def entries(self, stage: str, fine: bool, book: Codebook) -> Entries:
        """The bitmaps of a stage, `fine` ones by wave and variant, others of whole months."""
        if (stage, fine) not in self._entries:
            marks = self._marks.get(stage, [])
            self._entries[stage, fine] = _entries(marks if fine else _months(marks), book)
        return self._entries[stage, fine]

    @cached_property
    def apart(self) -> dict[str, frozenset[Place]]:
        """The (campaign, channel) whose messages tell waves apart, and those that tell variants apart."""
        return {
            name: frozenset(self.rows.filter(pl.col(name) != "").select("campaign", "channel").iter_rows())
            for name in ("wave", "variant")
        }


def _months(marks: Sequence[Marked]) -> list[Marked]:
    """The members by month, whatever the wave and variant."""
    held: dict[tuple[str, str, int], list[BitMap]] = {}
    for mark in marks:
        held.setdefault((mark.campaign, mark.channel, mark.month), []).append(mark.members)
    return [
        Marked(campaign, channel, "", "", month, _union(of))
        for (campaign, channel, month), of in held.items()
    ]


def _entries(marks: Sequence[Marked], book: Codebook) -> Entries:
    fields = list(zip(*marks, strict=True)) or [()] * len(Marked._fields)
    campaign, channel, wave, variant, month, members = fields
    waves, variants = sorted(set(wave)), sorted(set(variant))
    return Entries(
        book.numbers("campaign", pl.Series(campaign, dtype=pl.String)),
        book.numbers("channel", pl.Series(channel, dtype=pl.String)),
        book.months(np.array(month, np.int64)),
        numbered(pl.Series(wave, dtype=pl.String), {one: at for at, one in enumerate(waves)}),
        numbered(pl.Series(variant, dtype=pl.String), {one: at for at, one in enumerate(variants)}),
        waves,
        variants,
        members,
    )
