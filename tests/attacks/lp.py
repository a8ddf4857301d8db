"""The linear programme: is any small number the only one that all that was told leaves possible?

Views meet in the totals of their block alone, so one table of unknowns per view, bound by equal totals of
each state, says of a view all that the table of every view with every other would. What is known to lie
together has a table of its own: named pairs, counties in regions, waves on their days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from data.release import FIXED
from tests.attacks.families import TWINS, State, differences, families, states
from tests.attacks.holdings import TIME, Block, Holding, coordinates, day_class, split
from tests.attacks.solver import Programme, determined

MOST = 1e7
Mark = tuple[Any, ...]
Key = tuple[str, Mark, str, bool]
SCHEDULED = frozenset(view.name for view in FIXED if view.scheduled)


@dataclass
class Tally:
    """What an attack tried and found."""

    blocks: int = 0
    programmes: int = 0
    constraints: int = 0
    targets: int = 0
    impossible: int = 0
    found: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        for name in ("blocks", "programmes", "constraints", "targets", "impossible"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.found += other.found

    def line(self) -> dict[str, int]:
        names = ("blocks", "programmes", "constraints", "targets", "impossible")
        return {name: getattr(self, name) for name in names} | {"recovered": len(self.found)}


@dataclass(frozen=True)
class Target:
    """A sum of unknowns that nobody may know where it is small: of a class, or of all others (`rest`)."""

    view: str
    mark: Mark
    plus: str
    minus: tuple[str, ...]
    name: str
    rest: bool
    places: list[int]

    @property
    def key(self) -> Key:
        return self.view, self.mark, self.name, self.rest


@dataclass
class _Tables:
    """The unknowns of each view: by class and state."""

    programme: Programme
    states: list[State]
    of: dict[str, dict[tuple[Mark, State], int]] = field(default_factory=dict)
    totals: dict[State, int] = field(default_factory=dict)

    def table(self, name: str, marks: Iterable[Mark]) -> None:
        made = {(mark, s): self.programme.unknown(MOST) for mark in marks for s in self.states}
        self.of[name] = made

    def bind(self, fine: str, coarse: str, into: dict[Mark, Mark]) -> None:
        """The classes of one table are sums of those of another; `into` says of which."""
        for s in self.states:
            for mark in {mark for mark, _ in self.of[coarse]}:
                parts = [self.of[fine][one, s] for one, of in into.items() if of == mark]
                self.programme.told(parts, 0, [self.of[coarse][mark, s]])


def attack(blocks: Iterable[Block], small: int, free: frozenset[str]) -> Tally:
    """What the blocks give away below `small`; counts in `free` may be small by days."""
    tally = Tally()
    for block in blocks:
        tally.blocks += 1
        for family in families(block.told):
            tally.add(_family(block, family, small, free))
    return tally


def _family(block: Block, family: tuple[str, ...], small: int, free: frozenset[str]) -> Tally:
    holdings = block.holdings(family)
    tables = _programme(block, holdings, family)
    asked = list(_targets(tables, family))
    tally = Tally(programmes=1, constraints=len(tables.programme.rows))
    known = determined(tables.programme, [target.places for target in asked])
    if known is None:
        # Counts of first times need not nest day by day: then nobody can take it that they do.
        tally.impossible += 1
        for shorter in _shorter(family):
            tally.add(_family(block, shorter, small, free))
        return tally
    tally.targets = len(asked)
    values = {target.key: value for target, value in zip(asked, known, strict=True)}
    for target in asked:
        value = values[target.key]
        if value is not None and 0 < value < small and not _excused(target, value, values, free):
            where = f"{target.view} {_named(holdings.get(target.view), target.mark)}"
            beside = "all but " if target.rest else ""
            tally.found.append(f"{'/'.join(map(str, block.key))}: {beside}{where}: {target.name} = {value}")
    return tally


def _shorter(family: tuple[str, ...]) -> list[tuple[str, ...]]:
    if len(family) == 1:
        return []
    return [(one,) for one in family] if len(family) == 2 else [family[:-1], family[1:]]


def _excused(target: Target, value: int, known: Mapping[Key, int | None], free: frozenset[str]) -> bool:
    """Whether a small number is one that the profile lets everybody know: messages by time.

    Where everybody got one message, the members written to on a day are as many as its messages.
    """
    scheduled = target.view in SCHEDULED or target.view.endswith(" by day")
    twin = next((plain for plain, members in TWINS if members == target.plus), "")
    if not target.minus and twin in free and scheduled:
        return known.get((target.view, target.mark, twin, target.rest)) == value
    if target.plus not in free:
        return False
    if value in (known.get(("", (), target.name, False)), known.get(("", (), target.plus, False))):
        return True
    whole = known.get((target.view, target.mark, target.plus, target.rest))
    return scheduled and ({target.plus, *target.minus} <= free or whole == value)


def _programme(block: Block, holdings: dict[str, Holding], family: tuple[str, ...]) -> _Tables:
    tables = _Tables(Programme(), states(family))
    tables.totals = {s: tables.programme.unknown(MOST) for s in tables.states}
    for view, held in holdings.items():
        marks = _grid_marks(block, holdings, view) if _between(view, holdings) else list(held.classes)
        marks = _inside_marks(block, holdings, view, held) or marks
        tables.table(view, marks)
        for (count, group), value in held.values.items():
            own = family.index(count)
            plus = [p for (m, s), p in tables.of[view].items() if count in s and m[own] == group]
            tables.programme.told(plus, value)
        for s, total in tables.totals.items():
            tables.programme.told([p for (_, t), p in tables.of[view].items() if t == s], 0, [total])
    for view in holdings:
        _joined(block, tables, holdings, view)
    return tables


def _between(view: str, holdings: dict[str, Holding]) -> tuple[str, str] | None:
    return coordinates(view, holdings)


def _grid_marks(block: Block, holdings: dict[str, Holding], view: str) -> list[Mark]:
    return sorted(set(_grid(holdings, view).values()), key=str)


def _grid(holdings: dict[str, Holding], view: str) -> dict[Any, Mark]:
    """Of each pair of values: its own class, and those of both values."""
    held, (left, right) = holdings[view], _between(view, holdings) or ("", "")
    return {
        raw: (*held.mark(raw), holdings[left].mark(split(raw, 0)), holdings[right].mark(split(raw, 1)))
        for raw in held.raws
    }


def _inside(block: Block, holdings: dict[str, Holding], view: str, held: Holding) -> dict[Any, Mark]:
    parent, lies = block.inside.get(view, ("", {}))
    if parent not in holdings:
        return {}
    return {raw: (*held.mark(raw), holdings[parent].mark(lies.get(raw, raw))) for raw in held.raws}


def _inside_marks(block: Block, holdings: dict[str, Holding], view: str, held: Holding) -> list[Mark]:
    return sorted(set(_inside(block, holdings, view, held).values()), key=str)


def _joined(block: Block, tables: _Tables, holdings: dict[str, Holding], view: str) -> None:
    held, width = holdings[view], len(holdings[view].family)
    if between := _between(view, holdings):
        marks = set(_grid(holdings, view).values())
        for side, other in enumerate(between):
            tables.bind(view, other, {mark: mark[width + side] for mark in marks})
    if lies := _inside(block, holdings, view, held):
        tables.bind(view, block.inside[view][0], {mark: mark[width] for mark in set(lies.values())})
    met = block.met.get(view)
    if met and TIME in holdings:
        days = holdings[TIME]
        pairs = {
            (held.mark(value), days.mark(day_class(days, day))) for day, value in met if value in held.raws
        }
        name = f"{view} by day"
        tables.table(name, sorted(pairs, key=str))
        tables.bind(name, view, {pair: pair[0] for pair in pairs})
        tables.bind(name, TIME, {pair: pair[1] for pair in pairs})


def _targets(tables: _Tables, family: tuple[str, ...]) -> Iterator[Target]:
    """Each class of each view and what is left beside it: of every count, and of every difference."""
    wanted: list[tuple[str, tuple[str, ...]]] = [*((count, ()) for count in family), *differences(family)]
    for plus, minus in wanted:
        named = " - ".join((plus, *minus))
        keep = [s for s in tables.states if plus in s and not set(minus) & s]
        yield Target("", (), plus, minus, named, False, [tables.totals[s] for s in keep])
        for view, table in tables.of.items():
            marks = list(dict.fromkeys(mark for mark, _ in table))
            cells = {mark: [table[mark, s] for s in keep] for mark in marks}
            for mark in marks:
                yield Target(view, mark, plus, minus, named, False, cells[mark])
                if len(marks) > 1:
                    rest = [place for other, own in cells.items() if other != mark for place in own]
                    yield Target(view, mark, plus, minus, named, True, rest)


def _named(held: Holding | None, mark: Mark) -> str:
    if held is None:
        return str(mark)
    return repr(held.classes.get(mark[: len(held.family)], mark))
