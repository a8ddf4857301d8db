"""Webhooks of vendors: which there are, how each proves itself, and its notices as events of ours.

A hook is `NAME.toml` in a folder, and beside it `NAME.secret` with a secret on each line (several while one
is being changed), which nobody but its owner may read:

    [webhook]
    vendor = "sendgrid"
    source = "welcome_mail"    # the source of its events; the hook's name where it is absent

    [fields]                   # which argument of the sender says what; these are the defaults
    member = "member"
    campaign = "campaign"
    wave = "wave"
    variant = "variant"

    [app]                      # what members do in the app, by the vendor's word or the plan's own name of it
    booking_started = "feature_usage"
"""

from __future__ import annotations

import json
import re
import time
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from collect.events import APP_EVENTS, Event, Wrong, decoded, sound
from collect.webhooks.notice import (
    EMAIL,
    PHONE,
    Notice,
    Reading,
    behaviour_of,
    detail_of,
    events_of,
    why_none,
)
from collect.webhooks.payload import Request
from collect.webhooks.registry import Vendor, vendors
from config.suggest import nearest

SECTIONS = ("webhook", "fields", "app")
FIELDS = ("member", "campaign", "wave", "variant")
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
CERTIFICATES = "certificates"


class HookWrong(Exception):
    """A hook that cannot work as it is written; says which file, what, and what to do."""


@dataclass(frozen=True)
class Hook:
    """One hook that may post."""

    name: str
    vendor: Vendor
    source: str
    fields: Mapping[str, str]
    secrets: tuple[str, ...]
    app: Mapping[str, str]

    def verify(self, request: Request) -> None:
        """Raises `collect.webhooks.signatures.Unverified` where the sender is not who it should be."""
        self.vendor.verify(request, self.secrets, time.time())

    def read(self, request: Request) -> Said:
        """What the request says. Raises `collect.webhooks.payload.Unreadable`."""
        reading = self.vendor.read(request)
        passed_over = (why_none(one) for one in reading.notices if not self._means(one))
        return Said(self._events(reading), Counter(passed_over), reading.confirm)

    def _means(self, notice: Notice) -> tuple[str, ...]:
        """The events of a notice; what is done in the app is one where the hook says which."""
        done = self.app.get(behaviour_of(notice))
        return (done,) if done else events_of(notice)

    def _events(self, reading: Reading) -> list[Event | Wrong]:
        found: list[Event | Wrong] = [
            Wrong(f"{one.column}: {one.reason}" if one.column else one.reason) for one in reading.refused
        ]
        for notice in reading.notices:
            means = self._means(notice)
            found += [sound(self._event(notice, name, len(means) > 1)) for name in means]
        if reading.objects:
            found += decoded(json.dumps(reading.objects).encode(), lines=False)
        return found

    def _event(self, notice: Notice, name: str, several: bool) -> Event:
        told = {field: notice.metadata.get(argument) or None for field, argument in self.fields.items()}
        who = notice.recipient or None
        at_us = time.time_ns() // 1000 if notice.at_us is None else notice.at_us
        return Event(
            id=f"{notice.event_id}|{name}" if several else notice.event_id,
            event=name,
            at=datetime.fromtimestamp(at_us / 1e6, UTC),
            member=told["member"],
            email=who if notice.recipient_kind == EMAIL else None,
            phone=who if notice.recipient_kind == PHONE else None,
            device=who if notice.recipient_kind not in (EMAIL, PHONE) else None,
            message_id=notice.message_id or None,
            campaign=told["campaign"],
            wave=told["wave"],
            channel=notice.channel or None,
            variant=told["variant"],
            detail=None if name in APP_EVENTS else detail_of(notice) or None,
            feature=behaviour_of(notice) if name in APP_EVENTS else None,
            machine=notice.machine,
        )


@dataclass(frozen=True)
class Said:
    """The events of a request, how many notices were none of them and why, and an address that confirms a
    subscription, which nobody visits but a person."""

    events: list[Event | Wrong]
    passed_over: Counter[str]
    confirm: str


class Hooks:
    """The hooks of a folder, read anew at each request: a change counts at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.vendors = vendors(self._certificate)

    def find(self, name: str) -> Hook | None:
        """The hook of that name; None where there is none. Raises `HookWrong`."""
        file = self.folder / f"{name}.toml"
        if not NAME.fullmatch(name) or not file.is_file():
            return None
        try:
            given = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
            raise HookWrong(f"{file.name}: not valid TOML: {problem}") from None
        return self._hook(name, given)

    def _hook(self, name: str, given: Mapping[str, object]) -> Hook:
        about, fields, done = given.get("webhook"), given.get("fields", {}), given.get("app", {})
        if not (isinstance(about, dict) and isinstance(fields, dict) and isinstance(done, dict)):
            raise HookWrong(f"{name}.toml: needs a section [webhook]; [fields] and [app] are tables")
        for said, known in ((given, SECTIONS), (about, ("vendor", "source")), (fields, FIELDS)):
            for key in said:
                if key not in known:
                    raise HookWrong(f"{name}.toml: there is no {key!r}. {nearest(str(key), known)}".strip())
        asked = str(about.get("vendor", ""))
        vendor = self.vendors.get(asked)
        if vendor is None:
            near = nearest(asked, self.vendors)
            raise HookWrong(f"{name}.toml: there is no vendor {asked!r}. {near}".strip())
        for word, event in done.items():
            if event not in APP_EVENTS:
                near = nearest(str(event), APP_EVENTS)
                raise HookWrong(f"{name}.toml: [app] {word}: there is no event {event!r}. {near}".strip())
        named = {field: str(fields.get(field, field)) for field in FIELDS}
        return Hook(name, vendor, str(about.get("source", name)), named, self._secrets(name, vendor), done)

    def _secrets(self, name: str, vendor: Vendor) -> tuple[str, ...]:
        file = self.folder / f"{name}.secret"
        if not file.is_file():
            raise HookWrong(f"{name}.secret: is missing; it holds the {vendor.secret}, one on a line")
        if file.stat().st_mode & 0o077:
            raise HookWrong(f"{name}.secret: others may read it; chmod 600 {name}.secret")
        found = tuple(line.strip() for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
        if not found:
            raise HookWrong(f"{name}.secret: is empty; it holds the {vendor.secret}, one on a line")
        return found

    def _certificate(self, url: str) -> bytes:
        """A certificate that an administrator has put there: nothing is fetched from the internet."""
        return (self.folder / CERTIFICATES / Path(url).name).read_bytes()
