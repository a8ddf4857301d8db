"""Pools of the smallest values of a cut, for what no rung of time makes safe."""

from __future__ import annotations

import polars as pl

from data.release.ladder import BLOCK, CUT, NEVER, POOL, Counts, size_of
from data.release.rules import BEHIND, SUMS, safe
from data.release.views import POOLED


def pools_of(
    months: pl.DataFrame,
    levels: pl.DataFrame,
    counts: Counts,
    threshold: int,
    free: frozenset[str],
    overlapping: bool,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """How many of a block's smallest values each count pools (`NEVER` values: withheld), and the pools' sums.

    Values are ordered by their members, the same for every count, so that the pools of two counts are
    nested in each other. The pool is the shortest one that holds every unsafe value and may be told.
    """
    ordered = months.join(levels, on=CUT).with_columns(size=size_of()).sort(*BLOCK, "size", "value")
    running = [pl.col(SUMS).cum_sum().over(BLOCK)]
    running.append((pl.col(BEHIND).cum_max() if overlapping else pl.col(BEHIND).cum_sum()).over(BLOCK))
    ranked = ordered.with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over(BLOCK))
    prefixes = ranked.with_columns(
        *running,
        values=pl.col("value").cum_count().over(BLOCK),
        first_day=pl.col("first_day").cum_min().over(BLOCK),
        last_day=pl.col("last_day").cum_max().over(BLOCK),
    )
    needs = [
        pl.when(pl.col(f"level {c}") == NEVER)
        .then(pl.col("rank"))
        .max()
        .fill_null(0)
        .over(BLOCK)
        .alias(f"need {c}")
        for c in counts
    ]
    fits = [
        pl.when((pl.col("rank") >= pl.col(f"need {c}")) & (pl.col("rank") > 1) & safe(c, threshold, free))
        .then(pl.col("rank"))
        .min()
        .over(BLOCK)
        .alias(f"fit {c}")
        for c in counts
    ]
    chosen = [
        pl.when(pl.col(f"need {c}") == 0)
        .then(0)
        .otherwise(pl.col(f"fit {c}").fill_null(-1))
        .cast(pl.Int32)
        .alias(f"pool {c}")
        for c in counts
    ]
    judged = prefixes.with_columns(needs).with_columns(fits).with_columns(chosen)
    pools = judged.group_by(BLOCK).agg(pl.col(f"pool {c}").first() for c in counts)
    ranks = ranked.select(*CUT, "rank")
    return ranks.join(pools, on=BLOCK), prefixes.select(*CUT, "rank", "first_day", "last_day", *SUMS)


def pooled_rows_of(prefixes: pl.DataFrame, pools: pl.DataFrame, counts: Counts) -> pl.DataFrame:
    """One group per block and pool size in use, each count where its own pool lies inside."""
    names = prefixes.sort(*BLOCK, "rank").group_by(BLOCK, maintain_order=True).agg(names=pl.col("value"))
    joined = prefixes.join(pools.drop("rank"), on=CUT).join(names, on=BLOCK)
    used = joined.filter(pl.any_horizontal(pl.col(f"pool {c}") == pl.col("rank") for c in counts))
    told = [
        pl.when((pl.col(f"pool {c}") >= 0) & (pl.col(f"pool {c}") <= pl.col("rank"))).then(pl.col(c)).alias(c)
        for c in counts
    ]
    label = pl.col("names").list.head(pl.col("rank")).list.sort().list.join(POOLED)
    return used.select(
        *BLOCK,
        label.alias("value"),
        "first_day",
        "last_day",
        *told,
        pl.lit(POOL, pl.Int32).alias("level"),
        pl.col("rank").alias("pool"),
    )
