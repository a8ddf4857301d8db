"""What a reader holds of one block: per view the classes that were told apart, and what was told of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from data.release import BLOCK, FIXED, POOLED, TOGETHER
from data.release.atoms import meetings_of
from data.release.rules import SUMS

Raw = Any
"""One value of a cut, or the first day of one of the finest groups of days."""
Row = Mapping[str, Any]
TIME = "operations"


@dataclass
class Holding:
    """One view of a block: its raw values in classes that nobody can tell apart within, for some counts."""

    view: str
    family: tuple[str, ...]
    groups: dict[str, dict[Raw, int]]
    values: dict[tuple[str, int], int]
    raws: list[Raw]

    @cached_property
    def classes(self) -> dict[tuple[int | None, ...], list[Raw]]:
        found: dict[tuple[int | None, ...], list[Raw]] = {}
        for raw in self.raws:
            found.setdefault(self.mark(raw), []).append(raw)
        return found

    def mark(self, raw: Raw) -> tuple[int | None, ...]:
        return tuple(self.groups[count].get(raw) for count in self.family)


@dataclass
class Block:
    """Everything told of one block, and what is known of its members beside it."""

    key: tuple[Any, ...]
    rows: dict[str, list[Row]]
    met: dict[str, set[tuple[int | None, str]]] = field(default_factory=dict)
    inside: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)

    @cached_property
    def told(self) -> list[str]:
        return [c for c in SUMS if any(row[c] is not None for rows in self.rows.values() for row in rows)]

    def holding(self, view: str, family: tuple[str, ...]) -> Holding | None:
        rows = [row for row in self.rows.get(view, ()) if any(row[c] is not None for c in family)]
        if not rows:
            return None
        parts = _days(rows) if view == TIME else {n: row["value"].split(POOLED) for n, row in enumerate(rows)}
        groups: dict[str, dict[Raw, int]] = {count: {} for count in family}
        values = {}
        for place, row in enumerate(rows):
            for count in family:
                if row[count] is not None:
                    values[count, place] = row[count]
                    groups[count] |= dict.fromkeys(parts[place], place)
        raws = sorted({raw for own in parts.values() for raw in own}, key=lambda raw: (raw is None, raw))
        return Holding(view, family, groups, values, raws)

    def holdings(self, family: tuple[str, ...]) -> dict[str, Holding]:
        made = {view: self.holding(view, family) for view in self.rows}
        return {view: one for view, one in made.items() if one is not None}


def _days(rows: list[Row]) -> dict[int, list[Raw]]:
    finest = min(row["level"] for row in rows)
    starts = sorted(
        {row["first_day"] for row in rows if row["level"] == finest}, key=lambda d: (d is None, d)
    )
    return {
        place: [d for d in starts if d is None or row["first_day"] <= d <= row["last_day"]]
        for place, row in enumerate(rows)
    }


def day_class(holding: Holding, day: int | None) -> Raw:
    """The raw value of a holding of days that a day falls into."""
    if day is None:
        return None
    starts = [raw for raw in holding.raws if raw is not None and raw <= day]
    return max(starts) if starts else None


def blocks_of(
    released: pl.DataFrame, cells: pl.DataFrame | None = None, inside: Mapping[str, str] | None = None
) -> list[Block]:
    """The blocks of the rows of `released`; with the cells, the schedule that a reader knows."""
    met = _met(cells) if cells is not None else {}
    lies = _lies(cells, inside or {}) if cells is not None else {}
    found: dict[tuple[Any, ...], Block] = {}
    for row in released.iter_rows(named=True):
        key = tuple(row[name] for name in BLOCK)
        block = found.setdefault(key, Block(key, {}, met.get(key, {}), lies.get(key[0], {})))
        block.rows.setdefault(row["view"], []).append(row)
    return list(found.values())


def _met(cells: pl.DataFrame) -> dict[tuple[Any, ...], dict[str, set[tuple[int | None, str]]]]:
    found: dict[tuple[Any, ...], dict[str, set[tuple[int | None, str]]]] = {}
    for view in (v for v in FIXED if v.scheduled and v.columns):
        for row in meetings_of(view, cells).select(*BLOCK, "day", "value").iter_rows():
            found.setdefault(row[: len(BLOCK)], {}).setdefault(view.name, set()).add(row[len(BLOCK) :])
    return found


def _lies(cells: pl.DataFrame, inside: Mapping[str, str]) -> dict[str, dict[str, tuple[str, dict[str, str]]]]:
    found: dict[str, dict[str, tuple[str, dict[str, str]]]] = {}
    for child, parent in inside.items():
        pairs = cells.select("campaign", f"attribute {child}", f"attribute {parent}").drop_nulls().unique()
        for campaign, value, other in pairs.iter_rows():
            found.setdefault(campaign, {}).setdefault(child, (parent, {}))[1][value] = other
    return found


def coordinates(view: str, attributes: Collection[str]) -> tuple[str, str] | None:
    """The two views that a table of two coordinates stands between."""
    parts = view.split("|")
    return (parts[0], parts[1]) if len(parts) == 2 and set(parts) <= set(attributes) else None


def split(raw: str, side: int) -> str:
    return raw.split(TOGETHER)[side]
