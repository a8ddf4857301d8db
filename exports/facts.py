"""The released facts as the rows of a file, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import polars as pl

from data import facts as door
from data.cubes import Cubes
from data.filters import Filters
from data.periods import day_date
from data.release import SUMS
from data.viewer import Viewer
from exports.sheet import Sheet, grouped
from pages.table import FactsTable

SCHEMA = "1"
BATCH = 16_384


def sheet(page: str, table: FactsTable, filters: Filters, viewer: Viewer, cubes: Cubes) -> Sheet:
    """The released facts under the filters, inside the viewer's row scope."""
    number = cubes.snapshot.number

    def batches() -> Iterator[pl.DataFrame]:
        for frame in grouped(door.facts(filters, viewer, cubes), BATCH):
            own = [pl.lit(SCHEMA).alias("schema"), pl.lit(number, pl.Int64).alias("snapshot")]
            yield frame.select(*own, *door.SCHEMA)

    @cache
    def total() -> int:
        return sum(frame.height for frame in door.facts(filters, viewer, cubes))

    days = filters.days(cubes)
    return Sheet(
        page,
        table.name,
        table.title,
        number,
        filters.sentence(cubes),
        f"facts {SCHEMA}",
        {"schema": pl.String, "snapshot": pl.Int64, **door.SCHEMA},
        batches,
        total,
        tuple(day_date(day).isoformat() for day in days) if days else ("all-time",),
        (*SUMS, *door.UNIONS),
        {"schema": "version of the columns", "snapshot": "published state of the data", **door.MEANINGS},
    )
