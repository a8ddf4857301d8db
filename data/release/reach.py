"""Which bitmaps unions are counted from: those told last, until enough members differ."""

from __future__ import annotations

import polars as pl
from pyroaring import BitMap

SLICE = ["campaign", "channel", "month", "stage"]


def held_reach(before: pl.DataFrame, now: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """The bitmaps to count unions from; both frames have the columns of the table `reach`.

    A campaign's channel, month and stage is renewed, with all its waves and variants, once at least
    `threshold` members differ from those told last: a union, though rounded, would else tell of one of them.
    """
    if before.is_empty():
        return now
    old, new = _members(before), _members(now)
    stay = [key for key in old if 0 < len(old[key] ^ new.get(key, BitMap())) < threshold]
    schema = {name: now.schema[name] for name in SLICE}
    kept = pl.DataFrame(stay, schema=schema, orient="row")
    return pl.concat(
        [
            now.join(kept, on=SLICE, how="anti"),
            before.join(kept, on=SLICE, how="semi"),
        ]
    ).sort(now.columns[:-1])


def _members(reach: pl.DataFrame) -> dict[tuple[object, ...], BitMap]:
    found: dict[tuple[object, ...], BitMap] = {}
    for *key, packed in reach.select(*SLICE, "members").iter_rows():
        found[tuple(key)] = found.get(tuple(key), BitMap()) | BitMap.deserialize(packed)
    return found
