"""The numbers of a group that must each be nothing, or of enough members: counts, what they leave, changes.

A quantity is summed over the atoms of a group (`sum`), and keeps its largest atom (`max`) and how many
atoms have any of it (`some`), since a sum of few or nearly full small atoms gives them away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache, reduce
from operator import and_

import polars as pl

from data.release.rules import ANCESTORS, MONEY, REMAINDERS, STAGE_BEHIND, SUMS, siblings

LEAST_WIDTH, LEAST_ATOMS = 5, 3
MOST_MESSAGES = 4
"""Beyond this many thresholds of messages, enough members are behind: nobody gets that many a month."""


@dataclass(frozen=True)
class Quantity:
    """A sum of columns with signs: a count, or what nested counts leave of one that they lie in."""

    name: str
    plus: str
    minus: tuple[str, ...] = ()

    @property
    def expr(self) -> pl.Expr:
        return reduce(lambda left, name: left - pl.col(name), self.minus, pl.col(self.plus))


def quantities_of(count: str, columns: Collection[str]) -> list[Quantity]:
    """The quantities that decide over a count: itself, what it leaves of all it lies in, and remainders."""
    if count in MONEY:
        return []
    found = [Quantity(count, count)]
    found += [_left(whole, (count,)) for whole in ANCESTORS[count] if whole in columns and whole not in MONEY]
    found += [
        _left(whole, parts)
        for whole, parts in REMAINDERS
        if count in parts and {whole, *parts} <= set(columns)
    ]
    return found


def _left(whole: str, parts: tuple[str, ...]) -> Quantity:
    return Quantity(f"{whole} - {' - '.join(parts)}", whole, parts)


def left_of(whole: str, parts: tuple[str, ...]) -> Quantity:
    """A count where `parts` is empty; else what they leave of it."""
    return _left(whole, parts) if parts else Quantity(whole, whole)


def needed_for(found: Iterable[Quantity], columns: Collection[str]) -> list[str]:
    """Which of a frame's columns decide over quantities: themselves, their counts, who is behind them."""
    names = {name for quantity in found for name in (quantity.plus, *quantity.minus)}
    behind = {f"{word}_{STAGE_BEHIND[n]}" for n in names if n in STAGE_BEHIND for word in ("first", "behind")}
    wanted = names | behind | {f"q {quantity.name}" for quantity in found}
    return [name for name in columns if name in wanted]


def atoms_with(atoms: pl.DataFrame, counts: Iterable[str]) -> pl.DataFrame:
    """The atoms with a column per quantity of `counts`, ready to be grouped."""
    columns = [name for name in SUMS if name in atoms.columns]
    wanted = {q.name: q.expr for count in counts for q in quantities_of(count, columns)}
    return atoms.with_columns(**{f"q {name}": expr for name, expr in wanted.items()})


def needed(count: str, columns: Collection[str]) -> list[str]:
    """Which of a frame's columns decide over a count: its quantities, who is behind them, what was told."""
    found = [q for one in (count, *siblings(count)) if one in columns for q in quantities_of(one, columns)]
    names = {count, *(name for q in found for name in (q.plus, *q.minus))}
    if count in MONEY:
        names |= {"sent"} if count == "cost_micros" else {"with_outcome"}
    stages = {STAGE_BEHIND[name] for name in names if name in STAGE_BEHIND}
    wanted = (
        {f"q {q.name}" for q in found}
        | names
        | {f"{w}_{stage}" for w in ("first", "behind") for stage in stages}
    )
    wanted |= {f"{word} {name}" for word in ("was", "told", "had", "complete", "kept") for name in names}
    return [name for name in columns if name in wanted]


def grouped(atoms: pl.DataFrame, by: list[str], more: Iterable[pl.Expr] = ()) -> pl.DataFrame:
    """Groups of atoms: sums of the counts, bounds of the members behind them, and each quantity's shape."""
    return atoms.group_by(by).agg([*aggregates(atoms.columns), *more])


def aggregates(columns: Collection[str]) -> list[pl.Expr]:
    whole = [name for name in columns if name in SUMS or name.startswith(("first_", "was "))]
    made = [pl.col(whole).sum()] if whole else []
    made += [pl.col(name).max() for name in columns if name.startswith("behind_")]
    for name in [column for column in columns if column.startswith("q ")]:
        own = pl.col(name)
        made += [
            own.sum(),
            own.abs().max().alias(f"max {name[2:]}"),
            (own != 0).sum().cast(pl.Int64).alias(f"some {name[2:]}"),
        ]
    return made


def shapes(columns: Collection[str]) -> list[str]:
    """The columns that groups of atoms have beside their keys and flags."""
    own = [name for name in columns if name in SUMS or name.startswith(("first_", "behind_", "was ", "q "))]
    of = [name[2:] for name in columns if name.startswith("q ")]
    return [*own, *(f"max {name}" for name in of), *(f"some {name}" for name in of)]


def running(columns: Collection[str], over: list[str]) -> list[pl.Expr]:
    """The same numbers for each prefix of ordered groups."""
    largest = [name for name in columns if name.startswith(("behind_", "max "))]
    added = [name for name in columns if name not in largest]
    made = [pl.col(added).cum_sum().over(over)] if added else []
    return [*made, pl.col(largest).cum_max().over(over)] if largest else made


@cache  # expressions are words: the same for every group, and dear to put together a thousand times
def _wide(name: str, threshold: int) -> pl.Expr:
    """Whether a group's small atoms stay unknown: one is large, or they are many and may be more or less."""
    most = threshold - 1
    total, some = pl.col(f"q {name}").abs(), pl.col(f"some {name}")
    high = pl.min_horizontal(pl.lit(most, pl.Int64), total - (some - 1))
    low = pl.max_horizontal(pl.lit(1, pl.Int64), total - most * (some - 1))
    many = (some >= LEAST_ATOMS) & (high - low + 1 >= LEAST_WIDTH)
    return (pl.col(f"max {name}") >= threshold) | many


def apart(value: pl.Expr, threshold: int) -> pl.Expr:
    return (value == 0) | (value.abs() >= threshold)


def _members(stage: str) -> pl.Expr:
    """The members behind a stage of messages, at least."""
    return pl.max_horizontal(pl.col(f"first_{stage}"), pl.col(f"behind_{stage}"))


@cache
def _enough(quantity: Quantity, threshold: int) -> pl.Expr:
    """Whether enough members are behind a quantity that is not zero."""
    amount = pl.col(f"q {quantity.name}").abs()
    if quantity.plus not in STAGE_BEHIND:
        return amount >= threshold
    if not quantity.minus:
        return (amount >= threshold) & (_members(STAGE_BEHIND[quantity.plus]) >= threshold)
    known = [part for part in quantity.minus if part in STAGE_BEHIND]
    left = _members(STAGE_BEHIND[quantity.plus]) - pl.sum_horizontal(
        *(_members(STAGE_BEHIND[part]) for part in known)
    )
    return (amount >= threshold) & ((amount >= MOST_MESSAGES * threshold) | (left >= threshold))


def enough_of(quantity: Quantity, threshold: int) -> pl.Expr:
    """Whether a group has none of a quantity, or of enough members and wide enough."""
    enough = _enough(quantity, threshold) & _wide(quantity.name, threshold)
    return (pl.col(f"q {quantity.name}") == 0) | enough


def safe_together(count: str, columns: Collection[str], threshold: int, width: bool = True) -> pl.Expr:
    """Whether a count and the told others of its whole's parts may all be told in a group."""
    fine = [safe(count, columns, threshold, width)]
    for other in siblings(count):
        if f"q {other}" in columns:
            fine.append(~pl.col(f"told {other}") | safe(other, columns, threshold, width))
    return reduce(and_, fine)


def safe(count: str, columns: Collection[str], threshold: int, width: bool = True) -> pl.Expr:
    """Whether a count may be told in a group, where columns `told <count>` say which others are told at all.

    Money is judged by the messages or members it belongs to.
    """
    if count in MONEY:
        judge = _members("sent") if count == "cost_micros" else pl.col("with_outcome")
        return (pl.col(count) == 0) & (judge == 0) | (judge >= threshold)
    return reduce(
        and_, [_gives_nobody_away(one, count, threshold, width) for one in quantities_of(count, columns)]
    )


@cache
def _gives_nobody_away(quantity: Quantity, count: str, threshold: int, width: bool) -> pl.Expr:
    """Whether a quantity gives nobody away beside a count: not told, nothing, or of enough members."""
    enough = _enough(quantity, threshold)
    if width:
        enough = enough & _wide(quantity.name, threshold)
    beside = [pl.col(f"told {name}") for name in (quantity.plus, *quantity.minus) if name != count]
    told = pl.all_horizontal(*beside) if beside else pl.lit(True)
    return ~told | (pl.col(f"q {quantity.name}") == 0) | enough
