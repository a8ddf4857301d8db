"""What outreach caused, campaign by campaign: the arms' released counts as `insight` reads them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from data.answer import Answer, Released, Row, Status
from data.cubes import Campaign, Cubes
from data.filters import Filters
from data.kept import kept
from data.maturity import complete_through
from data.release import NONE
from data.untold import NOBODY_HELD, NOT_ESTIMABLE, TO_COME
from data.viewer import Viewer
from insight.experiments import Arm, Verdict
from insight.experiments.checks import Guard
from insight.incremental import Incremental, incremental, total
from pages import questions
from pages.answers import ask
from pages.experiments_questions import experiment
from ui.clocks import day

NAMES = (
    "verdict",
    "observed_outcomes",
    "expected_outcomes",
    "incremental_outcomes",
    "incremental_low",
    "incremental_high",
    "cost_per_incremental_outcome",
)
ARMS = ("assigned", "held_out", "outcome_rate")
TOO_EARLY, TOO_SMALL, NOT_MEASURED = (
    str(one) for one in (Verdict.TOO_EARLY, Verdict.TOO_SMALL, Verdict.NOT_CAUSAL)
)
# Best evidence first: what works, by the lower end of its range; what is not known stands below what is.
ORDER = tuple(
    str(one)
    for one in (
        Verdict.WORKS,
        Verdict.NO_EVIDENCE,
        Verdict.TOO_SMALL,
        Verdict.HARMFUL,
        Verdict.TOO_EARLY,
        Verdict.NOT_CAUSAL,
    )
)
ORDER_WORDS = (
    "Ranked by evidence: works, no evidence, too small to tell, harmful; inside each by the lower end of the "
    "range. Then too early and not causally measured, by messages sent."
)
UNKNOWN = Released(None, Status.NOT_AVAILABLE)
NO_CLOCK = "Too early: outcomes are still to come."
COMPLETE_MONTHS = " Its complete months alone read “{}” on the page Experiments."
SMALL = "Too small to tell: the arms cannot be told apart."


@dataclass(frozen=True)
class Evidence:
    """What is known of one campaign: the word, why there are no figures where there are none, the figures."""

    word: str
    reason: str = ""
    found: Incremental | None = None
    observed: Released = UNKNOWN
    cost: float | None = None

    def values(self) -> dict[str, Released]:
        """The columns of tables, files and the API, by `NAMES`."""
        told = self.found
        if told is None:
            nothing = self._nothing()
            word = Released(None, Status.RELEASED, reason=self.word) if self.word else nothing
            return {**dict.fromkeys(NAMES, nothing), "verdict": word, "observed_outcomes": self.observed}
        each = self._money(told)
        return {
            "verdict": Released(None, Status.RELEASED, reason=self.word),
            "observed_outcomes": self._figure(told.observed),
            "expected_outcomes": self._figure(told.expected),
            "incremental_outcomes": self._figure(told.value),
            "incremental_low": self._figure(told.low),
            "incremental_high": self._figure(told.high),
            "cost_per_incremental_outcome": each,
        }

    def _figure(self, value: float) -> Released:
        return Released(value, Status.RELEASED, reason=self.reason)

    def _money(self, told: Incremental) -> Released:
        if told.cost_each is not None:
            return self._figure(told.cost_each)
        if told.low <= 0 <= told.high:
            return Released(None, Status.RELEASED, reason=NOT_ESTIMABLE)
        return Released(None, Status.NOT_AVAILABLE, reason="What the messages cost is not known.")

    def _nothing(self) -> Released:
        if not self.word:
            return Released(None, Status.NOT_AVAILABLE, reason=self.reason)
        status = Status.WITHHELD if self.word == TOO_SMALL else Status.RELEASED
        return Released(None, status, reason=self.reason)


def campaigns(filters: Filters, viewer: Viewer, cubes: Cubes) -> Answer:
    """The campaign table: what is measured of each campaign, then what its outreach caused."""
    return beside(questions.campaigns(filters, viewer, cubes), of(filters, viewer, cubes))


def beside(answer: Answer, found: dict[str, Evidence]) -> Answer:
    """An answer by campaign with the columns of evidence."""
    rows = [Row(row.key, {**row.values, **found[str(row.key[0])].values()}) for row in answer.rows]
    return replace(answer, metrics=(*answer.metrics, *NAMES), rows=tuple(rows))


def ranked(rows: Iterable[Row], cubes: Cubes, *, falling: bool = True) -> list[Row]:
    """Rows by their evidence, the best first (or last); what is immature or not measured is always below."""

    def sent(row: Row) -> tuple[float, str]:
        value = row.values.get("sent")
        return -((value.value if value else 0) or 0), cubes.campaigns[str(row.key[0])].name

    known = sorted(rows, key=sent)
    told = sorted((row for row in known if _comparable(row)), key=_place)
    return [*(told if falling else told[::-1]), *sorted((r for r in known if not _comparable(r)), key=_place)]


def _comparable(row: Row) -> bool:
    return _word(row) in ORDER[: ORDER.index(TOO_EARLY)]


def _word(row: Row) -> str:
    value = row.values["verdict"]
    return value.reason if value.status is Status.RELEASED else ""


def _place(row: Row) -> tuple[int, float]:
    word = _word(row)
    rank = ORDER.index(word) if word in ORDER else len(ORDER)
    low = row.values["incremental_low"].value
    return rank, float("inf") if low is None else -low


@kept
def of(filters: Filters, viewer: Viewer, cubes: Cubes) -> dict[str, Evidence]:
    """The evidence of every campaign that the filters keep."""
    by_campaign: dict[str, list[Row]] = {}
    for row in ask(ARMS, ("campaign", "arm"), filters, viewer, cubes).rows:
        by_campaign.setdefault(str(row.key[0]), []).append(row)
    whole = ask(("with_outcome", "cost", "held_out"), ("campaign",), filters, viewer, cubes).rows
    totals = {str(row.key[0]): row.values for row in whole}
    return {
        name: _of_campaign(
            cubes.campaigns[name], by_campaign.get(name, []), totals.get(name, {}), filters, viewer, cubes
        )
        for name in filters.campaigns(cubes, viewer)
    }


def one(filters: Filters, viewer: Viewer, cubes: Cubes) -> Evidence:
    """The evidence of the one campaign that the filters name."""
    return of(filters, viewer, cubes)[filters.campaign[0]]


@dataclass(frozen=True)
class Portfolio:
    """Several campaigns together: incremental outcomes of those measured, and how many are not, and why.

    `cost` is what the messages of those measured cost, None where one of them does not know.
    """

    value: float | None
    low: float | None
    high: float | None
    summed: int
    words: dict[str, int]
    reason: str = ""
    cost: float | None = None


def portfolio(filters: Filters, viewer: Viewer, cubes: Cubes) -> Portfolio:
    """The sum over the campaigns whose outcomes are in and that hold members out."""
    return together(of(filters, viewer, cubes).values())


def together(found: Collection[Evidence]) -> Portfolio:
    """Several campaigns' evidence as one."""
    words: dict[str, int] = {}
    for evidence in found:
        words[evidence.word] = words.get(evidence.word, 0) + 1
    told = [evidence.found for evidence in found if evidence.found is not None]
    costs = [evidence.cost for evidence in found if evidence.found is not None]
    known = [cost for cost in costs if cost is not None]
    spent = sum(known) if known and len(known) == len(costs) else None
    value, low, high = total(told) if told else (None, None, None)
    reason = next((evidence.reason for evidence in found if not evidence.word), "")
    return Portfolio(value, low, high, len(told), words, reason, spent)


def _of_campaign(
    campaign: Campaign,
    rows: Sequence[Row],
    totals: dict[str, Released],
    filters: Filters,
    viewer: Viewer,
    cubes: Cubes,
) -> Evidence:
    observed = totals.get("with_outcome", Released(None, Status.NOT_AVAILABLE))
    reported = [row for row in rows if row.values["assigned"].status is not Status.NOT_AVAILABLE]
    if not reported:
        reason = next((row.values["assigned"].reason for row in rows), "No source says who was assigned.")
        return Evidence("", reason, observed=observed)
    if not _holds_out(reported, totals):
        return Evidence(NOT_MEASURED, NOBODY_HELD, observed=observed)
    whole = experiment(campaign.id, viewer, cubes)
    if whole is not None and whole.word is Verdict.NOT_CAUSAL:
        return Evidence(NOT_MEASURED, whole.why, observed=observed)
    if not questions.complete(campaign, filters, cubes):
        through = complete_through(campaign.id, cubes)
        reason = NO_CLOCK if through is None else TO_COME.format(day(through))
        if whole is not None and whole.judged is not None:
            reason += COMPLETE_MONTHS.format(whole.word)
        return Evidence(TOO_EARLY, reason, observed=observed)
    pair = _pair(reported)
    if pair is None:  # the months that are told depend on how many had the outcome: docs/decisions/0038
        return Evidence(TOO_SMALL, _why(reported), observed=observed)
    cost = totals.get("cost", Released(None, Status.NOT_AVAILABLE))
    exact = cost.value if cost.status is Status.RELEASED else None
    found = incremental(*pair, exact, higher=_higher(campaign))
    vetoed = whole is not None and any(one.state is Guard.BROKEN for one in whole.guards)
    return Evidence(str(Verdict.HARMFUL if vetoed else found.verdict), "", found, observed, exact)


def _holds_out(rows: Iterable[Row], totals: dict[str, Released]) -> bool:
    """Whether members are held out, as far as it is told; withheld is not nobody."""
    total = totals.get("held_out")
    if total is not None and total.status is Status.RELEASED:
        return bool(total.value)
    held = [row.values["held_out"] for row in rows]
    return any(value.value or value.status is Status.WITHHELD for value in held)


def _pair(rows: Iterable[Row]) -> tuple[Arm, Arm] | None:
    """Treated and held-out members, all arms of each together; None where they are not told in full."""
    treated, control = (0, 0), (0, 0)
    for row in rows:
        assigned, held, rate = (row.values[name] for name in ARMS)
        if row.key[1] == NONE or assigned.value == 0:
            continue
        told = (assigned.status, held.status, rate.status)
        if any(status is not Status.RELEASED for status in told) or rate.denominator is None:
            return None
        members, outcomes = int(rate.denominator), int(rate.numerator or 0)
        if not held.value:
            treated = (treated[0] + members, treated[1] + outcomes)
        elif held.value == assigned.value:
            control = (control[0] + members, control[1] + outcomes)
        else:
            return None
    if not treated[0] or not control[0]:
        return None
    return Arm("treated", *treated), Arm("held out", *control, control=True)


def _why(rows: Sequence[Row]) -> str:
    reasons = (row.values["outcome_rate"].reason for row in rows)
    told = next((reason for reason in reasons if reason), "")
    return f"{SMALL} {told}".strip()


def _higher(campaign: Campaign) -> bool:
    """Whether more of the declared outcome is better."""
    record = json.loads(campaign.record or "{}")
    return not (isinstance(record, dict) and record.get("direction") == "lower")
