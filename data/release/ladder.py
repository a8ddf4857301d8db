"""The rungs of time that a block climbs until every group is safe: days, weeks, runs of weeks, the month."""

from __future__ import annotations

import polars as pl

from data.release.rules import BEHIND, SUMS, safe

BLOCK = ["campaign", "channel", "origin", "month"]
CUT = [*BLOCK, "value"]
Counts = tuple[str, ...]
DAY, WEEK, MONTH, POOL, NEVER = 0, 1, 6, 8, 9


def ladder_of(atoms: pl.DataFrame, base: pl.DataFrame) -> list[pl.DataFrame]:
    """The groups of every rung: days, weeks, runs of weeks, and the whole month."""
    days = _grouped(atoms.with_columns(first_day=pl.col("day"), last_day=pl.col("day")), ["week", "day"])
    weeks = _grouped(days, ["week"]).sort(*CUT, "week")
    run = weeks.select(*CUT, "week", size=size_of(), run=pl.int_range(pl.len(), dtype=pl.Int32).over(CUT))
    rungs = [days]
    for _ in range(WEEK, MONTH):
        rungs.append(_grouped(weeks.join(run, on=[*CUT, "week"], nulls_equal=True), ["run"]))
        run = _joined(run)
    rungs.append(_grouped(weeks, []))
    return [rung.join(base, on="campaign", how="left") for rung in rungs]


def _joined(run: pl.DataFrame) -> pl.DataFrame:
    """The runs with the two smallest neighbours of each block joined; a block of one run stays."""
    sizes = run.group_by(*CUT, "run").agg(pl.col("size").sum()).sort(*CUT, "run")
    both = sizes.with_columns(both=(pl.col("size") + pl.col("size").shift(-1)).over(CUT)).drop_nulls("both")
    first = both.sort(*CUT, "both", "run").unique(CUT, keep="first").select(*CUT, join_at="run")
    later = (pl.col("run") > pl.col("join_at").fill_null(NEVER)).cast(pl.Int32)
    return run.join(first, on=CUT, how="left").with_columns(run=pl.col("run") - later).drop("join_at")


def _grouped(frame: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    return frame.group_by(*CUT, *by).agg(
        pl.col(SUMS).sum(), pl.col(BEHIND).max(), pl.col("first_day").min(), pl.col("last_day").max()
    )


def size_of() -> pl.Expr:
    """How large a group is; the last two are all that cells of responses and delays hold."""
    return pl.max_horizontal(
        "members_sent", "assigned", "eligible", "behind_sent", "sent", "members_engaged", "with_outcome"
    )


def levels_of(
    ladder: list[pl.DataFrame], counts: Counts, threshold: int, free: frozenset[str]
) -> pl.DataFrame:
    """Per block of a value, and per count, the finest rung at which every group may be told."""
    tests = [safe(column, threshold, free).all().alias(column) for column in counts]
    fits = [frame.group_by(CUT).agg(tests).with_columns(level=level) for level, frame in enumerate(ladder)]
    finest = [
        pl.col("level").filter(pl.col(c)).min().fill_null(NEVER).cast(pl.Int32).alias(f"level {c}")
        for c in counts
    ]
    return pl.concat(fits).group_by(CUT).agg(finest)


def rows_of(
    frame: pl.DataFrame, level: int, levels: pl.DataFrame, pools: pl.DataFrame, counts: Counts
) -> pl.DataFrame:
    """The groups of one level, each count only where that level may tell it and its value is not pooled."""
    joined = frame.join(levels, on=CUT).join(pools, on=CUT)
    if level > DAY:
        joined = joined.filter(pl.any_horizontal(pl.col(f"level {c}") == level for c in counts))
    told = [
        pl.when(
            (pl.col(f"level {c}") <= level)
            & (pl.col(f"pool {c}") >= 0)
            & (pl.col("rank") > pl.col(f"pool {c}"))
        )
        .then(pl.col(c))
        .alias(c)
        for c in counts
    ]
    return joined.select(*CUT, "first_day", "last_day", *told, pool="rank").with_columns(
        level=pl.lit(level, pl.Int32)
    )
