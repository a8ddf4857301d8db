"""How much of the true figures each cut tells: the price of the rule, in whole percent of the plan."""

from __future__ import annotations

import polars as pl

from data.release.atoms import BLOCK, ORIGIN, RESULT
from data.release.rules import MONEY, SUMS
from data.release.views import POOLED, View
from data.tables import UTILITY

COUNTED = [count for count in SUMS if count not in MONEY]


def totals(cells: pl.DataFrame) -> pl.DataFrame:
    """The true totals per block and kind of cells, of the columns that say what they are and count."""
    own = cells.with_columns(origin=ORIGIN, result=RESULT)
    return own.group_by("kind", *BLOCK).agg(pl.col(COUNTED).sum())


def utility(
    totals: pl.DataFrame, released: pl.DataFrame, withheld: pl.DataFrame, every: list[View]
) -> pl.DataFrame:
    """Per cut and count the percent told by single values, and told at all, of what is complete.

    `totals` are those of the function of that name, `released` and `withheld` the tables. `waiting` is the
    percent of everything that is not complete yet. Rows without anything to tell are left out.
    """
    found = [_of_view(view, totals, released, withheld) for view in every]
    made = pl.concat(found).sort("view", "measure")
    return made.select(pl.col(column.name) for column in UTILITY.columns)


def _of_view(
    view: View, totals: pl.DataFrame, released: pl.DataFrame, withheld: pl.DataFrame
) -> pl.DataFrame:
    counts = [count for count in COUNTED if count in view.counts]
    rows, untold = (frame.filter(pl.col("view") == view.name) for frame in (released, withheld))
    blocks = pl.concat([rows.select(BLOCK), untold.select(BLOCK)]).unique()
    every = totals.filter(pl.col("kind").is_in(view.kinds)).drop("kind").group_by(BLOCK).sum()
    true = _long(every.join(blocks, on=BLOCK, nulls_equal=True), counts, "true")
    single = _long(_summed(rows.filter(~pl.col("value").str.contains(POOLED)), counts), counts, "single")
    told = _long(_summed(rows, counts), counts, "told")
    early = untold.filter(pl.col("why") == "early").select(*BLOCK, "measure", waits=pl.lit(True))
    frame = true
    for part in (single, told, early):
        frame = frame.join(part, on=[*BLOCK, "measure"], how="left", nulls_equal=True)
    waits = pl.col("waits").fill_null(False)
    sums = frame.group_by("measure").agg(
        pl.col("true").sum().alias("all"),
        *(pl.col(name).filter(~waits).sum() for name in ("true", "single", "told")),
    )
    return sums.filter(pl.col("all") > 0).select(
        view=pl.lit(view.name),
        measure="measure",
        single=_percent(pl.col("single"), pl.col("true")),
        told=_percent(pl.col("told"), pl.col("true")),
        waiting=_percent(pl.col("all") - pl.col("true"), pl.col("all")),
    )


def _summed(rows: pl.DataFrame, counts: list[str]) -> pl.DataFrame:
    return rows.group_by(BLOCK).agg(pl.col(counts).sum())


def _long(frame: pl.DataFrame, counts: list[str], name: str) -> pl.DataFrame:
    return frame.unpivot(counts, index=BLOCK, variable_name="measure", value_name=name)


def _percent(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """Whole percent, rounded down; a count held at an older state may be above the true one of today."""
    share = (100 * part / whole).floor().cast(pl.Int32)
    return pl.when(whole > 0).then(pl.min_horizontal(share, pl.lit(100, pl.Int32)))
