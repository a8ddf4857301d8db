"""What a live event looks like: one schema for messages, outcomes, what members do in an app, and consent."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from config.vocabulary import EVENT_NAMES

MESSAGE_EVENTS = EVENT_NAMES
OUTCOME_EVENTS = ("claim", "lab", "booking", "form", "enrolment", "outcome")
APP_EVENTS = ("page_view", "feature_usage", "task_completion", "abandonment")
CONSENT_EVENTS = ("tracking_permitted", "tracking_withdrawn")
EVERY = (*MESSAGE_EVENTS, *OUTCOME_EVENTS, *APP_EVENTS, *CONSENT_EVENTS)
TRACKED = frozenset(("opened", "clicked", "acted", *APP_EVENTS))
"""Kept only where tracking is permitted; everything else is a record of our own sends, or an outcome."""

Id = Annotated[str, Meta(min_length=1, max_length=200)]
Name = Annotated[str, Meta(min_length=1, max_length=120)]
Money = Annotated[float, Meta(ge=-1e9, le=1e9)]


class Event(Struct, forbid_unknown_fields=True, kw_only=True):
    """One event. A member, or an address, is replaced by a pseudonym before anything is written."""

    id: Annotated[Id, Meta(description="Your own id of the event: the same id again is the same event.")]
    event: Annotated[
        Literal[EVERY],  # type: ignore[valid-type]
        Meta(description="What happened."),
    ]
    at: Annotated[datetime, Meta(tz=True, description="When: RFC 3339 with an offset.")]
    member: Annotated[Id | None, Meta(description="The plan's member id.")] = None
    email: Annotated[Id | None, Meta(description="The e-mail address, where no member id is known.")] = None
    phone: Annotated[Id | None, Meta(description="The phone number, where no member id is known.")] = None
    device: Annotated[Id | None, Meta(description="The device, where no member id is known.")] = None
    message_id: Annotated[Id | None, Meta(description="Your id of the message.")] = None
    campaign: Annotated[Name | None, Meta(description="Campaign id.")] = None
    wave: Annotated[Name | None, Meta(description="Wave of the campaign.")] = None
    channel: Annotated[Name | None, Meta(description="Channel, such as email, sms, push.")] = None
    variant: Annotated[Name | None, Meta(description="Variant of the message.")] = None
    detail: Annotated[Name | None, Meta(description="Bounce class, reply class or reason.")] = None
    machine: Annotated[bool | None, Meta(description="Whether a machine opened or clicked.")] = None
    cost: Annotated[Money | None, Meta(description="Cost of the message, in the plan's currency.")] = None
    outcome: Annotated[Name | None, Meta(description="Name of the outcome, as records declare it.")] = None
    value: Annotated[Money | None, Meta(description="Money that the outcome is worth.")] = None
    feature: Annotated[Name | None, Meta(description="Page, feature or task of an app.")] = None

    @property
    def address(self) -> tuple[str, str] | None:
        """The address with its kind, where the event names one."""
        if self.email is not None:
            return "email", self.email
        if self.phone is not None:
            return "phone", self.phone
        return None if self.device is None else ("device", self.device)


class Wrong(ValueError):
    """What is wrong with one event; the words hold none of its values."""


# The decoder says of most faults that they are ones; of bytes that are no text, and of depth, it does not.
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_one = msgspec.json.Decoder(Event)
_several = msgspec.json.Decoder(list[Event])
_raw = msgspec.json.Decoder(list[msgspec.Raw])


def decoded(body: bytes, lines: bool) -> list[Event | Wrong]:
    """The events of a JSON array, or of `lines` of JSON; `Wrong` stands in the place of one that is not.

    Raises `Wrong` where the whole is no JSON array.
    """
    if lines:
        return [_checked(line) for line in body.splitlines() if line.strip()]
    try:
        return [sound(one) for one in _several.decode(body)]
    except UNREADABLE:
        return [_checked(bytes(one)) for one in _apart(body)]


def _apart(body: bytes) -> list[msgspec.Raw]:
    try:
        return _raw.decode(body)
    except UNREADABLE:
        raise Wrong("The body is no JSON array of events.") from None


def _checked(text: bytes) -> Event | Wrong:
    try:
        return sound(_one.decode(text))
    except msgspec.ValidationError as problem:
        return Wrong(_plain(str(problem)))
    except UNREADABLE:
        return Wrong("no JSON object")


def _plain(words: str) -> str:
    """The decoder's words without the value that it may quote."""
    if words.startswith("Invalid enum value"):
        return "event: no such event; see the schema for those there are"
    if words.startswith("Object contains unknown field"):
        return "a field that the schema does not have"
    said, _, where = words.partition(" - at ")
    place = where.strip("`").removeprefix("$").lstrip(".")
    return f"{place}: {said.replace('`', '')}" if place else said.replace("`", "")


def sound(event: Event) -> Event | Wrong:
    """The event, or what it lacks for what it says."""
    who = event.member is not None or event.address is not None
    if event.event in MESSAGE_EVENTS:
        if event.message_id is None and not who:
            return Wrong("names nobody: no message_id, member or address")
        if event.campaign is None and event.message_id is None:
            return Wrong("campaign: needed where there is no message_id")
    elif event.event in OUTCOME_EVENTS:
        if event.member is None:
            return Wrong("member: needed for an outcome")
        if event.outcome is None:
            return Wrong("outcome: needed, the name that campaign records declare")
    elif not who:
        return Wrong("names nobody: no member or address")
    return event


@lru_cache(1)
def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a body: an array of events."""
    (whole,), parts = msgspec.json.schema_components([list[Event]], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Events of Reachboard's collector",
        **whole,
        "$defs": parts,
    }


def micros(at: datetime) -> int:
    """Microseconds since 1970, UTC; exact until 2106."""
    return round(at.timestamp() * 1_000_000)
