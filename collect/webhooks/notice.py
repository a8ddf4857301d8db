"""A notice: what a vendor says has happened to a message, in the same words for every vendor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

EMAIL, PHONE, DEVICE, ID = "email", "phone", "device", "id"

# What a status means in config.vocabulary.EVENTS. A code of a vendor may say it otherwise (`Code.means`).
MEANS: dict[str, tuple[str, ...]] = {
    "sent": ("sent",),
    "delivered": ("delivered",),
    "bounced": ("bounced",),
    "rejected": ("suppressed",),
    "failed": ("failed",),
    "complained": ("complaint",),
    "opened": ("opened",),
    "clicked": ("clicked",),
    "unsubscribed": ("opt_out",),
    "replied": ("replied",),
    "attempted": ("attempted",),
    "answered": ("answered",),
    "voicemail": ("voicemail",),
    "no_answer": ("no_answer",),
}
WITHOUT_EVENT: dict[str, str] = {
    "queued": "waits at the vendor: nothing has happened yet",
    "deferred": "was put off: the vendor tries again",
    "autoresponded": "a machine of the recipient answered",
    "subscribed": "asked for messages again: no event of a message",
    "behaved": "something done in the app that the hook names no event for",
    "unrelated": "no event of a message of ours",
}
STATUSES: tuple[str, ...] = (*MEANS, *WITHOUT_EVENT)
BOUNCES = ("hard", "soft", "block")
REASONS = ("bounced", "invalid", "blocked", "spam", "unsubscribed", "timed_out", "other")


@dataclass(frozen=True)
class Code:
    """One line of a vendor's table. `means`: the events, where the status does not say it all."""

    status: str
    means: tuple[str, ...] = ()
    bounce: str = ""
    reason: str = ""
    machine: bool | None = None


@dataclass(frozen=True)
class Notice:
    """One thing that a vendor says of one message. Who it is about never shows in its `repr`.

    `at_us`: UTC microseconds, None where the vendor names no time. `event_id`: the vendor's, or derived,
    the same for the same event sent again. `message_id` is empty where the vendor does not say which.
    `bounce`: of BOUNCES; `reason`: why it was refused, of REASONS; `detail`: a class or a code of the vendor,
    never its text. `metadata`: the sender's own arguments, as texts (what is no text is JSON).
    `header_id`: the Message-ID header, where the vendor tells it beside its own id. `link`: the address
    clicked, without its query.
    """

    vendor: str
    status: str
    event_id: str
    at_us: int | None = None
    message_id: str = ""
    recipient: str = field(default="", repr=False)
    recipient_kind: str = EMAIL
    channel: str = "email"
    bounce: str = ""
    reason: str = ""
    detail: str = ""
    machine: bool | None = None
    tags: tuple[str, ...] = field(default=(), repr=False)
    metadata: Mapping[str, str] = field(default_factory=dict, repr=False)
    header_id: str = field(default="", repr=False)
    link: str = field(default="", repr=False)
    means: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """One element that cannot be used: its place (from 0), the vendor's field, why, and its text."""

    index: int
    column: str
    reason: str
    raw: str = field(default="", repr=False)


@dataclass(frozen=True)
class Reading:
    """What one request says. `objects`: bodies in our own schema, for the caller to read.

    `delivery_id`: the vendor's id of the request, for a replay cache; empty where it has none.
    `confirm`: the address that confirms a subscription (SNS); nobody visits it without being told to.
    """

    notices: tuple[Notice, ...] = ()
    refused: tuple[Refusal, ...] = ()
    objects: tuple[dict[str, object], ...] = field(default=(), repr=False)
    delivery_id: str = ""
    confirm: str = ""


def events_of(notice: Notice) -> tuple[str, ...]:
    """The events of config.vocabulary that a notice proves, in their order; none: see `why_none`."""
    return notice.means or MEANS.get(notice.status, ())


def behaviour_of(notice: Notice) -> str:
    """What was done in an app, by the plan's own name where it gave one; empty where a notice is no such."""
    return (notice.metadata.get("name") or notice.detail) if notice.status == "behaved" else ""


def why_none(notice: Notice) -> str:
    """Why a notice is no event, in words; empty where it is one."""
    return "" if events_of(notice) else WITHOUT_EVENT[notice.status]


def detail_of(notice: Notice) -> str:
    """What the events' column `detail` says: bounce class, reply class, code or reason."""
    if "bounced" in events_of(notice):
        return notice.bounce
    return notice.detail or notice.reason


def derived(*parts: str) -> str:
    """An id made of what makes an event this one, for vendors that give none (32 hexadecimal digits)."""
    digest = sha256()
    for part in parts:
        text = part.encode("utf-8", "surrogatepass")
        digest.update(len(text).to_bytes(8, "big") + text)
    return digest.hexdigest()[:32]
