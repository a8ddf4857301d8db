"""Counts that a source had added up already: their latest statement, before the first detailed day."""

from __future__ import annotations

import duckdb

from data.tables import COUNTS

BEHIND = {name: name.removeprefix("behind_") for name in COUNTS if name.startswith("behind_")}
MEMBERS = {
    "behind_sent": "members_sent",
    "behind_delivered": "members_delivered",
    "behind_opened": "members_opened",
    "behind_opened_human": "members_opened_human",
    "behind_clicked": "members_clicked",
    "behind_replied": "members_responded",
    "behind_engaged": "members_engaged",
    "behind_opt_out": "members_opted_out",
    "behind_complaint": "members_complained",
}


def cells(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Fill `table` with cells of kind aggregate, from `aggregates_now`, `loads` and `messages_next`.

    Where the source gives no number of members behind a message count, the count itself is the
    upper bound by which it is judged.
    """
    pivots = ", ".join(f"{_sum(_measure(name))} as {name}" for name in COUNTS if name not in BEHIND)
    behind = ", ".join(
        f"coalesce({_total(MEMBERS.get(name, ''))}, {_total(plain)}, 0) as {name}"
        for name, plain in BEHIND.items()
    )
    con.execute(_CELLS.format(table=table, pivots=pivots, behind=behind))


def _measure(column: str) -> str:
    return "cost" if column == "cost_micros" else column


def _total(measure: str) -> str:
    return f"sum(case when a.measure = '{measure}' then a.value end)"


def _sum(measure: str) -> str:
    return f"coalesce({_total(measure)}, 0)"


_CELLS = """
create or replace temp table {table} as
with latest as (
    select a.*, row_number() over (partition by a.key, a.measure order by l.seq desc) as place
    from aggregates_now a join loads l using (load_id)
),
detailed as (
    select campaign, channel, min(send_day) as day from messages_next group by campaign, channel
)
select
    'aggregate' as kind, a.campaign, coalesce(a.wave, '') as wave, coalesce(a.channel, '') as channel,
    coalesce(a.variant, '') as variant, '' as arm, '' as outcome,
    '' as slot, a.day,
    0::bigint as member_profile, 0::bigint as profile, {pivots}, {behind}
from latest a
left join detailed d on d.campaign = a.campaign and d.channel = coalesce(a.channel, '')
where a.place = 1 and (d.day is null or a.day is null or a.day < d.day)
group by a.campaign, a.wave, a.channel, a.variant, a.day
"""
