"""Checks of a run: each is a query for the bad rows; a blocking one stops the publish."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import polars as pl

from data.tables import CELL_KEY, COUNTS
from etl.commit import Writer


@dataclass(frozen=True)
class Check:
    """A query over `events_in`, `messages_next`, `cells_next` whose rows are the bad ones."""

    name: str
    meaning: str
    sql: str
    blocking: bool = True
    in_a_run: str = ""
    """The query for a run that touches some messages, where it may leave out what an earlier run saw."""

    @property
    def whole(self) -> bool:
        """Whether it looks at everything; events are only those of the messages that a run touches."""
        return "events_in" not in self.sql

    def asked(self, some: bool) -> str:
        """The query, where a run touches only some messages or all."""
        return self.in_a_run if some and self.in_a_run else self.sql


@dataclass(frozen=True)
class Finding:
    """How many bad rows a check found. No value of a row is kept: it could be personal."""

    check: Check
    bad_rows: int

    def sentence(self) -> str:
        word = "blocks the publish" if self.check.blocking else "warning"
        return f"{self.check.name}: {self.bad_rows:,} bad rows ({word}). {self.check.meaning}"


class PublishBlocked(RuntimeError):
    """A blocking check failed; the last good snapshot stays."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__(
            "Nothing was published; the last snapshot stays. " + " ".join(f.sentence() for f in findings)
        )


_SEEN = "create temp table if not exists seen_in_events (name varchar, bad_rows bigint)"
_KEY = ", ".join(CELL_KEY)
_NEGATIVE = " or ".join(f"{name} < 0" for name in COUNTS if not name.endswith("_micros"))

CHECKS: tuple[Check, ...] = (
    Check(
        "messages_unique",
        "A message id must stand once in messages.",
        "select message_id from messages_next group by message_id having count(*) > 1",
        in_a_run="select message_id from messages_next semi join touched_messages using (message_id) "
        "group by message_id having count(*) > 1",
    ),
    Check(
        "cells_unique",
        "A cell must stand once.",
        f"select {_KEY} from cells_next group by {_KEY} having count(*) > 1",
    ),
    Check(
        "cells_not_negative",
        "No count may be below zero.",
        f"select {_KEY} from cells_next where {_NEGATIVE}",
    ),
    Check(
        "cells_equal_messages",
        "Messages sent per campaign and channel must equal their cells.",
        "select campaign, channel from ("
        " select campaign, channel, count(sent_us) as n from messages_next where campaign <> '' group by all"
        " union all select campaign, channel, -sum(sent) from cells_next where kind = 'message' group by all"
        ") group by campaign, channel having sum(n) <> 0",
    ),
    Check(
        "members_within_messages",
        "More members than messages cannot have been sent to.",
        "select campaign from cells_next where kind = 'message' and members_sent > sent",
    ),
    Check(
        "slots_add_up",
        "Told apart by slot, messages sent, members engaged and outcomes must add up to the same.",
        "select campaign, channel, arm from ("
        " select campaign, channel, arm, sent, members_engaged, with_outcome from cells_next"
        " where kind in ('message', 'assignment')"
        " union all select campaign, channel, arm, -sent, -members_engaged, -with_outcome from cells_next"
        " where kind in ('daypart', 'response', 'delay')"
        ") group by all having sum(sent) <> 0 or sum(members_engaged) <> 0 or sum(with_outcome) <> 0",
    ),
    Check(
        "messages_name_a_campaign",
        "No event of these messages names a campaign; they count nowhere until one does.",
        "select message_id from messages_next where campaign = ''",
        blocking=False,
    ),
    Check(
        "one_campaign_per_message",
        "Events of one message name several campaigns; the first by name counts.",
        "select message_id from events_in group by message_id having min(campaign) <> max(campaign)",
        blocking=False,
    ),
    Check(
        "one_member_per_message",
        "Events of one message name several members; the lowest pseudonym counts.",
        "select message_id from events_in group by message_id having min(member) <> max(member)",
        blocking=False,
    ),
)


def look_at_events(con: duckdb.DuckDBPyConnection) -> None:
    """Count what the checks of events find in `events_in`: a rebuild sees events window by window."""
    con.execute(_SEEN)
    for check in CHECKS:
        if not check.whole:
            con.execute("insert into seen_in_events values (?, ?)", [check.name, _count(con, check.sql)])


def run(con: duckdb.DuckDBPyConnection) -> list[Finding]:
    """Run every check; of those of events, say what `look_at_events` counted."""
    con.execute(_SEEN)
    seen = dict(con.execute("select name, sum(bad_rows) from seen_in_events group by name").fetchall())
    some = bool(con.execute("select 1 from duckdb_tables() where table_name = 'touched_messages'").fetchall())
    return [
        Finding(check, _count(con, check.asked(some)) if check.whole else int(seen.get(check.name, 0)))
        for check in CHECKS
    ]


def keep(lake: Writer, found: list[Finding], now_us: int) -> None:
    """Keep what was found, and since when each check has been failing, for people to see."""
    failing = dict(lake.frame("checks").select("name", "failing_since_us").iter_rows())
    rows = [
        {
            "name": one.check.name,
            "meaning": one.check.meaning,
            "blocking": one.check.blocking,
            "whole": one.check.whole,
            "bad_rows": one.bad_rows,
            "checked_us": now_us,
            "failing_since_us": (failing.get(one.check.name) or now_us) if one.bad_rows else None,
        }
        for one in found
    ]
    lake.replace("checks", pl.DataFrame(rows, schema_overrides={"failing_since_us": pl.Int64}))


def judged(found: list[Finding]) -> list[Finding]:
    """The findings with bad rows; `PublishBlocked` where a blocking check has some."""
    bad = [finding for finding in found if finding.bad_rows]
    blocking = [finding for finding in bad if finding.check.blocking]
    if blocking:
        raise PublishBlocked(blocking)
    return bad


def _count(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(con.execute(f"select count(*) from ({sql})").fetchall()[0][0])
