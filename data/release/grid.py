"""A cut by two coordinates: the table of both cuts' own groups, or of fewer rows or columns.

A table is two-way where its margins are one-way: whoever knows a table of one count and both margins of
another that is nested in it can tell single cells of the latter, once a line is empty or full. So a count
has a table only where all that is nested in it, and told by both margins, has one at least as fine.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import polars as pl

from data.release.atoms import CUT
from data.release.quantities import aggregates, enough_of, left_of, needed_for
from data.release.rules import ANCESTORS, MONEY, ORDER, REMAINDERS, SUMS
from data.release.values import joined, same_people
from data.release.views import TOGETHER, View, counts_of, tells

SHAPES: tuple[tuple[str, ...], ...] = ((), ("row",), ("column",), ("row", "column"))
"""Which lines are pooled, in the order in which they are tried: none, rows, columns, both."""
LINES = ("row", "column")
KEPT = ("block", *(f"{line} value" for line in LINES))
DESCENDANTS = {
    count: tuple(other for other in SUMS if count in ANCESTORS[other] and other not in MONEY)
    for count in SUMS
}


def tabled(
    atoms: pl.DataFrame, stand: pl.DataFrame, margins: pl.DataFrame, cuts: Sequence[View], threshold: int
) -> pl.DataFrame:
    """Per cut, block and value the group of each count, null where no table of the block may be told.

    `margins` are the groups of the cuts by one coordinate (view, block, value, `group c`). All tables are
    products of a partition of each coordinate, so that their margins are sums of whole cells.
    """
    counts = counts_of(cuts)
    frame = _laid_out(atoms, stand, margins, cuts)
    for count in reversed([c for c in ORDER if c in counts and c not in MONEY]):
        frame = _told(frame, count, counts, threshold)
    for count in (c for c in counts if c in MONEY):
        of = ANCESTORS[count][0]
        told = pl.col(f"told {count}") & pl.lit(of in counts)
        group = pl.col(f"group {of}") if of in counts else pl.lit(None, pl.Int64)
        frame = frame.with_columns(pl.when(told).then(group).alias(f"group {count}"))
    return frame.select(*CUT, "value", *(f"group {c}" for c in counts))


def _laid_out(
    atoms: pl.DataFrame, stand: pl.DataFrame, margins: pl.DataFrame, cuts: Sequence[View]
) -> pl.DataFrame:
    """The atoms with their place, and per count the line of each margin and whether it is told by both."""
    counts = counts_of(cuts)
    told = {c: pl.col(f"told {c}") & pl.col(f"complete {c}") & tells(cuts, c) for c in counts}
    flags = stand.select(*CUT, *(flag.alias(f"told {c}") for c, flag in told.items()))
    frame = atoms.join(flags, on=CUT, nulls_equal=True).sort(*CUT, "value")
    parts = pl.col("value").str.split(TOGETHER)
    frame = frame.with_columns(
        *(parts.list.get(number).alias(f"{line} value") for number, line in enumerate(LINES)),
        place=pl.int_range(pl.len(), dtype=pl.Int64),
        block=pl.struct(CUT).rank("dense"),
    )
    for number, line in enumerate(LINES):
        of = {view.name: view.name.split("|")[number] for view in cuts}
        own = [margins.filter(view=single).with_columns(view=pl.lit(name)) for name, single in of.items()]
        named = pl.concat(own).select(
            *CUT,
            pl.col("value").alias(f"{line} value"),
            *(pl.col(f"group {c}").alias(f"{line} {c}") for c in counts),
        )
        frame = frame.join(named, on=[*CUT, f"{line} value"], how="left", nulls_equal=True)
    return frame.with_columns(_crossed(c).alias(f"crossed {c}") for c in counts).sort("place")


def _crossed(count: str) -> pl.Expr:
    """Whether a count that is not 0 is told by both margins in more than one group."""
    several = [pl.col(f"{line} {count}").n_unique().over("block") > 1 for line in LINES]
    return reduce(lambda left, right: left & right, several) & (pl.col(count).sum().over("block") != 0)


def _told(frame: pl.DataFrame, count: str, counts: Sequence[str], threshold: int) -> pl.DataFrame:
    """The frame with the group of a count (`group c`) and the lines of its table (`table <line> c`)."""
    inside = [c for c in DESCENDANTS[count] if c in counts]
    told = [pl.col(f"told {count}"), *(pl.col(f"{line} {count}").is_not_null() for line in LINES)]
    finer = [~pl.col(f"crossed {name}") | pl.col(f"group {name}").is_not_null() for name in inside]
    wanted = ["place", *(f"{line} {count}" for line in LINES), *_needed(count, inside, frame.columns)]
    own = frame.lazy().filter(pl.all_horizontal(*told, *finer).all().over("block")).select(*KEPT, *wanted)
    rows = own.collect()
    names = [f"group {count}", *(f"table {line} {count}" for line in LINES)]
    if rows.is_empty():
        return frame.with_columns(pl.lit(None, pl.Int64).alias(name) for name in names)
    for line in LINES:
        lines = [f"{line} {count}", *(f"table {line} {name}" for name in inside)]
        rows = joined(rows, lines, ["block"]).rename({"start": line})
    chosen = _chosen(_beside_known(rows), count, inside, threshold)
    placed = frame.select("place").join(chosen, on="place", how="left", maintain_order="left")
    return frame.with_columns(placed.select(names))


def _taken(count: str, inside: Sequence[str]) -> list[tuple[str, ...]]:
    """What is taken of a count, to be safe as well: each count inside it, and all parts of a whole."""
    whole = [parts for one, parts in REMAINDERS if one == count and set(parts) <= set(inside)]
    return [*((name,) for name in inside), *whole]


def _needed(count: str, inside: Sequence[str], columns: Sequence[str]) -> list[str]:
    """Which columns decide over the table of a count."""
    quantities = [left_of(count, parts) for parts in ((), *_taken(count, inside))]
    of = [f"{word} {name}" for name in inside for word in ("group", *(f"table {line}" for line in LINES))]
    return [*needed_for(quantities, columns), *of]


def _beside_known(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows, and once more without the unknown, who are the same in every cut (`known`)."""
    known = rows.filter(~same_people("row value") & ~same_people("column value"))
    return pl.concat([rows.with_columns(known=pl.lit(False)), known.with_columns(known=pl.lit(True))])


def _chosen(rows: pl.DataFrame, count: str, inside: Sequence[str], threshold: int) -> pl.DataFrame:
    """`place`, group and lines of the first shape in which every cell of a block is safe."""
    tried: dict[tuple[str, ...], tuple[pl.DataFrame, pl.DataFrame]] = {}
    found: list[pl.DataFrame] = []
    left = rows.select("block").unique()
    for shape in SHAPES:
        if shape:
            before, cells = (frame.join(left, on="block", how="semi") for frame in tried[shape[:-1]])
            rows = _pooled(before, cells, shape[-1], count)
        cells = _cells(rows, count, inside, threshold)
        tried[shape] = rows, cells
        good = cells.group_by("block").agg(pl.col("fine").all()).filter("fine").select("block")
        found.append(rows.filter(~pl.col("known")).join(good, on="block", how="semi"))
        left = left.join(good, on="block", how="anti")
        if left.is_empty():
            break
    made = pl.concat(found)
    group = pl.col("place").min().over("block", *LINES).alias(f"group {count}")
    return made.select("place", group, *(pl.col(line).alias(f"table {line} {count}") for line in LINES))


def _cells(rows: pl.DataFrame, count: str, inside: Sequence[str], threshold: int) -> pl.DataFrame:
    """The cells (block, row, column and the count): whether each is safe, with the unknown and without."""
    taken = _taken(count, inside)
    quantities = [left_of(count, ()), *(left_of(count, parts) for parts in taken)]
    shaped = rows.lazy().with_columns(**{f"q {q.name}": q.expr for q in quantities})
    told = [pl.col(f"group {name}").is_not_null().any().alias(f"has {name}") for name in inside]
    names = needed_for(quantities, [*rows.columns, *(f"q {q.name}" for q in quantities)])
    cells = shaped.group_by("block", *LINES, "known").agg(*aggregates(names), *told)
    tests = [enough_of(quantities[0], threshold)]
    tests += [
        ~pl.all_horizontal(f"has {name}" for name in parts) | enough_of(q, threshold)
        for parts, q in zip(taken, quantities[1:], strict=True)
    ]
    every = pl.col(count).filter(~pl.col("known")).sum()
    return cells.group_by("block", *LINES).agg(every, fine=pl.all_horizontal(tests).all()).collect()


def _pooled(rows: pl.DataFrame, cells: pl.DataFrame, line: str, count: str) -> pl.DataFrame:
    """The lines with an unsafe cell as one; where there is but one, with the smallest other."""
    lines = cells.lazy().group_by("block", line).agg(pl.col("fine").all(), pl.col(count).sum())
    ranked = lines.sort("block", "fine", count, line).with_columns(
        rank=pl.int_range(pl.len(), dtype=pl.Int64).over("block"),
        many=pl.max_horizontal((~pl.col("fine")).sum().cast(pl.Int64), pl.lit(2, pl.Int64)).over("block"),
    )
    pool = pl.when(pl.col("rank") < pl.col("many")).then(-1).otherwise(pl.col(line))
    into = ranked.select("block", line, into=pool)
    merged = rows.lazy().join(into, on=["block", line]).with_columns(pl.col("into").alias(line))
    return merged.drop("into").collect()
