"""What a lake holds, in a form in which two lakes can be compared."""

from __future__ import annotations

from typing import Any

import polars as pl
from pyroaring import BitMap

from config.settings import Settings
from data.snapshot import Lake
from data.tables import COUNTS, TABLES

COMPARED = ("messages", "cells", "coverage", "terms", "prices")
"""What is computed from the landed rows alone; `released` also depends on what was told before."""


def state(settings: Settings) -> dict[str, pl.DataFrame]:
    """The last snapshot's computed tables, sorted; reach as one row per member: positions do not matter."""
    lake = Lake(settings.lake)
    last = lake.latest()
    found = {name: _sorted(lake.frame(name, last.versions[name])) for name in COMPARED}
    found["reach"] = reached(lake)
    return found


def loaded(settings: Settings) -> dict[str, pl.DataFrame]:
    """The last snapshot's lineage, sorted: it names loads, so that other files give another one."""
    lake = Lake(settings.lake)
    return {"lineage": _sorted(lake.frame("lineage", lake.latest().versions["lineage"]))}


def reached(lake: Lake) -> pl.DataFrame:
    """Every mark of every bitmap as a row: slice, stage, member."""
    versions = lake.latest().versions
    index = dict(
        lake.frame("member_index", versions["member_index"]).select("position", "member").iter_rows()
    )
    assert len(index) == len(set(index.values())), "a member stands twice in member_index"
    rows = [
        (*(str(part) for part in row[:-1]), index[position])
        for row in lake.frame("reach", versions["reach"]).iter_rows()
        for position in BitMap.deserialize(row[-1])
    ]
    names = [column.name for column in TABLES["reach"].columns]
    schema = {**dict.fromkeys(names[:-1], pl.String), names[-1]: pl.Int64}
    return _sorted(pl.DataFrame(rows, schema=schema, orient="row"))


def differences(ours: dict[str, pl.DataFrame], theirs: dict[str, pl.DataFrame]) -> dict[str, str]:
    """Per table that differs: how many rows stand only here and only there, and some of them."""
    found = {}
    for name, mine in ours.items():
        other = theirs[name]
        if not mine.equals(other):
            here = mine.join(other, on=mine.columns, how="anti", nulls_equal=True)
            there = other.join(mine, on=mine.columns, how="anti", nulls_equal=True)
            found[name] = f"{mine.height} rows against {other.height}; only here: {_shown(here, there)}"
    return found


def _shown(here: pl.DataFrame, there: pl.DataFrame) -> str:
    def told(row: dict[str, object]) -> dict[str, object]:
        return {name: value for name, value in row.items() if value not in (0, None, "")}

    first, second = ([told(row) for row in part.head(4).iter_rows(named=True)] for part in (here, there))
    return f"{here.height}: {first}; only there: {there.height}: {second}"


def _sorted(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort(frame.columns, nulls_last=True)


def cells_of(lake: Lake) -> dict[tuple[Any, ...], int]:
    """The last snapshot's cells without their attributes, as `reference.cells` gives them."""
    found: dict[tuple[Any, ...], int] = {}
    names = ("kind", "campaign", "wave", "channel", "variant", "arm", "outcome", "slot", "day")
    for row in lake.frame("cells", lake.latest().versions["cells"]).iter_rows(named=True):
        for column in COUNTS:
            if row[column] and not column.startswith(("behind_", "first_")):
                key = (*(row[name] for name in names), column)
                found[key] = found.get(key, 0) + row[column]
    return found
