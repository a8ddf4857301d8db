"""The table of what was told of groups whose rows were all undone (`data/release/withdrawn.py`)."""

from __future__ import annotations

import polars as pl

from data import release
from data.snapshot import Lake, Snapshot
from data.tables import PENDING, RELEASED, STANDING, WITHDRAWN, WITHHELD
from etl.intake.batch import POLARS

PARTS = {table.name: table for table in (RELEASED, WITHHELD, STANDING, PENDING)}


def read(lake: Lake, last: Snapshot) -> release.Told:
    """What the last snapshot remembers so."""
    version = last.versions.get("withdrawn")
    if version is None:
        return release.Told.nothing()
    frame = lake.frame("withdrawn", version)
    parts = (frame.filter(pl.col("of") == name).select(_columns(name)) for name in PARTS)
    return release.Told(*parts)


def frame_of(told: release.Told) -> pl.DataFrame:
    """The rows of the table `withdrawn`."""
    frames = (told.released, told.withheld, told.standing, told.pending)
    parts = [frame.with_columns(of=pl.lit(name)) for name, frame in zip(PARTS, frames, strict=True)]
    empty = pl.DataFrame(schema={c.name: POLARS[c.type] for c in WITHDRAWN.columns})
    return pl.concat([empty, *parts], how="diagonal_relaxed")


def _columns(name: str) -> list[str]:
    return [column.name for column in PARTS[name].columns]
