"""Lands what people changed in the app: every edit that the lake does not hold yet, as a partial version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import polars as pl
from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings
from data.records import BROWSER, KEYS, Record, Version, columns, dumped, fold, value_of, versions
from data.snapshot import Lake
from etl.commit import Writer
from etl.intake.batch import REFUSED, SKIPPED, Batch, shaped
from etl.land import land_new
from state.store import Edit, store_of

UNREACHABLE = "edits: the state database cannot be opened ({}); edits made in the app wait for the next run."


def land_edits(settings: Settings, lake: Writer, now_us: int) -> tuple[str, ...]:
    """Land the edits that wait, under the writer's lock; returns warnings.

    A state database that is away keeps no figures back: its edits wait.
    """
    store = store_of(settings)
    try:
        made = store.edits()
    except (SQLAlchemyError, OSError, ImportError) as error:
        return (UNREACHABLE.format(type(error).__name__),)
    finally:
        store.close()
    if made and (waiting := _waiting(lake, made)):
        land_new(_batch(lake, waiting), lake, now_us)
    return ()


def of_loads(lake: Lake) -> pl.DataFrame:
    """The landed versions of records with `seq`, `source` and `received_us` of their loads."""
    loads = lake.frame("loads").select("load_id", "seq", "source", "received_us")
    return lake.frame("campaigns").join(loads, on="load_id")


def _waiting(lake: Lake, made: Sequence[Edit]) -> list[Edit]:
    landed = of_loads(lake).filter(pl.col("partial")).select("campaign", "recorded_us")
    known = set(landed.iter_rows())
    return [edit for edit in made if (edit.campaign, edit.changed_us) not in known]


def _batch(lake: Lake, waiting: Sequence[Edit]) -> Batch:
    own = {edit.campaign for edit in waiting}
    told = versions(of_loads(lake).filter(pl.col("campaign").is_in(sorted(own))))
    rows = []
    for number, edit in enumerate(waiting, 1):
        before = told.setdefault(edit.campaign, [])
        record = {"id": edit.campaign, **_counting(edit, before)}
        before.append(Version(BROWSER, edit.changed_us, True, record, edit.changed_us))
        rows.append(
            {
                "row": number, "campaign": edit.campaign, "recorded_us": edit.changed_us, "partial": True,
                **columns(record), "record": dumped(record),
            }
        )  # fmt: skip
    frame = shaped("campaigns", pl.DataFrame(rows, infer_schema_length=None))
    digest = hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()
    return Batch(
        BROWSER, "campaigns", "edits made in the app", digest, "", len(rows), frozenset(), False,
        {"campaigns": frame}, pl.DataFrame(schema=REFUSED), pl.DataFrame(schema=SKIPPED),
    )  # fmt: skip


def _counting(edit: Edit, before: Sequence[Version]) -> Record:
    """The fields of an edit that count: those that no source changed to something else since it was made."""
    record, steps = fold(before)
    since = {
        name
        for step in steps
        if not step.version.partial and step.version.at_us > edit.changed_us
        for name in step.changes
    }
    return {
        name: new
        for name, (old, new) in edit.changes.items()
        if name in KEYS and _sound(name, new) and not (name in since and record.get(name) != old)
    }


def _sound(name: str, value: object) -> bool:
    """Whether a value can stand in a record; one that cannot must not stop every run from now on."""
    return value is None or not value_of(name, value)[1]
