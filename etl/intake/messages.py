"""Kinds event and message: rows to events of messages."""

from __future__ import annotations

import polars as pl

from config.vocabulary import EVENT_NAMES
from etl.intake.batch import shaped
from etl.intake.keys import Kept, message_ids, row_key
from etl.intake.sheet import Sheet

MACHINE_EVENTS = ("opened", "clicked")
DETAIL_EVENTS = ("bounced", "failed", "replied", "suppressed", "returned", "complaint")
NOBODY = "names nobody: no message id, member or address"


def check_who(sheet: Sheet) -> None:
    """Refuse message rows that name neither a message nor anyone (unless every row is someone)."""
    if sheet.mapping.key is not None and sheet.mapping.key.none:
        return
    named = [
        sheet.values[one].is_null() for one in ("message_id", "member", "recipient") if one in sheet.values
    ]
    rules = [
        sheet.mapping.fields[one] for one in ("message_id", "member", "recipient") if one in sheet.values
    ]
    if named:
        nobody = pl.select(pl.all_horizontal(named)).to_series()
        sheet.refuse_where(nobody, ", ".join(sheet.shown(one) for one in rules), NOBODY)


def event_rows(kept: Kept) -> dict[str, pl.DataFrame]:
    """Kind event: one event per row."""
    own = [kept.column("event_id")] if kept.mapping.key is None else row_key(kept, [])
    with_event = own if kept.mapping.key is None else [*own, kept.column("event")]
    frame = kept.values.with_columns(
        kept.source.alias("source"),
        kept.ids.keys("event", [kept.source, *with_event]).alias("event_id"),
        message_ids(kept).alias("message_id"),
        kept.column("at_us", pl.Int64()).alias("event_us"),
        kept.column("at_day", pl.Int32()).alias("event_day"),
        kept.column("cost", pl.Int64()).alias("cost_micros"),
    )
    return {"events": shaped("events", frame)}


def has_state(kept: Kept) -> bool:
    """Whether the mapping has any stage or status, so that rows make messages."""
    return any(name in kept.mapping.fields for name in (*EVENT_NAMES, "status"))


def message_rows(kept: Kept) -> dict[str, pl.DataFrame]:
    """Kind message: each row is the state of a message, one event per stage it has reached."""
    stages = {name: stage for name in EVENT_NAMES if (stage := _stage(kept, name))["reached"].any()}
    base = kept.values.select("row").with_columns(
        kept.source.alias("source"),
        message_ids(kept).alias("message_id"),
        *(kept.column(one, pl.Int64()).alias(one) for one in ("member", "recipient")),
        *(kept.column(one).alias(one) for one in ("campaign", "wave", "channel", "variant")),
        _version(kept, stages).alias("version_us"),
        kept.column("cost", pl.Int64()).alias("cost_micros"),
    )
    said = [*base.drop("row").get_columns(), kept.column("machine", pl.Boolean()), kept.column("detail")]
    base = base.with_columns(kept.ids.keys("state", [*said, _reached(kept, stages)]).alias("row_id"))
    frames = [_events_of(kept, base, name, stage) for name, stage in stages.items()]
    if not frames:
        return {"events": shaped("events", base.clear())}
    return {"events": shaped("events", _one_cost(pl.concat(frames)).sort("row", maintain_order=True))}


def _reached(kept: Kept, stages: dict[str, pl.DataFrame]) -> pl.Series:
    """What each row has reached, in one text that does not depend on the other rows of the file."""
    parts = [
        pl.when(stage["reached"]).then(
            pl.format(f"{name} {{}};", pl.lit(stage["us"]).cast(pl.String).fill_null("~"))
        )
        for name, stage in stages.items()
    ]
    if not parts:
        return kept.repeat("")
    return pl.select(pl.concat_str(parts, ignore_nulls=True)).to_series()


def _stage(kept: Kept, name: str) -> pl.DataFrame:
    """Columns reached, us and day of a stage, from its own column or the status."""
    us, day = kept.column(f"{name}_us", pl.Int64()), kept.column(f"{name}_day", pl.Int32())
    whether = kept.column(name, pl.Boolean()).fill_null(False)
    by_status = kept.column("status").eq_missing(pl.Series([name]))
    at_us, at_day = kept.column("at_us", pl.Int64()), kept.column("at_day", pl.Int32())
    status_us = pl.coalesce(kept.column("status_at_us", pl.Int64()), at_us)
    status_day = pl.coalesce(kept.column("status_at_day", pl.Int32()), at_day)
    own = pl.lit(us.is_not_null())
    return pl.select(
        (own | pl.lit(whether) | pl.lit(by_status)).alias("reached"),
        pl.when(own).then(us).when(whether).then(at_us).when(by_status).then(status_us).alias("us"),
        pl.when(own).then(day).when(whether).then(at_day).when(by_status).then(status_day).alias("day"),
    )


def _version(kept: Kept, stages: dict[str, pl.DataFrame]) -> pl.Series:
    """How new the state is: `newer_by`, else the latest instant that the row states, else 0."""
    if "version" in kept.values.columns:
        return kept.values["version"].fill_null(0)
    if "version_us" in kept.values.columns:
        return kept.values["version_us"].fill_null(0)
    if not stages:
        return kept.column("", pl.Int64()).fill_null(0)
    latest = pl.max_horizontal([stage["us"] for stage in stages.values()])
    return pl.select(latest).to_series().cast(pl.Int64).fill_null(0)


def _events_of(kept: Kept, base: pl.DataFrame, name: str, stage: pl.DataFrame) -> pl.DataFrame:
    machine = kept.column("machine", pl.Boolean()) if name in MACHINE_EVENTS else None
    detail = kept.column("detail") if name in DETAIL_EVENTS else None
    frame = base.with_columns(
        pl.lit(name).alias("event"),
        kept.ids.derived(base["row_id"], name).alias("event_id"),
        stage["us"].alias("event_us"),
        stage["day"].alias("event_day"),
        (pl.lit(None, pl.Boolean) if machine is None else machine).alias("machine"),
        (pl.lit(None, pl.String) if detail is None else detail).alias("detail"),
    )
    return frame.filter(stage["reached"])


def _one_cost(events: pl.DataFrame) -> pl.DataFrame:
    """The cost of a message on the first of its events only, so that it adds up."""
    first = pl.int_range(pl.len()).over("row") == 0
    return events.with_columns(pl.when(first).then(pl.col("cost_micros")).alias("cost_micros"))


def check_stages(sheet: Sheet) -> None:
    """Leave out message rows in which nothing has happened yet."""
    marks = []
    for name in (*EVENT_NAMES, "status"):
        for key in (name, f"{name}_us"):
            if key in sheet.values:
                value = sheet.values[key]
                marks.append(value.fill_null(False) if value.dtype == pl.Boolean else value.is_not_null())
    if marks:
        quiet = ~pl.select(pl.any_horizontal(marks)).to_series()
        sheet.skip(quiet & sheet.reason.is_null(), "nothing has happened to the message yet")
