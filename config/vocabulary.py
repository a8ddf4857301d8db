"""The field's words: channels, events, row kinds and outcomes, each spelled once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Channel:
    """One way a message travels. `spellings` are folded: lower case, letters and digits only."""

    name: str
    label: str
    spellings: tuple[str, ...]


CHANNELS: tuple[Channel, ...] = (
    Channel("email", "E-mail", ("email", "emails", "mailelectronic", "emailmessage")),
    Channel("sms", "SMS", ("sms", "text", "textmessage", "txt", "mms", "texting")),
    Channel("push", "Push", ("push", "pushnotification", "mobilepush", "apppush", "webpush")),
    Channel("in_app", "In-app", ("inapp", "inappmessage", "inappnotification")),
    Channel("phone", "Phone", ("phone", "call", "telephone", "voice", "ivr", "phonecall", "cellular")),
    Channel("mail", "Mail", ("mail", "directmail", "postal", "letter", "post", "print")),
    Channel("whatsapp", "WhatsApp", ("whatsapp", "wa")),
    Channel("portal", "Portal", ("portal", "memberportal", "web", "webportal", "website")),
)
CHANNEL_LABELS: dict[str, str] = {channel.name: channel.label for channel in CHANNELS}
CHANNEL_SPELLINGS: dict[str, str] = {s: c.name for c in CHANNELS for s in c.spellings}


def folded(text: str) -> str:
    """Lower case, letters and digits only."""
    return re.sub(r"[\W_]", "", text.lower())


@lru_cache(4096)
def channel_of(text: str) -> str:
    """The channel that a spelling means; one that nobody knows is a new one, as a name."""
    return CHANNEL_SPELLINGS.get(folded(text), re.sub(r"[\W_]+", "_", text.lower()).strip("_"))


@dataclass(frozen=True)
class Event:
    """One thing that can happen to a message, and the stages of the message that it proves."""

    name: str
    meaning: str
    stages: tuple[str, ...]


EVENTS: tuple[Event, ...] = (
    Event("suppressed", "Refused before sending, by the platform or by us.", ("suppressed",)),
    Event("sent", "Handed to the carrier.", ("sent",)),
    Event("attempted", "A phone call was placed.", ("sent",)),
    Event("printed", "A letter was printed and posted; delivered unless it comes back.", ("sent", "printed")),
    Event("delivered", "Accepted at the member's end.", ("delivered",)),
    Event("answered", "A phone call was answered.", ("sent", "delivered", "answered")),
    Event("voicemail", "A phone call reached a voicemail box.", ("sent", "delivered", "voicemail")),
    Event("no_answer", "A phone call was not answered.", ("sent", "no_answer")),
    Event("returned", "A letter came back.", ("returned",)),
    Event("bounced", "Refused at the member's end; detail says hard, soft or block.", ("bounced",)),
    Event("failed", "A text or push could not be delivered.", ("failed",)),
    Event("opened", "The message was displayed; machine where a proxy did it.", ("opened",)),
    Event("clicked", "A link was followed; machine where a scanner did it.", ("clicked",)),
    Event(
        "replied", "The member answered; detail says positive, negative, stop, help or other.", ("replied",)
    ),
    Event("acted", "The member acted inside the app because of the message.", ("acted",)),
    Event("opt_out", "The member asked for no more messages.", ("opt_out",)),
    Event("complaint", "The member called the message unwanted.", ("complaint",)),
)
EVENT_NAMES: tuple[str, ...] = tuple(event.name for event in EVENTS)

ROW_KINDS: dict[str, str] = {
    "event": "One event of one message.",
    "message": "One message with its latest state; a newer row of the same message replaces it.",
    "member": "One member of a campaign: arm, attributes, named outcomes and money.",
    "outcome": "One outcome of one member: a claim, a lab result, a booking.",
    "aggregate": "Counts of many members, already added up by the source.",
    "members": "The plan's members: attributes and the addresses they are reached at.",
    "campaigns": "Campaign records.",
}

WINDOW_DAYS = 90
CLAIMS_LAG_DAYS = 60

WEEKDAYS: dict[str, str] = {
    "1": "Monday",
    "2": "Tuesday",
    "3": "Wednesday",
    "4": "Thursday",
    "5": "Friday",
    "6": "Saturday",
    "7": "Sunday",
}
HOURS: dict[str, str] = {"00": "0 to 6 h", "06": "6 to 12 h", "12": "12 to 18 h", "18": "18 to 24 h"}
# The codes below are stable and sort in time: their digits say where a slot begins; the next code ends it.
DAYPARTS: dict[str, str] = {
    f"{day}-{hour}": f"{weekday} {hours}"
    for day, weekday in WEEKDAYS.items()
    for hour, hours in HOURS.items()
}
RESPONSE_TIMES: dict[str, str] = {
    "000h": "Within 1 hour",
    "001h": "1 to 4 hours",
    "004h": "4 to 24 hours",
    "024h": "1 to 3 days",
    "072h": "3 to 7 days",
    "168h": "Later",
}
OUTCOME_TIMES: dict[str, str] = {
    "00d": "0 to 13 days",
    "14d": "14 to 29 days",
    "30d": "30 to 59 days",
    "60d": "60 to 89 days",
    "90d": "90 days or more",
}
SLOTS: dict[str, dict[str, str]] = {
    "daypart": DAYPARTS,
    "response_time": RESPONSE_TIMES,
    "outcome_time": OUTCOME_TIMES,
}
