"""The canonical fields of each kind of row: their types, and whether every row must have a value."""

from __future__ import annotations

from dataclasses import dataclass

from config.vocabulary import EVENT_NAMES, EVENTS

INSTANT = ("datetime", "date")
STAGE = ("datetime", "date", "bool")
ADDRESS = ("email", "phone", "device", "id")


@dataclass(frozen=True)
class Field:
    """A canonical field. `types`: those allowed, the first is the default; `required`: in every row."""

    name: str
    meaning: str
    types: tuple[str, ...] = ("text",)
    required: bool = False


MESSAGE_ID = Field("message_id", "The source's id of the message.", required=True)
MEMBER = Field("member", "The plan's member id; replaced by a pseudonym.")
RECIPIENT = Field("recipient", "The address; replaced by a pseudonym. `type` must be stated.", ADDRESS)
CAMPAIGN = Field("campaign", "Campaign id.", required=True)
WAVE = Field("wave", "Wave of the campaign.")
CHANNEL = Field("channel", "Channel; spellings of the vocabulary are known.")
VARIANT = Field("variant", "Variant of the message.")
DETAIL = Field("detail", "Bounce class, reply class or reason.")
MACHINE = Field("machine", "Whether a machine opened or clicked.", ("bool",))
COST = Field("cost", "Cost of the message.", ("money",))
AT = Field("at", "When it happened.", INSTANT, required=True)

_PLACE = (CAMPAIGN, WAVE, CHANNEL, VARIANT)
_STAGES = tuple(Field(name, f"When (or whether) the message was {name}.", STAGE) for name in EVENT_NAMES)
_STATE = (
    Field("status", "Latest state of the message: an event name."),
    Field("status_at", "When that state was reached.", INSTANT),
    Field("at", "Instant of stages that have none of their own.", INSTANT),
    DETAIL,
    MACHINE,
    COST,
    *_STAGES,
)
_MUST_MEMBER = Field(MEMBER.name, MEMBER.meaning, required=True)

FIELDS: dict[str, tuple[Field, ...]] = {
    "event": (
        Field("event", "What happened: an event name of the vocabulary.", required=True),
        AT,
        Field("event_id", "The source's own id of the event; the key, where [key] is absent.", required=True),
        MESSAGE_ID,
        MEMBER,
        RECIPIENT,
        *_PLACE,
        DETAIL,
        MACHINE,
        COST,
    ),
    "message": (MESSAGE_ID, MEMBER, RECIPIENT, *_PLACE, *_STATE),
    "member": (
        _MUST_MEMBER,
        Field(MESSAGE_ID.name, MESSAGE_ID.meaning),
        RECIPIENT,
        *_PLACE,
        Field("arm", "Arm of the experiment, as the source names it.", required=True),
        Field("holdout", "Whether the arm is held out from outreach.", ("bool",), required=True),
        Field(
            "assigned", "Whether assigned, not merely eligible; true if not mapped.", ("bool",), required=True
        ),
        Field("assigned_at", "When assigned.", INSTANT, required=True),
        Field("eligible", "Whether eligible.", ("bool",)),
        Field("contactable", "Whether a valid contact point is known.", ("bool",)),
        Field("consented", "Whether the contact is permitted.", ("bool",)),
        Field("outcome_at", "When an outcome without a date of its own happened.", INSTANT),
        *_STATE,
    ),
    "outcome": (
        _MUST_MEMBER,
        Field("outcome", "Name of the outcome.", required=True),
        AT,
        Field("value", "Money that the row states.", ("money",)),
        Field("campaign", "Campaign the source ties it to."),
    ),
    "aggregate": (*_PLACE, Field("day", "Day of the counts.", ("date", "datetime"), required=True)),
    "members": (_MUST_MEMBER, Field("as_of", "Day from which the attributes hold.", INSTANT, required=True)),
    "campaigns": (),
}

STAGES: tuple[str, ...] = tuple(dict.fromkeys(stage for event in EVENTS for stage in event.stages))
MEASURES: tuple[str, ...] = (
    *STAGES,
    "opened_human",
    "clicked_human",
    "cost",
    *(f"members_{stage}" for stage in (*STAGES, "opened_human", "clicked_human")),
)
FACTS = (*EVENT_NAMES, "assigned", "holdout", "eligible", "contactable", "consented", "cost", "machine")
RESERVED_ATTRIBUTES = (
    "campaign", "wave", "channel", "variant", "arm", "day", "week", "month", "program",
    "line_of_business", "member", "source", "outcome",
)  # fmt: skip
