"""A cut by two coordinates: the table of both cuts' own groups, or of fewer rows or columns.

A table is two-way where its margins are one-way: whoever knows a table of one count and both margins of
another that is nested in it can tell single cells of the latter, once a line is empty or full. So a count
has a table only where all that is nested in it, and told by both margins, has one at least as fine.
"""

from __future__ import annotations

from functools import reduce

import polars as pl

from data.release.atoms import BLOCK
from data.release.quantities import aggregates, enough_of, left_of, needed_for
from data.release.rules import ANCESTORS, MONEY, ORDER, REMAINDERS, SUMS
from data.release.values import joined, same_people
from data.release.views import TOGETHER

SHAPES: tuple[tuple[str, ...], ...] = ((), ("row",), ("column",), ("row", "column"))
"""Which lines are pooled, in the order in which they are tried: none, rows, columns, both."""
LINES = ("row", "column")
DESCENDANTS = {
    count: tuple(other for other in SUMS if count in ANCESTORS[other] and other not in MONEY)
    for count in SUMS
}


def tabled(
    atoms: pl.DataFrame,
    stand: pl.DataFrame,
    rows: pl.DataFrame,
    columns: pl.DataFrame,
    counts: tuple[str, ...],
    threshold: int,
) -> pl.DataFrame:
    """Per block and value the group of each count, null where no table of the block may be told.

    `rows` and `columns` are the groups of the two cuts alone (block, value, `group c`). All tables are
    products of a partition of each coordinate, so that their margins are sums of whole cells.
    """
    frame = _laid_out(atoms, stand, {"row": rows, "column": columns}, counts)
    for count in reversed([c for c in ORDER if c in counts and c not in MONEY]):
        frame = _told(frame, count, counts, threshold)
    for count in (c for c in counts if c in MONEY):
        of = ANCESTORS[count][0]
        told = pl.col(f"told {count}") & pl.lit(of in counts)
        group = pl.col(f"group {of}") if of in counts else pl.lit(None, pl.Int64)
        frame = frame.with_columns(pl.when(told).then(group).alias(f"group {count}"))
    return frame.select(*BLOCK, "value", *(f"group {c}" for c in counts))


def _laid_out(
    atoms: pl.DataFrame, stand: pl.DataFrame, margins: dict[str, pl.DataFrame], counts: tuple[str, ...]
) -> pl.DataFrame:
    """The atoms with their place, and per count the line of each margin and whether it is told by both."""
    flags = stand.select(
        *BLOCK, *((pl.col(f"told {c}") & pl.col(f"complete {c}")).alias(f"told {c}") for c in SUMS)
    )
    frame = atoms.join(flags, on=BLOCK, nulls_equal=True).sort(*BLOCK, "value")
    parts = pl.col("value").str.split(TOGETHER)
    frame = frame.with_columns(
        parts.list.get(0).alias("row value"),
        parts.list.get(1).alias("column value"),
        place=pl.int_range(pl.len(), dtype=pl.Int64),
        block=pl.struct(BLOCK).rank("dense"),
    )
    for line, groups in margins.items():
        named = groups.select(
            *BLOCK,
            pl.col("value").alias(f"{line} value"),
            *(pl.col(f"group {c}").alias(f"{line} {c}") for c in counts if f"group {c}" in groups.columns),
        )
        frame = frame.join(named, on=[*BLOCK, f"{line} value"], how="left", nulls_equal=True)
    missing = [f"{line} {c}" for line in LINES for c in counts if f"{line} {c}" not in frame.columns]
    frame = frame.with_columns(pl.lit(None, pl.Int64).alias(name) for name in missing)
    return frame.with_columns(_crossed(c).alias(f"crossed {c}") for c in counts).sort("place")


def _crossed(count: str) -> pl.Expr:
    """Whether a count that is not 0 is told by both margins in more than one group."""
    several = [pl.col(f"{line} {count}").n_unique().over("block") > 1 for line in LINES]
    return reduce(lambda left, right: left & right, several) & (pl.col(count).sum().over("block") != 0)


def _told(frame: pl.DataFrame, count: str, counts: tuple[str, ...], threshold: int) -> pl.DataFrame:
    inside = [c for c in DESCENDANTS[count] if c in counts]
    alone = reduce(
        lambda left, name: left & (~pl.col(f"crossed {name}") | pl.col(f"group {name}").is_not_null()),
        inside,
        pl.col(f"told {count}")
        & pl.col(f"row {count}").is_not_null()
        & pl.col(f"column {count}").is_not_null(),
    )
    own = frame.filter(alone.all().over("block"))
    if own.is_empty():
        names = (f"group {count}", *(f"table {line} {count}" for line in LINES))
        return frame.with_columns(pl.lit(None, pl.Int64).alias(name) for name in names)
    for line in LINES:
        lines = [f"{line} {count}", *(f"table {line} {name}" for name in inside)]
        own = joined(own, lines, ["block"]).rename({"start": line})
    chosen = _chosen(own, count, inside, threshold)
    return frame.join(chosen, on="place", how="left").sort("place")


def _chosen(own: pl.DataFrame, count: str, inside: list[str], threshold: int) -> pl.DataFrame:
    """`place`, group and lines of the first shape in which every cell of a block is safe."""
    left, found = own, []
    for shape in SHAPES:
        pooled = left
        for line in shape:
            pooled = _pooled(pooled, line, count, inside, threshold)
        good = _cells(pooled, count, inside, threshold).group_by("block").agg(pl.col("fine").all())
        good = good.filter("fine").select("block")
        found.append(pooled.join(good, on="block", how="semi"))
        left = left.join(good, on="block", how="anti")
        if left.is_empty():
            break
    made = pl.concat(found)
    group = pl.col("place").min().over("block", "row", "column").alias(f"group {count}")
    return made.select("place", group, *(pl.col(line).alias(f"table {line} {count}") for line in LINES))


def _cells(own: pl.DataFrame, count: str, inside: list[str], threshold: int) -> pl.DataFrame:
    """The cells, and whether each is safe: with the unknown, who are the same in every cut, and without."""
    known = own.filter(~same_people("row value") & ~same_people("column value"))
    cells, beside = (_summed(part, count, inside, threshold) for part in (own, known))
    keys = ["block", "row", "column"]
    both = cells.join(beside.select(*keys, without="fine"), on=keys, how="left")
    return both.with_columns(fine=pl.col("fine") & pl.col("without").fill_null(True))


def _summed(own: pl.DataFrame, count: str, inside: list[str], threshold: int) -> pl.DataFrame:
    whole = [parts for one, parts in REMAINDERS if one == count and set(parts) <= set(inside)]
    taken = [*((name,) for name in inside), *whole]
    quantities = [left_of(count, ()), *(left_of(count, parts) for parts in taken)]
    shaped = own.with_columns(**{f"q {q.name}": q.expr for q in quantities})
    tabled_too = [pl.col(f"group {name}").is_not_null().any().alias(f"has {name}") for name in inside]
    cells = shaped.group_by("block", "row", "column").agg(
        *aggregates(needed_for(quantities, shaped.columns)), *tabled_too
    )
    tests = [enough_of(quantities[0], threshold)]
    tests += [
        ~pl.all_horizontal(f"has {name}" for name in parts) | enough_of(q, threshold)
        for parts, q in zip(taken, quantities[1:], strict=True)
    ]
    return cells.with_columns(fine=pl.all_horizontal(tests))


def _pooled(own: pl.DataFrame, line: str, count: str, inside: list[str], threshold: int) -> pl.DataFrame:
    """The lines with an unsafe cell as one; where there is but one, with the smallest other."""
    cells = _cells(own, count, inside, threshold)
    lines = cells.group_by("block", line).agg(pl.col("fine").all(), pl.col(count).sum())
    ranked = lines.sort("block", "fine", count, line).with_columns(
        rank=pl.int_range(pl.len(), dtype=pl.Int64).over("block"),
        many=pl.max_horizontal((~pl.col("fine")).sum().cast(pl.Int64), pl.lit(2, pl.Int64)).over("block"),
    )
    pool = pl.when(pl.col("rank") < pl.col("many")).then(-1).otherwise(pl.col(line))
    into = ranked.select("block", line, into=pool)
    return own.join(into, on=["block", line]).with_columns(pl.col("into").alias(line)).drop("into")
