"""Released groups and withheld blocks of a snapshot as arrays: a question is a few passes over them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from data.codebook import UNDATED, Bools, Codebook, Ints, numbered

NEVER = -1
"""A day that never comes: nothing is complete by then."""


@dataclass(frozen=True, eq=False)
class Bounds:
    """Where groups lie, an entry per group: campaign and channel by number, month, days, value by number.

    Groups of several counts often have the same bounds; they are kept once, so that a question that has
    placed them for one count has placed them for all.
    """

    campaign: Ints
    channel: Ints
    month: Ints
    first: Ints
    last: Ints
    value: Ints
    values: tuple[str, ...]

    @property
    def height(self) -> int:
        return len(self.campaign)


@dataclass(frozen=True, eq=False)
class Groups:
    """Disjoint groups: bounds, the counts told in them, and how many single groups each is made of."""

    bounds: Bounds
    counts: Mapping[str, Ints]
    singles: Ints
    frame: pl.DataFrame


@dataclass(frozen=True, eq=False)
class Blocks:
    """Blocks in which a count is told nowhere: since `few` are behind it, or it is complete `until` a day."""

    campaign: Ints
    channel: Ints
    month: Ints
    few: Bools
    until: Ints


@dataclass
class Interned:
    """Bounds that were met, by their content."""

    known: dict[bytes, Bounds] = field(default_factory=dict)

    def of(self, frame: pl.DataFrame, book: Codebook) -> Bounds:
        """The bounds of a frame of groups."""
        values = tuple(frame["value"].unique().sort())
        place = {value: at for at, value in enumerate(values)}
        made = Bounds(
            book.numbers("campaign", frame["campaign"]),
            book.numbers("channel", frame["channel"]),
            frame["month"].cast(pl.Int64).to_numpy(),
            frame["first_day"].cast(pl.Int64).fill_null(UNDATED[0]).to_numpy(),
            frame["last_day"].cast(pl.Int64).fill_null(UNDATED[1]).to_numpy(),
            numbered(frame["value"], place),
            values,
        )
        return self.known.setdefault(_content(made), made)


def _content(bounds: Bounds) -> bytes:
    arrays = (bounds.campaign, bounds.channel, bounds.month, bounds.first, bounds.last, bounds.value)
    held = hashlib.blake2b("\0".join(bounds.values).encode())
    for one in arrays:
        held.update(one.tobytes())
    return held.digest()


def groups(frame: pl.DataFrame, columns: tuple[str, ...], book: Codebook, interned: Interned) -> Groups:
    """The groups of a frame that has `columns` and `groups`, the number of single groups."""
    # In one order, so that groups with the same bounds are seen to be the same.
    frame = frame.sort("campaign", "channel", "month", "first_day", "last_day", "value", "origin", "result")
    counts = {name: frame[name].cast(pl.Int64).to_numpy() for name in columns}
    singles = frame["groups"].cast(pl.Int64).to_numpy()
    return Groups(interned.of(frame, book), counts, singles, frame)


def blocks(frame: pl.DataFrame, few: str, book: Codebook) -> Blocks:
    """The blocks of a frame with `why` and `until`."""
    return Blocks(
        book.numbers("campaign", frame["campaign"]),
        book.numbers("channel", frame["channel"]),
        frame["month"].cast(pl.Int64).to_numpy(),
        (frame["why"] == few).to_numpy(),
        frame["until"].cast(pl.Int64).fill_null(NEVER).to_numpy(),
    )


def largest(values: Ints, at: Ints, size: int) -> Ints:
    """The largest value of each place, `NEVER` where there is none."""
    found = np.full(size, NEVER, np.int64)
    np.maximum.at(found, at, values)
    return found
