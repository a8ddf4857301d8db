"""A cut by values: which stand alone and which are pooled, count by count, month by month."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from data.release.atoms import BLOCK, CUT
from data.release.quantities import aggregates, atoms_with, needed, running, safe_together, shapes
from data.release.rules import ANCESTORS, NESTED_IN, ORDER, SUMS, TWINS, siblings, whole_of
from data.release.rungs import MONTH
from data.release.times import changed_enough
from data.release.told import no_rows, shaped
from data.release.views import NO_PROFILE, POOLED, UNKNOWN, View, counts_of, tells
from data.tables import RELEASED

LEAST_POOL = 2


def labelled(atoms: pl.DataFrame, stand: pl.DataFrame, cuts: Sequence[View], threshold: int) -> pl.DataFrame:
    """Per cut, block and value the group of each count (`group c`), null where the cut does not tell it.

    `atoms` has the counts as they are to be told, `was c`, and the groups of before (`old c`) where there are
    any; a count's groups are made of whole groups of all that it is nested in, and of its own of before. No
    pool leaves the group of another cut (`within c`) that its values lie in.
    """
    counts = counts_of(cuts)
    flags = [f"{word} {c}" for word in ("told", "complete", "kept", "had") for c in SUMS]
    frame = atoms.join(stand.select(*CUT, *flags), on=CUT, nulls_equal=True)
    frame = frame.with_columns(
        (pl.col(f"told {c}") & pl.col(f"complete {c}")).alias(f"told {c}") for c in SUMS
    )
    frame = atoms_with(frame.sort(*CUT, "value"), counts).with_columns(
        place=pl.int_range(pl.len(), dtype=pl.Int64), block=pl.struct(CUT).rank("dense")
    )
    for count in (c for c in ORDER if c in counts):
        own = pl.col(f"told {count}") & tells(cuts, count)
        frame = frame.with_columns(_group(frame, own, count, threshold))
    return frame.select(*CUT, "value", *(f"group {c}" for c in counts))


def _group(frame: pl.DataFrame, told: pl.Expr, count: str, threshold: int) -> pl.Series:
    """The group of one count, as a column of `frame`."""
    start = _start(frame, told, count)
    # Where nothing happened, as finely as all that it is nested in.
    busy = start.filter(_busy(count, start.columns))
    groups = start.select("place", group="start")
    if not busy.is_empty():
        busy = _without_unknown(busy, count, threshold)
        groups = groups.update(_placed(busy, count, threshold), on="place")
    every = frame.select("place").join(groups, on="place", how="left", maintain_order="left")
    return every["group"].alias(f"group {count}")


def _busy(count: str, columns: list[str]) -> pl.Expr:
    """Whether a block has any of a count, or lies in groups that no pool may leave."""
    within = pl.col("within").is_not_null().any() if "within" in columns else pl.lit(False)
    return ((pl.col(count) != 0).any() | within).over("block")


def same_people(column: str) -> pl.Expr:
    """Whether a value's members are the same in every cut of a block: who has no profile, or all unknown."""
    value = pl.col(column)
    profiled = (value == NO_PROFILE).any().over("block")
    return (value == NO_PROFILE) | ((value == UNKNOWN) & ~profiled)


def _without_unknown(start: pl.DataFrame, count: str, threshold: int) -> pl.DataFrame:
    """The frame with groups that are safe without the unknown, too.

    Those of whom nothing is known are the same in every cut, and other cuts tell how many they are: to pool
    a small value with them hides nothing. Where they have none of the numbers that decide, groups are the
    same without them.
    """
    numbers = [pl.col(name) != 0 for name in start.columns if name.startswith("q ")]
    if not numbers:
        return start
    counted = (same_people("value") & pl.any_horizontal(numbers)).any().over("block")
    others = start.filter(counted & ~same_people("value"))
    if others.is_empty():
        return start
    first = _placed(others, count, threshold).rename({"group": "alone"})
    beside = start.join(first, on="place", how="left").rename({"start": "so far"})
    return joined(beside, ["so far", "alone"], ["block"]).drop("so far", "alone")


def _placed(start: pl.DataFrame, count: str, threshold: int) -> pl.DataFrame:
    """Per place its group, pooled as need be; `start` says of which groups no row may leave."""
    own = ["block", *(name for name in ("within",) if name in start.columns)]
    shaped = needed(count, start.columns)
    flags = [name for name in shaped if name.split(" ")[0] in ("told", "complete", "kept", "had")]
    columns = [name for name in shaped if name not in flags]
    groups = start.lazy().group_by(*own, "start").agg(*aggregates(columns), pl.col(flags).first())
    pools = _pools(groups, [*shapes(columns), *flags], own, count, threshold)
    placed = start.lazy().join(pools, on=[*own, "start"], how="left", nulls_equal=True)
    group = pl.when(pl.col(f"kept {count}")).then(pl.col("start")).otherwise(pl.col("pool"))
    return placed.select("place", group=group).collect()


def _start(frame: pl.DataFrame, told: pl.Expr, count: str) -> pl.DataFrame:
    """The told rows and the columns that decide over a count, with the finest groups that it is made of."""
    parents = dict.fromkeys(parent for one in (count, *siblings(count)) for parent in NESTED_IN.get(one, ()))
    twin = TWINS.get(count, "")
    groups = [_nearest(frame, parent) for parent in parents]
    groups += [pl.col(f"group {twin}")] if f"group {twin}" in frame.columns else []
    made = {f"start {number}": group for number, group in enumerate(groups) if group is not None}
    old = [f"old {count}"] if f"old {count}" in frame.columns else []
    inside = {"within": f"within {count}"} if f"within {count}" in frame.columns else {}
    wanted = ["block", "value", "place", *old, *needed(count, frame.columns)]
    own = frame.lazy().filter(told).select(*wanted, **made, **inside).collect()
    return joined(own, [*made, *old], ["block"])


def _nearest(frame: pl.DataFrame, count: str) -> pl.Expr | None:
    """The groups of a count; where it is not told, of what it is nested in."""
    names = [f"group {name}" for name in (count, *ANCESTORS[count])]
    known = [pl.col(name) for name in names if name in frame.columns]
    return pl.coalesce(known) if known else None


def joined(frame: pl.DataFrame, groupings: list[str], block: list[str]) -> pl.DataFrame:
    """`start`: the least place of all rows that a grouping puts together; null groups stand alone."""
    least = [
        pl.when(pl.col(name).is_null()).then("start").otherwise(pl.col("start").min().over(*block, name))
        for name in groupings
    ]
    start = frame.select(*block, *groupings, start="place")
    while groupings:
        steps = start.lazy()
        for one in least:
            steps = steps.with_columns(start=one)
        before, start = start["start"], steps.collect()
        if len(groupings) == 1 or start["start"].equals(before):
            break
    return frame.with_columns(start["start"])


def _pools(
    groups: pl.LazyFrame, columns: list[str], own: list[str], count: str, threshold: int
) -> pl.LazyFrame:
    """The group of each start: itself where it is safe, else the shortest pool of the smallest that is."""
    steady = changed_enough(count, columns, threshold)
    fit = safe_together(count, columns, threshold)
    ordered = groups.with_columns(fine=fit & steady).sort(*own, "fine", whole_of(count), "start")
    numbers = [name for name in columns if name.split(" ")[0] not in ("told", "complete", "kept", "had")]
    prefixes = ordered.with_columns(running(numbers, own)).with_columns(
        size=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(own),
        need=(~pl.col("fine")).sum().cast(pl.Int64).over(own),
        all=pl.len().cast(pl.Int64).over(own),
    )
    # All values together are the block, which is told anyway.
    whole = (pl.col("size") == pl.col("all")) & safe_together(count, columns, threshold, width=False)
    good = (fit | whole) & steady
    enough = (pl.col("size") >= pl.col("need")) & (pl.col("size") >= LEAST_POOL)
    shortest = pl.when(enough & good).then(pl.col("size")).min().over(own)
    length = pl.when(pl.col("need") == 0).then(0).otherwise(shortest)
    chosen = prefixes.with_columns(length=length).with_columns(inside=pl.col("size") <= pl.col("length"))
    least = pl.col("start").min().over([*own, "inside"])
    chosen = chosen.with_columns(pool=pl.when(pl.col("inside")).then(least).otherwise(pl.col("start")))
    # Where one part finds no pool of its own, only the block as a whole is left.
    lost = pl.col("length").is_null().any().over("block")
    block = pl.col("start").min().over("block")
    return chosen.select(*own, "start", pool=pl.when(lost).then(block).otherwise(pl.col("pool")))


def told_values(
    atoms: pl.DataFrame, groups: pl.DataFrame, counts: Sequence[str], spans: pl.DataFrame
) -> pl.DataFrame:
    """The groups as rows: the values in each, over all days of the block, and every count in its own groups.

    The days are the block's: those of a value would tell when its few members were written to.
    """
    placed = atoms.join(groups, on=[*CUT, "value"], nulls_equal=True)
    told = [count for count in counts if groups[f"group {count}"].is_not_null().any()]
    rows = [
        placed.lazy()
        .drop_nulls(f"group {count}")
        .group_by(*CUT, f"group {count}")
        .agg(pl.col("value").sort().str.join(POOLED), pl.col(count).sum())
        .drop(f"group {count}")
        for count in told
    ]
    if not rows:
        return no_rows()
    merged = pl.concat(rows, how="diagonal").group_by(*CUT, "value").agg(pl.col(told).max()).collect()
    spanned = merged.join(spans, on=BLOCK, how="left", nulls_equal=True)
    return shaped(spanned.with_columns(level=pl.lit(MONTH)), RELEASED.columns)
