"""What a run has to recompute: the messages that new rows name, and the pairs behind them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import duckdb

from data.snapshot import Lake, Snapshot, parquet
from data.tables import TABLES


class Inputs:
    """Temporary views over the lake: as the last snapshot saw it (`_old`) and as it is now (`_now`)."""

    def __init__(self, con: duckdb.DuckDBPyConnection, lake: Lake, old: Snapshot) -> None:
        self.con, self.lake, self.old = con, lake, old
        self.everything = old.number == 0
        con.execute(f"create temp table loads as select * from {lake.source('loads')}")
        con.execute(f"create temp table news as select load_id from loads where seq > {old.load_seq}")
        for name in ("assignments", "outcomes", "members", "crosswalk", "campaigns", "aggregates"):
            con.execute(f"create temp view {name}_now as select * from {lake.source(name)}")
            con.execute(
                f"create temp view {name}_old as select * from {lake.source(name)} "
                f"where load_id not in (select load_id from news)"
            )
        con.execute(f"create temp view messages_old as select * from {self.published('messages')}")
        for when in ("old", "now"):
            con.execute(f"create temp table links_{when} as {_LINKS.format(when=when)}")

    def published(self, name: str) -> str:
        """The table as the last snapshot has it; empty where everything is made anew."""
        if name not in self.old.versions:
            return parquet(TABLES[name], [])
        return self.lake.source(name, self.old.versions[name])

    def messages(self) -> None:
        """Fill `touched_messages` (message_id) and the view `events_in` with every event of them."""
        events = self.lake.source("events")
        if self.everything:
            self.con.execute(
                "create temp table touched_messages as select null::BIGINT as message_id where false"
            )
            self.con.execute(f"create temp view events_in as select * from {events}")
            return
        self.con.execute(
            f"create temp table new_events as select distinct message_id, event_date from {events} "
            "where load_id in (select load_id from news)"
        )
        self.con.execute(
            "create temp table touched_messages as select message_id from new_events "
            "union select m.message_id from messages_old m join ("
            "  select recipient from (select * from links_old except select * from links_now) "
            "  union select recipient from (select * from links_now except select * from links_old)"
            ") r on r.recipient = m.recipient"
        )
        source = self._events_on(self._dates())
        self.con.execute(
            f"create temp view events_in as select * from {source} "
            "where message_id in (select message_id from touched_messages)"
        )

    def _dates(self) -> set[date | None]:
        spans = self.con.execute(
            "select distinct first_date, last_date from messages_old "
            "where message_id in (select message_id from touched_messages) "
            "union select distinct event_date, event_date from new_events"
        ).fetchall()
        dated = [span for span in spans if span[0] is not None]
        return {None, *(day for first, last in dated for day in _between(first, last))}

    def _events_on(self, days: Iterable[date | None]) -> str:
        table = self.lake.open("events")
        wanted = {f"event_date={'__HIVE_DEFAULT_PARTITION__' if day is None else day}" for day in days}
        uris = [] if table is None else [u for u in table.file_uris() if u.split("/")[-2] in wanted]
        return parquet(TABLES["events"], uris)

    def pairs(self) -> None:
        """Fill `touched_pairs` (campaign, member); needs `messages_fresh` and the terms of both sides."""
        if self.everything:
            self.con.execute(
                "create temp table touched_pairs as select ''::VARCHAR as campaign, 0::BIGINT as member"
            )
            return
        self.con.execute(f"create temp table touched_pairs as {_PAIRS}")

    def side(self, when: str) -> None:
        """Point the models' inputs (`messages_in`, `assignments_in`, ...) at one side of the pairs."""
        self.con.execute(f"create or replace temp view messages_in as {self._messages_of(when)}")
        for name in ("assignments", "outcomes"):
            keep = "" if self.everything else _KEEP[name]
            self.con.execute(
                f"create or replace temp view {name}_in as select t.* from {name}_{when} t {keep}"
            )
        keep = "" if self.everything else "semi join touched_pairs p on p.member = t.member"
        self.con.execute(
            f"create or replace temp view statements as select distinct member, as_of_day, profile "
            f"from members_{when} t {keep}"
        )
        for name in ("terms", "prices"):
            self.con.execute(f"create or replace temp view {name} as select * from {name}_{when}")

    def _messages_of(self, when: str) -> str:
        if self.everything:
            return "select * from messages_fresh"
        pairs = "semi join touched_pairs p on p.campaign = t.campaign and p.member = t.member"
        if when == "old":
            return f"select t.* from messages_old t {pairs}"
        return (
            f"select t.* from messages_old t {pairs} "
            "where t.message_id not in (select message_id from touched_messages) "
            f"union all by name select t.* from messages_fresh t {pairs}"
        )


def _between(first: date, last: date) -> list[date]:
    return [date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)]


_LINKS = """
select recipient, min(member) as member from crosswalk_{when}
group by recipient having count(distinct member) = 1
"""
_KEEP = {
    "assignments": "semi join touched_pairs p on p.campaign = t.campaign and p.member = t.member",
    "outcomes": "semi join touched_pairs p on p.member = t.member",
}
_PAIRS = """
with restated as (
    select campaign from (select * from terms_old except select * from terms_now)
    union select campaign from (select * from terms_now except select * from terms_old)
    union select campaign from (select * from prices_old except select * from prices_now)
    union select campaign from (select * from prices_now except select * from prices_old)
),
people as (
    select member from outcomes_now where campaign is null and load_id in (select load_id from news)
    union select member from members_now where load_id in (select load_id from news)
),
known as (
    select campaign, member from messages_old
    union select campaign, member from messages_fresh
    union select campaign, member from assignments_now
)
select campaign, member from messages_old where message_id in (select message_id from touched_messages)
union select campaign, member from messages_fresh
union select campaign, member from assignments_now where load_id in (select load_id from news)
union select campaign, member from outcomes_now
    where campaign is not null and load_id in (select load_id from news)
union select k.campaign, k.member from known k join people using (member)
union select k.campaign, k.member from known k join restated using (campaign)
"""
