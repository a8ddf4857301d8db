"""Raw CSV files of `worlds`, read by the csv module alone, as rows for the reference."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from data.identify import Pseudonyms
from tests.feeds import SECRET, ZONE, Piece, write
from tests.stated import Row, Said

EPOCH, HERE = date(1970, 1, 1), ZoneInfo(ZONE)
CHANNELS = {"SMS": "sms", "Text message": "sms", "txt": "sms"}
RESULTS = {"talked": "answered", "box": "voicemail", "nobody": "no_answer", "dialled": "attempted"}


def raw_said(folder: Path, pieces: Iterable[Piece]) -> Said:
    """What the pieces say, in order of landing; ids stay the texts that stand in the files."""
    said, seen = Said(), set()
    for piece in pieces:
        with write(folder, piece).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter=";" if piece.source == "calls" else ","):
                key = (piece.source, tuple(row.items()))
                if key not in seen or piece.source in ("records", "history"):
                    seen.add(key)
                    READERS[piece.source](said, row)
    names = Pseudonyms(SECRET.encode())
    ranks: dict[tuple[str, ...], int] = {}

    def rank(message: tuple[str, ...]) -> int:
        if message not in ranks:
            ranks[message] = _hashed(names, message)
        return ranks[message]

    said.rank = rank
    return said


def _hashed(names: Pseudonyms, message: tuple[str, ...]) -> int:
    """The pseudonym of a message, by which equal instants are settled."""
    space, *parts = message
    columns: list[pl.Series] = [pl.Series([space])]
    if space == "calls":
        member, campaign, wave = parts
        nothing = pl.Series([None], dtype=pl.String)
        columns += [
            pl.Series(["place"]), names.members(pl.Series([member])), nothing, pl.Series([campaign]),
            pl.Series([wave]), pl.Series(["phone"]), nothing,
        ]  # fmt: skip
    else:
        columns.append(pl.Series(parts))
    return int(names.keys("message", columns)[0])


def _event(said: Said, message: tuple[str, ...], event: str, when: datetime | None, row: Row) -> None:
    us = None if when is None else round(when.timestamp() * 1_000_000)
    day = None if when is None else (when.astimezone(HERE).date() - EPOCH).days
    empty = dict.fromkeys(
        ("member", "recipient", "campaign", "wave", "channel", "variant", "detail", "machine",
         "cost_micros", "version_us", "row_id")
    )  # fmt: skip
    told = {name: value or None for name, value in row.items()}
    said.events.append(
        {**empty, **told, "message_id": message, "event": event, "event_us": us, "event_day": day}
    )


def _micros(text: str) -> int | None:
    return round(float(text) * 1_000_000) if text else None


def _number(day: str) -> int | None:
    return (date.fromisoformat(day) - EPOCH).days if day else None


def _mailer(said: Said, row: Row) -> None:
    place = {name: row[name] for name in ("campaign", "wave", "variant", "detail")}
    place |= {"channel": "email", "recipient": row["to"].lower(), "machine": row["machine"] == "yes"}
    _event(said, ("mailer", row["msg"]), row["event"], datetime.fromisoformat(row["at"]), place)


def _texts(said: Said, row: Row) -> None:
    if row["status"] == "queued":
        return  # skipped by the mapping
    place = {
        "campaign": row["campaign"], "wave": row["wave"], "channel": CHANNELS[row["medium"]],
        "recipient": _digits(row["phone"]), "version_us": int(row["updated"]) or None, "row_id": 1,
    }  # fmt: skip
    final = {"delivered": "delivered", "undelivered": "failed"}[row["status"]]
    for number, (name, when) in enumerate([("sent", row["sent"]), (final, row["done"])]):
        cost = {"cost_micros": -(_micros(row["price"]) or 0) if row["price"] and not number else None}
        instant = datetime.fromisoformat(when) if when else None
        _event(said, ("texts", row["sid"]), name, instant, {**place, **cost})


def _digits(phone: str) -> str:
    return "".join(sign for sign in phone if sign.isdigit()).removeprefix("1")


def _replies(said: Said, row: Row) -> None:
    name = {"reply": "replied", "stop": "opt_out", "click": "clicked"}[row["what"]]
    when = datetime.fromtimestamp(int(row["at"]) / 1000, UTC)
    _event(said, ("texts", row["sid"]), name, when, {"detail": row["class"]})


def _push(said: Said, row: Row) -> None:
    name = {"sent": "sent", "shown": "delivered", "open": "opened", "acted": "acted"}[row["event"]]
    place = {
        "channel": "push",
        "member": row["member"],
        "campaign": row["campaign"],
        "variant": row["variant"],
    }
    _event(said, ("push", row["msg"]), name, datetime.fromtimestamp(int(row["ts"]), UTC), place)


def _calls(said: Said, row: Row) -> None:
    when = datetime.strptime(row["when"], "%d-%m-%Y %H:%M").replace(tzinfo=HERE)
    place = {name: row[name] for name in ("member", "campaign", "wave")}
    message = ("calls", row["member"], row["campaign"], row["wave"])
    _event(said, message, RESULTS[row["result"]], when, {**place, "channel": "phone"})


def _letters(said: Said, row: Row) -> None:
    place = {name: row[name] for name in ("member", "campaign", "variant")}
    _event(said, ("letters", row["letter"]), row["state"], None, {**place, "channel": "mail"})


def _assignments(said: Said, row: Row) -> None:
    profile = ("segment", row["segment"])
    said.profiles[profile] = {"segment": row["segment"]} if row["segment"] else {}
    day = _number(row["date"])
    said.assignments.append({
        "campaign": row["campaign"], "member": row["member"], "arm": row["arm"], "profile": profile,
        "holdout": row["arm"] == "control", "assigned_day": day, "assigned_us": day,
        "version_us": int(row["updated"]), "assignment_id": 0,
        **{name: row[name] == "yes" for name in ("assigned", "eligible", "contactable", "consented")},
    })  # fmt: skip


def _claims(said: Said, row: Row) -> None:
    day = _number(row["service"])
    said.outcomes.append({
        "member": row["member"], "campaign": None, "outcome": row["outcome"], "service_day": day,
        "service_us": day, "value_micros": _micros(row["value"]),
    })  # fmt: skip


def _bookings(said: Said, row: Row) -> None:
    day = _number(row["at"])
    said.outcomes.append({
        "member": row["member"], "campaign": row["campaign"], "outcome": "booked", "service_day": day,
        "service_us": day, "value_micros": None,
    })  # fmt: skip


def _members(said: Said, row: Row) -> None:
    profile = ("member", row["region"], row["segment"])
    told = {name: row[name] for name in ("region", "segment") if row[name]}
    said.profiles[profile] = told
    said.members.append({"member": row["member"], "as_of_day": _number(row["as_of"]), "profile": profile})
    for address in (row["email"].lower(), _digits(row["phone"])):
        if address:
            said.crosswalk.append({"recipient": address, "member": row["member"]})


def _records(said: Said, row: Row) -> None:
    pairs = [part.split("=") for part in row["costs"].split(";") if part.strip()]
    said.records.append({
        "campaign": row["id"], "source": "records", "partial": False,
        "record": {
            "outcome": row["outcome"] or None, "window_days": int(row["window"]) if row["window"] else None,
            "unit_costs": {name.strip(): float(cost) for name, cost in pairs},
        },
    })  # fmt: skip


def _history(said: Said, row: Row) -> None:
    names = {"people": "members_sent", "people_delivered": "members_delivered"}
    for name in ("sent", "delivered", "opened", "people", "people_delivered", "cost"):
        if row[name]:
            value = _micros(row[name]) if name == "cost" else int(row[name])
            said.aggregates.append({
                "key": (row["campaign"], row["wave"], row["day"]), "measure": names.get(name, name),
                "campaign": row["campaign"], "wave": row["wave"], "variant": "", "channel": "email",
                "day": _number(row["day"]), "value": value,
            })  # fmt: skip


READERS = {
    "mailer": _mailer, "texts": _texts, "replies": _replies, "push": _push, "calls": _calls,
    "letters": _letters, "assignments": _assignments, "claims": _claims, "bookings": _bookings,
    "members": _members, "records": _records, "history": _history,
}  # fmt: skip
