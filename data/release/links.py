"""Whether two views of one block may both be told, when the calendar of sending says what meets what.

Each view is one margin of the block's members. Where any value of one may meet any value of the other, two
margins say nothing of a part that both share (docs/privacy.md). The schedule of a campaign is no secret,
though: a wave goes out on its days only. Where groups meet as stars (each lies inside one of the other view)
or everyone meets everyone, what can be derived is a sum of whole groups; elsewhere it may be a single part.
"""

from __future__ import annotations

import polars as pl


def holds(met: pl.DataFrame, block: list[str], left: str, right: str) -> pl.DataFrame:
    """The blocks in which the pairs (`left`, `right`) of `met` form stars, or complete pieces, alone.

    `met` has the columns of `block` and the two group names, one row or more for each pair that occurs.
    Returns `block` and `holds`.
    """
    pairs = met.select(*block, left, right).unique()
    ends = pairs.with_columns(
        pl.len().over(*block, left).alias("of left"), pl.len().over(*block, right).alias("of right")
    )
    star = (pl.col("of left") == 1) | (pl.col("of right") == 1)
    met_by = pairs.group_by(*block, left).agg(pl.col(right).hash().sum().alias("meets"))
    same = ends.join(met_by, on=[*block, left], nulls_equal=True)
    whole = pl.col("meets").n_unique().over(*block, right) == 1
    return same.with_columns(holds=star | whole).group_by(block).agg(pl.col("holds").all())
