"""From what a sender posts to a record of the journal: checked, allowed, and without anybody's name."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple, Protocol

import msgspec

from collect.events import (
    APP_EVENTS,
    CONSENT_EVENTS,
    MESSAGE_EVENTS,
    OUTCOME_EVENTS,
    TRACKED,
    Event,
    Wrong,
    micros,
)
from config.vocabulary import channel_of
from data.identify import Pseudonyms

HOUR_US = 3_600_000_000
AHEAD_US = 24 * HOUR_US
EARLIEST_US = 946_684_800_000_000  # 2000-01-01
NOT_PERMITTED = "tracking is not permitted"
MILLIONTHS = 1_000_000


class MessageRow(msgspec.Struct, array_like=True):
    """An event of a message, as `events` of the lake has it."""

    event_id: int
    event: str
    event_us: int
    message_id: int
    member: int | None
    recipient: int | None
    campaign: str | None
    wave: str | None
    channel: str | None
    variant: str | None
    detail: str | None
    machine: bool | None
    cost_micros: int | None


class OutcomeRow(msgspec.Struct, array_like=True):
    """An outcome, as `outcomes` of the lake has it."""

    outcome_id: int
    member: int
    campaign: str | None
    outcome: str
    service_us: int
    value_micros: int | None


class AppRow(msgspec.Struct, array_like=True):
    """What a member did in an app, as `behaviour` of the lake has it."""

    event_id: int
    event: str
    event_us: int
    member: int | None
    recipient: int | None
    campaign: str | None
    feature: str | None


class Record(msgspec.Struct, array_like=True):
    """What one request brought: rows to land, and counts of what is not kept and why."""

    source: str
    received_us: int
    messages: list[MessageRow] = []
    outcomes: list[OutcomeRow] = []
    app: list[AppRow] = []
    refused: dict[str, int] = {}
    not_kept: dict[str, int] = {}

    @property
    def rows(self) -> int:
        return len(self.messages) + len(self.outcomes) + len(self.app)


class Statement(NamedTuple):
    """That somebody (a pseudonym) permits tracking, or no longer does, from an instant on."""

    subject: int
    permitted: bool
    at_us: int


class Consents(Protocol):
    """Where statements of consent are kept."""

    def tracking(self, subjects: Collection[int]) -> Mapping[int, bool]:
        """What each of some pseudonyms said last; who said nothing is left out."""

    def state(self, statements: Sequence[tuple[int, bool, int]], source: str) -> None:
        """Keep statements."""


@dataclass
class Accepted:
    """What becomes of a request: the record, statements of consent, the number of events that made them, and
    per wrong event its place and why."""

    record: Record
    statements: list[Statement] = field(default_factory=list)
    stated: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)

    @property
    def kept(self) -> int:
        """Events, whatever the number of pseudonyms that one speaks of."""
        return self.record.rows + self.stated


class Door:
    """Takes the events of senders. `where_given`: tracking needs a permission, silence is none."""

    def __init__(self, ids: Pseudonyms, consents: Consents, where_given: bool) -> None:
        self.ids, self.consents, self.where_given = ids, consents, where_given

    def take(self, source: str, events: Sequence[Event | Wrong], now_us: int | None = None) -> Accepted:
        """Check, allow and name the events of one source."""
        now_us = time.time_ns() // 1000 if now_us is None else now_us
        taken = Accepted(Record(source, now_us, [], [], [], {}, {}))
        names, named = Names(self.ids, source), []
        latest_us = now_us + AHEAD_US
        for place, event in enumerate(events):
            if isinstance(event, Wrong):
                taken.refused.append((place, str(event)))
                continue
            at_us = micros(event.at)
            if not EARLIEST_US <= at_us <= latest_us:
                taken.refused.append((place, "at: more than a day ahead, or before 2000"))
                continue
            member, recipient = names.who(event)
            if member is None and _names_nobody(event, recipient):
                taken.refused.append((place, "names nobody: what names somebody is blank"))
                continue
            named.append(Named(event, at_us, member, recipient))
        taken.statements = self._statements(named)
        taken.stated = sum(one.event.event in CONSENT_EVENTS for one in named)
        self._keep(named, names, taken)
        taken.record.refused = dict(Counter(_class(words) for _, words in taken.refused))
        return taken

    def _statements(self, named: Sequence[Named]) -> list[Statement]:
        return [
            Statement(subject, one.event.event == CONSENT_EVENTS[0], one.at_us)
            for one in named
            if one.event.event in CONSENT_EVENTS
            for subject in one.who
        ]

    def _keep(self, named: Sequence[Named], names: Names, taken: Accepted) -> None:
        allowed = self._allowed(named, taken.statements)
        record, not_kept = taken.record, 0
        for one in named:
            what = one.event.event
            if what in TRACKED and not allowed(one):
                not_kept += 1
            elif what in MESSAGE_EVENTS:
                record.messages.append(names.message_row(one))
            elif what in OUTCOME_EVENTS:
                record.outcomes.append(names.outcome_row(one))
            elif what in APP_EVENTS:
                record.app.append(names.app_row(one))
        record.not_kept = {NOT_PERMITTED: not_kept} if not_kept else {}

    def _allowed(self, named: Sequence[Named], statements: Sequence[Statement]) -> _Allowed:
        subjects = {subject for one in named if one.event.event in TRACKED for subject in one.who}
        said = dict(self.consents.tracking(subjects)) if subjects else {}
        for statement in sorted(statements, key=lambda one: one.at_us):
            said[statement.subject] = statement.permitted
        return _Allowed(said, self.where_given)


class Named(NamedTuple):
    """A sound event, when it was, and who it is about."""

    event: Event
    at_us: int
    member: int | None
    recipient: int | None

    @property
    def who(self) -> list[int]:
        return [one for one in (self.member, self.recipient) if one is not None]


class Names:
    """The pseudonyms and keys of what one request names: what it names again is not hashed again."""

    def __init__(self, ids: Pseudonyms, source: str) -> None:
        self.ids, self.source = ids, source
        self._member, self._recipient = cache(ids.member), cache(ids.recipient)
        self._event, self._message = ids.keyer("event", source), cache(ids.keyer("message", source))

    def who(self, event: Event) -> tuple[int | None, int | None]:
        """The pseudonyms of the member and of the address."""
        member = None if event.member is None else self._member(event.member)
        address = event.address
        return member, None if address is None else self._recipient(address[1], address[0])

    def message_row(self, one: Named) -> MessageRow:
        event, at_us, member, recipient = one
        channel = None if event.channel is None else channel_of(event.channel)
        if event.message_id is not None:
            message = self._message(event.message_id)
        else:
            place = (event.campaign, event.wave, channel, event.variant)
            message = self.ids.key("message", (self.source, "place", member, recipient, *place))
        return MessageRow(
            self._event(event.id),
            event.event,
            at_us,
            message,
            member,
            recipient,
            event.campaign,
            event.wave,
            channel,
            event.variant,
            event.detail,
            event.machine,
            None if event.cost is None else round(event.cost * MILLIONTHS),
        )

    def outcome_row(self, one: Named) -> OutcomeRow:
        event, at_us, member, _ = one
        assert member is not None
        value = None if event.value is None else round(event.value * MILLIONTHS)
        key = self.ids.key("outcome", (self.source, event.id, event.outcome))
        return OutcomeRow(key, member, event.campaign, str(event.outcome), at_us, value)

    def app_row(self, one: Named) -> AppRow:
        event, at_us, member, recipient = one
        key = self.ids.key("behaviour", (self.source, event.id))
        return AppRow(key, event.event, at_us, member, recipient, event.campaign, event.feature)


def _names_nobody(event: Event, recipient: int | None) -> bool:
    """Whether an event without a member is about nobody that can be known."""
    return event.event in OUTCOME_EVENTS or (recipient is None and event.message_id is None)


@dataclass(frozen=True)
class _Allowed:
    """Whether somebody's behaviour may be kept: nobody behind it withdrew, and somebody permitted it where
    that is needed."""

    said: Mapping[int, bool]
    where_given: bool

    def __call__(self, one: Named) -> bool:
        if not self.said:
            return not self.where_given
        told = [self.said[subject] for subject in one.who if subject in self.said]
        return all(told) and (bool(told) or not self.where_given)


def _class(words: str) -> str:
    """A reason without anything that may differ from event to event."""
    return re.sub(r"\d+", "#", words)


encoder = msgspec.msgpack.Encoder()
decoder = msgspec.msgpack.Decoder(Record)
