"""Slots of time and the reporting zone's offsets, as tables that the models join by range."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import duckdb
import polars as pl

from config.vocabulary import DAYPARTS, OUTCOME_TIMES, RESPONSE_TIMES

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
WEEK_US = 7 * DAY_US
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FOREVER = 2**62
OFFSETS = dict.fromkeys(("starts_us", "ends_us", "offset_us", "midnight_us"), pl.Int64)


def prepare(con: duckdb.DuckDBPyConnection, zone: str) -> None:
    """Fill `slots` and, for the instants that `touches` speaks of, `zone_offsets`.

    Both have a column to join by equality before the range is looked at: `step`, the hours of a week in a
    daypart (us), and `day_us`, the days on which an offset holds.
    """
    first, last = con.execute(_SPAN).fetchall()[0]
    by_day = _by_day(offsets(zone, first or 0, last or 0))
    for name, frame in (("slots", _by_hour(slots())), ("zone_offsets", by_day)):
        con.register("frame_in", frame.to_arrow())
        con.execute(f"create or replace temp table {name} as select * from frame_in")


def _by_hour(frame: pl.DataFrame) -> pl.DataFrame:
    hours = pl.int_ranges("starts", "ends", HOUR_US)
    dayparts = frame.filter(cut="daypart").with_columns(step=hours).explode("step")
    others = frame.filter(pl.col("cut") != "daypart").with_columns(step=pl.lit(None, pl.Int64))
    return pl.concat([dayparts, others])


def _by_day(frame: pl.DataFrame) -> pl.DataFrame:
    """A row for each day of a stretch, and one more on each side: before 1970 remainders are negative."""
    days = pl.int_ranges(pl.col("starts_us") // DAY_US - 1, pl.col("ends_us") // DAY_US + 2)
    return frame.with_columns(day_us=days).explode("day_us").with_columns(pl.col("day_us") * DAY_US)


def slots() -> pl.DataFrame:
    """Each slot with where it starts and ends: in a local week (us), after the delivery (us), in days."""
    days = [(int(code[0]) - 1) * DAY_US + int(code[2:]) * HOUR_US for code in DAYPARTS]
    waits = [int(code[:-1]) * HOUR_US for code in RESPONSE_TIMES]
    # A carrier's receipt may come after the member's answer; up to an hour the answer was still a prompt one.
    waits[0] = -HOUR_US
    delays = [int(code[:-1]) for code in OUTCOME_TIMES]
    rows = [
        *_rows("daypart", list(DAYPARTS), [*days, WEEK_US]),
        *_rows("response_time", list(RESPONSE_TIMES), [*waits, FOREVER]),
        *_rows("outcome_time", list(OUTCOME_TIMES), [*delays, FOREVER]),
    ]
    return pl.DataFrame(rows, schema=["cut", "slot", "starts", "ends"], orient="row")


def _rows(cut: str, codes: list[str], bounds: list[int]) -> list[tuple[str, str, int, int]]:
    return [(cut, code, *ends) for code, ends in zip(codes, pairwise(bounds), strict=True)]


def offsets(zone: str, first_us: int, last_us: int) -> pl.DataFrame:
    """The zone's offset from UTC for each stretch of time between two of its changes.

    `midnight_us` is the stretch's first instant where the change jumped over a midnight (a date without a
    time is landed there), else 0.
    """
    place = ZoneInfo(zone)
    starts = [first_us - DAY_US, *_changes(place, first_us - DAY_US, last_us + DAY_US)]
    found = [_offset(place, start) for start in starts]
    before = [found[0], *found[:-1]]
    rows = [
        (start, end, own, start if own > old and (start + old) % DAY_US == 0 else 0)
        for (start, end), own, old in zip(pairwise([*starts, last_us + DAY_US]), found, before, strict=True)
    ]
    return pl.DataFrame(rows, schema=OFFSETS, orient="row")


def _changes(place: ZoneInfo, first_us: int, last_us: int) -> list[int]:
    """The instants at which the offset changes, found to the second between days that differ."""
    days = [*range(first_us, last_us, DAY_US), last_us]
    return [
        _change(place, start, end)
        for start, end in pairwise(days)
        if _offset(place, start) != _offset(place, end)
    ]


def _change(place: ZoneInfo, start: int, end: int) -> int:
    old, low, high = _offset(place, start), start // 1_000_000, -(-end // 1_000_000)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(place, middle * 1_000_000) == old else (low, middle)
    return high * 1_000_000


def _offset(place: ZoneInfo, us: int) -> int:
    """The offset at an instant, in microseconds."""
    local = (EPOCH + timedelta(microseconds=us)).astimezone(place)
    return (local.utcoffset() or timedelta()) // timedelta(microseconds=1)


_SPAN = """
select min(least(sent_us, delivered_us, engaged_us)), max(greatest(sent_us, delivered_us, engaged_us))
from (
    select nullif(sent_us, 0) as sent_us, nullif(delivered_us, 0) as delivered_us,
        nullif(engaged_us, 0) as engaged_us
    from touches
)
"""
