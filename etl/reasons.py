"""Why rows were refused or left out, counted by classes of reasons that hold no value of any row."""

from __future__ import annotations

import re

import polars as pl

from data.tables import REFUSALS
from etl.intake.batch import POLARS, Batch

OTHER = "another reason; the refused rows say which"
LEFT_OUT = ": a value that the mapping leaves out"
UNKNOWN_KEY = "a campaign record has no such key"
LONGEST = 200
_HINT = re.compile(r"; (near |did you mean|known: ).*", re.DOTALL)
# A reason that begins so may be kept as far as it matches; it is made of our own and the mapping's words.
KEPT = re.compile(
    r"a value that the mapping does not know"
    r"|neither true nor false"
    r"|not an e-mail address"
    r"|not a phone number of 7 to 15 digits"
    r"|a date outside 1900 to 2100"
    r"|not a date( and time)? in the format .*"
    r"|neither a whole number nor a date and time in ISO 8601"
    r'|not an? [a-z ]+ written with the decimal mark "."'
    r"|a negative (value, which the mapping refuses|count)"
    r"|a percentage above 100"
    r"|no value( in the key of the row)?"
    r"|no row of .* has this key"
    r"|names nobody: no message id, member or address"
    r"|bytes that are not valid in the file's encoding"
    r"|a quote is opened and never closed"
    r"|a field of more than \d+ characters, or a quote that is never closed"
    r"|text after a closing quote"
    r"|malformed"
    r"|not (a text|a date such as [0-9-]+|an instant in ISO 8601|a whole number|a share from 0 to 1)"
    r"|not a number( of days from \d+ to \d+)?"
    r"|not a (list of tables with name, channel, text|list|table of channel = cost)"
    r"|not higher or lower|before the start|negative|an unknown channel|a variant without a name"
)
# Of the rest a class stands for the reason, which names something of the row.
CLASSES: tuple[tuple[str, str], ...] = (
    (r"\d+ fields where the header has \d+", "another number of fields than the header"),
    (
        r"the same campaign, wave, channel, variant and day as row",
        "the same campaign, wave, channel, variant and day as another row, with other counts",
    ),
    (r"a variant has no key", "a variant has a key that variants do not have"),
)
_COUNTED = {"kind": pl.String, "header": pl.String, "reason": pl.String, "rows": pl.Int64}


def classed(header: str | None, reason: str) -> tuple[str | None, str]:
    """Column and class of a refusal; what may hold a value of the row becomes `OTHER`, without column."""
    plain = _HINT.sub("", reason)
    kept = KEPT.match(plain)
    if plain == UNKNOWN_KEY:
        return None, plain
    if kept is not None:
        return header, kept.group()[:LONGEST]
    for pattern, words in CLASSES:
        if re.match(pattern, plain):
            return (None if header == "row" else header), words
    return None, OTHER


def left_out(reason: str) -> tuple[str | None, str]:
    """Column and words of a rule that left a row out; they are the mapping's own."""
    if reason.endswith(LEFT_OUT):
        return reason.removesuffix(LEFT_OUT), LEFT_OUT.removeprefix(": ")
    return None, reason[:LONGEST]


def refused(rows: pl.DataFrame, kind: str = "refused") -> pl.DataFrame:
    """Rows of a quarantine (column, reason) counted by class."""
    found = rows.group_by("column", "reason").len()
    return _counted(kind, [(*classed(column, reason), n) for column, reason, n in found.iter_rows()])


def skipped(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows left out by rule (reason), counted."""
    found = rows.group_by("reason").len()
    return _counted("skipped", [(*left_out(reason), n) for reason, n in found.iter_rows()])


IN_PART = "opens, clicks or actions of a row that is kept: tracking is not permitted"


def of_batch(batch: Batch) -> pl.DataFrame:
    """Why rows of a batch are not loaded. What a sender was told at once is made of the schema's words."""
    parts = [refused(batch.refused) if batch.keeps_refused else _told(batch), skipped(batch.skipped)]
    if batch.in_part:
        parts.append(_counted("skipped", [(None, IN_PART, batch.in_part)]))
    return pl.concat(parts)


def _told(batch: Batch) -> pl.DataFrame:
    found = batch.refused.group_by("column", "reason").len()
    return _counted(
        "refused", [(column or None, reason[:LONGEST], n) for column, reason, n in found.iter_rows()]
    )


def stamped(counted: pl.DataFrame, load_id: int, of_load: int, until_us: int | None) -> pl.DataFrame:
    """Counts as rows of the table `refusals`."""
    waiting = pl.when(pl.col("kind") == "refused").then(pl.lit(until_us, pl.Int64))
    made = counted.with_columns(
        load_id=pl.lit(load_id, pl.Int64), of_load=pl.lit(of_load, pl.Int64), until_us=waiting
    )
    return made.select(pl.col(c.name).cast(POLARS[c.type]) for c in REFUSALS.columns)


def _counted(kind: str, pairs: list[tuple[str | None, str, int]]) -> pl.DataFrame:
    frame = pl.DataFrame([(kind, *pair) for pair in pairs], schema=_COUNTED, orient="row")
    return frame.group_by("kind", "header", "reason").agg(pl.col("rows").sum()).sort("header", "reason")
