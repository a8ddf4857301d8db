"""The two places where today's events are: the journal, and what was landed of today in the lake."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from collect.accept import MessageRow, Record, decoder
from collect.tail import Tail
from data.snapshot import Lake
from etl.live.tally import HAPPENED

AT_ONCE = 200_000
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Day:
    """A day of the plan's calendar: its number, and the instants (UTC microseconds) between which it lies."""

    number: int
    begin_us: int
    end_us: int

    @classmethod
    def at(cls, now_us: int, zone: str) -> Day:
        local = datetime.fromtimestamp(now_us / 1e6, ZoneInfo(zone)).date()
        begin, end = (
            round(datetime.combine(one, time(), ZoneInfo(zone)).timestamp() * 1e6)
            for one in (local, local + timedelta(days=1))
        )
        return cls((local - EPOCH).days, begin, end)

    @property
    def text(self) -> str:
        return (EPOCH + timedelta(days=self.number)).isoformat()


def journaled(tail: Tail, day: Day) -> Iterator[pl.DataFrame]:
    """What the journal gained of a day."""
    columns: list[list[object]] = [[] for _ in HAPPENED]
    for payload in tail.new():
        for row in _messages(payload):
            if day.begin_us <= row.event_us < day.end_us:
                person = row.recipient if row.member is None else row.member
                told = (row.message_id, row.event, row.machine, person, row.campaign, row.channel)
                for column, value in zip(columns, told, strict=True):
                    column.append(value)
        if len(columns[0]) >= AT_ONCE:
            yield _frame(columns)
            columns = [[] for _ in HAPPENED]
    if columns[0]:
        yield _frame(columns)


def _messages(payload: bytes) -> list[MessageRow]:
    record: Record = decoder.decode(payload)
    return record.messages


def _frame(columns: list[list[object]]) -> pl.DataFrame:
    return pl.DataFrame(dict(zip(HAPPENED, columns, strict=True)), schema=HAPPENED)


@dataclass
class Landed:
    """The files of today's events that the lake gains."""

    lake: Lake
    day: Day
    _newest: str = ""
    _read: set[str] = field(default_factory=set)

    def new(self) -> Iterator[pl.DataFrame]:
        """What the lake gained of the day; files that were written anew hold rows that are known."""
        newest = self.lake.newest("events")
        if newest == self._newest:
            return
        table, part = self.lake.open("events"), f"event_date={self.day.text}"
        for file in [] if table is None else table.file_uris():
            if file.split("/")[-2] == part and file not in self._read:
                yield _rows(file)
                self._read.add(file)
        self._newest = newest


def _rows(file: str) -> pl.DataFrame:
    person = pl.coalesce("member", "recipient").alias("person")
    message = pl.col("message_id").alias("message")
    told = pl.scan_parquet(file).select(message, "event", "machine", person, "campaign", "channel")
    return told.cast(pl.Schema(HAPPENED)).collect()
