"""How the sources of `worlds` write their files, and the way of such a file through the true door."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from config.settings import Settings
from etl.door import import_file
from etl.land import Landed

SECRET = "a secret that only tests know, of some length"
ZONE = "America/New_York"

EVENT_HEAD = """
[source]
name = "{name}"
kind = "event"
zone = "America/New_York"
"""
MAPPINGS = {
    "mailer": EVENT_HEAD.format(name="mailer")
    + """
[fields]
event_id = "id"
event = "event"
at = { column = "at", type = "datetime" }
message_id = "msg"
recipient = { column = "to", type = "email" }
campaign = "campaign"
wave = "wave"
variant = "variant"
channel = { value = "email" }
machine = { column = "machine", type = "bool", unknown = false }
detail = "detail"
""",
    "texts": """
[source]
name = "texts"
kind = "message"
newer_by = "updated"
messages = "texts"
[fields]
message_id = "sid"
recipient = { column = "phone", type = "phone" }
campaign = "campaign"
wave = "wave"
channel = "medium"
sent = { column = "sent", type = "datetime" }
status_at = { column = "done", type = "datetime" }
status = { column = "status", map = { delivered = "delivered", undelivered = "failed", queued = "skip" } }
cost = { column = "price", sign = "negate" }
""",
    "replies": EVENT_HEAD.format(name="replies").replace("zone", 'messages = "texts"\nzone')
    + """
[fields]
event = { column = "what", map = { reply = "replied", stop = "opt_out", click = "clicked" } }
at = { column = "at", type = "datetime", format = "epoch_ms" }
message_id = "sid"
detail = "class"
[key]
columns = ["sid", "at"]
""",
    "push": EVENT_HEAD.format(name="push")
    + """
[fields]
event = { column = "event", map = { sent = "sent", shown = "delivered", open = "opened", acted = "acted" } }
at = { column = "ts", type = "datetime", format = "epoch" }
message_id = "msg"
member = "member"
campaign = "campaign"
variant = "variant"
channel = { value = "push" }
[key]
all = true
""",
    "calls": EVENT_HEAD.format(name="calls")
    + """
[file]
delimiter = ";"
[fields]
at = { column = "when", type = "datetime", format = "%d-%m-%Y %H:%M" }
member = "member"
campaign = "campaign"
wave = "wave"
channel = { value = "phone" }
[fields.event]
column = "result"
map = { talked = "answered", box = "voicemail", nobody = "no_answer", dialled = "attempted" }
[key]
all = true
""",
    "letters": EVENT_HEAD.format(name="letters")
    + """
[fields]
event = { column = "state", map = { printed = "printed", returned = "returned" } }
message_id = "letter"
member = "member"
campaign = "campaign"
variant = "variant"
channel = { value = "mail" }
[key]
columns = ["letter"]
""",
    "assignments": """
[source]
name = "assignments"
kind = "member"
newer_by = "updated"
[fields]
member = "member"
campaign = "campaign"
arm = "arm"
holdout = { column = "arm", type = "bool", true = ["control"], unknown = false }
assigned = { column = "assigned", type = "bool" }
assigned_at = { column = "date", type = "date" }
eligible = { column = "eligible", type = "bool" }
contactable = { column = "contactable", type = "bool" }
consented = { column = "consented", type = "bool" }
[attributes]
segment = "segment"
""",
    "claims": """
[source]
name = "claims"
kind = "outcome"
[fields]
member = "member"
outcome = "outcome"
at = { column = "service", type = "date" }
value = "value"
[key]
columns = ["claim"]
""",
    "bookings": """
[source]
name = "bookings"
kind = "outcome"
[fields]
member = "member"
campaign = "campaign"
outcome = { value = "booked" }
at = { column = "at", type = "date", optional = true }
[key]
columns = ["booking"]
""",
    "members": """
[source]
name = "members"
kind = "members"
[fields]
member = "member"
as_of = { column = "as_of", type = "date" }
[attributes]
region = "region"
segment = "segment"
[addresses]
email = { column = "email", type = "email" }
phone = { column = "phone", type = "phone" }
""",
    "records": """
[source]
name = "records"
kind = "campaigns"
[fields]
id = "id"
name = "name"
program = "program"
line_of_business = "line"
outcome = "outcome"
window_days = { column = "window", type = "int" }
lag_days = { column = "lag", type = "int" }
unit_costs = "costs"
""",
    "history": """
[source]
name = "history"
kind = "aggregate"
[fields]
campaign = "campaign"
channel = { value = "email" }
wave = "wave"
day = { column = "day", type = "date" }
[counts]
sent = "sent"
delivered = "delivered"
opened = "opened"
members_sent = "people"
members_delivered = "people_delivered"
cost = { column = "cost", type = "money" }
""",
}


@dataclass(frozen=True)
class Piece:
    """Some rows of a source, as one file."""

    source: str
    number: int
    rows: tuple[tuple[tuple[str, str], ...], ...]


def settings_of(var: Path, **more: object) -> Settings:
    """Settings of an own place under a fixed secret, so that two lakes name members alike."""
    return Settings.model_validate({"var": var, "secret_key": SECRET, "zone": ZONE, **more})


def mapping_of(folder: Path, source: str) -> Path:
    path = folder / f"{source}.toml"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(MAPPINGS[source], encoding="utf-8")
    return path


def write(folder: Path, piece: Piece) -> Path:
    """The piece as a file of its source's format."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{piece.source}-{piece.number}.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=";" if piece.source == "calls" else ",")
        writer.writerow([name for name, _ in piece.rows[0]])
        writer.writerows([value for _, value in row] for row in piece.rows)
    return path


def load(settings: Settings, pieces: Iterable[Piece]) -> list[Landed]:
    """Import pieces by the true door; every row must be sound."""
    files = settings.var / "files"
    landed = []
    for piece in pieces:
        done = import_file(settings, write(files, piece), mapping_of(files, piece.source))
        assert not done.refused, f"{piece.source}: {done.sentence()}"
        landed.append(done)
    return landed
