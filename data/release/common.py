"""The finest groups in which several counts are all told: each stands in groups of its own."""

from __future__ import annotations

import polars as pl

from data.release.atoms import BLOCK
from data.release.rungs import RUNGS, rung
from data.release.values import joined
from data.release.views import POOLED

SPAN = ["first_day", "last_day"]


def common_groups(rows: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """Disjoint groups with every count of `columns`, from the rows of one view; sums of whole groups.

    Returns block, value, first_day, last_day and the columns. A block in which one of them is told nowhere
    is left out.
    """
    names = list(dict.fromkeys(columns))
    own = rows.filter(pl.any_horizontal(pl.col(names).is_not_null()))
    own = own.filter(pl.all_horizontal(pl.col(names).is_not_null().any().over(BLOCK)))
    if len(names) == 1 or _same(own, names):
        return own.select(*BLOCK, "value", *SPAN, *names)
    by_time = own.filter(pl.col("value") == "")
    by_value = own.filter(pl.col("value") != "")
    return pl.concat([_by_time(by_time, names), _by_value(by_value, names)])


def _same(rows: pl.DataFrame, names: list[str]) -> bool:
    return bool(rows.select(pl.all_horizontal(pl.col(names).is_not_null()).all()).item())


def _by_time(rows: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """Days of all counts joined to the coarsest rung that one of them stands on."""
    levels = [pl.col("level").filter(pl.col(name).is_not_null()).max().over(BLOCK) for name in names]
    frame = rows.with_columns(common=pl.max_horizontal(levels))
    part = pl.lit(None, pl.Int32)
    for level in RUNGS:
        part = pl.when(pl.col("common") == level).then(rung(level, "first_day")).otherwise(part)
    sums = frame.with_columns(part=part).group_by(*BLOCK, "value", "part")
    made = sums.agg(pl.col("first_day").min(), pl.col("last_day").max(), pl.col(names).sum())
    return made.select(*BLOCK, "value", *SPAN, *names)


def _by_value(rows: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """Values that any of the counts pools are pooled for all."""
    if rows.is_empty():
        return rows.select(*BLOCK, "value", *SPAN, *names)
    whole = rows.with_row_index("row")
    spread = whole.with_columns(pl.col("value").str.split(POOLED)).explode("value")
    groups = [
        pl.when(pl.col(name).is_not_null()).then(pl.col("row")).max().alias(f"group {name}") for name in names
    ]
    values = (
        spread.group_by(*BLOCK, "value")
        .agg(groups)
        .with_columns(place=pl.int_range(pl.len(), dtype=pl.Int64))
    )
    placed = joined(values, [f"group {name}" for name in names], BLOCK)
    labels = placed.group_by(*BLOCK, "start").agg(pl.col("value").sort().str.join(POOLED).alias("together"))
    named = placed.join(labels, on=[*BLOCK, "start"], nulls_equal=True)
    own = [named.select(f"group {name}", "together").drop_nulls().unique() for name in names]
    made = whole
    of = pl.concat([frame.rename({frame.columns[0]: "row"}) for frame in own]).unique("row")
    sums = made.join(of, on="row").group_by(*BLOCK, "together")
    found = sums.agg(pl.col(names).sum(), pl.col("first_day").min(), pl.col("last_day").max())
    return found.select(*BLOCK, pl.col("together").alias("value"), *SPAN, *names)
