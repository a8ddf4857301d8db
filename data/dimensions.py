"""The dimensions a question may be cut by, and what each needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from config.vocabulary import CHANNEL_LABELS, SLOTS
from data.periods import day_date
from data.release import NONE, label, parts


@dataclass(frozen=True)
class Dimension:
    """A dimension. `record` ones come from the campaign's record, `cut` ones have a view of their own."""

    name: str
    label: str
    kind: Literal["base", "record", "time", "cut", "attribute"]
    meaning: str = ""


DIMENSIONS: dict[str, Dimension] = {
    d.name: d
    for d in (
        Dimension(
            "campaign", "Campaign", "base", "One effort with one record: a program, an audience, an outcome."
        ),
        Dimension(
            "channel", "Channel", "base", "How a message travels: e-mail, SMS, push, phone, mail and others."
        ),
        Dimension("program", "Program", "record", "The program that the campaign's record names."),
        Dimension(
            "line_of_business",
            "Line of business",
            "record",
            "The line of business that the campaign's record names.",
        ),
        Dimension("day", "Day", "time", "A day in the plan's reporting zone."),
        Dimension("week", "Week", "time", "A week from Monday to Sunday."),
        Dimension("month", "Month", "time", "A calendar month."),
        Dimension("wave", "Wave", "cut", "One of several sendings of a campaign."),
        Dimension("variant", "Variant", "cut", "One of several texts of a message."),
        Dimension(
            "arm",
            "Arm",
            "cut",
            "The arm of an experiment that a member was assigned to. Messages have no arm.",
        ),
        Dimension("outcome", "Outcome", "cut", "The outcome that a source reported."),
        Dimension(
            "daypart",
            "Weekday and time of sending",
            "cut",
            "The weekday and the six hours in which a message was sent.",
        ),
        Dimension(
            "response_time", "Time to response", "cut", "From delivery to the first click, reply or act."
        ),
        Dimension("outcome_time", "Time to outcome", "cut", "From assignment to the outcome."),
    )
}


def attribute(name: str) -> Dimension:
    """The dimension of a member attribute."""
    return Dimension(
        name, name.replace("_", " ").capitalize(), "attribute", "As at assignment, where a source says it."
    )


UNTIMED = "Time not known"


def written(dimension: str, part: object) -> str | None:
    """A value of a key as files and answers have it: ISO days and months, codes, and labels of cuts."""
    if part is None:
        return None
    if dimension in ("day", "week") and isinstance(part, int):
        return day_date(part).isoformat()
    if dimension == "month" and isinstance(part, int):
        return f"{part // 100}-{part % 100:02d}" if part else None
    if dimension in ("campaign", "program", "line_of_business"):
        return str(part)
    if dimension == "channel":
        return str(part) if part in CHANNEL_LABELS else label(str(part))
    return value_label(dimension, str(part))


def value_label(dimension: str, value: str) -> str:
    """A group's value in words: labels in the place of a slot's codes, and of several together each."""
    if dimension not in SLOTS:
        return label(value)
    words = {**SLOTS[dimension], NONE: UNTIMED}
    return " + ".join(words.get(part, part) for part in parts(value))
