"""Fills a lake with the bench's plan: canonical rows through the one writer, as a stream of loads."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from bench import rows
from bench.plan import CAMPAIGNS, DAYS, FIRST_DAY, LAG, LENGTH, LINES, OUTCOME, WINDOW, Plan
from config.settings import Settings
from data.periods import day_date
from data.tables import TABLES
from etl.commit import Writer
from etl.door import check_secret, import_file

AT_ONCE = 2_000_000
"""Events of one load: as many as stay small in memory."""
PROVIDES = {
    "bench_mail": "clicked delivered opened sent",
    "bench_claims": f"outcome:{OUTCOME}",
    "bench_lists": "arm assigned consented contactable eligible",
}


def fill(settings: Settings, plan: Plan, say: Callable[[str], None]) -> float:
    """Land the whole plan, publish nothing; seconds that it took."""
    started = time.monotonic()
    _records(settings)
    lake = Writer(settings.lake)
    check_secret(settings)
    with lake.lock():
        load(lake, {"profiles": rows.profiles(), "members": rows.statements(plan)}, "bench_members")
        lists = pl.concat([rows.assigned(plan, number) for number in range(CAMPAIGNS)])
        load(lake, {"assignments": lists}, "bench_lists")
        load(lake, {"outcomes": rows.outcomes(0, plan.outcomes, plan)}, "bench_claims")
        _events(lake, plan, say)
    return time.monotonic() - started


def _events(lake: Writer, plan: Plan, say: Callable[[str], None]) -> None:
    held: list[pl.DataFrame] = []
    landed, first = 0, 0
    for number in range(DAYS):
        messages = plan.messages * (number + 1) // DAYS - plan.messages * number // DAYS
        held += rows.sent_on(plan, FIRST_DAY + number, messages, first)
        first += messages
        waiting = sum(frame.height for frame in held)
        if waiting >= AT_ONCE or number == DAYS - 1:
            load(lake, {"events": pl.concat(held)}, "bench_mail")
            landed, held = landed + waiting, []
            say(f"{landed:,} events landed")


def load(lake: Writer, tables: dict[str, pl.DataFrame], source: str) -> int:
    """Land frames as one load, as a file's rows are landed; the rows."""
    seq = lake.last_seq() + 1
    now_us = time.time_ns() // 1000
    total = sum(frame.height for frame in tables.values())
    instants = [
        frame[c] for frame in tables.values() for c in ("event_us", "service_us") if c in frame.columns
    ]
    last = pl.concat([one.rename("at") for one in instants]).max() if instants else None
    for name, frame in tables.items():
        lake.append(name, _whole(name, frame.with_columns(load_id=pl.lit(seq, pl.Int64))))
    row = {
        "load_id": seq, "seq": seq, "source": source, "kind": next(iter(tables)), "file_name": "bench",
        "sha256": f"{seq:064d}", "mapping_sha256": None, "rows_in": total, "loaded": total,
        "already_present": 0, "skipped": 0, "refused": 0, "received_us": now_us,
        "last_us": last, "provides": PROVIDES.get(source, ""), "synthetic": True,
        "position": None,
    }  # fmt: skip
    lake.append(
        "loads", pl.DataFrame([row], schema_overrides={"mapping_sha256": pl.String, "position": pl.String})
    )
    return total


def _whole(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every column of its table; what a source does not state is null."""
    if name == "events":
        frame = frame.with_columns(event_date=pl.col("event_day").cast(pl.Date))
    absent = [c.name for c in TABLES[name].columns if c.name not in frame.columns]
    return frame.with_columns(pl.lit(None).alias(one) for one in absent)


def _records(settings: Settings) -> None:
    """The campaign records, as a file by a mapping."""
    folder = settings.var / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    mapping = folder / "campaigns.toml"
    mapping.write_text('[source]\nname = "bench_campaigns"\nkind = "campaigns"\nsynthetic = true\n')
    records = folder / "records.toml"
    records.write_text("\n".join(_record(number) for number in range(CAMPAIGNS)))
    import_file(settings, Path(records), mapping)


def _record(number: int) -> str:
    start = rows.start_day(number)
    return f"""[[campaign]]
id = "{rows.campaign(number)}"
name = "Bench campaign {number + 1}"
program = "Program {number % 12 + 1}"
line_of_business = "{LINES[number % len(LINES)]}"
start = {day_date(start)}
end = {day_date(start + LENGTH)}
channels = ["{rows.channel(number)}"]
arms = ["Outreach", "Holdout"]
outcome = "{OUTCOME}"
window_days = {WINDOW}
lag_days = {LAG}
recorded_at = {day_date(start - 20)}
"""
