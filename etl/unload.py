"""Takes loads out of the lake again, begun with a mark: what a crash cut short is gone through with."""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import polars as pl

from data.snapshot import reader
from data.tables import LOADS, TABLES
from etl import repeats
from etl.commit import Files, Writer
from etl.quarantine import Quarantine


@dataclass(frozen=True)
class Leaving:
    """A load that goes: how many rows of landing tables go with it, and how many stay under which loads."""

    load_id: int
    gone: int
    stayed: int
    stayed_by: tuple[int, ...] = ()


@dataclass(frozen=True)
class Mark:
    """An undo that has begun: who asked for it, when (microseconds), and the loads that go."""

    by: str
    at_us: int
    loads: tuple[Leaving, ...]


def begin(lake: Writer, mark: Mark) -> None:
    """Leave the mark from which on the loads go, whatever happens."""
    folder = _marks(lake)
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{os.getpid()}"
    draft.write_text(json.dumps(asdict(mark)), encoding="utf-8")
    draft.replace(folder / f"{mark.loads[0].load_id}.json")


def finish(lake: Writer, quarantine: Quarantine) -> None:
    """Take away the loads of every mark; call it under the writer's lock. Each step may be done twice."""
    for path in sorted(_marks(lake).glob("[!.]*.json")):
        mark = _read(path)
        gone = [one.load_id for one in mark.loads]
        with reader() as con:
            for name in repeats.FIRST:
                _leave(con, lake, name, gone)
        for name in repeats.RESTATED:
            _restate(lake, name, gone)
        _leave_profiles(lake, gone)
        lake.remove("refusals", f"load_id in ({_in(gone)}) or of_load in ({_in(gone)})")
        for load_id in gone:
            quarantine.forget(load_id)
        _record(lake, mark)
        lake.remove("loads", f"load_id in ({_in(gone)})")
        path.unlink()


def _marks(lake: Writer) -> Path:
    return lake.root / "_undoing"


def _read(path: Path) -> Mark:
    told = json.loads(path.read_text(encoding="utf-8"))
    leaving = tuple(Leaving(**{**one, "stayed_by": tuple(one["stayed_by"])}) for one in told["loads"])
    return Mark(told["by"], told["at_us"], leaving)


_in = repeats.listed


def _leave(con: duckdb.DuckDBPyConnection, lake: Writer, name: str, gone: Collection[int]) -> None:
    """Rows that another load delivered too stand under it from now on; the rest goes."""
    heirs = repeats.heirs(con, lake, name, gone)
    if not heirs.is_empty():
        on = [*TABLES[name].key, "load_id"]
        there = lake.frame(name, where=f"load_id in ({_in(heirs['load_id'].unique().to_list())})").select(on)
        new = heirs.join(there, on=on, how="anti", nulls_equal=True)
        if not new.is_empty():
            lake.append(name, new)
    lake.remove(name, f"load_id in ({_in(gone)})")
    _tidy_repeats(con, lake, name, gone)


def _tidy_repeats(con: duckdb.DuckDBPyConnection, lake: Writer, name: str, gone: Collection[int]) -> None:
    """Without the loads that go, and without what stands under its load by now."""
    kept = repeats.source(lake, name)
    same = " and ".join(f"t.{c} is not distinct from r.{c}" for c in (*TABLES[name].key, "load_id"))
    heirs = f"(select * from {lake.source(name)} where load_id in (select load_id from {kept}))"
    left = (
        f"select r.*, '{name}' as \"of\" from {kept} r where load_id not in ({_in(gone)}) "
        f"and not exists (select 1 from {heirs} t where {same})"
    )
    before, after = (
        con.execute(f"select count(*) from {one}").fetchall()[0][0] for one in (kept, f"({left})")
    )
    if before != after:
        files = Files(con, lake, "repeats")
        if after:
            files.add(left)
        files.commit([name])


def _restate(lake: Writer, name: str, gone: Collection[int]) -> None:
    """A source's latest statement without the loads that go counts again."""
    held, rest = repeats.restated(lake, name, gone)
    before = lake.frame(name)
    known = repeats.frame(lake, name)
    if before.filter(pl.col("load_id").is_in(list(gone))).is_empty() and known.height == rest.height:
        return
    # What moves from one to the other stands in both for a while, never in neither.
    every = pl.concat([before, known], how="diagonal")
    both = every.filter(~pl.col("load_id").is_in(list(gone)))
    for table, frame in (("repeats", both), (name, held), ("repeats", rest)):
        if table == name:
            lake.replace(name, frame)
        else:
            lake.replace("repeats", frame.with_columns(of=pl.lit(name)), [name])


def _leave_profiles(lake: Writer, gone: Collection[int]) -> None:
    """Attributes stay as long as any row, also a remembered one, names them."""
    mine = lake.frame("profiles", where=f"load_id in ({_in(gone)})")
    if mine.is_empty():
        return
    with reader() as con:
        parts = [lake.source(name) for name in ("assignments", "members", "repeats")]
        every = " union all ".join(f"select profile, load_id from {one}" for one in parts)
        named = con.sql(
            f"select profile, arg_min(load_id, seq) as load_id from ({every}) n "
            f"join {lake.source('loads')} l using (load_id) "
            f"where profile is not null and load_id not in ({_in(gone)}) group by profile"
        ).pl()
    stays = mine.drop("load_id").join(named, on="profile")
    known = lake.frame("profiles", where=f"load_id not in ({_in(gone)})")
    new = stays.join(known, on=["profile", "attribute"], how="anti")
    if not new.is_empty():
        lake.append("profiles", new)
    lake.remove("profiles", f"load_id in ({_in(gone)})")


def _record(lake: Writer, mark: Mark) -> None:
    """Keep the loads as they stood, with who undid them and how many rows went."""
    loads = lake.frame("loads", where=f"load_id in ({_in([one.load_id for one in mark.loads])})")
    told = lake.frame("undone", where=f"undone_us = {mark.at_us}")
    waiting = loads.join(told, on="load_id", how="anti")
    if waiting.is_empty():
        return
    rows = pl.DataFrame(
        [
            {
                "load_id": one.load_id,
                "gone": one.gone,
                "stayed": one.stayed,
                "stayed_by": " ".join(str(load) for load in one.stayed_by),
            }
            for one in mark.loads
        ]
    )
    made = waiting.select([column.name for column in LOADS.columns]).join(rows, on="load_id")
    who = {"undone_seq": lake.last_seq() + 1, "undone_us": mark.at_us, "undone_by": mark.by}
    lake.append("undone", made.with_columns(**{name: pl.lit(value) for name, value in who.items()}))
