"""Why rows were not loaded, and what still waits in the quarantine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from data.catalogue import Catalogue
from data.kept import kept_of

NOT_KEPT = "loaded by an earlier version, which kept no reasons"
REASON = ("header", "reason")


@dataclass(frozen=True)
class Reason:
    """Rows of a source or load for one reason. `share` is of all its rows; `waiting` may be mended yet."""

    of: str
    header: str | None
    reason: str
    rows: int
    share: float
    waiting: int = 0


@dataclass(frozen=True)
class Waiting:
    """A load of which refused rows still wait in the quarantine, until `until_us`."""

    seq: int
    load_id: int
    source: str
    file_name: str
    rows: int
    until_us: int | None
    reasons: tuple[Reason, ...]


@kept_of
def replays(catalogue: Catalogue) -> dict[int, int]:
    """Which load a replay replays, by load id."""
    found = catalogue.refusals.filter(pl.col("of_load") != pl.col("load_id"))
    return dict(found.select("load_id", "of_load").unique().iter_rows())


def by_reason(catalogue: Catalogue, kind: str, now_us: int) -> list[Reason]:
    """Refused or skipped rows of files, by source, column and reason, the most first. Replays are not counted
    again: their rows came with a file before."""
    left = _left_by(catalogue, now_us, lambda one: (one.source,)) if kind == "refused" else {}
    return [
        replace(one, waiting=left.get((one.of, one.header, one.reason), 0))
        for one in _by_reason(catalogue, kind)
    ]


@kept_of
def _by_reason(catalogue: Catalogue, kind: str) -> list[Reason]:
    own = catalogue.refusals.filter((pl.col("kind") == kind) & (pl.col("of_load") == pl.col("load_id")))
    found = _with_unknown(own, catalogue, kind).group_by("source", *REASON).agg(pl.col("rows").sum())
    again = replays(catalogue)
    totals = catalogue.loads.filter(~pl.col("load_id").is_in(list(again)))
    rows_in = dict(totals.group_by("source").agg(pl.col("rows_in").sum()).iter_rows())
    ordered = found.sort("rows", "source", *REASON, descending=[True, False, False, False])
    return [
        Reason(source, header, reason, rows, rows / max(rows_in[source], 1))
        for source, header, reason, rows in ordered.select("source", *REASON, "rows").iter_rows()
    ]


def _left_by(
    catalogue: Catalogue, now_us: int, key: Callable[[Waiting], tuple[object, ...]]
) -> dict[tuple[object, ...], int]:
    left: dict[tuple[object, ...], int] = {}
    for load in waiting(catalogue, now_us):
        for one in load.reasons:
            at = (*key(load), one.header, one.reason)
            left[at] = left.get(at, 0) + one.rows
    return left


def _with_unknown(rows: pl.DataFrame, catalogue: Catalogue, kind: str) -> pl.DataFrame:
    """The rows with their source, and a row for what a load counts beyond its reasons."""
    named = catalogue.loads.select("load_id", "source", "seq", "rows_in", total=kind)
    told = named.join(rows, on="load_id").select("load_id", "source", *REASON, "rows")
    known = told.group_by("load_id").agg(known=pl.col("rows").sum())
    again = list(replays(catalogue))
    rest = (
        named.filter(~pl.col("load_id").is_in(again))
        .join(known, on="load_id", how="left")
        .with_columns(rows=pl.col("total") - pl.col("known").fill_null(0))
        .filter(pl.col("rows") > 0)
        .select(
            "load_id", "source", header=pl.lit(None, pl.String), reason=pl.lit(NOT_KEPT), rows=pl.col("rows")
        )
    )
    return pl.concat([told, rest])


def of_load(catalogue: Catalogue, load_id: int) -> list[Reason]:
    """Why rows of one load were refused, the most first."""
    load = catalogue.loads.row(by_predicate=pl.col("load_id") == load_id, named=True)
    found = catalogue.refusals.filter((pl.col("load_id") == load_id) & (pl.col("kind") == "refused"))
    return _reasons(found, load["source"], load["rows_in"])


def waiting(catalogue: Catalogue, now_us: int) -> list[Waiting]:
    """The loads with rows in the quarantine that nothing has brought since, newest first.

    Rows leave it by a replay, and when they expire. Where the same file was read again by another mapping,
    only what that load refused waits.
    """
    return [one for one in _waiting(catalogue) if one.until_us is None or one.until_us > now_us]


@kept_of
def _waiting(catalogue: Catalogue) -> list[Waiting]:
    again = _read_again(catalogue)
    loads = {row["load_id"]: row for row in catalogue.loads.iter_rows(named=True)}
    parts = _left(catalogue).partition_by("load_id", as_dict=True)
    found = [_unknown(row) for row in _unexplained(catalogue) if row["load_id"] not in again]
    for (load_id,), left in parts.items():
        until = max((one for one in left["until_us"] if one is not None), default=None)
        if load_id not in again:
            load = loads[load_id]
            reasons = tuple(_reasons(left, load["source"], load["rows_in"]))
            rows = sum(one.rows for one in reasons)
            name = load["file_name"] or ""
            found.append(Waiting(load["seq"], int(load_id), load["source"], name, rows, until, reasons))
    return sorted(found, key=lambda one: -one.seq)


def _unexplained(catalogue: Catalogue) -> list[dict[str, Any]]:
    """The loads with refused rows that an earlier version landed."""
    refused = catalogue.loads.filter(pl.col("refused") > 0)
    return list(refused.join(catalogue.refusals, on="load_id", how="anti").iter_rows(named=True))


def _unknown(load: dict[str, Any]) -> Waiting:
    rows, name = load["refused"], load["file_name"] or ""
    reason = Reason(load["source"], None, NOT_KEPT, rows, rows / load["rows_in"])
    return Waiting(load["seq"], load["load_id"], load["source"], name, rows, None, (reason,))


def _left(catalogue: Catalogue) -> pl.DataFrame:
    """The refused rows of files' loads, less those that replays took out, by load and reason."""
    told = catalogue.refusals
    first = told.filter((pl.col("load_id") == pl.col("of_load")) & (pl.col("kind") == "refused"))
    gone = (
        told.filter(pl.col("kind") == "replayed").group_by("of_load", *REASON).agg(gone=pl.col("rows").sum())
    )
    left = first.join(gone, on=["of_load", *REASON], how="left", nulls_equal=True)
    return left.with_columns(rows=pl.col("rows") - pl.col("gone").fill_null(0)).filter(pl.col("rows") > 0)


def _read_again(catalogue: Catalogue) -> set[int]:
    """Loads whose very file was read again later, by another mapping; and the replays."""
    again = replays(catalogue)
    files: set[tuple[str, str]] = set()
    found = set(again)
    for load in catalogue.loads.filter(~pl.col("load_id").is_in(list(again))).iter_rows(named=True):
        file = (load["source"], load["sha256"])
        if file in files:
            found.add(load["load_id"])
        files.add(file)
    return found


def _reasons(rows: pl.DataFrame, of: str, rows_in: int) -> list[Reason]:
    ordered = rows.sort("rows", *REASON, descending=[True, False, False])
    return [
        Reason(of, header, reason, n, n / max(rows_in, 1))
        for header, reason, n in ordered.select(*REASON, "rows").iter_rows()
    ]
