"""Lands a batch: drops what is there already, appends the rest, and accounts for every row of the file."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from data.snapshot import reader
from data.tables import LANDING, TABLES
from etl import reasons, repeats, unload
from etl.commit import Writer
from etl.intake import Batch
from etl.quarantine import Quarantine

SHARED = ("profiles",)


@dataclass(frozen=True)
class Landed:
    """What became of the rows of one file. `loaded + already_present + skipped + refused == rows_in`."""

    load_id: int
    source: str
    file_name: str
    rows_in: int
    loaded: int
    already_present: int
    skipped: int
    refused: int
    before: bool = False

    def sentence(self) -> str:
        repeat = " (this file was landed before)" if self.before else ""
        return (
            f"{self.file_name}: {self.rows_in:,} rows in = {self.loaded:,} loaded + {self.already_present:,} "
            f"already present + {self.skipped:,} skipped by rule + {self.refused:,} refused{repeat}"
        )


def load_id_of(batch: Batch) -> int:
    """A load is the same when source, file and mapping are the same, byte for byte."""
    text = "|".join((batch.source, batch.kind, batch.sha256, batch.mapping_sha256))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)


def replay_id_of(parent: int, batch: Batch) -> int:
    """A replay is a load of its own, the same when the same rows come again in the same way."""
    digest = hashlib.sha256(f"{parent}|{batch.mapping_sha256}".encode())
    for name, frame in sorted(batch.tables.items()):
        with io.BytesIO() as packed:
            frame.write_ipc(packed)
            digest.update(name.encode() + packed.getvalue())
    return int.from_bytes(digest.digest()[:8], "big", signed=True)


@dataclass(frozen=True)
class Replayed:
    """Whose refused rows a batch reads again, and which of them (column, reason) leave the quarantine."""

    of_load: int
    taken: pl.DataFrame


def land(
    batch: Batch, lake: Writer, quarantine: Quarantine, now_us: int, replayed: Replayed | None = None
) -> Landed:
    """Land a batch under the writer's lock; doing it again, or after a crash half-way, changes nothing.

    What a replay still refuses is kept in quarantine already, under the load it was refused in.
    """
    load_id = load_id_of(batch) if replayed is None else replay_id_of(replayed.of_load, batch)
    with lake.lock():
        loads = lake.frame("loads")
        known = loads.filter(pl.col("load_id") == load_id)
        if not known.is_empty():
            return _repeated(batch, load_id)
        tidy(lake, quarantine)
        mark = _begin(lake, load_id)
        fresh, again = _sorted_out(lake, batch)
        landed = _account(batch, load_id, fresh)
        for name, frame in fresh.items():
            if not frame.is_empty():
                lake.append(name, _stamped(name, frame, load_id))
        remembered = repeats.frame_of(again, load_id)
        if not remembered.is_empty():
            lake.append("repeats", remembered)
        keeps = replayed is None and batch.keeps_refused
        _explain(lake, batch, load_id, replayed, quarantine.until(now_us) if keeps else None)
        if keeps:
            quarantine.write(load_id, batch, now_us)
        lake.append("loads", _load_row(batch, landed, lake.last_seq() + 1, now_us))
        mark.unlink()
        return landed


def foreseen(batch: Batch, lake: Writer) -> Landed:
    """What landing a batch now would come to; nothing is written."""
    load_id = load_id_of(batch)
    if not lake.frame("loads").filter(pl.col("load_id") == load_id).is_empty():
        return _repeated(batch, load_id)
    return _account(batch, load_id, _sorted_out(lake, batch)[0])


def _explain(
    lake: Writer, batch: Batch, load_id: int, replayed: Replayed | None, until_us: int | None
) -> None:
    """Keep why rows were not loaded, in words without their values."""
    counted, of_load = reasons.of_batch(batch), load_id
    if replayed is not None:
        counted, of_load = pl.concat([counted, reasons.refused(replayed.taken, "replayed")]), replayed.of_load
    if not counted.is_empty():
        lake.append("refusals", reasons.stamped(counted, load_id, of_load, until_us))


def _repeated(batch: Batch, load_id: int) -> Landed:
    skipped = batch.skipped.height
    present = batch.rows_in - skipped - batch.refused.height
    return Landed(
        load_id, batch.source, batch.file_name, batch.rows_in, 0, present, skipped, batch.refused.height, True
    )


def _begin(lake: Writer, load_id: int) -> Path:
    """Leave a mark that the load has begun, so that a crash half-way can be undone."""
    mark = _marks(lake) / str(load_id)
    mark.touch()
    return mark


def _marks(lake: Writer) -> Path:
    folder = lake.root / "_landing"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def tidy(lake: Writer, quarantine: Quarantine) -> None:
    """Remove what loads that a crash cut short left behind, and go through with undoing that it cut short;
    call it under the writer's lock."""
    leftovers = list(_marks(lake).iterdir())
    landed = set(lake.frame("loads")["load_id"]) if leftovers else set()
    for leftover in leftovers:
        if int(leftover.name) not in landed:
            for table in LANDING:
                lake.remove_load(table.name, int(leftover.name))
            quarantine.forget(int(leftover.name))
        leftover.unlink()
    unload.finish(lake, quarantine)


Frames = dict[str, pl.DataFrame]


def _sorted_out(lake: Writer, batch: Batch) -> tuple[Frames, Frames]:
    """By table: the rows that the lake does not hold yet, the first of each key, and those that it does."""
    fresh, again = {}, {}
    for name, frame in batch.tables.items():
        if name in repeats.RESTATED:
            unique, on, there = _stated(lake, batch.source, name, frame)
        else:
            unique, on, there = _present(lake, name, frame)
        fresh[name] = unique.join(there, on=on, how="anti", nulls_equal=True, maintain_order="left")
        again[name] = unique.join(there, on=on, how="semi", nulls_equal=True, maintain_order="left")
    return fresh, again


Compared = tuple[pl.DataFrame, list[str], pl.DataFrame]


def _present(lake: Writer, name: str, frame: pl.DataFrame) -> Compared:
    """The first row of each key, the key, and the keys that the lake holds."""
    key = list(TABLES[name].key)
    unique = frame.unique(key, keep="first", maintain_order=True)
    if lake.open(name) is None:
        return unique, key, unique.select(key).clear()
    with reader() as con:
        con.register("incoming", unique.select(key).to_arrow())
        on = " and ".join(f"t.{column} is not distinct from i.{column}" for column in key)
        present = con.sql(
            f"select distinct {', '.join('i.' + c for c in key)} "
            f"from {lake.source(name)} t join incoming i on {on}"
        ).pl()
    return unique, key, present


def _stated(lake: Writer, source: str, name: str, frame: pl.DataFrame) -> Compared:
    """The last row of each key, what it says, and what the source's latest load of the same key said."""
    of, said = repeats.RESTATED[name]
    unique = frame.unique(of, keep="last", maintain_order=True)
    order = lake.frame("loads").filter(pl.col("source") == source).select("load_id", "seq")
    latest = lake.frame(name).join(order, on="load_id").sort("seq").unique(of, keep="last")
    return unique, [*of, said], latest.select(*of, said)


def _account(batch: Batch, load_id: int, fresh: dict[str, pl.DataFrame]) -> Landed:
    own = {name: frame for name, frame in fresh.items() if name not in SHARED}
    new = _rows(own)
    made = _rows({name: frame for name, frame in batch.tables.items() if name not in SHARED})
    refused = batch.refused.height
    present = made.join(new, on="row", how="anti").height
    skipped = batch.rows_in - refused - new.height - present
    return Landed(
        load_id, batch.source, batch.file_name, batch.rows_in, new.height, present, skipped, refused
    )


def _rows(frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    empty = pl.DataFrame(schema={"row": pl.Int64})
    return pl.concat(
        [empty, *(frame.select(pl.col("row").cast(pl.Int64)) for frame in frames.values())]
    ).unique()


def _stamped(name: str, frame: pl.DataFrame, load_id: int) -> pl.DataFrame:
    stamped = frame.with_columns(load_id=pl.lit(load_id, pl.Int64))
    if name == "events":
        return stamped.with_columns(event_date=day_to_date(pl.col("event_day"))).sort(
            "event_date", "campaign", "message_id", nulls_last=False
        )
    return stamped


def day_to_date(day: pl.Expr) -> pl.Expr:
    """A day number of the reporting zone as a date."""
    return day.cast(pl.Int32).cast(pl.Date)


def _load_row(batch: Batch, landed: Landed, seq: int, now_us: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "load_id": landed.load_id,
            "seq": seq,
            "source": batch.source,
            "kind": batch.kind,
            "file_name": batch.file_name,
            "sha256": batch.sha256,
            "mapping_sha256": batch.mapping_sha256,
            "rows_in": landed.rows_in,
            "loaded": landed.loaded,
            "already_present": landed.already_present,
            "skipped": landed.skipped,
            "refused": landed.refused,
            "received_us": now_us,
            "last_us": _last_us(batch),
            "provides": " ".join(sorted(batch.provides)),
            "synthetic": batch.synthetic,
            "once": batch.once,
            "position": batch.position,
            "remembers": True,
        }
    )


def _last_us(batch: Batch) -> int | None:
    instants = {"events": "event_us", "outcomes": "service_us", "assignments": "assigned_us"}
    found = [batch.tables[name][column].max() for name, column in instants.items() if name in batch.tables]
    known = [int(value) for value in found if isinstance(value, int)]
    return max(known, default=None)


def land_new(batch: Batch, lake: Writer, now_us: int) -> None:
    """Land a batch of which every row is new; call it under the writer's lock."""
    load_id = load_id_of(batch)
    mark = _begin(lake, load_id)
    for name, frame in batch.tables.items():
        lake.append(name, _stamped(name, frame, load_id))
    landed = _account(batch, load_id, batch.tables)
    lake.append("loads", _load_row(batch, landed, lake.last_seq() + 1, now_us))
    mark.unlink()
