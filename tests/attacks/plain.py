"""What needs no programme: small numbers told, narrow pools, unnested groups, steps between snapshots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from data.release import BLOCK
from data.release.atoms import atoms_of
from data.release.rules import SUMS
from data.release.views import View
from tests.attacks.families import ABOVE, differences, families
from tests.attacks.holdings import TIME, Block, Holding, Raw, blocks_of

NARROW = 5
Groups = dict[frozenset[Raw], int]


def stated(blocks: Iterable[Block], small: int, free: frozenset[str]) -> Iterator[str]:
    """Counts, and what nested ones leave in the finest groups of both, that are told and small."""
    for block in blocks:
        for family in families(block.told):
            for view, held in block.holdings(family).items():
                exempt = free if view == TIME else frozenset[str]()
                told = {count: _groups(held, count) for count in family}
                for count in family:
                    for raws, value in told[count].items():
                        if count not in exempt and 0 < value < small:
                            yield f"{block.key} {view} {sorted(map(str, raws))}: {count} = {value}"
                for whole, parts in differences(family):
                    for raws, values in _together([told[whole], *(told[p] for p in parts)]):
                        left = values[0] - sum(values[1:])
                        if 0 < left < small and not ({whole, *parts} <= exempt) and any(values[1:]):
                            yield f"{block.key} {view} {sorted(map(str, raws))}: {whole} - {parts} = {left}"


def _groups(held: Holding, count: str) -> Groups:
    found: dict[int, set[Raw]] = {}
    for raw, group in held.groups[count].items():
        found.setdefault(group, set()).add(raw)
    return {frozenset(raws): held.values[count, group] for group, raws in found.items()}


def _together(several: list[Groups]) -> Iterator[tuple[frozenset[Raw], list[int]]]:
    """The finest sets of raw values that are unions of groups of each of these, with the sum of each."""
    if not all(several):
        return
    left = [set(raws) for groups in several for raws in groups]
    sets: list[set[Raw]] = []
    for one in left:
        meeting = [other for other in sets if other & one]
        sets = [other for other in sets if not other & one] + [one.union(*meeting)]
    for one in sets:
        own = [[raws for raws in groups if raws <= one] for groups in several]
        if all(set().union(*inside) == one for inside in own):
            yield (
                frozenset(one),
                [sum(g[r] for r in inside) for g, inside in zip(several, own, strict=True)],
            )


def unnested(blocks: Iterable[Block], free: frozenset[str]) -> Iterator[str]:
    """Groups of a count in a single cut that are not made of whole groups of one that it is nested in.

    What is left between the two would then be judged by groups in which not both are told.
    """
    for block in blocks:
        for family in families(block.told):
            for view, held in block.holdings(family).items():
                if "|" in view:
                    continue
                for part in family:
                    for whole in (w for w in family if w in ABOVE[part]):
                        if view == TIME and {whole, part} & free:
                            continue
                        outer, inner = _groups(held, whole), _groups(held, part)
                        if not outer or not inner:
                            continue
                        torn = [raws for raws in inner if any(raws & o and not o <= raws for o in outer)]
                        for raws in torn:
                            yield f"{block.key} {view}: {part} in {sorted(map(str, raws))} tears {whole}"


def narrow(blocks: Iterable[Block], cells: pl.DataFrame, views: Iterable[View], small: int) -> Iterator[str]:
    """Pools of small values only, of which a reader who knows that can tell one to within a few members."""
    truth = {view.name: _truth(view, cells) for view in views if view.columns and not view.grid}
    for block in blocks:
        for view in set(block.rows) & set(truth):
            raw = truth[view].get(block.key, {})
            for family in families(block.told):
                held = block.holding(view, family)
                if held is None:
                    continue
                for plus, minus in [*((c, ()) for c in family), *differences(family)]:
                    told = [_groups(held, name) for name in (plus, *minus)]
                    for raws, values in _together(told):
                        total = abs(values[0] - sum(values[1:]))
                        sizes = [abs(_of(raw, one, plus, minus)) for one in raws]
                        if len(raws) in (1, len(held.raws)) or not total or max(sizes) >= small:
                            continue
                        lowest = max(0, total - (small - 1) * (len(raws) - 1))
                        if min(small - 1, total) - lowest + 1 < NARROW:
                            yield f"{block.key} {view} {sorted(raws)}: {plus} - {minus} = {total} of {sizes}"


def _truth(view: View, cells: pl.DataFrame) -> dict[tuple[Any, ...], dict[str, dict[str, int]]]:
    found: dict[tuple[Any, ...], dict[str, dict[str, int]]] = {}
    for row in atoms_of(view, cells).iter_rows(named=True):
        found.setdefault(tuple(row[name] for name in BLOCK), {})[row["value"]] = row
    return found


def _of(raw: dict[str, dict[str, int]], value: str, plus: str, minus: tuple[str, ...]) -> int:
    row = raw.get(value, {})
    return row.get(plus, 0) - sum(row.get(name, 0) for name in minus)


def moved(before: pl.DataFrame, after: pl.DataFrame, small: int, free: frozenset[str]) -> Iterator[str]:
    """Figures of two snapshots whose difference is of a few members, and nested differences that moved so."""
    old = {block.key: block for block in blocks_of(before)}
    for block in blocks_of(after):
        if block.key not in old:
            continue
        for family in families(block.told):
            new, past = block.holdings(family), old[block.key].holdings(family)
            for view in set(new) & set(past):
                exempt = free if view == TIME else frozenset[str]()
                asked: list[tuple[str, tuple[str, ...]]] = [*((c, ()) for c in family), *differences(family)]
                for plus, minus in asked:
                    names = (plus, *minus)
                    if set(names) & exempt:
                        continue
                    if view == TIME:
                        pairs = [[_totals(h, name) for name in names] for h in (past[view], new[view])]
                    else:
                        pairs = [[_groups(h, name) for name in names] for h in (past[view], new[view])]
                    for raws, values in _together([*pairs[0], *pairs[1]]):
                        first, second = values[: len(names)], values[len(names) :]
                        steps = [now - was for was, now in zip(first, second, strict=True)]
                        # What moved alone is looked at alone, in its own groups.
                        if minus and sum(one != 0 for one in steps) < 2:
                            continue
                        step = steps[0] - sum(steps[1:])
                        if 0 < abs(step) < small:
                            where = f"{block.key} {view} {sorted(map(str, raws))}"
                            yield f"{where}: {' - '.join(names)} moved by {step}"


def _totals(held: Holding, count: str) -> Groups:
    groups = _groups(held, count)
    return {frozenset(("month",)): sum(groups.values())} if groups else {}


def crossed(released: pl.DataFrame, small: int) -> Iterator[str]:
    """Assigned members less those of messages: whole campaigns, months, attributes."""
    pairs = (
        ("assigned", "members_sent"), ("assigned", "members_delivered"),
        ("with_outcome", "members_converted"),
    )  # fmt: skip
    plain = released.filter((pl.col("origin") == "rows") & (pl.col("result") == ""))
    for whole, part in pairs:
        sides = []
        for name, of in ((whole, pl.col("channel") == ""), (part, pl.col("channel") != "")):
            own = plain.filter(of & pl.col(name).is_not_null()).with_columns(
                value=pl.when(pl.col("view") == TIME).then(pl.lit("")).otherwise(pl.col("value"))
            )
            by = ["campaign", "view", "value", *(["channel"] if name == part else [])]
            months = own.group_by(*by, "month").agg(pl.col(name).sum())
            every = own.group_by(by).agg(pl.col(name).sum(), month=pl.lit(0, pl.Int32))
            sides.append(pl.concat([months, every.select(months.columns)]))
        met = sides[0].join(sides[1], on=["campaign", "view", "value", "month"])
        left = met.with_columns(left=pl.col(whole) - pl.col(part)).filter(pl.col(part) > 0)
        for row in left.filter(pl.col("left").is_between(1, small - 1)).iter_rows(named=True):
            yield (
                f"{row['campaign']} {row['channel']} {row['month']} {row['view']} {row['value']!r}: "
                f"{whole} - {part} = {row['left']}"
            )


def counts_told(blocks: Iterable[Block]) -> int:
    return sum(row[c] is not None for b in blocks for rows in b.rows.values() for row in rows for c in SUMS)
