"""A slow, plain recomputation of every count, by dicts and loops, to hold the models against.

It knows the rules from the words of the design, not from the SQL: first occurrences, conversion, credit,
attributes as at assignment, outcomes of arms, aggregates. Messages are made in `tests/stated.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from tests.clocks import daypart, outcome_time, response_time
from tests.stated import BY_MESSAGE, WINDOW, Row, Said, least, messages, terms

BY_MEMBER = {
    "members_sent": "sent", "members_delivered": "delivered", "members_opened": "opened",
    "members_opened_human": "opened_human", "members_clicked": "clicked", "members_engaged": "engaged",
    "members_responded": "replied", "members_responded_positive": "positive",
    "members_responded_negative": "negative", "members_opted_out": "opted", "members_complained": "complaint",
}  # fmt: skip
FIXED = {
    "wave": (("wave",), ("message", "aggregate")),
    "variant": (("variant",), ("message", "aggregate")),
    "arm": (("arm",), ("assignment",)),
    "outcome": (("outcome",), ("outcome",)),
    "arm|outcome": (("arm", "outcome"), ("outcome",)),
    "daypart": (("slot",), ("daypart",)),
    "response_time": (("slot",), ("response",)),
    "outcome_time": (("slot",), ("delay",)),
    "arm|outcome_time": (("arm", "slot"), ("delay",)),
}
BY_DAYPART = ("sent", "delivered", "opened", "opened_human", "clicked", "replied", "engaged", "opt_out")


@dataclass(frozen=True)
class Fact:
    """One count of one member, message or aggregate, with everything it can be told apart by."""

    kind: str
    campaign: str
    channel: str
    wave: str
    variant: str
    arm: str
    outcome: str
    day: int | None
    column: str
    amount: int
    attributes: tuple[tuple[str, str], ...] = ()
    slot: str = ""

    def value(self, view: str, known: set[tuple[str, ...]]) -> str | None:
        """Its value in a view; None where it does not stand there. `known` is what `known()` gives."""
        if view == "operations":
            return "" if self.kind in ("message", "assignment", "aggregate") else None
        if view in FIXED:
            names, kinds = FIXED[view]
            place = (view, self.campaign, self.channel)
            if self.kind not in kinds or place not in known:
                return None
            return "\x1e".join(getattr(self, name) or "(none)" for name in names)
        by_arm = "arm" in view.split("|")
        if self.kind not in (("assignment",) if by_arm else ("message", "assignment")):
            return None
        told = dict(self.attributes)
        parts = []
        for name in view.split("|"):
            if name == "arm":
                parts.append(self.arm or "(none)")
                continue
            if name not in told and (self.campaign, name) not in known:
                return None
            several = sum(len(one) == 2 and one[0] == self.campaign for one in known) > 1
            parts.append(told.get(name, "(no profile)" if several and not told else "(unknown)"))
        return "\x1e".join(parts)


def counts(said: Said) -> list[Fact]:
    """Every count that the plan's rows give, as facts with an amount that is not zero."""
    rules, sent = terms(said), messages(said)
    placed = _placed(said)
    outcomes = defaultdict(list)
    for row in said.outcomes:
        outcomes[row["member"]].append(row)
    told = _attributes(said, placed, sent)
    facts = [
        *_of_messages([m for m in sent if m["campaign"]], rules, outcomes, told, said.rank),
        *_of_slots([m for m in sent if m["campaign"]], said),
        *_of_assignments(placed, rules, outcomes, told),
        *_of_aggregates(said, sent),
    ]
    return [fact for fact in facts if fact.amount]


def _placed(said: Said) -> dict[tuple[str, Any], Row]:
    """The statement that counts for each (campaign, member): the newest, else the earliest assignment."""
    found: dict[tuple[str, Any], Row] = {}

    def order(row: Row) -> tuple[Any, ...]:
        return (-(row["version_us"] or 0), row["assigned_us"] or 0, row["assignment_id"])

    for row in said.assignments:
        pair = (row["campaign"], row["member"])
        if pair not in found or order(row) < order(found[pair]):
            found[pair] = row
    return found


def _attributes(
    said: Said, placed: dict[tuple[str, Any], Row], sent: list[Row]
) -> dict[tuple[str, Any], tuple[tuple[str, str], ...]]:
    first_send: dict[tuple[str, Any], list[int | None]] = defaultdict(list)
    for message in sent:
        if message["linked"]:
            first_send[message["campaign"], message["member"]].append(message["day"])
    statements = defaultdict(list)
    for row in said.members:
        statements[row["member"]].append(row)
    found = {}
    for pair in placed.keys() | first_send.keys():
        own = placed.get(pair)
        day = own["assigned_day"] if own else None
        day = least(first_send.get(pair, [])) if day is None else day
        filed = _filed(statements.get(pair[1], []), day)
        stated = said.profiles.get(own["profile"], {}) if own else {}
        found[pair] = tuple(sorted({**said.profiles.get(filed, {}), **stated}.items()))
    return found


def _filed(statements: list[Row], day: int | None) -> Any:
    """The profile of the latest statement up to a day; where all are later, of the earliest."""
    past = [row for row in statements if day is not None and row["as_of_day"] <= day]
    if past:
        latest = max(row["as_of_day"] for row in past)
        return min(row["profile"] for row in past if row["as_of_day"] == latest)
    earliest = least(row["as_of_day"] for row in statements)
    return least(row["profile"] for row in statements if row["as_of_day"] == earliest)


def _of_messages(
    sent: list[Row],
    rules: dict[str, dict[str, Any]],
    outcomes: dict[Any, list[Row]],
    told: dict[tuple[str, Any], tuple[tuple[str, str], ...]],
    rank: Callable[[Any], Any],
) -> Iterable[Fact]:
    def fact(message: Row, column: str, amount: int = 1) -> Fact:
        pair = (message["campaign"], message["member"])
        attributes = told.get(pair, ()) if message["linked"] else ()
        place = (message[name] for name in ("campaign", "channel", "wave", "variant"))
        return Fact("message", *place, "", "", message["day"], column, amount, attributes)

    for message in sent:
        prices = rules.get(message["campaign"], {}).get("prices", {})
        yield from (fact(message, column) for column in BY_MESSAGE if message[column] is not None)
        if message["bounce_class"] in ("hard", "soft", "block"):
            yield fact(message, f"bounced_{message['bounce_class']}")
        if not message["linked"]:
            yield fact(message, "unlinked")
        cost = message["cost"]
        if cost is None and message["sent"] is not None:
            cost = prices.get(message["channel"], 0)
        yield fact(message, "cost_micros", cost or 0)
    people = defaultdict(list)
    for message in sent:
        if message["linked"]:
            people[message["campaign"], message["channel"], message["member"]].append(message)
    for own in people.values():
        cohort = _first(own, "sent", rank) or min(own, key=lambda m: (m["day"] or 0, rank(m["message"])))
        for column, stage in BY_MEMBER.items():
            if any(message[stage] is not None for message in own):
                yield fact(cohort, column)
        first = _first(own, "delivered", rank)
        if first and any(True for _ in _counting(first, rules, outcomes)):
            yield fact(cohort, "members_converted")
    pairs = defaultdict(list)
    for message in sent:
        if message["linked"] and message["delivered"] is not None:
            for outcome in _counting(message, rules, outcomes):
                order = (outcome["service_us"] or 0, -message["delivered"], rank(message["message"]))
                pairs[message["campaign"], message["member"]].append((order, message))
    for credited in pairs.values():
        yield fact(min(credited, key=lambda item: item[0])[1], "attributed")


def _of_slots(sent: list[Row], said: Said) -> Iterable[Fact]:
    """Messages by the weekday and quarter of the day of sending; members by how long they took to respond."""
    people = defaultdict(list)
    for message in sent:
        place = (message["campaign"], message["channel"], "", "", "", "", message["day"])
        slot = daypart(message["sent"], said.zone)
        for column in BY_DAYPART:
            if message[column] is not None:
                yield Fact("daypart", *place, column, 1, slot=slot)
        if message["linked"]:
            people[message["campaign"], message["channel"], message["member"]].append(message)
    for (campaign, channel, _), own in people.items():
        engaged = least(message["engaged"] for message in own)
        if engaged is None:
            continue
        cohort = _first(own, "sent", said.rank) or min(
            own, key=lambda m: (m["day"] or 0, said.rank(m["message"]))
        )
        slot = response_time(least(message["delivered"] for message in own), engaged, said.zone)
        place = (campaign, channel, "", "", "", "", cohort["day"])
        yield Fact("response", *place, "members_engaged", 1, slot=slot)


def _first(own: list[Row], stage: str, rank: Callable[[Any], Any]) -> Row | None:
    passed = [message for message in own if message[stage] is not None]
    return min(passed, key=lambda message: (message[stage], rank(message["message"])), default=None)


def _counting(
    message: Row, rules: dict[str, dict[str, Any]], outcomes: dict[Any, list[Row]]
) -> Iterable[Row]:
    """The declared outcomes of the message's member that fall inside its window."""
    rule = rules.get(message["campaign"])
    if rule is None:
        return
    for row in outcomes.get(message["member"], []):
        if row["outcome"] == rule["main"] and _inside(
            row, message["campaign"], message["day"], rule["window"]
        ):
            yield row


def _inside(outcome: Row, campaign: str, day: int | None, window: int) -> bool:
    if outcome["campaign"] not in (None, campaign):
        return False
    if outcome["service_day"] is None or day is None:
        return bool(outcome["campaign"] == campaign)
    return bool(day <= outcome["service_day"] <= day + window)


def _of_assignments(
    placed: dict[tuple[str, Any], Row],
    rules: dict[str, dict[str, Any]],
    outcomes: dict[Any, list[Row]],
    told: dict[tuple[str, Any], tuple[tuple[str, str], ...]],
) -> Iterable[Fact]:
    for (campaign, member), row in placed.items():

        def fact(kind: str, outcome: str, column: str, amount: int, row: Row = row) -> Fact:
            place = (campaign, "", "", "", row["arm"] or "", outcome, row["assigned_day"])  # noqa: B023
            return Fact(kind, *place, column, amount, told[campaign, member])  # noqa: B023

        able = row["eligible"] is None or row["eligible"]
        for column in ("eligible", "contactable", "consented", "assigned"):
            counts = row[column] and (able or column in ("eligible", "assigned"))
            yield fact("assignment", "", column, int(bool(counts)))
        if not row["assigned"]:
            continue
        yield fact("assignment", "", "held_out", int(bool(row["holdout"])))
        rule = rules.get(campaign, {"names": (), "main": None, "window": WINDOW})
        for name in rule["names"]:
            hits = [
                o for o in outcomes.get(member, [])
                if o["outcome"] == name and _inside(o, campaign, row["assigned_day"], rule["window"])
            ]  # fmt: skip
            value = sum(hit["value_micros"] or 0 for hit in hits)
            if hits and name == rule["main"]:
                days = least(
                    hit["service_day"] - row["assigned_day"] for hit in hits
                    if hit["service_day"] is not None and row["assigned_day"] is not None
                )  # fmt: skip
                yield replace(fact("delay", "", "with_outcome", 1), slot=outcome_time(days), attributes=())
            yield fact("outcome", name, "assigned", 1)
            yield fact("outcome", name, "held_out", int(bool(row["holdout"])))
            for kind, outcome in (("outcome", name), *([("assignment", "")] if name == rule["main"] else [])):
                yield fact(kind, outcome, "with_outcome", int(bool(hits)))
                yield fact(kind, outcome, "value_micros", value)


def _of_aggregates(said: Said, sent: list[Row]) -> Iterable[Fact]:
    """The latest statement of every count, before the first detailed day of its campaign and channel."""
    detailed: dict[tuple[str, str], int] = {}
    for message in sent:
        if message["day"] is not None:
            place = (message["campaign"], message["channel"])
            detailed[place] = min(detailed.get(place, message["day"]), message["day"])
    for row in {(row["key"], row["measure"]): row for row in said.aggregates}.values():
        place = (row["campaign"], row["channel"] or "")
        if place in detailed and row["day"] is not None and row["day"] >= detailed[place]:
            continue
        column = {"cost": "cost_micros"}.get(row["measure"], row["measure"])
        where = (*place, row["wave"] or "", row["variant"] or "", "", "", row["day"])
        yield Fact("aggregate", *where, column, row["value"])


def known(facts: Iterable[Fact]) -> set[tuple[str, ...]]:
    """The (campaign, attribute) that any fact of the campaign states, and the (cut, campaign, channel)."""
    found: set[tuple[str, ...]] = set()
    for fact in facts:
        found |= {(fact.campaign, name) for name, _ in fact.attributes}
        for view, (names, kinds) in FIXED.items():
            if fact.kind in kinds and any(getattr(fact, name) for name in names):
                found.add((view, fact.campaign, fact.channel))
    return found


def cells(facts: Iterable[Fact]) -> dict[tuple[Any, ...], int]:
    """Sums per kind, campaign, wave, channel, variant, arm, outcome, slot, day, column; over attributes."""
    found: dict[tuple[Any, ...], int] = defaultdict(int)
    for fact in facts:
        key = (
            fact.kind, fact.campaign, fact.wave, fact.channel, fact.variant, fact.arm, fact.outcome,
            fact.slot, fact.day, fact.column,
        )  # fmt: skip
        found[key] += fact.amount
    return dict(found)
