"""The fields of a campaign's record: one definition for files, forms, history and docs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from config.text import LINE, PARAGRAPH

Kind = Literal["text", "long_text", "date", "number", "money", "share", "list", "choice", "table"]
LONGEST_WINDOW = 730
VARIANT_COLUMNS = ("name", "channel", "text", "wave", "subject", "language")


@dataclass(frozen=True)
class Field:
    """One field: how a form shows it (`kind`, `label`, `help`), and what a file may hold (`type`).

    `most` bounds a text's length or a list's entries, `least` and `most` a number; `columns` are those of a
    table. The value `null` is "no value"; a record does not hold it.
    """

    name: str
    label: str
    kind: Kind
    type: str
    group: str
    help: str
    least: float = 0
    most: float = LINE
    choices: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()


MOST_MONEY = 1e12
MONEY = "Money"
_WHAT, _WHY, _WHEN, _WHO, _AIM = (
    "What it is", "Why it may be done", "When and how", "For whom", "What counts",
)  # fmt: skip
_ALL = (
    Field("name", "Name", "text", "text", _WHAT, "What people call the campaign."),
    Field("program", "Program", "text", "text", _WHAT, "The program it belongs to; programs are compared."),
    Field("line_of_business", "Line of business", "text", "text", _WHAT, "Such as Medicare Advantage."),
    Field("owner", "Owner", "text", "text", _WHAT, "The team that answers for it."),
    Field("purpose", "Purpose", "long_text", "text", _WHY, "What members gain from it.", most=PARAGRAPH),
    Field("legal_basis", "Legal basis", "text", "text", _WHY, "The rule that permits the contact."),
    Field("third_party_funding", "Third-party funding", "text", "text", _WHY, "Who else pays, or none."),
    Field("start", "Start", "date", "date", _WHEN, "First day of outreach."),
    Field("end", "End", "date", "date", _WHEN, "Last day of outreach; empty while it is always on."),
    Field("waves", "Waves", "list", "list", _WHEN, "One per line, in their order.", most=100),
    Field("channels", "Channels", "list", "list", _WHEN, "How messages travel, one per line.", most=20),
    Field(
        "variants", "Message texts", "table", "tables", _WHEN,
        "What members read: variant, channel and text.", most=200, columns=VARIANT_COLUMNS,
    ),
    Field("audience", "Audience", "long_text", "text", _WHO, "Who is meant, in words.", most=PARAGRAPH),
    Field("audience_size", "Audience size", "number", "int", _WHO, "How many are meant.", most=2**31 - 1),
    Field("arms", "Arms", "list", "list", _WHO, "The experiment's arms, one per line.", most=50),
    Field("holdout_share", "Held out", "share", "share", _WHO, "Share that gets no outreach: 15 %.", most=1),
    Field("outcome", "Outcome", "text", "text", _AIM, "The outcome it is for, as its source names it."),
    Field(
        "window_days", "Window", "number", "int", _AIM,
        "Days after assignment or delivery in which the outcome counts; 90 where nothing is said.",
        least=1, most=LONGEST_WINDOW,
    ),
    Field(
        "lag_days", "Claims lag", "number", "int", _AIM,
        "Days until the outcome's source is complete; 60 where nothing is said.", most=LONGEST_WINDOW,
    ),
    Field(
        "direction", "Better is", "choice", "text", _AIM, "Whether more of the outcome is better, or less.",
        choices={"higher": "Higher", "lower": "Lower"},
    ),
    Field("goal", "Goal", "share", "share", _AIM, "The outcome rate to reach: 15 %.", most=1),
    Field("value", "Value of an outcome", "money", "number", MONEY, "Of one outcome.", most=MOST_MONEY),
    Field("budget", "Budget", "money", "number", MONEY, "What may be spent.", most=MOST_MONEY),
    Field(
        "unit_costs", "Unit costs", "table", "table", MONEY,
        "What one message costs, by channel, where its source does not say.", most=MOST_MONEY,
        columns=("channel", "cost"),
    ),
)  # fmt: skip
FIELDS: dict[str, Field] = {one.name: one for one in _ALL}
# What a file may state beside the fields.
ID, RECORDED_AT = "id", "recorded_at"
KEYS: dict[str, str] = {ID: "text", **{one.name: one.type for one in _ALL}, RECORDED_AT: "datetime"}
DIRECTIONS = {
    "higher": "higher", "up": "higher", "increase": "higher",
    "lower": "lower", "down": "lower", "decrease": "lower",
}  # fmt: skip
