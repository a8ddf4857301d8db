"""The dimensions a question may be cut by, and what each needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from config.vocabulary import SLOTS
from data.release import NONE, label, parts


@dataclass(frozen=True)
class Dimension:
    """A dimension. `record` ones come from the campaign's record, `cut` ones have a view of their own."""

    name: str
    label: str
    kind: Literal["base", "record", "time", "cut", "attribute"]


DIMENSIONS: dict[str, Dimension] = {
    d.name: d
    for d in (
        Dimension("campaign", "Campaign", "base"),
        Dimension("channel", "Channel", "base"),
        Dimension("program", "Program", "record"),
        Dimension("line_of_business", "Line of business", "record"),
        Dimension("day", "Day", "time"),
        Dimension("week", "Week", "time"),
        Dimension("month", "Month", "time"),
        Dimension("wave", "Wave", "cut"),
        Dimension("variant", "Variant", "cut"),
        Dimension("arm", "Arm", "cut"),
        Dimension("outcome", "Outcome", "cut"),
        Dimension("daypart", "Weekday and time of sending", "cut"),
        Dimension("response_time", "Time to response", "cut"),
        Dimension("outcome_time", "Time to outcome", "cut"),
    )
}


def attribute(name: str) -> Dimension:
    """The dimension of a member attribute."""
    return Dimension(name, name.replace("_", " ").capitalize(), "attribute")


UNTIMED = "Time not known"


def value_label(dimension: str, value: str) -> str:
    """A group's value in words: labels in the place of a slot's codes, and of several together each."""
    if dimension not in SLOTS:
        return label(value)
    words = {**SLOTS[dimension], NONE: UNTIMED}
    return " + ".join(words.get(part, part) for part in parts(value))
