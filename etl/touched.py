"""What a run has to recompute: the messages that new rows name, and the pairs behind them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import duckdb

from data.snapshot import Lake, Snapshot, on_days, parquet
from data.tables import TABLES
from etl import batches, gone


class Inputs:
    """Temporary views over the lake: as the last snapshot saw it (`_old`) and as it is now (`_now`)."""

    def __init__(self, con: duckdb.DuckDBPyConnection, lake: Lake, old: Snapshot) -> None:
        self.con, self.lake, self.old = con, lake, old
        self.everything = old.number == 0
        con.execute(f"create temp table loads as select * from {lake.source('loads')}")
        con.execute(f"create temp table news as select load_id from loads where seq > {old.load_seq}")
        self.gone = gone.since(lake, old) if old.number else gone.NOTHING
        for name in gone.LANDED:
            con.execute(f"create temp view {name}_now as select * from {lake.source(name)}")
            con.execute(f"create temp view {name}_old as {self._before(name)}")
            con.execute(f"create temp view {name}_new as {self._new(name)}")
        con.execute(f"create temp view messages_old as select * from {self.published('messages')}")
        con.execute(f"create temp table links as {_LINKS.format(crosswalk='crosswalk_now')}")

    def published(self, name: str) -> str:
        """The table as the last snapshot has it; empty where everything is made anew."""
        if name not in self.old.versions:
            return parquet(TABLES[name], [])
        return self.lake.source(name, self.old.versions[name])

    def _before(self, name: str) -> str:
        """A landing table as the last snapshot saw it: loads only added to it, unless one was undone."""
        if self.gone.loads:
            return f"select * from {self.published(name)}"
        return f"select * from {name}_now where load_id not in (select load_id from news)"

    def _new(self, name: str) -> str:
        """The rows of a landing table that came since, and those that went."""
        own = f"select * from {name}_now where load_id in (select load_id from news)"
        if not self.gone.loads:
            return own
        other = self.gone.listed
        return (
            f"{own} union all (select * from {name}_old where load_id in ({other}) "
            f"except select * from {name}_now) union all (select * from {name}_now "
            f"where load_id in ({other}) except select * from {name}_old)"
        )

    def messages(self) -> None:
        """Fill `touched_messages` (message_id), `touched_old` (their rows) and the view `events_in`."""
        events = self.lake.source("events")
        # Written out, so that files of other loads are passed over by what they say of themselves.
        news = [str(row[0]) for row in self.con.execute("select load_id from news").fetchall()]
        self.con.execute(
            f"create temp table new_events as select distinct message_id, event_date from {events} "
            f"where load_id in ({', '.join(news) or 'null'})"
        )
        if self.gone.loads:
            self._left(events)
        self.con.execute(f"create temp table touched_messages as {self._touched()}")
        self.con.execute(
            "create temp table touched_old as select * from messages_old "
            "where message_id in (select message_id from touched_messages)"
        )
        self.con.execute(
            f"create temp view events_in as select * from {on_days(self.lake, 'events', self._dates())} "
            "where message_id in (select message_id from touched_messages)"
        )

        self.con.execute(f"create temp view events_before as {self._events_before()}")

    def _left(self, events: str) -> None:
        """Add what went to `new_events`, and what stays of it under another load, maybe on another day."""
        rows = "select distinct message_id, event_date from"
        left = f"{rows} {self.published('events')} where load_id in ({self.gone.listed})"
        self.con.execute(f"insert into new_events {left}")
        mine = "message_id in (select message_id from new_events)"
        self.con.execute(
            f"insert into new_events {rows} {events} where load_id in ({self.gone.listed}) and {mine}"
        )

    def _events_before(self) -> str:
        """The events of the touched messages as the last snapshot saw them."""
        if not self.gone.loads:
            return "select * from events_in where load_id not in (select load_id from news)"
        if "events" not in self.old.versions:
            return f"select * from {self.published('events')}"
        there = on_days(self.lake, "events", self._dates(), self.old.versions["events"])
        return f"select * from {there} where message_id in (select message_id from touched_messages)"

    def _touched(self) -> str:
        own = "select distinct message_id from new_events"
        if not self._any("select 1 from crosswalk_new"):
            return own
        self.con.execute(f"create temp table links_old as {_LINKS.format(crosswalk='crosswalk_old')}")
        return (
            f"{own} union select m.message_id from messages_old m join ("
            "  select recipient from (select * from links_old except select * from links) "
            "  union select recipient from (select * from links except select * from links_old)"
            ") r on r.recipient = m.recipient"
        )

    def _any(self, query: str) -> bool:
        return bool(self.con.execute(f"{query} limit 1").fetchall())

    def _dates(self) -> list[date | None]:
        spans = self.con.execute(
            "select distinct first_date, last_date from touched_old "
            "union select distinct event_date, event_date from new_events"
        ).fetchall()
        dated = {day for first, last in spans if first is not None for day in _between(first, last)}
        return [None, *dated]

    def pairs(self) -> None:
        """Fill `touched_pairs` (campaign, member); needs `messages_fresh` and the terms of both sides."""
        parts = [_NAMED]
        self.con.execute(f"create temp table new_outcomes as {_NEW_OUTCOMES}")
        if self._any("select 1 from new_outcomes"):
            parts.append(_IN_WINDOW)
        for kind, query in (("people", _PEOPLE), ("restated", _RESTATED)):
            self.con.execute(f"create temp table {kind} as {query}")
            if self._any(f"select 1 from {kind}"):
                parts.append(_KNOWN_OF.format(of=f"semi join {kind} using ({_BY[kind]})"))
        self.con.execute(f"create temp table touched_pairs as {' union '.join(parts)}")

    def batches(self) -> list[list[str]]:
        """The campaigns whose pairs are counted, some at a time; needs the messages to be written."""
        if self.everything:
            return batches.campaigns(self.con, "messages_next", "assignments_now")
        return batches.campaigns(self.con, "touched_pairs")

    def batch(self, campaigns: Sequence[str]) -> None:
        """Turn to the pairs of some campaigns: their messages are in `messages_of_pairs`."""
        self.campaigns = (
            "[" + ", ".join("'" + one.replace("'", "''") + "'" for one in campaigns) + "]::varchar[]"
        )
        source = "messages_next" if self.everything else "messages_old"
        self.con.execute(
            f"create or replace temp table messages_of_pairs as select {_COUNTED} from {source} t "
            f"{self._of_pairs()} where {self._of_campaigns()}"
        )

    def _of_campaigns(self) -> str:
        return f"t.campaign in (select unnest({self.campaigns}))"

    def _of_pairs(self) -> str:
        if self.everything:
            return ""
        return "semi join touched_pairs p on p.campaign = t.campaign and p.member = t.member"

    def side(self, when: str) -> None:
        """Point the models' inputs (`messages_in`, ...) at one side of the batch's pairs."""
        view = "create or replace temp view"
        self.con.execute(f"{view} messages_in as {self._messages_of(when)}")
        self.con.execute(
            f"{view} assignments_in as select t.* from assignments_{when} t {self._of_pairs()} "
            f"where {self._of_campaigns()}"
        )
        keep = "" if self.everything else "semi join touched_pairs p on p.member = t.member"
        self.con.execute(f"{view} outcomes_in as select t.* from outcomes_{when} t {keep}")
        self.con.execute(
            f"{view} statements as select distinct member, as_of_day, profile from members_{when} t {keep}"
        )
        for name in ("terms", "prices"):
            self.con.execute(f"{view} {name} as select * from {name}_{when}")

    def _messages_of(self, when: str) -> str:
        own = "select * from messages_of_pairs t"
        if self.everything or when == "old":
            return own
        return (
            f"{own} where t.message_id not in (select message_id from touched_messages) union all by name "
            f"select {_COUNTED} from messages_fresh t {self._of_pairs()} where {self._of_campaigns()}"
        )


def _between(first: date, last: date) -> list[date]:
    return [date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)]


_COUNTED = ", ".join(
    f"t.{column.name}"
    for column in TABLES["messages"].columns
    if column.name not in ("recipient", "send_date", "first_date", "last_date")
)
"""The columns of messages that the models count."""
_LINKS = """
select recipient, min(member) as member from {crosswalk}
group by recipient having count(distinct member) = 1
"""
_PEOPLE = "select distinct member from members_new"
_NEW_OUTCOMES = """
select distinct member, outcome, service_day from outcomes_new
where campaign is null and service_day is not null
"""
_IN_WINDOW = """
select a.campaign, a.member
from assignments_now a
join terms_now t on t.campaign = a.campaign
join new_outcomes o on o.member = a.member and o.outcome = t.outcome
    and o.service_day between a.assigned_day and a.assigned_day + t.window_days
union
select m.campaign, m.member
from messages_old m
join terms_now t on t.campaign = m.campaign and t.main
join new_outcomes o on o.member = m.member and o.outcome = t.outcome
    and o.service_day between m.send_day and m.send_day + t.window_days
where m.linked and m.delivered_us is not null
"""
"""An outcome tied to no campaign counts where it lies in the window of an assignment or a delivery."""
_RESTATED = """
select campaign from (select * from terms_old except select * from terms_now)
union select campaign from (select * from terms_now except select * from terms_old)
union select campaign from (select * from prices_old except select * from prices_now)
union select campaign from (select * from prices_now except select * from prices_old)
"""
_BY = {"people": "member", "restated": "campaign"}
_KNOWN_OF = """
select campaign, member from messages_old {of}
union select campaign, member from messages_fresh {of}
union select campaign, member from assignments_now {of}
"""
_NAMED = """
select campaign, member from touched_old
union select campaign, member from messages_fresh
union select campaign, member from assignments_new
union select campaign, member from outcomes_new where campaign is not null
"""
