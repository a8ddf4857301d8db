"""A cut by values: which stand alone and which are pooled, count by count, month by month."""

from __future__ import annotations

import polars as pl

from data.release.atoms import BLOCK
from data.release.quantities import atoms_with, grouped, needed, running, safe
from data.release.rules import ANCESTORS, ORDER, SUMS
from data.release.rungs import MONTH
from data.release.times import changed_enough
from data.release.views import POOLED

LEAST_POOL = 2


def labelled(
    atoms: pl.DataFrame, stand: pl.DataFrame, counts: tuple[str, ...], threshold: int, within: str | None
) -> pl.DataFrame:
    """Per block and value the group of each count (`group c`), null where the count is not told by this cut.

    `atoms` has the counts as they are to be told, `was c`, and the groups of before (`old c`) where there are
    any; a count's groups are made of whole groups of all that it is nested in, and of its own of before.
    `within` names a cut of whose groups (`within c`) no pool may leave.
    """
    flags = [f"{word} {c}" for word in ("told", "complete", "kept", "had") for c in SUMS]
    frame = atoms.join(stand.select(*BLOCK, *flags), on=BLOCK, nulls_equal=True)
    frame = frame.with_columns(
        (pl.col(f"told {c}") & pl.col(f"complete {c}")).alias(f"told {c}") for c in SUMS
    )
    frame = atoms_with(frame.sort(*BLOCK, "value"), counts)
    frame = frame.with_columns(place=pl.int_range(pl.len(), dtype=pl.Int64))
    for count in (c for c in ORDER if c in counts):
        frame = _group(frame, count, threshold, within)
    return frame.select(*BLOCK, "value", *(f"group {c}" for c in counts))


def _group(frame: pl.DataFrame, count: str, threshold: int, within: str | None) -> pl.DataFrame:
    if not frame[f"told {count}"].any():
        return frame.with_columns(pl.lit(None, pl.Int64).alias(f"group {count}"))
    known = [f"group {a}" for a in ANCESTORS[count] if f"group {a}" in frame.columns]
    old = [f"old {count}"] if f"old {count}" in frame.columns else []
    wanted = [*BLOCK, "value", "place", *known, *old, *needed(count, frame.columns)]
    wanted += [f"within {count}"] if within else []
    start = joined(frame.select(wanted), [*known, *old])
    own = [*BLOCK, *(["within"] if within else [])]
    if within:
        start = start.with_columns(within=pl.col(f"within {count}"))
    groups = grouped(start, [*own, "start"], _firsts(start))
    pools = _pools(groups.filter(pl.col(f"told {count}")), own, count, threshold)
    chosen = start.join(pools, on=[*own, "start"], how="left", nulls_equal=True)
    told = pl.col(f"told {count}") & pl.col("pool").is_not_null()
    chosen_label = pl.when(pl.col(f"kept {count}")).then(pl.col("start")).when(told).then(pl.col("pool"))
    label = pl.when(pl.col(f"told {count}")).then(chosen_label)
    return frame.join(chosen.select("place", label.alias(f"group {count}")), on="place", how="left")


def _firsts(frame: pl.DataFrame) -> list[pl.Expr]:
    flags = [name for name in frame.columns if name.split(" ")[0] in ("told", "complete", "kept", "had")]
    return [pl.col(flags).first()]


def joined(frame: pl.DataFrame, groupings: list[str]) -> pl.DataFrame:
    """`start`: the least place of all rows that a grouping puts together; null groups stand alone."""
    start = frame.with_columns(start=pl.col("place"))
    while groupings:
        before = start["start"]
        for name in groupings:
            least = pl.col("start").min().over(*BLOCK, name)
            start = start.with_columns(
                start=pl.when(pl.col(name).is_null()).then(pl.col("start")).otherwise(least)
            )
        if len(groupings) == 1 or start["start"].equals(before):
            break
    return start


def _pools(groups: pl.DataFrame, own: list[str], count: str, threshold: int) -> pl.DataFrame:
    """The group of each start: itself where it is safe, else the shortest pool of the smallest that is."""
    fine = safe(count, groups.columns, threshold) & changed_enough(count, groups.columns, threshold)
    ordered = groups.with_columns(fine=fine).sort(*own, "fine", count, "start")
    prefixes = ordered.with_columns(running(ordered, own)).with_columns(
        size=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(own),
        need=(~pl.col("fine")).sum().cast(pl.Int64).over(own),
        all=pl.len().cast(pl.Int64).over(own),
    )
    columns = prefixes.columns
    steady = changed_enough(count, columns, threshold)
    # All values together are the block, which is told anyway.
    whole = (pl.col("size") == pl.col("all")) & safe(count, columns, threshold, width=False)
    good = (safe(count, columns, threshold) | whole) & steady
    enough = (pl.col("size") >= pl.col("need")) & (pl.col("size") >= LEAST_POOL)
    shortest = pl.when(enough & good).then(pl.col("size")).min().over(own)
    length = pl.when(pl.col("need") == 0).then(0).otherwise(shortest)
    chosen = prefixes.with_columns(length=length).with_columns(inside=pl.col("size") <= pl.col("length"))
    least = pl.col("start").min().over([*own, "inside"])
    chosen = chosen.with_columns(pool=pl.when(pl.col("inside")).then(least).otherwise(pl.col("start")))
    # Where one part finds no pool of its own, only the block as a whole is left.
    lost = pl.col("length").is_null().any().over(BLOCK)
    block = pl.col("start").min().over(BLOCK)
    return chosen.select(*own, "start", pool=pl.when(lost).then(block).otherwise(pl.col("pool")))


def told_values(
    atoms: pl.DataFrame, groups: pl.DataFrame, counts: tuple[str, ...], spans: pl.DataFrame
) -> pl.DataFrame:
    """The groups as rows: the values in each, over all days of the block, and every count in its own groups.

    The days are the block's: those of a value would tell when its few members were written to.
    """
    placed = atoms.join(groups, on=[*BLOCK, "value"], nulls_equal=True)
    rows = [
        placed.drop_nulls(f"group {count}")
        .group_by(*BLOCK, f"group {count}")
        .agg(pl.col("value").sort().str.join(POOLED), pl.col(count).sum())
        .drop(f"group {count}")
        for count in counts
    ]
    merged = pl.concat(rows, how="diagonal").group_by(*BLOCK, "value").agg(pl.col(counts).max())
    spanned = merged.join(spans, on=BLOCK, how="left", nulls_equal=True)
    return spanned.with_columns(level=pl.lit(MONTH, pl.Int32))
