"""Operations: how finely a block's days may be told apart, count by count."""

from __future__ import annotations

from functools import cache

import polars as pl

from data.release import links
from data.release.atoms import BLOCK
from data.release.quantities import apart, atoms_with, grouped, quantities_of, safe
from data.release.rules import ANCESTORS, ORDER, SUMS
from data.release.rungs import DAY, MONTH, NEVER, RUNGS, rung

VALUES = ["first_day", "last_day"]


def told_days(
    days: pl.DataFrame, stand: pl.DataFrame, met: pl.DataFrame, free: frozenset[str], threshold: int
) -> pl.DataFrame:
    """Groups of days per block, each count in the groups of its own rung and null elsewhere.

    `days` has the counts of each block and day as they are to be told, and `was c`, what was told last.
    `stand` says per block which counts are told, complete, kept or were told at which rung (`rung c`).
    `met` says per count which groups of each scheduled cut went out on which day.
    """
    flags = stand.select(
        *BLOCK,
        "campaign_base",
        *(f"{w} {c}" for w in ("told", "complete", "kept", "had", "rung") for c in SUMS),
    )
    beside = flags.with_columns(
        (pl.col(f"told {c}") | (pl.col("campaign_base") >= threshold)).alias(f"told {c}") for c in free
    )
    ladder = {level: _groups(days, beside, level) for level in RUNGS}
    frame = flags
    for level, groups in ladder.items():
        frame = frame.join(_fits(groups, level, threshold), on=BLOCK, how="left", nulls_equal=True)
        if level != MONTH:
            frame = frame.join(_linked(met, level), on=BLOCK, how="left", nulls_equal=True)
    columns = frame.columns
    steps = frame.lazy()
    for count in ORDER:
        steps = steps.with_columns(_level(count, columns, free, threshold))
    levels = steps.select(*BLOCK, *(f"level {c}" for c in SUMS)).collect()
    return pl.concat([_rows(groups, levels, level) for level, groups in ladder.items()])


def _groups(days: pl.DataFrame, flags: pl.DataFrame, level: int) -> pl.DataFrame:
    parted = atoms_with(days, ORDER).with_columns(part=rung(level))
    ends = [pl.col("day").min().alias("first_day"), pl.col("day").max().alias("last_day")]
    return grouped(parted, [*BLOCK, "part"], ends).join(flags, on=BLOCK, nulls_equal=True)


def _steady(count: str, columns: list[str], threshold: int) -> pl.Expr:
    """Safe, and changed by nothing or by enough since it was told last."""
    return safe(count, columns, threshold) & changed_enough(count, columns, threshold)


def changed_enough(count: str, columns: list[str], threshold: int) -> pl.Expr:
    """Whether a group's count, and what it leaves of others, moved by nothing or by enough members."""
    tests = [
        _moved_enough((quantity.plus, *quantity.minus), threshold)
        for quantity in quantities_of(count, columns)
        if all(f"was {name}" in columns for name in (quantity.plus, *quantity.minus))
    ]
    return pl.all_horizontal(pl.lit(True), *tests)


@cache
def _moved_enough(names: tuple[str, ...], threshold: int) -> pl.Expr:
    now = [pl.col(name) - pl.col(f"was {name}") for name in names]
    change = now[0] - sum(now[1:], pl.lit(0))
    before = pl.all_horizontal(pl.col(f"had {name}") for name in names)
    return ~before | apart(change, threshold)


def _fits(groups: pl.DataFrame, level: int, threshold: int) -> pl.DataFrame:
    """Per block, whether all its groups of a rung are steady for each count (`fit <level> c`)."""
    steady = {f"fit {level} {c}": _steady(c, groups.columns, threshold).all() for c in SUMS}
    return groups.group_by(BLOCK).agg(**steady)


def _level(count: str, columns: list[str], free: frozenset[str], threshold: int) -> pl.Expr:
    """The rung of a count: the finest that is steady, and no finer than those of all it is nested in."""
    enough = pl.col("campaign_base") >= threshold
    if count in free:
        free_level = pl.when(enough).then(pl.lit(DAY, pl.Int32)).otherwise(pl.lit(NEVER, pl.Int32))
        return free_level.alias(f"level {count}")
    least = [pl.col(f"level {whole}").replace(NEVER, DAY) for whole in ANCESTORS[count]]
    start = pl.max_horizontal(pl.col(f"rung {count}").fill_null(DAY), *least, pl.lit(DAY))
    chosen = pl.lit(NEVER, pl.Int32)
    for level in reversed(RUNGS):
        good = pl.col(f"fit {level} {count}").fill_null(False) & (start <= level)
        if level != MONTH:
            good = good & pl.col(f"complete {count}")
        if f"linked {level} {count}" in columns:
            good = good & pl.col(f"linked {level} {count}").fill_null(True)
        chosen = pl.when(good).then(pl.lit(level, pl.Int32)).otherwise(chosen)
    chosen = pl.when(~pl.col(f"told {count}")).then(pl.lit(NEVER, pl.Int32)).otherwise(chosen)
    kept = pl.col(f"rung {count}").fill_null(MONTH)
    chosen = pl.when(pl.col(f"kept {count}")).then(kept).otherwise(chosen)
    return chosen.cast(pl.Int32).alias(f"level {count}")


def _linked(met: pl.DataFrame, level: int) -> pl.DataFrame:
    """Per block, whether the parts of a rung meet the groups of every scheduled cut in stars
    (`linked <level> c`).
    """
    parted = met.with_columns(part=rung(level)).drop_nulls("part")
    found = links.holds(parted, [*BLOCK, "count", "view", "beside"], "part", "group")
    apart_of = {f"linked {level} {c}": pl.col("holds").filter(count=c).all() for c in SUMS}
    return found.group_by(BLOCK).agg(**apart_of)


def _rows(groups: pl.DataFrame, levels: pl.DataFrame, level: int) -> pl.DataFrame:
    joined = groups.join(levels, on=BLOCK, nulls_equal=True)
    own = [pl.when(pl.col(f"level {c}") == level).then(pl.col(c)).alias(c) for c in SUMS]
    rows = joined.select(*BLOCK, pl.lit("").alias("value"), *VALUES, *own).with_columns(
        level=pl.lit(level, pl.Int32)
    )
    return rows.filter(pl.any_horizontal(pl.col(c).is_not_null() for c in SUMS))
