"""The dimensions a question may be cut by, and what each needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


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
    )
}


def attribute(name: str) -> Dimension:
    """The dimension of a member attribute."""
    return Dimension(name, name.replace("_", " ").capitalize(), "attribute")
