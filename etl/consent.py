"""Consent at every door: opens, clicks and what members do in an app are kept where tracking is permitted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import polars as pl
from sqlalchemy.exc import SQLAlchemyError

from collect.accept import NOT_PERMITTED
from collect.events import TRACKED
from config.settings import Settings
from etl.intake.batch import SKIPPED, Batch
from etl.sources.problems import IntakeError
from state.store import store_of

HELD = ("events", "behaviour")
"""The tables with tracked events; each has `event`, `member` and `recipient`."""
UNKNOWN = (
    "The state database cannot be opened ({}), so that it is not known who permits tracking; nothing was "
    "loaded. Bring it back, and load again."
)


def permitted(settings: Settings, batch: Batch) -> Batch:
    """The batch without tracked events of those who do not permit it; rows of nothing else are skipped.

    Raises `IntakeError` where it cannot be known who does.
    """
    held = {name: frame for name, frame in batch.tables.items() if name in HELD}
    if not any(frame["event"].is_in(TRACKED).any() for frame in held.values()):
        return batch
    said, where_given = _said(settings), settings.tracking == "where_given"
    if said.is_empty() and not where_given:
        return batch
    keeps = {name: _keeps(frame, said, where_given) for name, frame in held.items()}
    tables = {**batch.tables, **{name: frame.filter(keeps[name]) for name, frame in held.items()}}
    lost = _rows(frame.filter(~keeps[name]) for name, frame in held.items())
    whole = lost - _rows(tables.values())
    skipped = pl.DataFrame([(row, NOT_PERMITTED) for row in sorted(whole)], SKIPPED, orient="row")
    return replace(
        batch,
        tables={name: frame for name, frame in tables.items() if not frame.is_empty()},
        skipped=pl.concat([batch.skipped, skipped]),
        in_part=batch.in_part + len(lost - whole),
    )


def _said(settings: Settings) -> pl.DataFrame:
    """What each pseudonym said last: subject (Int64), permitted (Boolean)."""
    store = store_of(settings)
    try:
        return store.consents.every()
    except (SQLAlchemyError, OSError, ImportError) as failure:
        raise IntakeError(UNKNOWN.format(type(failure).__name__)) from None
    finally:
        store.close()


def _keeps(frame: pl.DataFrame, said: pl.DataFrame, where_given: bool) -> pl.Series:
    """Whether each row is kept: it is not tracked, or nobody behind it withdrew, and where that is needed
    somebody gave permission."""
    of = dict(said.iter_rows())
    told = [
        pl.col(name).replace_strict(of, default=None, return_dtype=pl.Boolean)
        for name in ("member", "recipient")
    ]
    none_withdrew = pl.all_horizontal(one.fill_null(True) for one in told)
    some_gave = pl.any_horizontal(one.fill_null(False) for one in told)
    tracked = pl.col("event").is_in(TRACKED)
    allowed = none_withdrew & (some_gave if where_given else pl.lit(True))
    return frame.select(keeps=~tracked | allowed).to_series()


def _rows(frames: Iterable[pl.DataFrame]) -> set[int]:
    return {row for frame in frames for row in frame["row"].to_list()}
