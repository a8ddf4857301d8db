"""A cut by two coordinates: the table of both cuts' own groups, or of fewer rows or columns."""

from __future__ import annotations

import polars as pl

from data.release.atoms import BLOCK
from data.release.quantities import atoms_with, grouped, needed, safe
from data.release.rules import ORDER, SUMS
from data.release.views import TOGETHER

SHAPES: tuple[tuple[str, ...], ...] = ((), ("row",), ("column",), ("row", "column"))
"""Which lines are pooled, in the order in which they are tried: none, rows, columns, both."""


def tabled(
    atoms: pl.DataFrame,
    stand: pl.DataFrame,
    rows: pl.DataFrame,
    columns: pl.DataFrame,
    counts: tuple[str, ...],
    threshold: int,
) -> pl.DataFrame:
    """Per block and value the group of each count, null where no table of the block is safe in every cell.

    `rows` and `columns` are the groups of the two cuts alone (block, value, `group c`). All tables are
    products of a partition of each coordinate, so that their margins are sums of whole cells.
    """
    flags = [f"{word} {c}" for word in ("told", "complete") for c in SUMS]
    frame = atoms.join(stand.select(*BLOCK, *flags), on=BLOCK, nulls_equal=True)
    frame = frame.with_columns(
        pl.col("value").str.split(TOGETHER).list.get(0).alias("row value"),
        pl.col("value").str.split(TOGETHER).list.get(1).alias("column value"),
    )
    frame = atoms_with(frame.sort(*BLOCK, "value"), counts).with_row_index("place")
    for count in (c for c in ORDER if c in counts):
        own = _with_lines(frame, rows, columns, count)
        frame = frame.join(_chosen(own, count, threshold), on="place", how="left")
    return frame.select(*BLOCK, "value", *(f"group {c}" for c in counts))


def _with_lines(frame: pl.DataFrame, rows: pl.DataFrame, columns: pl.DataFrame, count: str) -> pl.DataFrame:
    wanted = ["place", *BLOCK, "row value", "column value", *needed(count, frame.columns)]
    made = frame.filter(pl.col(f"told {count}") & pl.col(f"complete {count}")).select(wanted)
    for line, groups in (("row", rows), ("column", columns)):
        named = groups.select(
            *BLOCK, pl.col("value").alias(f"{line} value"), pl.col(f"group {count}").alias(line)
        )
        made = made.join(named, on=[*BLOCK, f"{line} value"], how="inner", nulls_equal=True)
    return made.drop_nulls(["row", "column"])


def _chosen(own: pl.DataFrame, count: str, threshold: int) -> pl.DataFrame:
    """`place` and group of the first shape in which every cell of a block is safe."""
    left, found = own, []
    for shape in SHAPES:
        if left.is_empty():
            break
        pooled = left
        for line in shape:
            pooled = _pooled(pooled, line, count, threshold)
        cells = _cells(pooled, count, threshold)
        good = cells.group_by(BLOCK).agg(pl.col("fine").all()).filter("fine").drop("fine")
        found.append(pooled.join(good, on=BLOCK, how="semi", nulls_equal=True))
        left = left.join(good, on=BLOCK, how="anti", nulls_equal=True)
    made = pl.concat(found) if found else own
    group = pl.col("place").min().over(*BLOCK, "row", "column").cast(pl.Int64)
    return made.select("place", group.alias(f"group {count}"))


def _cells(own: pl.DataFrame, count: str, threshold: int) -> pl.DataFrame:
    flags = [pl.col(name).first() for name in own.columns if name.startswith("told ")]
    cells = grouped(own, [*BLOCK, "row", "column"], flags)
    return cells.with_columns(fine=safe(count, cells.columns, threshold))


def _pooled(own: pl.DataFrame, line: str, count: str, threshold: int) -> pl.DataFrame:
    """The lines with an unsafe cell as one; where there is but one, with the smallest other."""
    cells = _cells(own, count, threshold)
    lines = cells.group_by(*BLOCK, line).agg(pl.col("fine").all(), pl.col(count).sum())
    ranked = lines.sort(*BLOCK, "fine", count, line).with_columns(
        rank=pl.int_range(pl.len(), dtype=pl.Int64).over(BLOCK),
        many=pl.max_horizontal((~pl.col("fine")).sum().cast(pl.Int64), pl.lit(2, pl.Int64)).over(BLOCK),
        least=pl.col(line).min().over(BLOCK),
    )
    into = ranked.select(
        *BLOCK, line, into=pl.when(pl.col("rank") < pl.col("many")).then(-1).otherwise(pl.col(line))
    )
    return (
        own.join(into, on=[*BLOCK, line], nulls_equal=True)
        .with_columns(pl.col("into").alias(line))
        .drop("into")
    )
