"""Columns taken from a second file that stands beside the first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from config.suggest import near
from etl.intake.reader import Rows, read_rows
from etl.intake.sheet import Sheet
from etl.sources.mapping import Mapping
from etl.sources.problems import IntakeError, MappingError
from etl.sources.tables import Lookup

UNMATCHED = "no row of {file} has this key"
PART = "\x1f"


def apply_lookups(sheet: Sheet) -> None:
    """Add the columns that each [[lookups]] takes; rows without a match follow its `unmatched` rule."""
    for lookup in sheet.mapping.lookups:
        sheet.check_columns((), [(f"{lookup.where} on", one) for one in lookup.on])
        taken = [one for one in lookup.take if one in sheet.frame.columns]
        if taken:
            said = f'{sheet.rows.file_name} has a column "{taken[0]}" already; name it otherwise'
            raise MappingError([f"{sheet.mapping.path.name}: {lookup.where} take: {said}"])
        _apply(sheet, lookup, _second(sheet.rows, sheet.mapping, lookup))


def _second(rows: Rows, mapping: Mapping, lookup: Lookup) -> pl.DataFrame:
    """The second file as key and taken columns, one row per key."""
    spec = lookup.spec or replace(mapping.file, columns=(), skip_lines=0)
    other = read_rows(_beside(rows, mapping, lookup), spec)
    if other.broken:
        number, reason, _ = other.broken[0]
        raise IntakeError(f"{other.file_name}, row {number}: {reason}; a lookup file must be sound")
    for there in (*lookup.on.values(), *lookup.take.values()):
        if there not in other.frame.columns:
            hint = near(there, other.frame.columns)
            raise MappingError(
                [f'{mapping.path.name}: {lookup.where}: {other.file_name} has no column "{there}"{hint}']
            )
    frame = other.frame.select(
        _key(other.frame, list(lookup.on.values())).alias("key"),
        *(pl.col(there).alias(f"take:{here}") for here, there in lookup.take.items()),
        other.numbers.alias("number"),
    )
    return _one_per_key(frame, other.file_name, lookup, mapping)


def _beside(rows: Rows, mapping: Mapping, lookup: Lookup) -> Path:
    places = [Path(rows.folder) / lookup.file, mapping.path.resolve().parent / lookup.file]
    for place in places:
        if place.is_file():
            return place
    names = [one.name for place in places if place.parent.is_dir() for one in place.parent.iterdir()]
    raise IntakeError(
        f"{mapping.path.name}: {lookup.where} file: {lookup.file} stands neither beside the data file "
        f"nor beside the mapping{near(lookup.file, names[:500])}"
    )


def _one_per_key(frame: pl.DataFrame, name: str, lookup: Lookup, mapping: Mapping) -> pl.DataFrame:
    distinct = frame.unique(
        [one for one in frame.columns if one != "number"], keep="first", maintain_order=True
    )
    twice = distinct.filter(pl.col("key").is_duplicated()).sort("key", "number")
    if lookup.duplicates == "refuse" and twice.height:
        rows = " and ".join(
            str(one) for one in twice.filter(pl.col("key") == twice["key"][0])["number"].head(2)
        )
        raise MappingError([
            f"{mapping.path.name}: {lookup.where}: {name} has {twice['key'].n_unique()} keys twice "
            f"with different values (rows {rows}); a lookup needs one row per key, "
            'or say duplicates = "first" or "last"'
        ])  # fmt: skip
    ordered = distinct.sort("number", descending=lookup.duplicates == "last")
    return ordered.unique("key", keep="first", maintain_order=True)


def _key(frame: pl.DataFrame, names: list[str]) -> pl.Series:
    parts = [frame[one.strip()].str.strip_chars() for one in names]
    key = pl.select(pl.concat_str(parts, separator=PART)).to_series()
    blank = pl.select(pl.any_horizontal([one == "" for one in parts])).to_series()
    return pl.select(pl.when(~blank).then(key)).to_series()


def _apply(sheet: Sheet, lookup: Lookup, second: pl.DataFrame) -> None:
    key = _key(sheet.frame, list(lookup.on)).to_frame("key")
    sound = second.drop_nulls("key").with_columns(pl.lit(True).alias("matched"))
    found = key.join(sound, on="key", how="left", maintain_order="left")
    taken = [found[f"take:{here}"].fill_null("").alias(here) for here in lookup.take]
    sheet.frame = sheet.frame.with_columns(taken)
    alone = found["matched"].is_null()
    if lookup.unmatched == "refuse":
        sheet.refuse_where(alone, " + ".join(lookup.on), UNMATCHED.format(file=lookup.file))
    elif alone.any():
        what = f"{', '.join(lookup.take)} missing"
        sheet.notes.append(f"{alone.sum():,} rows without a match in {lookup.file}: {what}")
