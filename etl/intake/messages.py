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
    stages = {name: _stage(kept, name) for name in EVENT_NAMES}
    base = kept.values.select("row").with_columns(
        kept.source.alias("source"),
        message_ids(kept).alias("message_id"),
        *(kept.column(one, pl.Int64()).alias(one) for one in ("member", "recipient")),
        *(kept.column(one).alias(one) for one in ("campaign", "wave", "channel", "variant")),
    )
    state = pl.DataFrame(
        [part.alias(f"{name}{n}") for name, parts in stages.items() for n, part in enumerate(parts)]
    )
    cost = kept.column("cost", pl.Int64())
    row_id = kept.ids.keys("state", [*base.drop("row").get_columns(), cost, *state.get_columns()])
    version = _version(kept, state)
    base = base.with_columns(row_id.alias("row_id"), version.alias("version_us"), cost.alias("cost_micros"))
    frames = [_events_of(kept, base, name, *parts) for name, parts in stages.items() if parts[0].any()]
    if not frames:
        return {"events": shaped("events", base.clear())}
    events = pl.concat(frames)
    named = [events[one] for one in ("source", "message_id", "event", "version_us", "row_id")]
    ids = kept.ids.keys("event", named)
    return {"events": shaped("events", _one_cost(events.with_columns(ids.alias("event_id"))).sort("row"))}


def _stage(kept: Kept, name: str) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Whether, when (us) and on which day a stage was reached, from its own column or the status."""
    us, day = kept.column(f"{name}_us", pl.Int64()), kept.column(f"{name}_day", pl.Int32())
    whether = kept.column(name, pl.Boolean()).fill_null(False)
    by_status = kept.column("status").eq_missing(pl.Series([name]))
    at_us, at_day = kept.column("at_us", pl.Int64()), kept.column("at_day", pl.Int32())
    status_us = pl.coalesce(kept.column("status_at_us", pl.Int64()), at_us)
    status_day = pl.coalesce(kept.column("status_at_day", pl.Int32()), at_day)
    own = pl.lit(us.is_not_null())
    frame = pl.select(
        (own | pl.lit(whether) | pl.lit(by_status)).alias("reached"),
        pl.when(own).then(us).when(whether).then(at_us).when(by_status).then(status_us).alias("us"),
        pl.when(own).then(day).when(whether).then(at_day).when(by_status).then(status_day).alias("day"),
    )
    return frame["reached"], frame["us"], frame["day"]


def _version(kept: Kept, state: pl.DataFrame) -> pl.Series:
    """How new the state is: `newer_by`, else the latest instant that the row states, else 0."""
    if "version" in kept.values.columns:
        return kept.values["version"].fill_null(0)
    if "version_us" in kept.values.columns:
        return kept.values["version_us"].fill_null(0)
    instants = [state[f"{name}1"] for name in EVENT_NAMES]
    return pl.select(pl.max_horizontal(instants)).to_series().cast(pl.Int64).fill_null(0)


def _events_of(
    kept: Kept, base: pl.DataFrame, name: str, reached: pl.Series, us: pl.Series, day: pl.Series
) -> pl.DataFrame:
    machine = kept.column("machine", pl.Boolean()) if name in MACHINE_EVENTS else None
    detail = kept.column("detail") if name in DETAIL_EVENTS else None
    frame = base.with_columns(
        pl.lit(name).alias("event"),
        us.alias("event_us"),
        day.alias("event_day"),
        (pl.lit(None, pl.Boolean) if machine is None else machine).alias("machine"),
        (pl.lit(None, pl.String) if detail is None else detail).alias("detail"),
    )
    return frame.filter(reached)


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
