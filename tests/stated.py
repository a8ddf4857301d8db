"""What sources said, and what becomes of it by dicts and loops: messages, records and their terms.

It knows the rules from the words of the design, not from the SQL; `tests/reference.py` counts on it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from data.snapshot import Lake
from tests.feeds import ZONE

Row = dict[str, Any]
WEEK_US = 7 * 86_400 * 1_000_000
SENT = ("sent", "attempted", "printed", "answered", "voicemail", "no_answer")
WINDOW = 90
BY_MESSAGE = (
    "sent", "delivered", "bounced", "failed", "suppressed", "opened", "opened_human", "clicked", "replied",
    "engaged", "opt_out", "complaint", "answered", "voicemail", "no_answer", "printed", "returned",
)  # fmt: skip


@dataclass
class Said:
    """Everything that sources said, one dict per landed row, in order of landing."""

    events: list[Row] = field(default_factory=list)
    assignments: list[Row] = field(default_factory=list)
    outcomes: list[Row] = field(default_factory=list)
    members: list[Row] = field(default_factory=list)
    crosswalk: list[Row] = field(default_factory=list)
    aggregates: list[Row] = field(default_factory=list)
    records: list[Row] = field(default_factory=list)
    profiles: dict[Any, dict[str, str]] = field(default_factory=dict)
    rank: Callable[[Any], Any] = lambda key: key
    zone: str = ZONE


def said(lake: Lake) -> Said:
    """What the landing tables hold."""
    order = dict(lake.frame("loads").select("load_id", "seq").iter_rows())
    profiles: dict[Any, dict[str, str]] = defaultdict(dict)
    for row in lake.frame("profiles").iter_rows(named=True):
        profiles[row["profile"]][row["attribute"]] = row["value"]

    def rows(name: str) -> list[Row]:
        return sorted(lake.frame(name).iter_rows(named=True), key=lambda row: order[row["load_id"]])

    found = Said(rows("events"), rows("assignments"), rows("outcomes"), rows("members"), rows("crosswalk"))
    found.aggregates, found.profiles = rows("aggregates"), dict(profiles)
    by = dict(lake.frame("loads").select("load_id", "source").iter_rows())
    found.records = [
        {**row, "record": json.loads(row["record"]), "source": by[row["load_id"]]}
        for row in sorted(rows("campaigns"), key=lambda row: (order[row["load_id"]], row["recorded_us"] or 0))
    ]
    return found


def least(values: Iterable[Any]) -> Any:
    """The least value that is known, or None."""
    return min((value for value in values if value is not None), default=None)


def messages(said: Said) -> list[Row]:
    """One dict per message: who, where, send day, and the earliest instant of each stage (0: undated)."""
    people = defaultdict(set)
    for row in said.crosswalk:
        people[row["recipient"]].add(row["member"])
    grouped = defaultdict(list)
    for event in said.events:
        grouped[event["message_id"]].append(event)
    return [_message(key, rows, people) for key, rows in grouped.items()]


def _message(key: Any, rows: list[Row], people: dict[Any, set[Any]]) -> Row:
    states = {(row["version_us"], row["row_id"]) for row in rows if row["version_us"] is not None}
    newest = max(states, default=None)
    rows = [r for r in rows if r["version_us"] is None or (r["version_us"], r["row_id"]) == newest]

    def first(*events: str, when: Callable[[Row], bool] = lambda row: True) -> int | None:
        found = least(row["event_us"] or 0 for row in rows if row["event"] in events and when(row))
        return None if found is None else int(found)

    def human(row: Row) -> bool:
        return not row["machine"]

    found: Row = {name: first(name) for name in (*BY_MESSAGE, "complaint")}
    found |= {
        name: least(row[name] for row in rows) or "" for name in ("campaign", "wave", "channel", "variant")
    }
    found["message"] = key
    named, recipient = least(row["member"] for row in rows), least(row["recipient"] for row in rows)
    behind = people.get(recipient, set())
    linked = named if named is not None else (next(iter(behind)) if len(behind) == 1 else None)
    found["linked"] = linked is not None
    found["member"] = next((one for one in (linked, recipient, key) if one is not None), None)
    sending = least(row["event_day"] for row in rows if row["event"] in SENT)
    found["day"] = sending if sending is not None else least(row["event_day"] for row in rows)

    def of_state(row: Row) -> bool:
        return row["version_us"] is not None

    proving = [name for name in {row["event"] for row in rows} if name != "suppressed"]
    found["sent"] = least((first(*SENT), first(*proving, when=of_state)))
    reached = ("opened", "clicked", "replied", "acted")
    found["delivered"] = least((first("delivered", "answered", "voicemail"), first(*reached, when=of_state)))
    if found["delivered"] is None and found["printed"] is not None and found["returned"] is None:
        found["delivered"] = found["printed"]
    found["bounce_class"] = least((row["detail"] or "") for row in rows if row["event"] == "bounced")
    found["opened_human"] = first("opened", when=human)
    found["clicked"] = first("clicked", when=human)
    found["positive"] = first("replied", when=lambda row: row["detail"] == "positive")
    found["negative"] = first("replied", when=lambda row: row["detail"] in ("negative", "stop"))
    answers = first("replied", when=lambda row: row["detail"] != "stop")
    found["engaged"] = least((first("acted"), found["clicked"], answers))
    before = found["delivered"] if found["delivered"] is not None else found["sent"]
    out = found["opt_out"]
    in_time = out is not None and before is not None and (not out or not before or out - before <= WEEK_US)
    found["opted"] = out if in_time else None
    costs = [row["cost_micros"] for row in rows if row["cost_micros"] is not None]
    found["cost"] = max(costs, default=None)
    return found


def recorded(said: Said) -> dict[str, Row]:
    """Per campaign: its record, of which each field was last changed by an edit or by a source's new word."""
    found: dict[str, Row] = defaultdict(dict)
    before: dict[tuple[str, str], Row] = {}
    for row in said.records:
        own, word = found[row["campaign"]], row["record"]
        if row["partial"]:
            own |= word
            continue
        place = (row["campaign"], row["source"])
        for name in before.get(place, {}).keys() | word.keys():
            if before.get(place, {}).get(name) != word.get(name):
                own[name] = word.get(name)
        before[place] = word
    return found


def terms(said: Said) -> dict[str, dict[str, Any]]:
    """Per campaign: its current record's declared outcome, window, prices, and every outcome that counts."""
    records = recorded(said)
    tied = defaultdict(set)
    for row in said.outcomes:
        if row["campaign"] is not None:
            tied[row["campaign"]].add(row["outcome"])
    found = {}
    for campaign in records.keys() | tied.keys():
        record = records.get(campaign, {})
        declared = record.get("outcome")
        names = tied[campaign] | ({declared} if declared else set())
        prices = record.get("unit_costs") or {}
        found[campaign] = {
            "main": declared or least(names), "names": names, "window": record.get("window_days") or WINDOW,
            "prices": {channel: round(cost * 1_000_000) for channel, cost in prices.items()},
        }  # fmt: skip
    return found
