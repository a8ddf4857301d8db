"""What stands behind a number, as short marks on its element; assets/hints.js shows it in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dash.development.base_component import Component

from data.answer import Released, Status
from data.metrics import DEFINED, EFFECTS, Metric
from data.sums import NO_BASE
from data.untold import (
    FEW_SO_FAR,
    FEW_UNTIL,
    LEFT_OUT,
    NO_CHANNEL,
    NOBODY_HELD,
    NOT_ESTIMABLE,
    TO_COME,
    TOLD_BY,
    TOO_FEW,
    UNTIL,
)
from ui.aria import marks
from ui.numbers import behind, written

NOTHING = "n"
UNREPORTED = "No source of this selection reports it."
CODES = {Status.PARTIAL: "p", Status.WITHHELD: "w", Status.NOT_AVAILABLE: "a"}
# Code of a status: its words, and the reason that is meant where a number states no other, or the day in it.
STATUS_WORDS: dict[str, tuple[str, str]] = {
    "p": ("In part", LEFT_OUT),
    "w": ("Withheld", TOO_FEW),
    "a": ("Not available", UNREPORTED),
    "pu": ("In part", UNTIL),
    "pf": ("In part", FEW_UNTIL),
    "wu": ("Withheld", TOLD_BY),
    "wf": ("Withheld", FEW_SO_FAR),
    NOTHING: ("Nothing to count", NO_BASE),
    "ac": ("Not available", NO_CHANNEL),
    "ne": ("Not told yet", TO_COME),
    "nh": ("Not measured", NOBODY_HELD),
    "nc": ("Not estimable", NOT_ESTIMABLE),
}
HINT, MADE_OF, STATUS, REASON = "data-hint", "data-n", "data-s", "data-r"


def hint(value: Released, metric: Metric, shown: str = "") -> Any:
    """Attributes of an element that shows a value: its metric, what it is made of, status and reason.

    `shown` is what the element itself says; what a number is made of is left out where it says no more.
    """
    code = code_of(value)
    made_of = behind(value, metric)
    code, reason = _brief(code, value.reason)
    told = {"n": made_of if made_of != (shown or written(value, metric)) else "", "s": code, "r": reason}
    return marks(hint=metric.name, **{name: words for name, words in told.items() if words})


def _brief(code: str, reason: str) -> tuple[str, str]:
    """Code and reason of a status, as briefly as the browser can spell them out: a day alone, or nothing."""
    if reason == STATUS_WORDS.get(code, ("", ""))[1]:
        return code, ""
    for longer, (_, words) in STATUS_WORDS.items():
        if reason == words and longer[0] == code:
            return longer, ""
        before, day, after = words.partition("{}")
        if day and longer[0] == code and reason.startswith(before) and reason.endswith(after):
            return longer, reason[len(before) : -len(after)]
    return code, reason


def code_of(value: Released) -> str:
    """The status of a value as one letter; nothing where it is simply told."""
    if value.value is None and value.status in (Status.RELEASED, Status.PARTIAL):
        return NOTHING
    return CODES.get(value.status, "")


def about(metric: Metric) -> Any:
    """Attributes of an element that names a metric: the head of a column, a label."""
    return marks(hint=metric.name)


def hoist(heads: Sequence[Component], rows: Sequence[Component]) -> None:
    """Move the metric that all cells of a column name to the column's head, so that it travels once."""
    if any(len(row.children) != len(heads) for row in rows):
        return
    for place, head in enumerate(heads):
        named = [getattr(row.children[place], HINT, "") for row in rows]
        if named and named[0] and len(set(named)) == 1 and getattr(head, HINT, named[0]) == named[0]:
            setattr(head, HINT, named[0])
            for row in rows:
                delattr(row.children[place], HINT)


def catalogue() -> dict[str, Any]:
    """What the browser needs once: per metric label, meaning and formula; the words of each status."""
    return {"metrics": dict(_entries()), "status": STATUS_WORDS}


def _entries() -> Iterator[tuple[str, tuple[str, str, str]]]:
    for name, metric in DEFINED.items():
        derived = metric.is_ratio or name in EFFECTS
        counted = f"Counted as {metric.formula}." if derived else f"Counts {metric.formula}."
        yield name, (metric.label, metric.meaning, counted)
