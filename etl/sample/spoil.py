"""Dirt, planted and counted: damaged rows, redelivered rows, and lines that break off."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from etl.sample.plan import Plan

DAMAGED_SHARE = 0.0003
MOST_DAMAGED = 40
REDELIVERED_WITHIN = 2_000  # rows


@dataclass(frozen=True)
class Dirt:
    """What to do to a file: `damage` maps a column to the text put there, `repeated` is a share of rows,
    `keep` filters the rows that may be damaged, `broken` is a raw last line."""

    damage: dict[str, str] = field(default_factory=dict)
    repeated: float = 0.0
    keep: pl.Expr | None = None
    broken: bytes = b""
    delimiter: str = ","


@dataclass
class Written:
    """What a file holds: rows, repeated rows, and per column the numbers of the rows to be refused."""

    rows: int
    repeated: int
    refused: dict[str, list[int]]
    skipped: dict[str, int] = field(default_factory=dict)


DIRT: dict[str, Dirt] = {
    "members.csv": Dirt({"member_id": "", "email": "no address"}),
    "members_update.csv": Dirt({"as_of": "2026-31-12"}),
    "assignments.csv": Dirt({"member_id": "", "assigned_on": "13/45/2026", "eligible": "perhaps"}),
    "history.csv": Dirt({"channel": "fax", "sends": "-5"}),
    "email_events.csv": Dirt(
        {"timestamp": "2026-13-45T99", "event": "delievered", "sg_message_id": "", "email": "undisclosed"},
        repeated=0.008,
        keep=(pl.col("event") != "deferred") & ~pl.col("url").str.contains("unsubscribe"),
        broken=b"evbroken,delivered,17950",
    ),
    "sms_log.csv": Dirt(
        {"sid": "", "status": "vanished", "date_sent": "0000-00-00", "price": "free"}, repeated=0.003
    ),
    "sms_updates.csv": Dirt({"status": "deliverd"}),
    "sms_replies.csv": Dirt({"received": "soon", "in_reply_to": ""}),
    "push_log.csv": Dirt({"event": "shown", "occurred_at": "yesterday", "push_id": ""}, repeated=0.005),
    "calls.csv": Dirt({"Call start": "31-02-2026 10:00", "Result": "???", "Cost": "1,2,3"}, delimiter=";"),
    "letters.csv": Dirt({"printed_on": "2026-02-30", "letter_id": ""}),
    "opt_outs.csv": Dirt({"channel": "fax", "requested_at": "asap"}, broken=b"OO\xff\xfe,,,,,,,\n"),
    "claims.csv": Dirt({"service_date": "", "procedure_code": "00000"}, repeated=0.001),
    "claims_late.csv": Dirt({"member_id": ""}, repeated=0.01),
    "labs.csv": Dirt({"loinc": "0-0", "collected": "99/99/2026"}),
    "pharmacy.csv": Dirt({"filled_on": "20261399"}),
    "bookings.csv": Dirt({"visit_type": "spa", "booked_at": "n/a"}),
}


def write_csv(plan: Plan, path: Path, frame: pl.DataFrame) -> Written:
    """Write the file with its dirt; row numbers count data rows from 1."""
    dirt = DIRT.get(path.name, Dirt())
    rng = plan.stream("dirt", path.name)
    text = frame.with_columns(pl.all().cast(pl.String).fill_null(""))
    if len(text):
        text, refused, repeated = _spoilt(rng, text, dirt)
    else:
        refused, repeated = {}, 0
    text.write_csv(path, separator=dirt.delimiter)
    rows = len(text)
    if dirt.broken:
        with path.open("ab") as file:
            file.write(dirt.broken)
        rows += 1
        refused[""] = [rows]
    return Written(rows, repeated, refused)


def _spoilt(
    rng: np.random.Generator, text: pl.DataFrame, dirt: Dirt
) -> tuple[pl.DataFrame, dict[str, list[int]], int]:
    n = len(text)
    pool = (
        np.arange(n) if dirt.keep is None else np.flatnonzero(text.select(dirt.keep).to_series().to_numpy())
    )
    source, place, mark = [np.arange(n)], [np.arange(n, dtype=float)], [np.full(n, -1)]
    count = min(max(round(n * DAMAGED_SHARE), 1), MOST_DAMAGED, len(pool))
    for number in range(len(dirt.damage)):
        chosen = rng.choice(pool, count, replace=False)
        source.append(chosen)
        place.append(chosen + 0.5)
        mark.append(np.full(count, number))
    again = rng.choice(n, round(n * dirt.repeated), replace=False)
    source.append(again)
    place.append(again + 0.25 + rng.integers(0, REDELIVERED_WITHIN, len(again)))
    mark.append(np.full(len(again), -1))
    order = np.argsort(np.concatenate(place), kind="stable")
    marks = pl.Series("mark", np.concatenate(mark)[order])
    spoilt = text[np.concatenate(source)[order]]
    columns = list(dirt.damage)
    spoilt = spoilt.with_columns(
        pl.when(marks == number).then(pl.lit(dirt.damage[name])).otherwise(pl.col(name)).alias(name)
        for number, name in enumerate(columns)
    )
    refused = {name: ((marks == number).arg_true() + 1).to_list() for number, name in enumerate(columns)}
    return spoilt, refused, len(again)
