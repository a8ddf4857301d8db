"""The cuts by which facts are released, and how their values are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from data.release.rules import SUMS
from data.tables import COUNTS

CUTS = 2
"""Counts the sets of cuts: where a lake was told by another one, all of it is decided under this one."""
TOGETHER = "\x1e"
POOLED = "\x1f"
NONE = "(none)"
UNKNOWN, NO_PROFILE = "(unknown)", "(no profile)"
"""An attribute that is not known of a member of whom others are; and of whom none is, messages without a
member among them: these are the same people in every cut.
"""


@dataclass(frozen=True)
class View:
    """A cut of the facts: its name, the columns that make its value, and the kinds of cells it reads.

    `counts` are the counts that its cells hold, where they do not hold all. A `scheduled` view tells apart
    what the calendar of sending decides. A `grid` tells two coordinates apart, each a view of its own.
    """

    name: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    of_members: bool = False
    overlapping: bool = False
    scheduled: bool = False
    grid: bool = False
    counts: tuple[str, ...] = COUNTS


BY_MESSAGE = (
    "sent", "delivered", "opened", "opened_human", "clicked", "replied", "engaged", "opt_out",
)  # fmt: skip
ARM = "arm"
OF_ARMS = ("assigned", "held_out", "with_outcome", "value_micros")
OPERATIONS = View("operations", (), ("message", "assignment", "aggregate"), scheduled=True)
RESULTS = View("results", (), ("outcome",), counts=OF_ARMS)
"""The days of blocks that count an outcome beside the declared one; these are told by arm alone."""
FIXED: tuple[View, ...] = (
    OPERATIONS,
    View("wave", ("wave",), ("message", "aggregate"), overlapping=True, scheduled=True),
    View("variant", ("variant",), ("message", "aggregate"), overlapping=True, scheduled=True),
    View("arm", ("arm",), ("assignment",)),
    View("outcome", ("outcome",), ("outcome",), counts=OF_ARMS),
    View("arm|outcome", ("arm", "outcome"), ("outcome",), counts=OF_ARMS),
    View("daypart", ("slot",), ("daypart",), overlapping=True, scheduled=True, counts=BY_MESSAGE),
    View("response_time", ("slot",), ("response",), counts=("members_engaged",)),
    View("outcome_time", ("slot",), ("delay",), counts=("with_outcome",)),
    View("arm|outcome_time", ("arm", "slot"), ("delay",), grid=True, counts=("with_outcome",)),
)


def tells(cuts: Iterable[View], count: str) -> pl.Expr:
    """Whether a row's `view` is one of the cuts that tell a count."""
    return pl.col("view").is_in([view.name for view in cuts if count in view.counts])


def counts_of(cuts: Iterable[View]) -> tuple[str, ...]:
    """The counts that any of the cuts tells."""
    known = {count for view in cuts for count in view.counts}
    return tuple(count for count in SUMS if count in known)


def views(
    attributes: list[str], pairs: tuple[tuple[str, str], ...], inside: Mapping[str, str] | None = None
) -> list[View]:
    """Every cut that is released: the fixed ones, each attribute, the named pairs that exist, and attributes
    with arms."""
    kinds = ("message", "assignment")
    single = [View(name, (f"attribute {name}",), kinds, of_members=True) for name in attributes]
    both = [
        View(
            pair_name(*pair), tuple(f"attribute {n}" for n in sorted(pair)), kinds, of_members=True, grid=True
        )
        for pair in pairs
        if set(pair) <= set(attributes)
    ]
    return [*FIXED, *single, *both, *(_of_arms(name) for name in with_arms(attributes, pairs, inside or {}))]


def _of_arms(attribute: str) -> View:
    name = pair_name(ARM, attribute)
    columns = tuple(part if part == ARM else f"attribute {part}" for part in name.split("|"))
    return View(name, columns, ("assignment",), grid=True, counts=OF_ARMS)


def with_arms(
    attributes: Iterable[str], pairs: Iterable[tuple[str, str]], inside: Mapping[str, str]
) -> list[str]:
    """The attributes that are told together with arms.

    Of those that named pairs bind, or of which one lies in another (`inside`), one alone: tables that close a
    circle, such as arm with region, region with segment and segment with arm, give sums of single cells away.
    """
    known = set(attributes)
    bound: list[set[str]] = []
    for pair in [*pairs, *inside.items()]:
        if set(pair) <= known:
            met = [one for one in bound if one & set(pair)]
            bound = [one for one in bound if one not in met] + [set(pair).union(*met)]
    chosen: set[str] = set()
    for name in sorted(known - {ARM}, key=lambda one: (one not in inside, one), reverse=True):
        around = next((one for one in bound if name in one), {name})
        if not around & chosen:
            chosen.add(name)
    return sorted(chosen)


def pair_name(*names: str) -> str:
    return "|".join(sorted(names))


def parts(value: str) -> list[str]:
    """The values that a group's value stands for: one, or those pooled."""
    return value.split(POOLED)


def label(value: str) -> str:
    """A group's value in words: `North + West`, and `Diabetes · North` for a pair."""
    return " + ".join(" · ".join(part.split(TOGETHER)) for part in parts(value))
