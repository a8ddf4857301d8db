"""A month beside the same month of the year before: what may be compared, and where history was spliced."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from data.answer import Released
from data.cubes import Cubes
from data.filters import Filters
from data.kept import kept
from data.metrics import METRICS
from data.periods import day_date, month_span
from data.viewer import Viewer
from pages.answers import ask
from pages.maturity import of_outcomes
from pages.monthly_month import is_over, named, of_month, year_before
from pages.questions import complete, data_begin
from ui.clocks import day as day_words
from ui.deltas import Delta, delta

COUNTS = "counts"
"""The origin of rows that a source had added up before they came."""
NOT_OVER = "not compared: the month is not over"
TOO_EARLY = "too early to compare"
NO_MEMBERS = "not compared: history up to {} knows no members"
UNKNOWN = "not compared: history up to {} does not tell it"


@dataclass(frozen=True)
class Seam:
    """Where pre-aggregated history ends: its last day (day number), and its campaigns and channels."""

    last_day: int
    places: frozenset[tuple[str, str]]

    @property
    def day(self) -> str:
        return day_words(self.last_day)

    def of(self, month: int) -> str:
        """The first day after it, as the same day of another month (ISO 8601)."""
        first = month_span(month)[0]
        after = day_date(self.last_day).day
        return day_date(min(first + after, month_span(month)[1])).isoformat()


@kept
def seam(month: int, filters: Filters, viewer: Viewer, cubes: Cubes) -> Seam | None:
    """The seam inside a month, or at its end; None where nothing of it was pre-aggregated."""
    groups = ask(("sent",), (), of_month(month, filters), viewer, cubes).groups("sent")
    if "origin" not in groups.columns:
        return None
    told = groups.filter(pl.col("origin") == COUNTS)
    last = told["last_day"].max()
    if not isinstance(last, int):
        return None
    return Seam(last, frozenset(told.select("campaign", "channel").iter_rows()))


def change(
    name: str, now: Released, before: Released, month: int, filters: Filters, viewer: Viewer, cubes: Cubes
) -> Delta:
    """How a figure stands to that of the year before, or why the two are not compared."""
    reason = incomparable(name, month, filters, viewer, cubes)
    if reason and now.value is not None:
        return Delta(reason)
    return delta(now, before, METRICS[name])


def incomparable(name: str, month: int, filters: Filters, viewer: Viewer, cubes: Cubes) -> str:
    """Why a month is not compared with the one of the year before by a metric; nothing where it is."""
    if not is_over(month, cubes):
        return NOT_OVER
    if of_outcomes(name) and late(month, filters, viewer, cubes):
        return TOO_EARLY
    before = year_before(month)
    begin = data_begin(filters, viewer, cubes)
    if begin is None or month_span(before)[1] < begin:
        return "no comparison data"
    if month_span(before)[0] < begin:
        return f"not compared: data begin {day_words(begin)}"
    found = seam(before, filters, viewer, cubes)
    if found is None or _told(METRICS[name].facts, found.places, cubes):
        return ""
    return (NO_MEMBERS if METRICS[name].unit == "mbr" else UNKNOWN).format(found.day)


def late(month: int, filters: Filters, viewer: Viewer, cubes: Cubes) -> bool:
    """Whether outcomes of the month are still to come in a campaign that had messages in it."""
    span = of_month(month, filters)
    rows = ask(("sent",), ("campaign",), span, viewer, cubes).rows
    there = [str(row.key[0]) for row in rows if row.values["sent"].value != 0]
    return any(not complete(cubes.campaigns[name], span, cubes) for name in there)


def words(month: int, filters: Filters, viewer: Viewer, cubes: Cubes) -> str:
    """What a note says of the seam; nothing where there is none."""
    before = year_before(month)
    found = seam(before, filters, viewer, cubes)
    if found is None:
        return ""
    return (
        f"History of {named(before)} is spliced: up to {found.day} it is of counts that were added up "
        "before they came, which know no members; what they do not tell is not compared."
    )


def _told(facts: tuple[str, ...], places: frozenset[tuple[str, str]], cubes: Cubes) -> bool:
    """Whether pre-aggregated rows tell all of some facts, wherever there are such rows."""
    told = cubes.coverage.filter((pl.col("origin") == COUNTS) & pl.col("fact").is_in(list(facts)))
    per = told.group_by("campaign", "channel").agg(pl.col("fact").n_unique())
    full = {(c, ch) for c, ch, many in per.iter_rows() if many == len(set(facts))}
    return places <= full
