"""Undoes a load: an event keeps every load that delivered it, and goes with the last."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import polars as pl

from config.instants import minute
from config.settings import Settings
from config.suggest import near
from data.records import BROWSER
from data.snapshot import Lake, reader
from etl import entries, repeats, unload
from etl.commit import Writer
from etl.door import check_secret, quarantine_of
from etl.land import tidy
from etl.quarantine import Quarantine
from etl.sources.problems import IntakeError
from etl.unload import Leaving, Mark

PEOPLE = ("members", "member")
"""Kinds whose rows are told apart across sources: statements of members, and their addresses."""


class Undone(IntakeError):
    """The load was undone before: there is nothing to do."""


@dataclass(frozen=True)
class Part:
    """Rows of one table: how many go, and how many stay since other loads delivered them too."""

    table: str
    gone: int
    stayed: int


@dataclass(frozen=True)
class Undoing:
    """What undoing a load comes to. `replays` are the loads that mended its refused rows: they go with it."""

    load: dict[str, Any]
    parts: tuple[Part, ...]
    leaving: tuple[Leaving, ...]
    refused: int
    numbers: dict[int, int]

    @property
    def gone(self) -> int:
        return sum(part.gone for part in self.parts)

    @property
    def stayed(self) -> int:
        return sum(part.stayed for part in self.parts)

    @property
    def stayed_by(self) -> list[int]:
        """The numbers of the loads that rows stay under."""
        found = {load for one in self.leaving for load in one.stayed_by}
        return sorted(self.numbers[load] for load in found)

    @property
    def replays(self) -> list[int]:
        return sorted(self.numbers[one.load_id] for one in self.leaving[1:])

    def counts(self) -> dict[str, Any]:
        """What it comes to, for a page: numbers and names of tables alone."""
        return {
            "parts": [[part.table, part.gone, part.stayed] for part in self.parts],
            "gone": self.gone,
            "stayed": self.stayed,
            "stayed_by": self.stayed_by,
            "replays": self.replays,
            "refused": self.refused,
        }


def foresee_undo(settings: Settings, load_id: int) -> Undoing:
    """What undoing a load would come to; changes nothing. `IntakeError` where it cannot be undone."""
    return _foreseen(Lake(settings.lake), quarantine_of(settings), load_id)


def undo(settings: Settings, load_id: int, by: str) -> Undoing:
    """Undo a load under the writer's lock; the next run takes its rows out of every figure.

    `Undone` where it was undone before, `IntakeError` where it cannot be. A crash half-way is gone through
    with by the next writer.
    """
    check_secret(settings)
    lake, quarantine = Writer(settings.lake), quarantine_of(settings)
    with lake.lock():
        tidy(lake, quarantine)
        found = _foreseen(lake, quarantine, load_id)
        entries.undoing(settings, load_id, by)
        unload.begin(lake, Mark(by, time.time_ns() // 1000, found.leaving))
        unload.finish(lake, quarantine)
    return found


def _foreseen(lake: Lake, quarantine: Quarantine, load_id: int) -> Undoing:
    loads = lake.frame("loads")
    load = _known(lake, loads, load_id)
    again = lake.frame("refusals", where="load_id <> of_load")
    _refuse(load, loads, again)
    replays = again.filter(pl.col("of_load") == load_id)["load_id"].unique().to_list()
    gone = [load_id, *sorted(replays)]
    parts: dict[str, Part] = {}
    leaving = []
    for one in gone:
        own = [_part(lake, name, one, gone) for name in repeats.NAMES]
        for part, _ in own:
            held = parts.get(part.table, Part(part.table, 0, 0))
            parts[part.table] = Part(part.table, held.gone + part.gone, held.stayed + part.stayed)
        under = sorted({load for _, loads in own for load in loads})
        total = [sum(part.gone for part, _ in own), sum(part.stayed for part, _ in own)]
        leaving.append(Leaving(one, total[0], total[1], tuple(under)))
    kept = [entry.rows for entry in quarantine.entries() if entry.load_id in gone]
    shown = tuple(part for part in parts.values() if part.gone or part.stayed)
    numbers = dict(loads.select("load_id", "seq").iter_rows())
    return Undoing(load, shown, tuple(leaving), sum(kept), numbers)


def _known(lake: Lake, loads: pl.DataFrame, load_id: int) -> dict[str, Any]:
    """The row of a load; a word with the near miss where there is none."""
    own = loads.filter(pl.col("load_id") == load_id)
    if not own.is_empty():
        return own.row(0, named=True)
    before = lake.frame("undone", where=f"load_id = {load_id}").sort("undone_us")
    if not before.is_empty():
        last = before.row(-1, named=True)
        when = minute(last["undone_us"])
        raise Undone(f"load {load_id} was undone on {when} by {last['undone_by']}; nothing is left of it")
    by_number = loads.filter(pl.col("seq") == load_id)
    if not by_number.is_empty():
        raise IntakeError(
            f"there is no load {load_id}; the load with the number {load_id} is {by_number['load_id'][0]}"
        )
    raise IntakeError(
        f"there is no load {load_id}{near(str(load_id), [str(one) for one in loads['load_id']])}"
    )


def _refuse(load: dict[str, Any], loads: pl.DataFrame, again: pl.DataFrame) -> None:
    """A word where a load cannot be undone by itself."""
    if load["source"] == BROWSER:
        raise IntakeError("these are edits made in the app: undo them there, in the history of the campaign")
    parents = again.filter(pl.col("load_id") == load["load_id"])["of_load"].to_list()
    if parents:
        raise IntakeError(
            f"load {load['load_id']} is a replay of load {parents[0]}: undo that one; its replays go with it"
        )
    later = (pl.col("already_present") > 0) & (pl.col("seq") > load["seq"]) & _may_repeat(load)
    unsure = loads.filter(later & ~pl.col("remembers").fill_null(False)).sort("seq")
    if not unsure.is_empty():
        one = unsure.row(-1, named=True)
        raise IntakeError(
            f"load {one['load_id']} ({one['file_name']}) may have delivered some of these rows too; an "
            "earlier version landed it, which did not keep that: undo it first and import its file anew after"
        )


def _may_repeat(load: dict[str, Any]) -> pl.Expr:
    own: pl.Expr = pl.col("source") == load["source"]
    return own | pl.col("kind").is_in(PEOPLE) if load["kind"] in PEOPLE else own


def _part(lake: Lake, name: str, load_id: int, gone: Collection[int]) -> tuple[Part, set[int]]:
    own = lake.frame(name, where=f"load_id = {load_id}").height if lake.open(name) is not None else 0
    if not own:
        return Part(name, 0, 0), set()
    stays = _heirs(lake, name, load_id, gone)
    return Part(name, own - stays.height, stays.height), set(stays["load_id"])


def _heirs(lake: Lake, name: str, load_id: int, gone: Collection[int]) -> pl.DataFrame:
    if name not in repeats.RESTATED:
        with reader() as con:
            return repeats.heirs(con, lake, name, gone, [load_id])
    held, _ = repeats.restated(lake, name, gone)
    key = [*repeats.RESTATED[name][0], "load_id"]
    new = held.join(lake.frame(name), on=key, how="anti")
    mine = lake.frame(name, where=f"load_id = {load_id}").select(key[:-1])
    return new.join(mine, on=key[:-1], how="semi")


def words(found: Undoing) -> str:
    """What undoing comes to, for a terminal."""
    load = found.load
    lines = [f"load {load['load_id']}: {load['file_name']} of {load['source']}, {load['rows_in']:,} rows in"]
    for part in found.parts:
        stays = f", {part.stayed:,} stay" if part.stayed else ""
        lines.append(f"  {part.table}: {part.gone:,} go{stays}")
    if found.stayed:
        named = ", ".join(str(one) for one in found.stayed_by)
        lines.append(f"  what stays was delivered by load number {named}, too")
    if found.replays:
        named = ", ".join(str(one) for one in found.replays)
        lines.append(f"  its replays go with it: load number {named}")
    if found.refused:
        lines.append(f"  {found.refused:,} refused rows leave the quarantine")
    return "\n".join(lines)
