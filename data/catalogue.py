"""What the lake knows of its own loading: loads, refusals, checks and runs, beside the snapshot shown."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cached_property
from weakref import WeakKeyDictionary

import polars as pl

from data import clocks, runs
from data.cubes import Cubes
from data.runs import RunRecord
from data.snapshot import Lake, Snapshot

READ = ("loads", "undone", "refusals", "checks")
Stamp = tuple[object, ...]


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Everything that was landed, newest first, and what became of it. Frames never change once made."""

    snapshot: Snapshot
    loads: pl.DataFrame
    undone: pl.DataFrame
    refusals: pl.DataFrame
    checks: pl.DataFrame
    runs: list[RunRecord]
    terms: pl.DataFrame = field(repr=False)

    @cached_property
    def published(self) -> pl.DataFrame:
        """The loads that the snapshot contains."""
        return self.loads.filter(pl.col("seq") <= self.snapshot.load_seq)

    @property
    def waiting(self) -> int:
        """How many loads, and undoings of loads, wait for the next run."""
        undone = self.undone.filter(pl.col("undone_seq") > self.snapshot.load_seq)
        return self.loads.height - self.published.height + undone.height

    @cached_property
    def outreach(self) -> list[clocks.OutreachClock]:
        return clocks.outreach(self.published)

    @cached_property
    def outcomes(self) -> list[clocks.OutcomeClock]:
        return clocks.outcomes(self.published, self.terms)

    @property
    def blocking(self) -> pl.DataFrame:
        """The checks that stopped the last run; none where it published."""
        if self.checks.is_empty():
            return self.checks
        return self.checks.filter(
            pl.col("blocking")
            & (pl.col("bad_rows") > 0)
            & (pl.col("checked_us") > self.snapshot.published_us)
        )


def read(lake: Lake, snapshot: Snapshot) -> Catalogue:
    """Read the catalogue of a lake now; a lake of an earlier version lacks some of it, and still opens."""
    loads = lake.frame("loads").sort("seq", descending=True)
    known = loads.select("load_id")
    version = snapshot.versions.get("terms")
    return Catalogue(
        snapshot=snapshot,
        loads=loads,
        undone=lake.frame("undone").sort("undone_us", descending=True),
        # A crash may leave refusals of a load that does not stand yet; the next one removes them.
        refusals=lake.frame("refusals").join(known, on="load_id", how="semi"),
        checks=lake.frame("checks"),
        runs=runs.read(lake.root),
        terms=lake.frame("terms", version) if version is not None else lake.frame("terms", where="false"),
    )


_kept: WeakKeyDictionary[Cubes, tuple[Stamp, Catalogue]] = WeakKeyDictionary()
_lock = threading.Lock()


def catalogue(cubes: Cubes) -> Catalogue:
    """The catalogue beside some cubes, read anew only where something was landed, checked or run."""
    stamp = _stamp(cubes.lake)
    with _lock:
        kept = _kept.get(cubes)
    if kept is not None and kept[0] == stamp:
        return kept[1]
    fresh = read(cubes.lake, cubes.snapshot)
    with _lock:
        _kept[cubes] = (stamp, fresh)
    return fresh


def _stamp(lake: Lake) -> Stamp:
    return (*(lake.newest(name) for name in READ), runs.changed(lake.root))
