"""What tells rows and messages apart: keys from the columns a mapping names, and message identity."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from data.identify import Pseudonyms
from etl.intake.sheet import Sheet
from etl.sources.mapping import Mapping

PLACE = ("campaign", "wave", "channel", "variant")


@dataclass(frozen=True)
class Kept:
    """The sound rows: `values` as read (with `row`), `raw` texts, and how to name them."""

    values: pl.DataFrame
    raw: pl.DataFrame
    mapping: Mapping
    ids: Pseudonyms
    sha256: str

    @property
    def source(self) -> pl.Series:
        return self.repeat(self.mapping.name)

    def repeat(self, text: str) -> pl.Series:
        """A text once per row."""
        return pl.select(pl.repeat(text, self.values.height, dtype=pl.String)).to_series()

    def column(self, name: str, kind: pl.DataType | None = None) -> pl.Series:
        """A value column, or nulls where the mapping does not have it."""
        if name in self.values.columns:
            return self.values[name]
        return pl.select(pl.repeat(None, self.values.height, dtype=kind or pl.String())).to_series()


def kept_rows(sheet: Sheet, ids: Pseudonyms) -> Kept:
    """The rows that the sheet neither refused nor skipped, with pseudonyms in place of ids and addresses."""
    values = sheet.values_frame()
    swap = []
    if "member" in values.columns:
        swap.append(ids.members(values["member"]).alias("member"))
    if "recipient" in values.columns:
        kind = sheet.mapping.fields["recipient"].type
        swap.append(ids.recipients(values["recipient"], kind).alias("recipient"))
    return Kept(
        values.with_columns(swap), sheet.frame.filter(sheet.kept), sheet.mapping, ids, sheet.rows.sha256
    )


def check_key(sheet: Sheet) -> None:
    """Refuse rows whose key columns are all empty: nothing would tell them apart."""
    key = sheet.mapping.key
    if key is None or not key.columns:
        return
    sheet.check_columns((), [("[key] columns", one) for one in key.columns])
    blank = [sheet.frame[one.strip()].str.strip_chars() == "" for one in key.columns]
    empty = pl.select(pl.all_horizontal(blank)).to_series()
    sheet.refuse_where(empty, " + ".join(key.columns), "no value in the key of the row")


def row_key(kept: Kept, natural: list[pl.Series]) -> list[pl.Series]:
    """The columns that identify a row inside its source: by [key], else the natural ones."""
    key = kept.mapping.key
    if key is None:
        return natural
    if key.none:
        return [kept.repeat(kept.sha256), kept.values["row"]]
    names = [one.strip() for one in key.columns] or sorted(kept.raw.columns)
    return [kept.raw[one].str.strip_chars() for one in names]


def message_ids(kept: Kept) -> pl.Series:
    """The source's own ids, else who, campaign, wave, channel and variant; else (nobody named) the row."""
    space = kept.repeat(kept.mapping.messages)
    own = kept.column("message_id")
    if own.null_count() == 0:
        return kept.ids.keys("message", [space, own])
    natural = [kept.column("member"), kept.column("recipient"), *(kept.column(one) for one in PLACE)]
    by_place = kept.ids.keys("message", [space, kept.repeat("place"), *natural])
    if own.null_count() == own.len():
        return _of_nobody(kept, space, by_place)
    named = kept.ids.keys("message", [space, own])
    return pl.select(pl.when(own.is_null()).then(by_place).otherwise(named)).to_series()


def _of_nobody(kept: Kept, space: pl.Series, by_place: pl.Series) -> pl.Series:
    """Where a row names nobody, the row itself is the message."""
    nobody = kept.column("member").is_null() & kept.column("recipient").is_null()
    if not nobody.any():
        return by_place
    by_row = kept.ids.keys("message", [space, kept.repeat("row"), *row_key(kept, [])])
    return pl.select(pl.when(nobody).then(by_row).otherwise(by_place)).to_series()
