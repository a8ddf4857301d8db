"""Cohorts of one campaign by month of assignment: how complete each is, and the rate it will end with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from config.vocabulary import OUTCOME_TIMES
from data.answer import Answer, Released, Row, Status
from data.codebook import SEVERAL
from data.cubes import Cubes
from data.filters import Filters
from data.kept import kept
from data.maturity import complete_through, term
from data.periods import month_of, month_span
from data.release import NONE
from data.viewer import Viewer
from insight.nowcast import Delays, Nowcast, known_by, nowcast
from pages.answers import ask
from pages.questions import all_of

NAMES = ("assigned", "with_outcome", "outcome_rate")
EXPECTED = ("known_share", "final_rate", "final_rate_low", "final_rate_high")
LEAST_PAST = 100
"""Outcomes of complete cohorts from which delays are read; below it the next wider pool is taken."""
COMPLETE = Released(1.0, Status.RELEASED)


@dataclass(frozen=True)
class Past:
    """Delays of cohorts of which all outcomes are in, and whose they are."""

    delays: Delays
    words: str


def cohorts(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    """A row per month of assignment: members, outcomes so far, and the final rate that is to be expected."""
    answer = ask(NAMES, ("month",), filters, viewer, cubes)
    days = _days(filters, viewer, cubes)
    rows = [
        Row(row.key, {**row.values, **_expected(row, days, filters, viewer, cubes)})
        for row in answer.rows
        if row.values["assigned"].value or row.values["assigned"].status is Status.WITHHELD
    ]
    return replace(answer, metrics=(*NAMES, *EXPECTED), rows=tuple(rows))


def is_complete(month: int, filters: Filters, cubes: Cubes) -> bool:
    """Whether all outcomes of a cohort (month as 202611) are in; true where no clock runs."""
    campaign = cubes.campaigns[filters.campaign[0]]
    through = complete_through(campaign.id, cubes)
    if through is None:
        return True
    last = month_span(month)[1]
    return min(last, campaign.end_day if campaign.end_day is not None else last) <= through


def _expected(
    row: Row, days: dict[int, tuple[int, int]], filters: Filters, viewer: Viewer, cubes: Cubes
) -> dict[str, Released]:
    month = int(str(row.key[0]))
    rate = row.values["outcome_rate"]
    if is_complete(month, filters, cubes):
        return dict.fromkeys(EXPECTED[1:], rate) | {"known_share": COMPLETE if rate.shown else rate}
    found = _cast(row, days.get(month, month_span(month)), filters, viewer, cubes)
    if isinstance(found, str):
        return dict.fromkeys(EXPECTED, Released(None, Status.RELEASED, reason=found))
    told = (found.known.share, found.rate, found.low, found.high)
    return {name: Released(value, Status.RELEASED) for name, value in zip(EXPECTED, told, strict=True)}


def _cast(row: Row, days: tuple[int, int], filters: Filters, viewer: Viewer, cubes: Cubes) -> Nowcast | str:
    """The nowcast of one cohort, or why there is none."""
    rate, campaign = row.values["outcome_rate"], filters.campaign[0]
    if rate.status is not Status.RELEASED or rate.numerator is None or not rate.denominator:
        return f"Too small to tell: {rate.reason or 'the cohort is not told in full.'}"
    known, through = term(campaign, cubes), complete_through(campaign, cubes)
    past = past_of(campaign, viewer, cubes)
    if known is None or through is None or past is None:
        return "Too early: no earlier cohort says how soon outcomes come in."
    _, window, lag = known
    cut = through + window + lag  # the last day that the outcome's source has reported on
    share = known_by(past.delays, max(0, cut - days[1]), max(0, cut - days[0]), lag)
    found = nowcast(int(rate.denominator), int(rate.numerator), share)
    return found or "Too early: with the longest lag, less than a quarter of the outcomes would be in."


def past_of(campaign: str, viewer: Viewer, cubes: Cubes) -> Past | None:
    """Delays of the campaign's own complete cohorts, else of its program's, else of all with its outcome."""
    for words, names in _pools(campaign, viewer, cubes):
        if delays := _delays(tuple(names), campaign, viewer, cubes):
            return Past(delays, words)
    return None


def _pools(campaign: str, viewer: Viewer, cubes: Cubes) -> Iterator[tuple[str, list[str]]]:
    own, mine = term(campaign, cubes), cubes.campaigns[campaign]
    alike = [
        name for name in Filters().campaigns(cubes, viewer) if own is not None and term(name, cubes) == own
    ]
    yield "this campaign's complete cohorts", [campaign]
    yield (
        "complete cohorts of this program",
        [name for name in alike if cubes.campaigns[name].program == mine.program],
    )
    yield "complete cohorts with this outcome", alike


@kept
def _delays(names: tuple[str, ...], campaign: str, viewer: Viewer, cubes: Cubes) -> Delays | None:
    """Released counts by time to the outcome, of the months in which every slot is told; None where they
    are too few."""
    known = term(campaign, cubes)
    if known is None or not names:
        return None
    filters = replace(all_of(campaign), campaign=names)
    by_cohort: dict[tuple[object, object], dict[str, Released]] = {}
    for row in ask(("with_outcome",), ("campaign", "month", "outcome_time"), filters, viewer, cubes).rows:
        by_cohort.setdefault((row.key[0], row.key[1]), {})[str(row.key[2])] = row.values["with_outcome"]
    whole = [told for told in by_cohort.values() if _whole(told)]
    counts = {
        code: sum(int(told[code].value or 0) for told in whole if code in told) for code in OUTCOME_TIMES
    }
    return _of_slots(counts, known[1]) if sum(counts.values()) >= LEAST_PAST else None


def _whole(told: dict[str, Released]) -> bool:
    """Whether all outcomes of a cohort are told by when they came, none of them pooled or without a time."""
    released = all(value.status is Status.RELEASED for value in told.values())
    return released and not any(told[code].value for code in (SEVERAL, NONE) if code in told)


def delays_of(days: Iterable[int], window: int) -> Delays:
    """Delays of some outcomes, in the slots that are told."""
    starts = np.array([*_starts(), np.iinfo(np.int64).max])
    counts = np.histogram(np.fromiter(days, np.int64), bins=starts)[0]
    return _of_slots(dict(zip(OUTCOME_TIMES, counts.tolist(), strict=True)), window)


def _starts() -> list[int]:
    return [int("".join(sign for sign in code if sign.isdigit())) for code in OUTCOME_TIMES]


def _of_slots(counts: dict[str, int], window: int) -> Delays:
    starts = _starts()
    ends = [*starts[1:], max(window + 1, starts[-1] + 1)]
    rows = zip(starts, ends, counts.values(), strict=True)
    inside = [(start, min(end, window + 1), count) for start, end, count in rows if start <= window]
    return Delays(*(tuple(part) for part in zip(*inside, strict=True)))


def _days(filters: Filters, viewer: Viewer, cubes: Cubes) -> dict[int, tuple[int, int]]:
    """First and last day of assignment (day numbers) of each month."""
    groups = ask(("assigned",), ("month",), filters, viewer, cubes).groups("assigned")
    found: dict[int, tuple[int, int]] = {}
    if "first_day" not in groups.columns:
        return found
    rows: Sequence[tuple[int, int]] = groups.select("first_day", "last_day").drop_nulls().rows()
    for first, last in rows:
        month = month_of(first)
        before = found.get(month, (first, last))
        found[month] = (min(before[0], first), max(before[1], last))
    return found
