"""A source database of tests, in SQLite or PostgreSQL, and the mapping that pulls from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from config.settings import Settings
from data.snapshot import Lake
from etl.land import Landed
from etl.pull import pull
from tests.feeds import settings_of

MAPPING = """
[source]
name = "crm_events"
kind = "event"
zone = "America/New_York"

[sql]
database = "crm"
query = '''
{query}
'''
cursor = "{cursor}"
start = {start}
batch = {batch}

[fields]
event_id = "id"
event = "what"
at = "at"
member = "member"
campaign = "campaign"
channel = {{ value = "email" }}
"""
QUERY = "select id, what, at, member, campaign, version from events where version >= :cursor order by version"
TABLE = """create table events (id integer primary key, what varchar(20), at timestamp, member varchar(20),
campaign varchar(20), version integer)"""
Event = tuple[int, str, str, str, str, int]


@dataclass(frozen=True)
class Crm:
    """A database with a table `events`, and a lake that pulls from it."""

    url: str
    settings: Settings

    @property
    def mapping(self) -> Path:
        return self.settings.var / "crm.toml"

    @property
    def lake(self) -> Lake:
        return Lake(self.settings.lake)

    def write(self, statement: str, rows: Sequence[dict[str, Any]] = ()) -> None:
        engine = sa.create_engine(self.url, poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(sa.text(statement), *([list(rows)] if rows else []))
        engine.dispose()

    def add(self, events: Iterable[Event]) -> None:
        names = ("id", "what", "at", "member", "campaign", "version")
        rows = [dict(zip(names, event, strict=True)) for event in events]
        self.write("insert into events values (:id, :what, :at, :member, :campaign, :version)", rows)

    def maps(self, query: str = QUERY, cursor: str = "version", start: str = "0", batch: int = 100) -> Path:
        self.mapping.parent.mkdir(parents=True, exist_ok=True)
        text = MAPPING.format(query=query, cursor=cursor, start=start, batch=batch)
        self.mapping.write_text(text, encoding="utf-8")
        return self.mapping

    def pull(self, **how: Any) -> list[Landed]:
        """Pull; every row must be accounted for."""
        landed = [one.landed for one in pull(self.settings, self.mapping, **how)]
        for one in landed:
            assert one.loaded + one.already_present + one.skipped + one.refused == one.rows_in
        return landed


def crm(url: str, folder: Path) -> Crm:
    """An empty source database and an empty lake."""
    made = Crm(url, settings_of(folder / "var", sql={"crm": url}))
    made.write(TABLE)
    made.maps()
    return made


def event(number: int, version: int, what: str = "sent") -> Event:
    return (number, what, f"2026-03-{number % 28 + 1:02d} 10:00:00", f"M{number % 40}", "flu-2026", version)
