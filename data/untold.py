"""Why a value is not told, or only in part: too few members, not complete yet, or part of a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import polars as pl

from config.vocabulary import CLAIMS_LAG_DAYS, WINDOW_DAYS
from data.axes import distinct
from data.codebook import Bools, Ints
from data.cubes import Cubes
from data.groups import NEVER, Blocks, Groups, blocks, largest
from data.kept import kept_of
from data.maturity import complete_through, term
from data.periods import day_date, month_span
from data.release import EARLY, FEW, wait
from data.words import listed

TOO_FEW = "Too few members to tell apart."
LEFT_OUT = "Some groups are left out: they are too small, or lie only partly inside."
ONLY_ZEROS = "Too few members to tell apart; showing only the zeros among them would read as none."
TOLD_BY = "Told once complete, by {}."
FEW_SO_FAR = "Too few members to tell apart so far; the rest is told by {}."
UNTIL = "What is not complete yet is left out, until {}."
FEW_UNTIL = "Left out: groups too small and what is complete by {}."
NO_CHANNEL = "Assigned members have no channel, wave or variant."
TO_COME = "Too early: outcomes are still to come; complete for members assigned through {}."
NOBODY_HELD = "Not causally measured: nobody is held out."
NOT_ESTIMABLE = "Not estimable: the 95 % range of incremental outcomes includes 0."
WHOLE_MONTHS = "Told for whole months; no whole month lies inside."
FEW_INSIDE = "Told for whole months; too few members to tell apart in those that lie inside."


@dataclass(frozen=True)
class Untold:
    """What a value leaves out: groups of too few, what is complete by the day `until`, parts of `months`."""

    few: bool = False
    until: int | None = None
    months: frozenset[int] = frozenset()

    def __or__(self, other: Untold) -> Untold:
        days = [day for day in (self.until, other.until) if day is not None]
        return Untold(self.few or other.few, max(days, default=None), self.months | other.months)

    def whole(self, zeros: bool = False) -> str:
        """Why nothing is told; `zeros`: all that could be told are zeros among what cannot."""
        if self.until is None and self.months:
            return FEW_INSIDE if self.few else WHOLE_MONTHS
        if self.until is None:
            return ONLY_ZEROS if zeros else TOO_FEW
        if self.few:
            return FEW_SO_FAR.format(_day(self.until))
        return TOLD_BY.format(_day(self.until))

    def part(self, span: tuple[int, int] | None, today: int) -> str:
        """What is left out of a value that is told in part."""
        days = listed(cut) if (cut := _spans(self.months, span, today)) else ""
        early = "" if self.until is None else _day(self.until)
        if days and not (self.few or early):
            return f"Told for whole months; {days} {'is' if len(cut) == 1 else 'are'} left out."
        if early and not (self.few or days):
            return UNTIL.format(early)
        if early and not days:
            return FEW_UNTIL.format(early)
        few = "groups too small" if self.few else ""
        found = [
            few,
            f"{days} (told by whole months)" if days else "",
            f"what is complete by {early}" if early else "",
        ]
        return f"Left out: {listed([one for one in found if one])}." if days or early else LEFT_OUT


def merged(found: Sequence[Untold]) -> Untold:
    return reduce(Untold.__or__, found, Untold())


@dataclass(frozen=True, eq=False)
class Lacking:
    """What some keys leave out, an entry per code in order: see `Untold`. `until` is `NEVER` where nothing is
    to come, `months` the place among `sets` of the months that are told as a whole only."""

    codes: Ints
    few: Bools
    until: Ints
    months: Ints
    sets: Sequence[frozenset[int]]

    def all(self) -> Untold:
        """What is left out of any of them."""
        latest = int(self.until.max(initial=NEVER))
        months = frozenset[int]().union(*self.sets)
        return Untold(bool(self.few.any()), None if latest == NEVER else latest, months)


NO_MONTHS: Sequence[frozenset[int]] = (frozenset(),)
NOTHING = Lacking(
    np.zeros(0, np.int64), np.zeros(0, np.bool_), np.zeros(0, np.int64), np.zeros(0, np.int64), NO_MONTHS
)


def lacking(codes: Ints, size: int, few: Bools, until: Ints | None, months: Ints | None = None) -> Lacking:
    """What each distinct code below `size` leaves out; a part of its month, where it is not of too few."""
    found, at = distinct(codes, size)
    any_few = np.zeros(len(found), np.bool_)
    any_few[at[few]] = True
    latest = np.full(len(found), NEVER) if until is None else largest(until, at, len(found))
    if months is None or few.all():
        return Lacking(found, any_few, latest, np.zeros(len(found), np.int64), NO_MONTHS)
    return Lacking(found, any_few, latest, *_months(at[~few], months[~few], len(found)))


def _months(at: Ints, months: Ints, size: int) -> tuple[Ints, Sequence[frozenset[int]]]:
    """The distinct months of each place, as places among sets of months."""
    held: list[set[int]] = [set() for _ in range(size)]
    span = 1_000_000
    for pair in np.unique(at * span + months).tolist():
        held[pair // span].add(pair % span)
    sets: dict[frozenset[int], int] = {frozenset(): 0}
    places = [sets.setdefault(frozenset(one), len(sets)) for one in held]
    return np.array(places, np.int64), list(sets)


@kept_of
def complete_until(cubes: Cubes, groups: Groups) -> Ints:
    """The day by which each group's month is complete, where more of it is to come; else `NEVER`."""
    bounds = groups.bounds
    days = _wait(tuple(groups.counts), cubes)[bounds.campaign]
    dated = bounds.month != 0
    early = dated & (np.where(dated, bounds.last, 0) + days > cubes.through)
    until = np.full(bounds.height, NEVER, np.int64)
    until[early] = cubes.book.month_days(bounds.month[early])[1] + days[early]
    return until


def _wait(columns: Sequence[str], cubes: Cubes) -> Ints:
    """Per campaign number the days until the last of some counts is complete."""
    return np.array(
        [
            max(_days(name, column, cubes) for column in columns) if name in cubes.campaigns else 0
            for name in cubes.book.campaigns
        ],
        np.int64,
    )


@kept_of
def withheld(cubes: Cubes, view: str, columns: tuple[str, ...]) -> Blocks:
    """The blocks of a view in which one of `columns` is told nowhere."""
    return blocks(with_reason(cubes.withheld(view, columns), cubes), FEW, cubes.book)


def with_reason(rows: pl.DataFrame, cubes: Cubes) -> pl.DataFrame:
    """Withheld blocks (`month`, `measure`, `why`) with `until`, the day by which an early one is complete."""
    early = rows.filter(pl.col("why") == EARLY)
    pairs = early.select("campaign", "month", "measure").unique()
    told = [(*row, complete_by(row[0], month_span(row[1])[1], (row[2],), cubes)) for row in pairs.iter_rows()]
    schema = {"campaign": pl.String, "month": pl.Int32, "measure": pl.String, "until": pl.Int32}
    until = pl.DataFrame(told, schema=schema, orient="row")
    joined = rows.join(until, on=["campaign", "month", "measure"], how="left")
    late = pl.when(pl.col("why") == EARLY).then(pl.col("until"))
    return joined.with_columns(late.alias("until"))


def complete_by(campaign: str, last: int, columns: Sequence[str], cubes: Cubes) -> int:
    """The day by which counts of messages sent up to the day `last` are complete."""
    return last + max(_days(campaign, column, cubes) for column in columns)


def _days(campaign: str, column: str, cubes: Cubes) -> int:
    days = wait(column)
    if days is not None:
        return days
    through = complete_through(campaign, cubes)
    if through is not None:
        return cubes.through - through
    _, window, lag = term(campaign, cubes) or ("", WINDOW_DAYS, CLAIMS_LAG_DAYS)
    return window + lag + 1


def _day(number: int) -> str:
    day = day_date(number)
    return f"{day.day} {day:%b %Y}"


def _spans(months: frozenset[int], span: tuple[int, int] | None, today: int) -> list[str]:
    """The days of a period that lie in months it takes only a part of."""
    if span is None:
        return []
    parts = [
        (max(span[0], first), min(span[1], last, today)) for first, last in map(month_span, sorted(months))
    ]
    return [_from_to(first, last) for first, last in parts if first <= last]


def _from_to(first: int, last: int) -> str:
    start, end = day_date(first), day_date(last)
    return f"{start.day}–{end.day} {end:%b}" if first != last else f"{end.day} {end:%b}"
