"""The members of an experiment who may be judged: months of assignment, complete and told for every arm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from data.answer import Released, Row, Status
from data.codebook import SEVERAL
from data.cubes import Campaign, Cubes
from data.filters import Filters
from data.kept import kept
from data.maturity import complete_through
from data.periods import Period, month_span
from data.release import NONE, parts
from data.viewer import Viewer
from insight.experiments import Arm
from pages.answers import ask
from pages.questions import ARMS, all_of

WHENEVER = 0  # the month of what has no dates
Months = dict[int, dict[str, Row]]


@dataclass(frozen=True)
class Cohorts:
    """The arms of a campaign as they may be judged, the control first where there is one.

    `arms` count the months that are complete and told for all of them; `assigned` all months in which every
    arm's members are told, for the sample ratio (None where some month is not). `waiting`: months whose
    outcomes are still to come; `hidden`: months left out to protect members. `last` is the last day of
    assignment (day number) that is judged, `used` are the months that are.
    """

    arms: tuple[Arm, ...]
    assigned: Mapping[str, int] | None
    names: tuple[str, ...]
    control: str | None
    waiting: int = 0
    hidden: int = 0
    last: int | None = None
    told_by: str = ""
    used: tuple[int, ...] = ()

    @property
    def treated(self) -> tuple[Arm, ...]:
        return tuple(arm for arm in self.arms if not arm.control)

    @property
    def held(self) -> Arm | None:
        return next((arm for arm in self.arms if arm.control), None)


def cohorts(campaign: Campaign, viewer: Viewer, cubes: Cubes) -> Cohorts:
    """The cohorts of a campaign; no arms where none is told."""
    undated = campaign.id in cubes.undated
    answer = ask(ARMS, ("arm",) if undated else ("arm", "month"), all_of(campaign.id), viewer, cubes)
    months = _by_month(answer.rows, undated)
    names = tuple(sorted({name for rows in months.values() for name in rows if _apart(name)}))
    if not names:
        return Cohorts((), None, (), None, hidden=len(months))
    through = None if undated else complete_through(campaign.id, cubes)
    last = _last_days(campaign.id, viewer, cubes)
    used: list[int] = []
    waiting = hidden = 0
    for month, rows in months.items():
        if all(_is_told(row.values["outcome_rate"]) and _apart(name) for name, row in rows.items()):
            used.append(month)
        elif through is not None and _end(month, last) > through:
            waiting += 1
        else:
            hidden += 1
    control = _control(names, months)
    arms = [_sum(name, [months[month] for month in used], name == control) for name in names]
    reasons = [row.values["outcome_rate"].reason for rows in months.values() for row in rows.values()]
    return Cohorts(
        tuple(sorted((arm for arm in arms if arm.n), key=lambda arm: not arm.control)),
        _assigned(names, months),
        names,
        control,
        waiting,
        hidden or int(bool(answer.hidden) and not waiting),
        max((last[month] for month in used if month in last), default=None),
        next((reason for reason in reversed(reasons) if reason), ""),
        tuple(used),
    )


def _by_month(rows: Iterable[Row], undated: bool) -> Months:
    """The rows of members who were assigned, by month and arm."""
    found: Months = {}
    for row in rows:
        assigned = row.values["assigned"]
        nobody = assigned.value == 0 and assigned.status is Status.RELEASED
        if row.key[0] == NONE or nobody or assigned.status is Status.NOT_AVAILABLE:
            continue
        month = row.key[1] if not undated else WHENEVER
        found.setdefault(month if isinstance(month, int) else WHENEVER, {})[str(row.key[0])] = row
    return found


def _apart(name: str) -> bool:
    """Whether a row is of one arm, and not of several that are told together."""
    return name != SEVERAL and len(parts(name)) == 1


def _end(month: int, last: Mapping[int, int]) -> int:
    """The last day of assignment of a month; its own last day where none is told."""
    return last.get(month, month_span(month)[1] if month else 0)


def _is_told(value: Released) -> bool:
    return value.status is Status.RELEASED and value.denominator is not None


def _last_days(campaign: str, viewer: Viewer, cubes: Cubes) -> dict[int, int]:
    """The last day of assignment in each month."""
    return _every_last_day(viewer, cubes).get(campaign, {})


@kept
def _every_last_day(viewer: Viewer, cubes: Cubes) -> dict[str, dict[int, int]]:
    """The same of every campaign at once, which costs little more than of one."""
    every = Filters(period=Period("all_time"), compare="none")
    groups = ask(("assigned",), ("campaign", "month"), every, viewer, cubes).groups("assigned")
    found: dict[str, dict[int, int]] = {}
    if {"campaign", "month", "last_day"} <= set(groups.columns):
        days = groups.drop_nulls("last_day").group_by("campaign", "month").agg(pl.col("last_day").max())
        for campaign, month, last in days.iter_rows():
            found.setdefault(campaign, {})[month] = last
    return found


def _control(names: Iterable[str], months: Months) -> str | None:
    """The arm whose members are all held out; of several the first."""
    for name in names:
        rows = [rows[name] for rows in months.values() if name in rows]
        values = [(row.values["assigned"], row.values["held_out"]) for row in rows]
        told = [(a.value, h.value) for a, h in values if _whole(a) and _whole(h)]
        if told and all(assigned == held for assigned, held in told):
            return name
    return None


def _whole(value: Released) -> bool:
    return value.status is Status.RELEASED and value.value is not None


def _sum(name: str, months: Iterable[dict[str, Row]], control: bool) -> Arm:
    values = [rows[name].values["outcome_rate"] for rows in months if name in rows]
    hits = sum(value.numerator or 0 for value in values)
    return Arm(name, round(sum(value.denominator or 0 for value in values)), round(hits), control)


def _assigned(names: Iterable[str], months: Months) -> dict[str, int] | None:
    """Members per arm over all months; None where some month does not tell them apart."""
    rows = [(name, row) for of_month in months.values() for name, row in of_month.items()]
    if any(not _apart(name) or not _whole(row.values["assigned"]) for name, row in rows):
        return None
    return {
        name: round(sum(row.values["assigned"].value or 0 for one, row in rows if one == name))
        for name in names
    }
