"""Random plans as vendors write them, dealt into batches: duplicated, late and out of order."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.feeds import Piece

START = datetime(2026, 1, 12, 3, 0, tzinfo=UTC)
DAYS = 75
REGIONS, SEGMENTS = ("north", "south", "east"), ("new", "loyal", "")
Row = dict[str, str]

RESTATED = ("records", "history")


@dataclass
class World:
    """A plan's raw rows per source, in the order in which they were stated."""

    campaigns: list[str]
    members: list[str]
    rows: dict[str, list[Row]] = field(default_factory=dict)
    messages: int = 0

    def add(self, source: str, **row: object) -> None:
        plain = {name: "" if value is None else str(value) for name, value in row.items()}
        self.rows.setdefault(source, []).append(plain)


def world(seed: int, members: int = 40, campaigns: int = 2, days: int = DAYS, busy: float = 1.0) -> World:
    """A plan of `members` members, some reached over several channels; the same for the same arguments."""
    rng = random.Random(seed)
    plan = World([f"camp-{n}" for n in range(campaigns)], [f"M{n:05d}" for n in range(members)])
    _people(plan, rng)
    for campaign in plan.campaigns:
        _record(plan, rng, campaign)
        _assigned(plan, rng, campaign, days)
        for member in plan.members:
            for channel in (_mail, _text, _push, _call, _letter):
                if rng.random() < 0.45 * busy:
                    channel(plan, rng, campaign, member, days)
    _outcomes(plan, rng, days)
    _history(plan, rng)
    for source in plan.rows:
        if source not in RESTATED:
            rng.shuffle(plan.rows[source])
    return plan


def settled(plan: World, days: int = 500) -> World:
    """The plan with one last row of its mailer and of every outcome much later: all before it is complete."""
    late = START + timedelta(days=days)
    plan.add(
        "mailer", id="late", event="sent", at=_iso(late), machine="", detail="", msg="mail-late",
        to=email_of(plan.members[0]), campaign="camp-later", wave="", variant="",
    )  # fmt: skip
    for outcome in ("visit", "lab"):
        plan.add("claims", claim=f"late-{outcome}", member=plan.members[0], outcome=outcome, value="",
                 service=_day(late))  # fmt: skip
    plan.add("bookings", booking="late", member=plan.members[0], campaign="camp-later", at=_day(late))
    return plan


def email_of(member: str) -> str:
    return f"{member.lower()}@example.org"


def phone_of(member: str) -> str:
    return f"+1 555 {int(member[1:]):07d}"


def _iso(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _day(when: datetime) -> str:
    return when.date().isoformat()


def _when(rng: random.Random, days: int) -> datetime:
    # Few distinct hours and rare equal instants: ties must be settled by the message id.
    return START + timedelta(days=rng.randrange(days), hours=rng.randrange(24), microseconds=rng.randrange(3))


def _later(rng: random.Random, when: datetime, hours: int = 300) -> datetime:
    return when + timedelta(minutes=rng.randrange(1, hours * 60))


def _people(plan: World, rng: random.Random) -> None:
    for member in plan.members:
        if rng.random() < 0.12:
            continue  # not in the members file: their addresses stay unlinked
        told = {"region": rng.choice(REGIONS), "segment": rng.choice(SEGMENTS)}
        shared = rng.random() < 0.06
        email = email_of(rng.choice(plan.members)) if shared else email_of(member).upper()
        phone = phone_of(member) if rng.random() < 0.9 else ""
        plan.add("members", member=member, as_of="2026-01-01", email=email, phone=phone, **told)
        for back in sorted(rng.sample(range(DAYS), rng.choice((0, 0, 0, 1, 2)))):
            told["region"] = rng.choice(REGIONS)
            day = _day(START + timedelta(days=back))
            plan.add("members", member=member, as_of=day, email="", phone="", **told)


def _record(plan: World, rng: random.Random, campaign: str) -> None:
    for version in range(rng.choice((0, 1, 1, 2, 3))):
        plan.add(
            "records", id=campaign, name=f"Campaign {campaign} v{version}",
            program=rng.choice(("A1C", "flu")), line="Medicaid",
            outcome=rng.choice(("visit", "visit", "booked", "")),
            window=rng.choice(("", 5, 30)), lag=rng.choice(("", 10)),
            costs=rng.choice(("", "sms=0.01; email=0.002", "email=0.003; mail=0.5")),
        )  # fmt: skip


def _assigned(plan: World, rng: random.Random, campaign: str, days: int) -> None:
    for member in plan.members:
        if rng.random() < 0.75:
            day = START + timedelta(days=rng.randrange(days // 2))
            for version in range(rng.choice((1, 1, 1, 2))):
                eligible = rng.random() < 0.95
                plan.add(
                    "assignments", member=member, campaign=campaign, updated=version,
                    arm=rng.choice(("control", "a", "b")), assigned=rng.choice(("yes", "yes", "yes", "no")),
                    date=_day(day + timedelta(days=version)), eligible="yes" if eligible else "no",
                    contactable=rng.choice(("yes", "no")) if eligible else "no",
                    consented=rng.choice(("yes", "yes", "no")) if eligible else "no",
                    segment=rng.choice(SEGMENTS),
                )  # fmt: skip


def _mail(plan: World, rng: random.Random, campaign: str, member: str, days: int) -> None:
    for wave in ("w1", "w2")[: rng.choice((1, 1, 2))]:
        plan.messages += 1
        message, at = f"mail-{plan.messages}", _when(rng, days)
        base = {
            "msg": message, "to": email_of(member), "campaign": campaign, "wave": wave,
            "variant": rng.choice(("A", "B")),
        }  # fmt: skip
        steps: list[tuple[str, str, str]] = [("sent", "", "")]
        fate = rng.random()
        if fate < 0.06:
            steps = [("suppressed", "", "")]
        elif fate < 0.2:
            steps.append(("bounced", "", rng.choice(("hard", "soft", "block", ""))))
        elif fate < 0.95:
            steps.append(("delivered", "", ""))
            steps += [("opened", rng.choice(("yes", "no", "")), "") for _ in range(rng.choice((0, 1, 2)))]
            steps += [("clicked", rng.choice(("yes", "no", "no")), "") for _ in range(rng.choice((0, 0, 1)))]
            if rng.random() < 0.12:
                steps.append((rng.choice(("opt_out", "complaint")), "", ""))
        for number, (event, machine, detail) in enumerate(steps):
            when = at if event == "sent" else _later(rng, at)
            plan.add(
                "mailer", id=f"{message}-{number}", event=event, at=_iso(when), machine=machine,
                detail=detail, **base,
            )  # fmt: skip


def _text(plan: World, rng: random.Random, campaign: str, member: str, days: int) -> None:
    plan.messages += 1
    sid, at = f"SM{plan.messages}", _when(rng, days)
    base = {
        "sid": sid, "phone": phone_of(member), "campaign": campaign, "wave": rng.choice(("w1", "")),
        "medium": rng.choice(("SMS", "Text message", "txt")), "sent": _iso(at),
    }  # fmt: skip
    done = _later(rng, at, 5)
    states = [("queued", "", ""), ("delivered", _iso(done), "-0.0075"), ("undelivered", _iso(done), "-0.002")]
    for updated in range(1, rng.choice((2, 3, 4))):
        status, when, price = states[updated - 1] if updated > 1 else rng.choice(states)
        plan.add("texts", status=status, done=when, price=price, updated=updated, **base)
    if rng.random() < 0.3:
        reply = _later(rng, done)
        plan.add(
            "replies", sid=sid, what=rng.choice(("reply", "reply", "stop", "click")),
            at=int(reply.timestamp()) * 1000, **{"class": rng.choice(("positive", "negative", "stop", ""))},
        )  # fmt: skip


def _push(plan: World, rng: random.Random, campaign: str, member: str, days: int) -> None:
    plan.messages += 1
    at = _when(rng, days)
    base = {
        "msg": f"P{plan.messages}", "member": member, "campaign": campaign, "variant": rng.choice(("A", "")),
    }  # fmt: skip
    for event in ("sent", "shown", "open", "acted")[: rng.choice((1, 2, 2, 3, 4))]:
        plan.add("push", event=event, ts=int(at.timestamp()), **base)
        at = _later(rng, at, 30)


def _call(plan: World, rng: random.Random, campaign: str, member: str, days: int) -> None:
    for _ in range(rng.choice((1, 1, 3))):
        when = _when(rng, days)
        result = rng.choice(("talked", "box", "nobody", "dialled"))
        plan.add(
            "calls", member=member, campaign=campaign, wave=rng.choice(("w1", "w2")), result=result,
            when=when.strftime("%d-%m-%Y %H:%M"),
        )  # fmt: skip


def _letter(plan: World, rng: random.Random, campaign: str, member: str, days: int) -> None:
    del days
    plan.messages += 1
    base = {"letter": f"L{plan.messages}", "member": member, "campaign": campaign}
    plan.add("letters", state="printed", variant=rng.choice(("plain", "card")), **base)
    if rng.random() < 0.15:
        plan.add("letters", state="returned", variant="", **base)


def _outcomes(plan: World, rng: random.Random, days: int) -> None:
    for member in plan.members:
        for _ in range(rng.choice((0, 0, 1, 2))):
            plan.add(
                "claims", claim=f"C{len(plan.rows.get('claims', []))}", member=member,
                outcome=rng.choice(("visit", "lab")), value=rng.choice(("", "12.50", "100")),
                service=_day(START + timedelta(days=rng.randrange(days + 20))),
            )  # fmt: skip
        if rng.random() < 0.2:
            day = rng.choice(("", _day(START + timedelta(days=rng.randrange(days + 20)))))
            plan.add(
                "bookings", booking=f"B{len(plan.rows.get('bookings', []))}", member=member,
                campaign=rng.choice(plan.campaigns), at=day,
            )  # fmt: skip


def _history(plan: World, rng: random.Random) -> None:
    for campaign in (*plan.campaigns, "camp-old"):
        for back in range(rng.choice((0, 3))):
            for _ in range(rng.choice((1, 2))):
                sent = rng.randrange(20, 400)
                plan.add(
                    "history", campaign=campaign, wave=rng.choice(("w1", "")), sent=sent, delivered=sent - 12,
                    day=_day(START - timedelta(days=40 - 12 * back)), opened=rng.choice(("", sent // 2)),
                    people=rng.choice(("", sent - 5)), people_delivered=rng.choice(("", sent - 16)),
                    cost="1.25",
                )  # fmt: skip


def deal(plan: World, seed: int, pieces: int, again: float = 0.15) -> list[Piece]:
    """The plan's rows in `pieces` batches or more, in random order, some rows in several of them.

    Sources whose latest load counts keep the order of their rows; a file of them never states a key twice.
    """
    rng = random.Random(seed)
    dealt: list[Piece] = []
    for source, rows in plan.rows.items():
        if source in RESTATED:
            dealt += [Piece(source, n, part) for n, part in enumerate(_versions(rows))]
            continue
        shares: list[list[Row]] = [[] for _ in range(rng.randrange(1, max(2, pieces)))]
        for row in rows:
            rng.choice(shares).append(row)
            if rng.random() < again:
                rng.choice(shares).append(row)
        dealt += [Piece(source, n, _frozen(share)) for n, share in enumerate(shares) if share]
    free = [piece for piece in dealt if piece.source not in RESTATED]
    rng.shuffle(free)
    for piece in (p for p in dealt if p.source in RESTATED):
        after = max((n for n, p in enumerate(free) if p.source == piece.source), default=-1)
        free.insert(rng.randrange(after + 1, len(free) + 1), piece)
    return free


def _frozen(rows: Iterable[Row]) -> tuple[tuple[tuple[str, str], ...], ...]:
    return tuple(tuple(row.items()) for row in rows)


def _versions(rows: list[Row]) -> list[tuple[tuple[tuple[str, str], ...], ...]]:
    """The rows in rounds: the first statement of every key, then the second, ..."""
    seen: dict[tuple[str, ...], int] = {}
    rounds: dict[int, list[Row]] = {}
    for row in rows:
        key = tuple(row[name] for name in ("id", "campaign", "wave", "day") if name in row)
        seen[key] = seen.get(key, -1) + 1
        rounds.setdefault(seen[key], []).append(row)
    return [_frozen(rounds[n]) for n in sorted(rounds)]
