"""Bitmaps of which members passed a stage, kept in step with the touched pairs."""

from __future__ import annotations

from array import array
from itertools import pairwise

import duckdb
import numpy as np
import polars as pl
from pyroaring import BitMap

from data.tables import REACH

KEY = [column.name for column in REACH.columns[:-1]]
STAGES = {"sent": 1, "delivered": 2, "engaged": 128, "responded": 64, "converted": 16777216}
"""The bit of each stage in the marks."""
Key = tuple[object, ...]
Bitmaps = dict[Key, BitMap]

MARKED = (
    "linked and campaign <> '' "
    "and coalesce(sent_us, delivered_us, engaged_us, replied_us) is not null and member is not null"
)
"""Whose messages leave a mark in some bitmap."""


def positions(con: duckdb.DuckDBPyConnection, index: pl.DataFrame, messages: str) -> pl.DataFrame:
    """The index with a position for every member marked; new members come last, in order of pseudonym.

    It stands as the temporary table `positions`, too.
    """
    found: pl.DataFrame = con.sql(f"select distinct member from {messages} where {MARKED}").pl()
    new = found.join(index, on="member", how="anti").sort("member")
    start = index.height
    added = new.with_columns(position=pl.int_range(start, start + new.height, dtype=pl.Int64))
    whole = pl.concat([index.select("member", "position"), added])
    con.register("frame_in", whole.to_arrow())
    con.execute("create or replace temp table positions as select * from frame_in")
    return whole


def marked(con: duckdb.DuckDBPyConnection) -> Bitmaps:
    """The bitmaps of `reach_marks`, by campaign, channel, wave, variant, month and stage."""
    parts = {
        row[0]: row[1:]
        for row in con.execute(
            "select distinct part, campaign, channel, wave, variant, month from slices"
        ).fetchall()
    }
    found: Bitmaps = {}
    for stage, bit in STAGES.items():
        rows = con.execute(
            "select m.part, cast(i.position as uinteger) as position from reach_marks m "
            f"join positions i on i.member = m.member where (m.passed & {bit}) <> 0 "
            "order by m.part, i.position"
        ).fetchnumpy()
        part, position = rows["part"], np.ascontiguousarray(rows["position"], dtype=np.uint32)
        if len(part):
            ends = [0, *(np.flatnonzero(np.diff(part)) + 1).tolist(), len(part)]
            for first, last in pairwise(ends):
                members = BitMap(array("I", position[first:last].tobytes()))
                found[(*parts[int(part[first])], stage)] = members
    return found


def merged(bitmaps: pl.DataFrame, before: Bitmaps, after: Bitmaps) -> pl.DataFrame:
    """The bitmaps without the marks of `before` and with those of `after`; empty ones are dropped."""
    touched = before.keys() | after.keys()
    packed: dict[Key, bytes] = {row[:-1]: row[-1] for row in bitmaps.select(*KEY, "members").iter_rows()}
    for key in touched:
        old = BitMap.deserialize(packed[key]) if key in packed else BitMap()
        new = (old - before.get(key, BitMap())) | after.get(key, BitMap())
        packed.pop(key, None)
        if new:
            packed[key] = _packed(new)
    rows = [(*key, members) for key, members in sorted(packed.items(), key=lambda item: repr(item[0]))]
    schema = {**dict.fromkeys(KEY, pl.String), "month": pl.Int32, "members": pl.Binary}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _packed(bitmap: BitMap) -> bytes:
    bitmap.run_optimize()
    return bytes(bitmap.serialize())
