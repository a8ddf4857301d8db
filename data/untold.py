"""Why a value is not told, or only in part: too few members, not complete yet, or part of a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import polars as pl

from config.vocabulary import CLAIMS_LAG_DAYS, WINDOW_DAYS
from data.cubes import Cubes
from data.maturity import complete_through, term
from data.periods import day_date, month_span
from data.release import EARLY, FEW, wait
from data.words import listed

MONTHS = "months"
"""A cut is told by whole months; the period, or a bucket, takes a part of one."""
TOO_FEW = "Too few members to tell apart."
LEFT_OUT = "Some groups are left out: they are too small, or lie only partly inside."
ONLY_ZEROS = "Too few members to tell apart; showing only the zeros among them would read as none."
TOLD_BY = "Told once complete, by {}."
FEW_SO_FAR = "Too few members to tell apart so far; the rest is told by {}."
UNTIL = "What is not complete yet is left out, until {}."
FEW_UNTIL = "Left out: groups too small and what is complete by {}."
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


def with_reason(blocks: pl.DataFrame, cubes: Cubes) -> pl.DataFrame:
    """Withheld blocks (`month`, `measure`, `why`) with `until`, the day by which an early one is complete."""
    early = blocks.filter(pl.col("why") == EARLY)
    pairs = early.select("campaign", "month", "measure").unique()
    rows = [(*row, complete_by(row[0], month_span(row[1])[1], (row[2],), cubes)) for row in pairs.iter_rows()]
    schema = {"campaign": pl.String, "month": pl.Int32, "measure": pl.String, "until": pl.Int32}
    until = pl.DataFrame(rows, schema=schema, orient="row")
    joined = blocks.join(until, on=["campaign", "month", "measure"], how="left")
    late = pl.when(pl.col("why") == EARLY).then(pl.col("until"))
    return joined.with_columns(late.alias("until"))


def of_early_days(groups: pl.DataFrame, columns: Sequence[str], cubes: Cubes) -> pl.DataFrame:
    """Groups of days (`last_day`) with `until`, where days are told together because more is to come."""
    pairs = groups.select("campaign", "month", "last_day").filter(pl.col("month") != 0).unique()
    rows = [
        (campaign, month, last, complete_by(campaign, month_span(month)[1], columns, cubes))
        for campaign, month, last in pairs.iter_rows()
        if complete_by(campaign, last, columns, cubes) > cubes.through
    ]
    schema = {"campaign": pl.String, "month": pl.Int32, "last_day": pl.Int32, "until": pl.Int32}
    until = pl.DataFrame(rows, schema=schema, orient="row")
    return groups.join(until, on=["campaign", "month", "last_day"], how="left")


def complete_by(campaign: str, last: int, columns: Sequence[str], cubes: Cubes) -> int:
    """The day by which counts of messages sent up to the day `last` are complete."""
    return max(last + _days(campaign, column, cubes) for column in columns)


def _days(campaign: str, column: str, cubes: Cubes) -> int:
    days = wait(column)
    if days is not None:
        return days
    through = complete_through(campaign, cubes)
    if through is not None:
        return cubes.through - through
    _, window, lag = term(campaign, cubes) or ("", WINDOW_DAYS, CLAIMS_LAG_DAYS)
    return window + lag + 1


def untold(rows: pl.DataFrame, by: Sequence[str]) -> dict[tuple[object, ...], Untold]:
    """Per key what is left out, of rows with `why`, `until` and `month`."""
    made = [
        (pl.col("why") == FEW).any().alias("few"),
        pl.col("until").max(),
        pl.col("month").filter(pl.col("why") == MONTHS).unique().alias("months"),
    ]
    if rows.is_empty():
        return {}
    grouped = rows.group_by(list(by)).agg(made) if by else rows.select(
        made[0], made[1], made[2].implode()
    )  # fmt: skip
    return {
        row[: len(by)]: Untold(row[-3], row[-2], frozenset(row[-1]))
        for row in grouped.select(*by, "few", "until", "months").iter_rows()
    }


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
