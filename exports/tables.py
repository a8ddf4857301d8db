"""The rows of a page's table: its own answer or list, one tidy row per key and metric."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import polars as pl

from data.answer import Answer
from data.cubes import Cubes
from data.filters import Filters, parse
from data.periods import day_date
from data.viewer import Viewer
from exports import facts
from exports.answers import frames, heads
from exports.sheet import Sheet
from pages.registry import TABLES
from pages.table import FactsTable, Listing, ListTable
from state.store import Store

SCHEMA = "4"  # 2: column `complete`; 3: column `filters`; 4: column `suppressed`
VALUES: dict[str, type[pl.DataType]] = {
    "metric": pl.String,
    "unit": pl.String,
    "value": pl.Float64,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "approximate": pl.Boolean,
    "status": pl.String,
    "suppressed": pl.Boolean,
    "reason": pl.String,
    "complete": pl.Boolean,
    "filters": pl.String,
}
MEANINGS: dict[str, str] = {
    "schema": "version of the columns",
    "snapshot": "published state of the data that the row comes from",
    "metric": "name of the metric, defined beside",
    "unit": "msg: messages, mbr: members, outcome, or money",
    "value": "a count, a rate as a fraction, or money; empty where it is not told, never 0 instead",
    "numerator": "sum over the same groups as the denominator",
    "denominator": "sum over the same groups as the numerator",
    "approximate": "true for distinct members over several campaigns or channels, rounded to 10",
    "status": "released, partial, withheld or not available",
    "suppressed": "true where the value is withheld to protect members",
    "reason": "why a value is missing or in part",
    "complete": "false where more is to come: outcomes, or a bucket of time that is not over",
    "filters": "what every row is of, in words",
}


class NoSuchTable(LookupError):
    """There is no such table, or not for this viewer."""


class FiltersRefused(ValueError):
    """The address asks for what does not exist; the message has a line for each."""


def sheet_of(
    page: str, table: str, query: Mapping[str, str], viewer: Viewer, cubes: Cubes, store: Store
) -> Sheet:
    """The rows of a table under the filters of an address; `NoSuchTable`, `FiltersRefused`."""
    asked = TABLES.get(page, {}).get(table)
    if asked is None:
        raise NoSuchTable
    try:
        if isinstance(asked, ListTable) and not asked.filtered:
            return _listed(page, asked, asked.listing(viewer, cubes, query, store), cubes)
        filters, problems = parse(query, cubes, viewer)
        if problems:
            raise FiltersRefused("\n".join(problems))
        if isinstance(asked, ListTable):
            return _listed(page, asked, asked.listing(viewer, cubes, query, store, filters), cubes)
        if isinstance(asked, FactsTable):
            return facts.sheet(page, asked, filters, viewer, cubes)
        answer = asked.answer(filters, viewer, cubes, query)
        return of_answer(page, table, asked.title, answer, filters, viewer, cubes)
    except LookupError:
        raise NoSuchTable from None


EXTRAS = ("window", "metric", "metrics", "cut", "by", "of", "source", "explain")
_WORDS = re.compile(r"[a-z][a-z_0-9]{0,39}(,[a-z][a-z_0-9]{0,39}){0,7}")


def canonical(query: Mapping[str, str], viewer: Viewer, cubes: Cubes) -> tuple[str, tuple[str, ...]]:
    """What an address asks for as the ledger keeps it, and the campaigns it names: nothing of it that is no
    filter, no value that there is not, and so nothing that somebody typed."""
    filters, _ = parse(query, cubes, viewer)
    more = {name: query[name] for name in EXTRAS if _WORDS.fullmatch(query.get(name, ""))}
    return urlencode({**filters.query(), **more}), filters.campaign


def of_answer(
    page: str, name: str, title: str, answer: Answer, filters: Filters, viewer: Viewer, cubes: Cubes
) -> Sheet:
    """An answer of `measure`: a row per key and metric; what is not told has no value and a status."""
    keys = dict.fromkeys(heads(answer.by), pl.String)
    schema: dict[str, Any] = {"schema": pl.String, "snapshot": pl.Int64, **keys, **VALUES}

    def batches() -> Iterator[pl.DataFrame]:
        for frame in frames(answer, filters, viewer, cubes):
            head = [pl.lit(SCHEMA).alias("schema"), pl.lit(answer.snapshot).alias("snapshot")]
            words = pl.lit(answer.sentence).alias("filters")
            yield frame.with_columns(*head, words).select(
                pl.col(name).cast(kind) for name, kind in schema.items()
            )

    return Sheet(
        page,
        name,
        title,
        answer.snapshot,
        answer.sentence,
        SCHEMA,
        schema,
        batches,
        lambda: len(answer.rows) * len(answer.metrics),
        span_of(answer),
        answer.metrics,
        MEANINGS,
    )


def span_of(answer: Answer) -> tuple[str, ...]:
    """The first and last day that was asked for, as a file's name has them."""
    days = (answer.first_day, answer.last_day)
    return tuple(day_date(day).isoformat() for day in days if day is not None) or ("all-time",)


def _listed(page: str, table: ListTable, listing: Listing, cubes: Cubes) -> Sheet:
    """Plain facts, one row each."""
    number = cubes.snapshot.number
    kinds = {name: _kind([row[at] for row in listing.rows]) for at, name in enumerate(listing.columns)}
    schema: dict[str, Any] = {"schema": pl.String, "snapshot": pl.Int64, **kinds}

    def batches() -> Iterator[pl.DataFrame]:
        rows = [
            (SCHEMA, number, *(_cell(one, kind) for one, kind in zip(row, kinds.values(), strict=True)))
            for row in listing.rows
        ]
        yield pl.DataFrame(rows, schema=schema, orient="row")

    return Sheet(
        page,
        table.name,
        table.title,
        number,
        listing.words,
        SCHEMA,
        schema,
        batches,
        lambda: len(listing.rows),
        meanings={name: MEANINGS[name] for name in ("schema", "snapshot")},
    )


def _kind(values: Sequence[object]) -> type[pl.DataType]:
    """The type that all values of a column have; text where they have several, or none."""
    kinds = {type(one) for one in values if one is not None and one != ""}
    if kinds == {bool}:
        return pl.Boolean
    if kinds == {int}:
        return pl.Int64
    return pl.Float64 if kinds and kinds <= {int, float} else pl.String


def _cell(one: object, kind: type[pl.DataType]) -> object:
    if one is None or one == "":
        return None
    if kind == pl.String:
        return ("true" if one else "false") if isinstance(one, bool) else str(one)
    return float(str(one)) if kind == pl.Float64 else one
