"""Bitmaps of which members passed a stage, kept in step with the touched pairs."""

from __future__ import annotations

import polars as pl
from pyroaring import BitMap

from etl.cells import MARKS

KEY = list(MARKS[:-1])


def positions(index: pl.DataFrame, members: pl.Series) -> pl.DataFrame:
    """The index with a position for every member; new members come last, in order of pseudonym."""
    new = members.unique().drop_nulls().to_frame("member").join(index, on="member", how="anti").sort("member")
    start = index.height
    added = new.with_columns(position=pl.int_range(start, start + new.height, dtype=pl.Int64))
    return pl.concat([index.select("member", "position"), added])


def merged(
    bitmaps: pl.DataFrame, before: pl.DataFrame, after: pl.DataFrame, index: pl.DataFrame
) -> pl.DataFrame:
    """The bitmaps without the marks of `before` and with those of `after`; empty ones are dropped."""
    state: dict[tuple[object, ...], BitMap] = {
        row[:-1]: BitMap.deserialize(row[-1]) for row in bitmaps.select(*KEY, "members").iter_rows()
    }
    for key, found in _grouped(before, index):
        state[key] = state.get(key, BitMap()) - BitMap(found)
    for key, found in _grouped(after, index):
        state[key] = state.get(key, BitMap()) | BitMap(found)
    rows = [
        (*key, _packed(bitmap))
        for key, bitmap in sorted(state.items(), key=lambda item: repr(item[0]))
        if bitmap
    ]
    schema = {**dict.fromkeys(KEY, pl.String), "month": pl.Int32, "members": pl.Binary}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _packed(bitmap: BitMap) -> bytes:
    bitmap.run_optimize()
    return bytes(bitmap.serialize())


def _grouped(marks: pl.DataFrame, index: pl.DataFrame) -> list[tuple[tuple[object, ...], list[int]]]:
    placed = marks.join(index, on="member").group_by(KEY).agg("position")
    return [(row[:-1], row[-1]) for row in placed.select(*KEY, "position").iter_rows()]
