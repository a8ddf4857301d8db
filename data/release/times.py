"""Operations: how finely a block's days may be told apart, count by count."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from data.release import links
from data.release.atoms import BLOCK
from data.release.quantities import apart, atoms_with, grouped, quantities_of, safe
from data.release.rules import ANCESTORS, ORDER, SUMS
from data.release.rungs import DAY, MONTH, NEVER, RUNGS, rung

VALUES = ["first_day", "last_day"]
Met = Mapping[str, pl.DataFrame]


def told_days(
    days: pl.DataFrame, stand: pl.DataFrame, met: Met, free: frozenset[str], threshold: int
) -> pl.DataFrame:
    """Groups of days per block, each count in the groups of its own rung and null elsewhere.

    `days` has the counts of each block and day as they are to be told, and `was c`, what was told last.
    `stand` says per block which counts are told, complete, kept or were told at which rung (`rung c`).
    `met` has, for each scheduled view, which of its groups (`group c` per count) went out on which day.
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
    levels = flags.select(BLOCK)
    fits = {
        level: frame.group_by(BLOCK).agg(_steady(c, frame.columns, threshold).all().alias(c) for c in SUMS)
        for level, frame in ladder.items()
    }
    for count in ORDER:
        own = _level(count, flags, levels, fits, met.get(count), free, threshold)
        levels = levels.join(own, on=BLOCK, how="left", nulls_equal=True)
    rows = [_rows(ladder[level], levels, level) for level in RUNGS]
    return pl.concat(rows)


def _groups(days: pl.DataFrame, flags: pl.DataFrame, level: int) -> pl.DataFrame:
    parted = atoms_with(days, ORDER).with_columns(part=rung(level))
    ends = [pl.col("day").min().alias("first_day"), pl.col("day").max().alias("last_day")]
    return grouped(parted, [*BLOCK, "part"], ends).join(flags, on=BLOCK, nulls_equal=True)


def _steady(count: str, columns: list[str], threshold: int) -> pl.Expr:
    """Safe, and changed by nothing or by enough since it was told last."""
    return safe(count, columns, threshold) & changed_enough(count, columns, threshold)


def changed_enough(count: str, columns: list[str], threshold: int) -> pl.Expr:
    """Whether a group's count, and what it leaves of others, moved by nothing or by enough members."""
    tests = [pl.lit(True)]
    for quantity in quantities_of(count, columns):
        names = (quantity.plus, *quantity.minus)
        if all(f"was {name}" in columns for name in names):
            now = [pl.col(name) - pl.col(f"was {name}") for name in names]
            change = now[0] - sum(now[1:], pl.lit(0))
            before = pl.all_horizontal(pl.col(f"had {name}") for name in names)
            tests.append(~before | apart(change, threshold))
    return pl.all_horizontal(tests)


def _level(
    count: str,
    flags: pl.DataFrame,
    levels: pl.DataFrame,
    fits: Mapping[int, pl.DataFrame],
    met: pl.DataFrame | None,
    free: frozenset[str],
    threshold: int,
) -> pl.DataFrame:
    frame = flags.join(levels, on=BLOCK, how="left", nulls_equal=True)
    least = [pl.col(f"level {whole}") for whole in ANCESTORS[count]]
    least = [pl.when(level == NEVER).then(DAY).otherwise(level) for level in least]
    start = pl.max_horizontal(pl.col(f"rung {count}").fill_null(DAY), *least, pl.lit(DAY))
    chosen = pl.lit(NEVER, pl.Int32)
    for level in reversed(RUNGS):
        fit = fits[level].select(*BLOCK, pl.col(count).alias(f"fit {level}"))
        frame = frame.join(fit, on=BLOCK, how="left", nulls_equal=True)
        good = pl.col(f"fit {level}").fill_null(False) & (start <= level)
        if level != MONTH:
            good = good & pl.col(f"complete {count}")
            if met is not None and not met.is_empty():
                frame = frame.join(_linked(met, level), on=BLOCK, how="left", nulls_equal=True)
                good = good & pl.col(f"linked {level}").fill_null(True)
        chosen = pl.when(good).then(pl.lit(level, pl.Int32)).otherwise(chosen)
    chosen = pl.when(~pl.col(f"told {count}")).then(pl.lit(NEVER, pl.Int32)).otherwise(chosen)
    chosen = pl.when(pl.col(f"kept {count}")).then(pl.col(f"rung {count}").fill_null(MONTH)).otherwise(chosen)
    if count in free:
        enough = pl.col("campaign_base") >= threshold
        chosen = pl.when(enough).then(pl.lit(DAY, pl.Int32)).otherwise(pl.lit(NEVER, pl.Int32))
    return frame.select(*BLOCK, chosen.cast(pl.Int32).alias(f"level {count}"))


def _linked(met: pl.DataFrame, level: int) -> pl.DataFrame:
    parted = met.with_columns(part=rung(level))
    found = [
        links.holds(part.drop_nulls("part"), BLOCK, "part", "group") for part in parted.partition_by("view")
    ]
    return pl.concat(found).group_by(BLOCK).agg(pl.col("holds").all().alias(f"linked {level}"))


def _rows(groups: pl.DataFrame, levels: pl.DataFrame, level: int) -> pl.DataFrame:
    joined = groups.join(levels, on=BLOCK, nulls_equal=True)
    own = [pl.when(pl.col(f"level {c}") == level).then(pl.col(c)).alias(c) for c in SUMS]
    rows = joined.select(*BLOCK, pl.lit("").alias("value"), *VALUES, *own).with_columns(
        level=pl.lit(level, pl.Int32)
    )
    return rows.filter(pl.any_horizontal(pl.col(c).is_not_null() for c in SUMS))
