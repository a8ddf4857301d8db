"""A cut by values: which stand alone and which are pooled, count by count, month by month."""

from __future__ import annotations

import polars as pl

from data.release.atoms import BLOCK
from data.release.quantities import aggregates, atoms_with, needed, running, safe_together, shapes
from data.release.rules import ANCESTORS, NESTED_IN, ORDER, SUMS, TWINS, siblings, whole_of
from data.release.rungs import MONTH
from data.release.times import changed_enough
from data.release.views import NO_PROFILE, POOLED, UNKNOWN

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
    frame = atoms_with(frame.sort(*BLOCK, "value"), counts).with_columns(
        place=pl.int_range(pl.len(), dtype=pl.Int64), block=pl.struct(BLOCK).rank("dense")
    )
    for count in (c for c in ORDER if c in counts):
        frame = frame.with_columns(_group(frame, count, threshold, within))
    return frame.select(*BLOCK, "value", *(f"group {c}" for c in counts))


def _group(frame: pl.DataFrame, count: str, threshold: int, within: str | None) -> pl.Series:
    """The group of one count, as a column of `frame`."""
    told = pl.col(f"told {count}")
    if not frame[f"told {count}"].any():
        return pl.Series(f"group {count}", [None] * frame.height, pl.Int64)
    start = _start(frame, count)
    if not (frame.filter(told)[count] != 0).any() and not within:
        # Nothing happened: as finely as all that it is nested in.
        return start.select(pl.when(told).then(pl.col("start")).alias(f"group {count}")).to_series()
    if _unknown_counts(start):
        start = _without_unknown(start, count, threshold, within)
    return _placed(start, count, threshold, within)


def same_people(column: str) -> pl.Expr:
    """Whether a value's members are the same in every cut of a block: who has no profile, or all unknown."""
    value = pl.col(column)
    profiled = (value == NO_PROFILE).any().over("block")
    return (value == NO_PROFILE) | ((value == UNKNOWN) & ~profiled)


def _unknown_counts(start: pl.DataFrame) -> bool:
    """Whether the unknown have any of the numbers that decide; else groups are the same without them."""
    numbers = [name for name in start.columns if name.startswith("q ")]
    unknown = start.filter(same_people("value")).select(numbers)
    return bool(numbers) and bool(unknown.select(pl.any_horizontal((pl.all() != 0).any())).item())


def _without_unknown(start: pl.DataFrame, count: str, threshold: int, within: str | None) -> pl.DataFrame:
    """The frame with groups that are safe without the unknown, too.

    Those of whom nothing is known are the same in every cut, and other cuts tell how many they are: to pool
    a small value with them hides nothing.
    """
    others = start.filter(~same_people("value"))
    first = others.select("place", alone=_placed(others, count, threshold, within))
    beside = start.join(first, on="place", how="left").rename({"start": "so far"})
    return joined(beside, ["so far", "alone"], ["block"]).drop("so far", "alone")


def _placed(start: pl.DataFrame, count: str, threshold: int, within: str | None) -> pl.Series:
    """The group of each row, pooled as need be; `start` says of which groups no row may leave."""
    told = pl.col(f"told {count}")
    own = ["block", *(["within"] if within else [])]
    rows = start.lazy()
    if within:
        rows = rows.with_columns(within=pl.col(f"within {count}"))
    shaped = needed(count, start.columns)
    flags = [name for name in shaped if name.split(" ")[0] in ("told", "complete", "kept", "had")]
    columns = [name for name in shaped if name not in flags]
    groups = rows.filter(told).group_by(*own, "start").agg(*aggregates(columns), pl.col(flags).first())
    pools = _pools(groups, [*shapes(columns), *flags], own, count, threshold)
    placed = rows.join(pools, on=[*own, "start"], how="left", nulls_equal=True)
    chosen = pl.when(pl.col(f"kept {count}")).then(pl.col("start")).otherwise(pl.col("pool"))
    label = pl.when(told).then(chosen).alias(f"group {count}")
    return placed.select("place", label).collect().sort("place")[f"group {count}"]


def _start(frame: pl.DataFrame, count: str) -> pl.DataFrame:
    """The frame's columns that decide over a count, with the groups that it is made of at the finest."""
    parents = dict.fromkeys(parent for one in (count, *siblings(count)) for parent in NESTED_IN.get(one, ()))
    twin = TWINS.get(count, "")
    groups = [_nearest(frame, parent) for parent in parents]
    groups += [pl.col(f"group {twin}")] if f"group {twin}" in frame.columns else []
    made = {f"start {number}": group for number, group in enumerate(groups) if group is not None}
    old = [f"old {count}"] if f"old {count}" in frame.columns else []
    inside = [f"within {count}"] if f"within {count}" in frame.columns else []
    wanted = ["block", "value", "place", *old, *inside, *needed(count, frame.columns)]
    return joined(frame.select(*wanted, **made), [*made, *old], ["block"])


def _nearest(frame: pl.DataFrame, count: str) -> pl.Expr | None:
    """The groups of a count; where it is not told, of what it is nested in."""
    names = [f"group {name}" for name in (count, *ANCESTORS[count])]
    known = [pl.col(name) for name in names if name in frame.columns]
    return pl.coalesce(known) if known else None


def joined(frame: pl.DataFrame, groupings: list[str], block: list[str]) -> pl.DataFrame:
    """`start`: the least place of all rows that a grouping puts together; null groups stand alone."""
    start = frame.with_columns(start=pl.col("place"))
    while groupings:
        before = start["start"]
        for name in groupings:
            least = pl.col("start").min().over(*block, name)
            alone = pl.col(name).is_null()
            start = start.with_columns(start=pl.when(alone).then(pl.col("start")).otherwise(least))
        if len(groupings) == 1 or start["start"].equals(before):
            break
    return start


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
    atoms: pl.DataFrame, groups: pl.DataFrame, counts: tuple[str, ...], spans: pl.DataFrame
) -> pl.DataFrame:
    """The groups as rows: the values in each, over all days of the block, and every count in its own groups.

    The days are the block's: those of a value would tell when its few members were written to.
    """
    placed = atoms.join(groups, on=[*BLOCK, "value"], nulls_equal=True)
    told = [count for count in counts if groups[f"group {count}"].is_not_null().any()]
    rows = [
        placed.lazy()
        .drop_nulls(f"group {count}")
        .group_by(*BLOCK, f"group {count}")
        .agg(pl.col("value").sort().str.join(POOLED), pl.col(count).sum())
        .drop(f"group {count}")
        for count in told
    ]
    if not rows:
        return placed.select(*BLOCK, "value", *counts).clear().with_columns(level=pl.lit(MONTH, pl.Int32))
    merged = pl.concat(rows, how="diagonal").group_by(*BLOCK, "value").agg(pl.col(told).max()).collect()
    spanned = merged.join(spans, on=BLOCK, how="left", nulls_equal=True)
    return spanned.with_columns(level=pl.lit(MONTH, pl.Int32))
