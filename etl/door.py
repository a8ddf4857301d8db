"""The door for files: read by a mapping, land, quarantine; dry runs and replays use the same way."""

from __future__ import annotations

import os
import time
from pathlib import Path

import polars as pl

from config.settings import Settings, SettingsError
from data.identify import Pseudonyms, fingerprint
from data.snapshot import Lake
from etl import entries
from etl.commit import Writer
from etl.consent import permitted
from etl.intake import Batch, interpret, read
from etl.intake.reader import Rows
from etl.land import Landed, Replayed, foreseen, land
from etl.publish import check_zone
from etl.quarantine import Quarantine
from etl.sources.mapping import Mapping
from etl.sources.toml import load_mapping


def quarantine_of(settings: Settings) -> Quarantine:
    return Quarantine(settings.quarantine, settings.secret(), settings.quarantine_days)


def read_file(settings: Settings, file: Path, mapping: Path) -> Batch:
    """Read a file without landing it; raises what `etl.intake.read` raises."""
    batch = read(file, load_mapping(mapping), Pseudonyms(settings.secret()), settings.zone)
    return permitted(settings, batch)


def read_rows(settings: Settings, rows: Rows, mapping: Mapping) -> Batch:
    """Rows of a file, a database or an API by a mapping, without what may not be kept; nothing is landed."""
    return permitted(settings, interpret(rows, mapping, Pseudonyms(settings.secret()), settings.zone))


def foresee(settings: Settings, batch: Batch) -> Landed:
    """What landing a batch that was read would come to; changes nothing."""
    check_zone(Lake(settings.lake).latest(), settings)
    return foreseen(batch, Writer(settings.lake))


def import_file(settings: Settings, file: Path, mapping: Path) -> Landed:
    """Read and land a file; the same file again changes nothing."""
    return land_batch(settings, read_file(settings, file, mapping))


def land_batch(settings: Settings, batch: Batch) -> Landed:
    """Land a batch that was read; the lake must be of this secret and reporting zone."""
    check_zone(Lake(settings.lake).latest(), settings)
    check_secret(settings)
    entries.landing(settings, batch)
    return land(batch, Writer(settings.lake), quarantine_of(settings), time.time_ns() // 1000)


def check_secret(settings: Settings) -> None:
    """Keep with the lake which secret it is of; `SettingsError` where this one is another."""
    mark = settings.lake / "_secret"
    own = fingerprint(settings.secret())
    settings.lake.mkdir(parents=True, exist_ok=True)
    if not mark.exists():
        # Written aside and renamed: a crash half-way must not leave a lake that refuses its own secret.
        draft = mark.with_suffix(f".{os.getpid()}")
        draft.write_text(own, encoding="ascii")
        draft.replace(mark)
    if mark.read_text(encoding="ascii") != own:
        raise SettingsError(
            [
                "REACHBOARD_SECRET_KEY: this lake was loaded with another secret, which knows its members. "
                "Bring that secret back, or load into a new lake (REACHBOARD_VAR)."
            ]
        )


def reread(settings: Settings, load_id: int, mapping: Mapping, corrected: Path | None = None) -> Batch:
    """The refused rows of a load, read again; nothing is landed."""
    pseudonyms = Pseudonyms(settings.secret())
    again = quarantine_of(settings).replay_batch(load_id, mapping, pseudonyms, settings.zone, corrected)
    return permitted(settings, again)


def coming(batch: Batch, kept: pl.DataFrame) -> pl.DataFrame:
    """Of the rows that a quarantine keeps (row, column, reason), those that a batch of them lets through."""
    came = {row for frame in batch.tables.values() for row in frame["row"]} | set(batch.skipped["row"])
    return kept.filter(kept["row"].is_in(sorted(came - set(batch.refused["row"]))))


def replay(settings: Settings, load_id: int, mapping: Path, corrected: Path | None = None) -> Landed:
    """Land the refused rows of a load that a mended mapping, or a corrected CSV, now lets through."""
    batch = reread(settings, load_id, load_mapping(mapping), corrected)
    quarantine = quarantine_of(settings)
    taken = coming(batch, quarantine.rows(load_id))
    now_us = time.time_ns() // 1000
    entries.replaying(settings, load_id, batch)
    landed = land(batch, Writer(settings.lake), quarantine, now_us, Replayed(load_id, taken))
    quarantine.remove(load_id, taken["row"].to_list())
    return landed
