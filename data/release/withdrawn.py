"""What was told of groups whose rows were all undone: not told now, and where they start from if they return.

Without it a plan that undoes a load and brings a corrected file would tell two figures of the same members,
and their difference might be one of them.
"""

from __future__ import annotations

import polars as pl

from data.release.atoms import BLOCK, CUT
from data.release.quantities import apart
from data.release.rules import SUMS
from data.release.told import Told


def totals_alone(told: Told, threshold: int) -> Told:
    """As much of it as new terms leave: totals of enough members; groups are decided anew."""
    nothing = Told.nothing()
    return Told(
        nothing.released,
        nothing.withheld,
        told.standing.filter(apart(pl.col("total"), threshold)),
        nothing.pending,
    )


def withdrawn(before: Told, decided: Told) -> Told:
    """The part of what was told that a decision finds no members for.

    Groups whose block stays are remembered as long as its total is: they add up to it.
    """
    cuts = pl.concat([frame.select(CUT) for frame in (decided.released, decided.withheld, decided.pending)])
    alive = decided.standing.select(BLOCK).unique()
    moved = _moved(before.standing, decided.standing)
    return Told(
        _unmoved(_absent(before.released, cuts, CUT), moved),
        _absent(before.withheld, cuts, CUT).join(moved, on=[*BLOCK, "measure"], how="anti", nulls_equal=True),
        _absent(before.standing, alive, BLOCK),
        _unmoved(_absent(before.pending, cuts, CUT), moved),
    )


def _absent(frame: pl.DataFrame, there: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    return frame.join(there.unique(), on=on, how="anti", nulls_equal=True)


def _moved(before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """The blocks that stay and their counts that are told otherwise."""
    key = [*BLOCK, "measure"]
    pairs = before.select(*key, "total").join(
        now.select(*key, now="total"), on=key, how="left", nulls_equal=True
    )
    alive = pairs.join(now.select(BLOCK).unique(), on=BLOCK, how="semi", nulls_equal=True)
    return alive.filter(pl.col("total").ne_missing(pl.col("now"))).select(key)


def _unmoved(rows: pl.DataFrame, moved: pl.DataFrame) -> pl.DataFrame:
    if rows.is_empty() or moved.is_empty():
        return rows
    wide = moved.group_by(BLOCK).agg((pl.col("measure") == c).any().alias(f"moved {c}") for c in SUMS)
    found = rows.join(wide, on=BLOCK, how="left", nulls_equal=True).with_columns(
        pl.when(~pl.col(f"moved {c}").fill_null(False)).then(pl.col(c)).alias(c) for c in SUMS
    )
    some = pl.any_horizontal(pl.col(c).is_not_null() for c in SUMS)
    return found.filter(some).select(rows.columns)
