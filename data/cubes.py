"""The released figures of one snapshot in memory, and for each question the smallest part that covers it."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import polars as pl

from config.suggest import nearest
from data import records
from data.codebook import Bools, Codebook
from data.dimensions import DIMENSIONS, Dimension, attribute
from data.groups import Bounds, Groups, Interned, groups
from data.metrics import UnknownName
from data.ordering import in_order
from data.periods import day_date, day_number
from data.reach import Reach
from data.release import BLOCK, FIXED, RULE, TOGETHER, common_groups, parts
from data.snapshot import Lake, Snapshot

Grain = Literal["group", "month", "total"]
UNRECORDED, UNSTATED = "(no record)", "(not stated)"
UNNAMED = frozenset((UNRECORDED, UNSTATED))
DAY_US = 86_400_000_000


@dataclass(frozen=True)
class Campaign:
    """What the catalogue knows of a campaign; `recorded` is false where it has no record.

    `edited_us` is the latest edit that the figures know.
    """

    id: str
    name: str
    program: str
    line_of_business: str
    start_day: int | None
    end_day: int | None
    outcome: str | None
    recorded: bool
    record: str = "{}"
    edited_us: int = 0


class Cubes:
    """Everything a web process needs to answer from one snapshot. Frames never change once made."""

    def __init__(self, lake: Lake, snapshot: Snapshot) -> None:
        self.lake, self.snapshot = lake, snapshot
        self._groups: dict[tuple[str, tuple[str, ...], Grain], Groups] = {}
        self._shown: dict[str, list[str]] = {}
        self._bounds = Interned()
        self._reporting: dict[tuple[str, ...], pl.DataFrame] = {}
        self._covered: dict[tuple[str, ...], frozenset[tuple[str, str]]] = {}
        self._places: dict[frozenset[tuple[str, str]], frozenset[tuple[str, str]]] = {}
        self._matrices: dict[frozenset[tuple[str, str]], Bools] = {}
        self._covering: dict[tuple[str, ...], Bools] = {}
        self._telling: dict[str, Bools] = {}
        self._stated: dict[str, dict[str, frozenset[str]]] = {}
        self._apart: dict[str, frozenset[tuple[str, str]]] = {}
        self._lock = threading.Lock()
        versions = snapshot.versions
        empty = snapshot.number == 0
        self._released = self._by_view("released", None if empty else versions["released"])
        self._withheld = self._by_view("withheld", None if empty else versions["withheld"])
        self.coverage = self._table("coverage", versions.get("coverage"))
        self.campaigns = self._campaigns()

    def _table(self, name: str, version: int | None) -> pl.DataFrame:
        return self.lake.frame(name, version) if version is not None else self.lake.frame(name, where="false")

    def _by_view(self, name: str, version: int | None) -> dict[str, pl.DataFrame]:
        # What an earlier rule told has other groups: it waits for the next run, which decides anew.
        ours = self.snapshot.terms.get("rule") == RULE
        frame = self._table(name, version if ours else None)
        return {key[0]: part for key, part in frame.partition_by("view", as_dict=True).items()}

    def _campaigns(self) -> dict[str, Campaign]:
        known = {
            row["campaign"]: Campaign(
                row["campaign"],
                row["name"] or row["campaign"],
                row["program"] or UNSTATED,
                row["line_of_business"] or UNSTATED,
                row["start_day"],
                row["end_day"],
                row["outcome"],
                True,
                row["record"],
                row["edited_us"],
            )
            for row in records.current(self._recorded).iter_rows(named=True)
        }
        for name in sorted(set(self.coverage["campaign"])):
            known.setdefault(name, Campaign(name, name, UNRECORDED, UNRECORDED, None, None, None, False))
        return dict(sorted(known.items()))

    @cached_property
    def _recorded(self) -> pl.DataFrame:
        known = self.snapshot.versions
        loads, stated = (self._table(name, known.get(name)) for name in ("loads", "campaigns"))
        return stated.join(loads.select("load_id", "seq", "source", "received_us"), on="load_id")

    def versions(self, campaign: str) -> list[records.Version]:
        """The versions of a campaign's record that the figures know, oldest first."""
        own = self._recorded.filter(pl.col("campaign") == campaign)
        return records.versions(own).get(campaign, [])

    @cached_property
    def channels(self) -> list[str]:
        return self.channels_of(None)

    def channels_of(self, campaigns: Collection[str] | None) -> list[str]:
        """The channels of these campaigns; of None, of all."""
        of = self._channels_by_campaign
        asked = of if campaigns is None else campaigns
        return sorted(frozenset().union(*(of.get(one, ()) for one in asked)) - {""})

    @cached_property
    def _channels_by_campaign(self) -> dict[str, frozenset[str]]:
        grouped = self.coverage.group_by("campaign").agg(pl.col("channel").unique())
        return {campaign: frozenset(channels) for campaign, channels in grouped.iter_rows()}

    @cached_property
    def attributes(self) -> list[str]:
        fixed = {view.name for view in FIXED}
        return sorted(view for view in self._released if view not in fixed and "|" not in view)

    def attributes_of(self, campaigns: Collection[str] | None) -> list[str]:
        """The member attributes of these campaigns; of None, of all."""
        return [name for name in self.attributes if not _of(self._released[name], campaigns).is_empty()]

    def values(self, view: str, campaigns: Collection[str] | None = None) -> list[str]:
        """The values of a cut in these campaigns (None: in all), as single values, also where pooled."""
        of = self._values_of(view)
        return in_order(
            frozenset().union(*(of.get(one, ()) for one in (of if campaigns is None else campaigns)))
        )

    def _values_of(self, view: str) -> dict[str, frozenset[str]]:
        """The single values of a cut by campaign."""
        if view not in self._stated:
            frame, found = self._released.get(view), dict[str, set[str]]()
            pairs = () if frame is None else frame.select("campaign", "value").unique().iter_rows()
            for campaign, value in pairs:
                found.setdefault(campaign, set()).update(value.split("\x1f"))
            self._stated[view] = {name: frozenset(one) for name, one in found.items()}
        return self._stated[view]

    @cached_property
    def today(self) -> int:
        """The last day the data reach, in the reporting zone; presets count back from it."""
        frame = self._released.get("operations")
        latest = None if frame is None else frame.filter(pl.col("channel") != "")["last_day"].max()
        if isinstance(latest, int):
            return latest
        published = self.snapshot.published_us
        return published // DAY_US if published else day_number(day_date(0))

    @cached_property
    def through(self) -> int:
        """The last day of which the messages are complete, as the release rule counts it."""
        reached = self.snapshot.clocks.get("outreach_through_us")
        return self.today if reached is None else min(self.today, int(reached) // DAY_US)

    @cached_property
    def utility(self) -> pl.DataFrame:
        """How much of the true figures each cut tells: view, measure, single, told, waiting; percent."""
        return self._table("utility", self.snapshot.versions.get("utility"))

    @cached_property
    def undated(self) -> list[str]:
        """Campaigns with figures that carry no date."""
        frame = self._released.get("operations")
        return [] if frame is None else sorted(frame.filter(pl.col("month") == 0)["campaign"].unique())

    def dimension(self, name: str) -> Dimension:
        """The dimension of that name; `UnknownName` with the near miss."""
        if name in DIMENSIONS:
            return DIMENSIONS[name]
        if name in self.attributes:
            return attribute(name)
        raise UnknownName(f"There is no dimension {name!r}. {nearest(name, [*DIMENSIONS, *self.attributes])}")

    def has_view(self, view: str) -> bool:
        return view in self._released

    @property
    def views(self) -> list[str]:
        """Every view in which something is told."""
        return list(self._released)

    def told(self, view: str) -> pl.DataFrame:
        """The released rows of a view: each count is null but in the groups that are its own."""
        return self._released[view]

    def told_nowhere(self, view: str) -> pl.DataFrame:
        """The blocks in which a count (`measure`) that is reported is told nowhere, and `why`."""
        frame = self._withheld.get(view)
        if frame is None:
            frame = self._table("withheld", None)
        reported = self.coverage.select("campaign", "channel", "origin", measure="fact").unique()
        return frame.select(*BLOCK, "measure", "why").join(
            reported, on=["campaign", "channel", "origin", "measure"], how="semi"
        )

    def told_apart(self, view: str) -> frozenset[tuple[str, str]]:
        """The (campaign, channel) whose members or messages a cut tells apart."""
        if view not in self._apart:
            frames = [named[view] for named in (self._released, self._withheld) if view in named]
            pairs = {pair for frame in frames for pair in frame.select("campaign", "channel").iter_rows()}
            self._apart[view] = frozenset(pairs)
        return self._apart[view]

    @cached_property
    def book(self) -> Codebook:
        """The numbers of this snapshot's labels."""
        told = self.coverage.select("campaign", "channel", month=pl.lit(0, pl.Int32))
        frames = [*self._released.values(), *self._withheld.values(), self.reach.rows, told]
        return Codebook(self.campaigns, frames)

    def shown(self, name: str) -> list[str]:
        """The labels that a cut may show, in order: see `Codebook.values`."""
        if name not in self._shown:
            told = {one for view in self._released for one in self._coordinates(view, name)}
            met = {one for one in self.reach.rows[name] if one} if name in self.reach.rows.columns else ()
            self._shown[name] = self.book.values(name, {*told, *met})
        return self._shown[name]

    def _coordinates(self, view: str, name: str) -> set[str]:
        """The single values of a cut in one view."""
        names = view.split("|")
        if name not in names:
            return set()
        told = self._released[view]["value"].unique()
        return {part.split(TOGETHER)[names.index(name)] for value in told for part in parts(value)}

    def groups(self, view: str, columns: tuple[str, ...], grain: Grain = "group") -> Groups:
        """The finest disjoint groups that tell all `columns`; or their sums by month, or all."""
        key = (view, columns, grain)
        found = self._groups.get(key)
        if found is None:
            with self._lock:
                made = groups(self._make(view, columns, grain), columns, self.book, self._bounds)
                found = self._groups.setdefault(key, made)
        return found

    def bounds(self, rows: pl.DataFrame) -> Bounds:
        """The bounds of released rows, in their order."""
        return self._bounds.of(rows, self.book)

    def _make(self, view: str, columns: tuple[str, ...], grain: Grain) -> pl.DataFrame:
        frame = self._released.get(view)
        if frame is None:
            return pl.DataFrame(
                schema={
                    **dict.fromkeys(("campaign", "channel", "origin", "result", "value"), pl.String),
                    "month": pl.Int32,
                    "first_day": pl.Int32,
                    "last_day": pl.Int32,
                    **dict.fromkeys(columns, pl.Int64),
                    "groups": pl.UInt32,
                }
            )
        groups = common_groups(frame, columns).with_columns(groups=pl.lit(1, pl.UInt32))
        if grain == "group":
            return groups
        by = ["campaign", "channel", "origin", "result", "value", *(["month"] if grain == "month" else [])]
        rolled = groups.group_by(by).agg(
            pl.col(dict.fromkeys(columns)).sum(),
            pl.col("groups").sum(),
            pl.col("first_day").min(),
            pl.col("last_day").max(),
            *([] if grain == "month" else [pl.col("month").max()]),
        )
        return rolled.select(groups.columns)

    def withheld(self, view: str, columns: tuple[str, ...]) -> pl.DataFrame:
        """The blocks in which one of `columns` is told nowhere, with which (`measure`) and `why`."""
        frame = self._withheld.get(view)
        if frame is None:
            names = {**dict.fromkeys(("campaign", "channel", "measure", "why"), pl.String), "month": pl.Int32}
            return pl.DataFrame(schema=names)
        blocks = frame.filter(pl.col("measure").is_in(list(columns))).select(*BLOCK, "measure", "why")
        return blocks.join(self._reported(columns), on=["campaign", "channel", "origin"], how="semi")

    def covered(self, columns: tuple[str, ...]) -> frozenset[tuple[str, str]]:
        """The (campaign, channel) whose sources report all of `columns`."""
        if columns not in self._covered:
            pairs = frozenset(self._reported(columns).select("campaign", "channel").iter_rows())
            # Most counts are reported by the same sources: one set for all is compared by being the same.
            self._covered[columns] = self._places.setdefault(pairs, pairs)
        return self._covered[columns]

    def covering(self, columns: tuple[str, ...]) -> Bools:
        """By campaign and channel number, whether its sources report all of `columns`."""
        if columns not in self._covering:
            self._covering[columns] = self.matrix(self.covered(columns))
        return self._covering[columns]

    def telling(self, view: str) -> Bools:
        """By campaign and channel number, whether a cut tells its members or messages apart."""
        if view not in self._telling:
            self._telling[view] = self.matrix(self.told_apart(view))
        return self._telling[view]

    def matrix(self, places: frozenset[tuple[str, str]]) -> Bools:
        """By campaign and channel number, whether it is among some places."""
        if places not in self._matrices:
            found = np.zeros((len(self.book.campaigns), len(self.book.channels)), np.bool_)
            for campaign, channel in places:
                found[self.book.number("campaign", campaign), self.book.number("channel", channel)] = True
            self._matrices[places] = found
        return self._matrices[places]

    def _reported(self, columns: tuple[str, ...]) -> pl.DataFrame:
        """The (campaign, channel, origin) whose sources report all of `columns`."""
        if columns not in self._reporting:
            self._reporting[columns] = self._all_told(columns)
        return self._reporting[columns]

    def _all_told(self, columns: tuple[str, ...]) -> pl.DataFrame:
        wanted = self.coverage.filter(pl.col("fact").is_in(list(columns)))
        count = wanted.group_by("campaign", "channel", "origin").agg(pl.col("fact").n_unique())
        return count.filter(pl.col("fact") == len(set(columns))).drop("fact")

    @cached_property
    def reach(self) -> Reach:
        """Who was reached."""
        return Reach(self._table("told_reach", self.snapshot.versions.get("told_reach")))


def _of(frame: pl.DataFrame, campaigns: Collection[str] | None) -> pl.DataFrame:
    return frame if campaigns is None else frame.filter(pl.col("campaign").is_in(list(campaigns)))


class Shelf:
    """Holds the cubes of the newest snapshot and swaps them between requests."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake
        self._cubes: Cubes | None = None
        self._version: int | None = None
        self._lock = threading.Lock()

    def current(self) -> Cubes:
        """The newest cubes that are loaded; loads them at the first call."""
        if self._cubes is None:
            self.renew()
        assert self._cubes is not None
        return self._cubes

    def renew(self) -> bool:
        """Load the newest snapshot where there is one; true where it changed. Requests go on meanwhile."""
        with self._lock:
            version = self.lake.version("snapshots")
            if self._cubes is not None and version == self._version:
                return False
            self._cubes, self._version = Cubes(self.lake, self.lake.latest()), version
            return True
