"""A record out of its versions, field by field: the latest change of each field counts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from data.records.checks import Record
from data.records.schema import FIELDS, ID, RECORDED_AT

BROWSER = "browser"
Changes = dict[str, list[Any]]
_ORDER = {name: place for place, name in enumerate(FIELDS)}


@dataclass(frozen=True)
class Version:
    """One statement of a record, in order of landing. A `partial` one states changed fields only.

    `at_us` is when it came: the landing of a file, the instant of an edit.
    """

    source: str
    at_us: int
    partial: bool
    record: Record
    recorded_us: int | None = None


@dataclass(frozen=True)
class Change:
    """What one version changed: field -> [old, new], fields in the order of a form."""

    version: Version
    changes: Changes


def fold(versions: Iterable[Version]) -> tuple[Record, list[Change]]:
    """The record as its versions leave it, and what each of them changed, oldest first.

    A file states a whole record. It changes only the fields for which it says something else than the
    same source said before, so that a file imported again undoes no edit; a field that the source no
    longer states is taken away.
    """
    record: Record = {}
    said: dict[str, Record] = {}
    history = []
    for version in versions:
        told = _news(said, version)
        changes = {
            name: [record.get(name), told[name]]
            for name in sorted(told, key=lambda name: _ORDER.get(name, len(_ORDER)))
            if record.get(name) != told[name] and name in FIELDS
        }
        for name in told:
            _put(record, name, told[name])
        if changes:
            history.append(Change(version, changes))
    return record, history


def record_of(versions: Iterable[Version]) -> Record:
    """What `fold` makes of versions, without their history."""
    record: Record = {}
    said: dict[str, Record] = {}
    for version in versions:
        for name, value in _news(said, version).items():
            _put(record, name, value)
    return record


def _news(said: dict[str, Record], version: Version) -> Record:
    if version.partial:
        return version.record
    before, now = said.get(version.source, {}), version.record
    said[version.source] = now
    return {name: now.get(name) for name in {*before, *now} if before.get(name) != now.get(name)}


def _put(record: Record, name: str, value: Any) -> None:
    if value is None:
        record.pop(name, None)
    else:
        record[name] = value


def changed(record: Mapping[str, Any], changes: Mapping[str, Sequence[Any]]) -> Record:
    """A record after changes (field -> [old, new])."""
    result = dict(record)
    for name, (_old, new) in changes.items():
        _put(result, name, new)
    return result


def versions(frame: pl.DataFrame) -> dict[str, list[Version]]:
    """The versions of each campaign, oldest first.

    `frame`: the landing table `campaigns` with the columns `seq`, `source` and `received_us` of its loads.
    """
    found: dict[str, list[Version]] = {}
    names = ("campaign", "source", "received_us", "recorded_us", "partial", "record")
    for campaign, source, received, recorded, partial, text in in_order(frame).select(names).iter_rows():
        at = recorded if partial and recorded is not None else received
        version = Version(source, at, bool(partial), json.loads(text), recorded)
        found.setdefault(campaign, []).append(version)
    return found


def in_order(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort("seq", "recorded_us", maintain_order=True)


def current(frame: pl.DataFrame) -> pl.DataFrame:
    """The record of each campaign as of now: campaign, record (JSON), its columns, and `edited_us`.

    `frame` as for `versions`. `edited_us` is the latest landed edit, 0 where there is none. What one
    source alone states is its latest word, and is not parsed.
    """
    told_by_one = pl.col("source").n_unique().over("campaign") == 1
    edited = pl.col("partial").fill_null(False).any().over("campaign")
    simple = in_order(frame.filter(told_by_one & ~edited)).unique("campaign", keep="last")
    several = frame.join(simple, on="campaign", how="anti")
    rows = [
        {ID_COLUMN: campaign, "record": dumped(record), **columns(record), "edited_us": _edited(told)}
        for campaign, told in versions(several).items()
        for record in (record_of(told),)
    ]
    folded = pl.DataFrame(rows, schema=CURRENT, orient="row")
    plain = simple.with_columns(edited_us=pl.lit(0, pl.Int64)).select(
        pl.col(name).cast(kind) for name, kind in CURRENT.items()
    )
    return pl.concat([plain, folded])


def _edited(told: Sequence[Version]) -> int:
    return max((version.at_us for version in told if version.partial), default=0)


def dumped(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, sort_keys=True, default=str)


ID_COLUMN = "campaign"
COLUMNS = {
    "name": pl.String, "program": pl.String, "line_of_business": pl.String, "outcome": pl.String,
    "window_days": pl.Int32, "lag_days": pl.Int32, "start_day": pl.Int32, "end_day": pl.Int32,
}  # fmt: skip
CURRENT = {ID_COLUMN: pl.String, "record": pl.String, **COLUMNS, "edited_us": pl.Int64}
_DAYS = {"start_day": "start", "end_day": "end"}


def columns(record: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in columns of its own: names, outcome, windows, and the days as numbers."""
    return {name: _day(record.get(_DAYS[name])) if name in _DAYS else record.get(name) for name in COLUMNS}


def _day(text: str | None) -> int | None:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days if text else None


assert not {ID, RECORDED_AT} & set(FIELDS)
