"""The whole table of up to three cuts of a block at a time: is the argument true that linking them is safe?

The programme of `lp` has a table per view. Here every value of one cut may meet every value of another, each
joint cell is an unknown and a target, and nothing is taken from the argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, product
from typing import Any

from data.release import TOGETHER
from tests.attacks.families import State, differences, families, states
from tests.attacks.holdings import TIME, Block, Holding, coordinates, day_class
from tests.attacks.lp import MOST, Mark, Tally
from tests.attacks.solver import Programme, Solver, determined, ranges, wholes

Cell = tuple[Mark, ...]
Named = tuple[str, list[int]]


def attack(
    blocks: Iterable[Block], small: int, cuts: tuple[str, ...], free: frozenset[str], exact: bool = False
) -> Tally:
    """What the blocks give away below `small` where these cuts, and tables of two of them, are put together.

    `exact` drives every target to both of its ends instead of looking at the rows of the equations.
    """
    tally = Tally()
    for block in blocks:
        tally.blocks += 1
        for family in families(block.told):
            held = [one for view in cuts if (one := block.holding(view, family)) is not None]
            if held:
                tally.add(_family(block, held, family, small, free, exact))
    return tally


def _family(
    block: Block,
    held: list[Holding],
    family: tuple[str, ...],
    small: int,
    free: frozenset[str],
    exact: bool,
) -> Tally:
    programme, cells = Programme(), _cells(block, held)
    unknown = {(cell, s): programme.unknown(MOST) for cell in cells for s in states(family)}
    for side, one in enumerate(held):
        for (count, group), value in one.values.items():
            own = family.index(count)
            plus = [p for (cell, s), p in unknown.items() if count in s and cell[side][own] == group]
            programme.told(plus, value)
    for view, sides in _grids(block, held):
        grid = block.holding(view, family)
        for (count, group), value in () if grid is None else grid.values.items():
            own = family.index(count)
            plus = [
                p
                for (cell, s), p in unknown.items()
                if count in s and _of_cell(grid, held, cell, sides)[own] == group
            ]
            programme.told(plus, value)
    named = list(_targets(held, unknown, family, free))
    tally = Tally(programmes=1, constraints=len(programme.rows), targets=len(named))
    values = _exactly(programme, named) if exact else determined(programme, [p for _, p in named])
    if values is None:
        tally.impossible += 1
        return tally
    for (name, _), value in zip(named, values, strict=True):
        if value is not None and 0 < value < small:
            tally.found.append(f"{'/'.join(map(str, block.key))}: {name} = {value}")
    return tally


def _grids(block: Block, held: list[Holding]) -> Iterator[tuple[str, tuple[int, int]]]:
    """The tables of two of these cuts, and which cuts their rows and columns are."""
    places = {one.view: side for side, one in enumerate(held)}
    for view in block.rows:
        if between := coordinates(view, places):
            yield view, (places[between[0]], places[between[1]])


def _of_cell(grid: Holding, held: list[Holding], cell: Cell, sides: tuple[int, int]) -> Mark:
    """The class of a table in which a joint cell lies: its own classes are parts of the table's lines."""
    raws = [held[side].classes[cell[side]][0] for side in sides]
    return grid.mark(TOGETHER.join(raws))


def _exactly(programme: Programme, named: list[Named]) -> list[int | None] | None:
    solver = Solver(programme)
    if not solver.possible:
        return None
    bounds = ranges(solver, [places for _, places in named])
    return [round((low + high) / 2) if wholes(low, high) == 1 else None for low, high in bounds]


def _cells(block: Block, held: list[Holding]) -> list[Cell]:
    """All classes with all classes, but for what the calendar of sending and the map rule out."""
    cells = [tuple(marks) for marks in product(*(list(one.classes) for one in held))]
    for (left, one), (right, other) in combinations(enumerate(held), 2):
        meet = _meet(block, one, other) or {(b, a) for a, b in _meet(block, other, one)}
        if meet:
            cells = [cell for cell in cells if (cell[left], cell[right]) in meet]
    return cells


def _meet(block: Block, one: Holding, other: Holding) -> set[tuple[Mark, Mark]]:
    if other.view == TIME and one.view in block.met:
        pairs = [pair for pair in block.met[one.view] if pair[1] in one.raws]
        return {(one.mark(value), other.mark(day_class(other, day))) for day, value in pairs}
    parent, lies = block.inside.get(one.view, ("", {}))
    if parent == other.view:
        return {(one.mark(raw), other.mark(lies.get(raw, raw))) for raw in one.raws}
    return set()


def _targets(
    held: list[Holding], unknown: dict[tuple[Cell, State], int], family: tuple[str, ...], free: frozenset[str]
) -> Iterator[Named]:
    wanted: list[tuple[str, tuple[str, ...]]] = [*((c, ()) for c in family if c not in free)]
    wanted += [(whole, parts) for whole, parts in differences(family) if not {whole, *parts} & free]
    for plus, minus in wanted:
        own = [(cell, place) for (cell, s), place in unknown.items() if plus in s and not set(minus) & s]
        for size in range(1, len(held) + 1):
            for sides in combinations(range(len(held)), size):
                sums: dict[Any, list[int]] = {}
                for cell, place in own:
                    sums.setdefault(tuple(cell[side] for side in sides), []).append(place)
                names = "|".join(held[side].view for side in sides)
                for marks, places in sums.items():
                    yield f"{names} {marks}: {' - '.join((plus, *minus))}", places
