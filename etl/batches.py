"""Which part of the history is worked on at a time, so that memory does not grow with all of it."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

import duckdb
import polars as pl

from data.snapshot import Lake

Key = TypeVar("Key")
EVENTS_AT_ONCE = 4_000_000
ROWS_AT_ONCE = 2_000_000
"""Messages and assignments of the campaigns that are counted at a time; a larger campaign is one alone."""
A_ROW = 30
"""Bytes of an event in a file, about: only for files that do not say how many rows they have."""


def windows(lake: Lake) -> list[list[date | None]]:
    """The dates of the events, in stretches of about `EVENTS_AT_ONCE`; events without a date come first."""
    table = lake.open("events")
    if table is None or not table.file_uris():
        return []
    files = pl.DataFrame(table.get_add_actions(flatten=True))
    rows = pl.coalesce(pl.col("num_records"), pl.col("size_bytes") // A_ROW).sum()
    days = files.group_by(day="partition.event_date").agg(rows=rows).sort("day", nulls_last=False)
    return _filled([(row[0], row[1]) for row in days.iter_rows()], EVENTS_AT_ONCE)


def campaigns(con: duckdb.DuckDBPyConnection, *relations: str) -> list[list[str]]:
    """The campaigns that some relations name, by name, with about `ROWS_AT_ONCE` of their rows at a time.

    At least one batch, be it empty.
    """
    counted = " union all ".join(
        f"select campaign, count(*) as n from {one} group by campaign" for one in relations
    )
    rows = con.execute(
        f"select campaign, cast(sum(n) as bigint) from ({counted}) where campaign <> '' "
        "group by campaign order by campaign"
    ).fetchall()
    return _filled(rows, ROWS_AT_ONCE) or [[]]


def _filled(sizes: list[tuple[Key, int]], most: int) -> list[list[Key]]:
    """The keys in batches of at most so many rows, in order; what is larger stands alone."""
    made: list[list[Key]] = []
    room = 0
    for key, size in sizes:
        if not made or size > room:
            made.append([])
            room = most
        made[-1].append(key)
        room -= size
    return made
