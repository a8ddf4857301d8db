"""What the executive page says: five figures against last year, programs, pacing, three sentences."""

from __future__ import annotations

from dataclasses import replace

from data.answer import Released, Status
from data.cubes import Cubes
from data.filters import Filters
from data.kept import kept
from data.metrics import DEFINED, DEFINITIONS_VERSION, EFFECTS, METRICS
from data.periods import Period, day_date
from data.viewer import Viewer
from documents.model import Document, Figure, Figures, Notes
from pages import evidence, executive_programs, executive_sentences, questions
from pages.answers import ask
from pages.evidence import Portfolio
from state.store import Store
from ui.clocks import day as day_words
from ui.clocks import moment
from ui.deltas import Delta, delta
from ui.document import value_of
from ui.filterbar import filters_of
from ui.numbers import count

TITLE, KIND = "Executive page", "executive"
PERIOD = "this_year"
CAUSED_MEANS = (
    "Caused means observed outcomes less those that members held out lead to expect, by intention to treat, "
    "with the range of 95 %."
)
NOT_CAUSED = "Observed; not causally measured"
ELIGIBLE, REACHED, CAUSED, EACH, OPT_OUTS = (
    "eligible", "reach_rate", "incremental_outcomes", "cost_per_incremental_outcome", "opt_out_rate",
)  # fmt: skip


def asked(query: object, viewer: Viewer, cubes: Cubes) -> tuple[Filters, list[str]]:
    """The filters of an address, and what is wrong in it: this year unless it says otherwise, and always
    against the same days of the year before."""
    given = query if isinstance(query, dict) else {}
    filters, problems = filters_of(given, viewer, cubes)
    period = filters.period if {"period", "from", "to"} & given.keys() else Period(PERIOD)
    return replace(filters, period=period, compare="year"), problems


def address(filters: Filters) -> dict[str, str]:
    """The query that asks for the same again, whatever is usual elsewhere."""
    query = {name: value for name, value in filters.query().items() if name != "compare"}
    return query if "from" in query else {**query, "period": filters.period.preset}


def document(filters: Filters, viewer: Viewer, cubes: Cubes, store: Store | None = None) -> Document:
    """The whole page as of a snapshot, from released values alone; by the store, what else is wrong."""
    return _document(filters, executive_sentences.contacted(viewer, store), viewer, cubes)


@kept
def _document(filters: Filters, contacted: str, viewer: Viewer, cubes: Cubes) -> Document:
    figures = key_figures(filters, viewer, cubes)
    programs = executive_programs.programs(filters, viewer, cubes)
    pacing = executive_programs.pacing(filters, viewer, cubes)
    budget = executive_programs.budget(filters, viewer, cubes)
    said = executive_sentences.sentences(figures, programs, budget, filters, viewer, cubes)
    risk = executive_sentences.risk(filters, contacted, viewer, cubes)
    outcomes = questions.outcomes_through(filters, viewer, cubes)
    blocks = (figures, programs, pacing, budget, risk, said, _notes(filters, viewer, cubes))
    zone = cubes.snapshot.zone
    return Document(
        KIND,
        TITLE,
        "",
        _period(filters, cubes),
        f"{filters.sentence(cubes)} · beside the same days of last year",
        KIND,
        address(filters),
        cubes.snapshot.number,
        DEFINITIONS_VERSION,
        moment(cubes.snapshot.clocks.get("outreach_through_us"), zone),
        day_words(outcomes),
        blocks,
    )


def key_figures(filters: Filters, viewer: Viewer, cubes: Cubes) -> Figures:
    """Five figures: eligible, reached, caused, cost of each, opt-outs."""
    earlier = filters.compared(cubes)
    incomparable = _incomparable(filters, earlier, viewer, cubes)
    names = (ELIGIBLE, REACHED, OPT_OUTS)
    now = {name: figure(name, filters, viewer, cubes) for name in names}
    before = {
        name: figure(name, earlier, viewer, cubes) if earlier and not incomparable else None for name in names
    }
    plain = {name: _plain(name, now[name], before[name], incomparable) for name in names}
    together = evidence.portfolio(filters, viewer, cubes)
    past = evidence.portfolio(earlier, viewer, cubes) if earlier and not incomparable else None
    caused = _caused(together, past, incomparable, filters, viewer, cubes)
    return Figures(
        (plain[ELIGIBLE], plain[REACHED], caused, _each(together, filters, viewer, cubes), plain[OPT_OUTS])
    )


def figure(name: str, filters: Filters, viewer: Viewer, cubes: Cubes) -> Released:
    """One of the plain figures over a period."""
    if name == REACHED:
        return reach_rate(filters, viewer, cubes)
    return ask((name,), (), filters, viewer, cubes).one(name)


def reach_rate(filters: Filters, viewer: Viewer, cubes: Cubes) -> Released:
    """Members reached of those eligible, over the campaigns of which both are told; else why not."""
    rows = ask(("reach", "eligible"), ("campaign",), filters, viewer, cubes).rows
    both = [(row.values["reach"], row.values["eligible"]) for row in rows]
    told = [(one, of) for one, of in both if one.value is not None and of.value]
    if not told:
        reason = next((one.reason for pair in both for one in pair if one.reason), "")
        hidden = any(one.status is Status.WITHHELD for pair in both for one in pair)
        return Released(None, Status.WITHHELD if hidden else Status.NOT_AVAILABLE, reason=reason)
    reached, eligible = sum(one.value or 0 for one, _ in told), sum(of.value or 0 for _, of in told)
    left = [1 for one, of in both if (one.value is None) != (of.value is None)]
    parts = any(value.status is Status.PARTIAL for pair in told for value in pair)
    status = Status.PARTIAL if left or parts else Status.RELEASED
    reason = f"Of {count(len(told))} campaigns; {count(len(left))} more are not told in full." if left else ""
    return Released(min(1.0, reached / eligible), status, reached, eligible, approximate=True, reason=reason)


def _plain(name: str, now: Released, before: Released | None, why_not: str) -> Figure:
    metric = DEFINED[name]
    change = Delta(why_not) if why_not else delta(now, before, metric)
    note = now.reason if now.value is None else ""
    if now.status is Status.PARTIAL and not note:
        note = "Counted in part, to protect members"
    return Figure(
        name,
        metric.label,
        value_of(now, metric),
        f"{change.text} {change.word}".strip(),
        change.tone,
        _versus(change),
        note,
        None if before is None else value_of(before, metric),
    )


def _caused(
    now: Portfolio,
    past: Portfolio | None,
    why_not: str,
    filters: Filters,
    viewer: Viewer,
    cubes: Cubes,
) -> Figure:
    metric = EFFECTS[CAUSED]
    if now.value is None or now.low is None or now.high is None:
        return _observed(now, filters, viewer, cubes)
    value = Released(now.value, Status.RELEASED, reason=_range(now))
    before = Released(past.value, Status.RELEASED) if past and past.value is not None else None
    change = Delta(why_not or "not measured last year") if before is None else delta(value, before, metric)
    text = f"{change.text} {change.word}".strip()
    return Figure(
        CAUSED,
        metric.label,
        value_of(value, metric),
        text,
        change.tone,
        _versus(change),
        f"95 %: {_range(now)}; {_measured(now)}",
        None if before is None else value_of(before, metric),
    )


def _range(found: Portfolio) -> str:
    return f"{count(round(found.low or 0))} to {count(round(found.high or 0))}"


def _measured(found: Portfolio) -> str:
    all_of = sum(found.words.values())
    return f"{found.summed} of {all_of} campaigns measured"


def _observed(found: Portfolio, filters: Filters, viewer: Viewer, cubes: Cubes) -> Figure:
    """Where nothing is causally measured, what was observed stands in its place, and says so."""
    metric = EFFECTS["observed_outcomes"]
    seen = ask(("with_outcome",), (), filters, viewer, cubes).one("with_outcome")
    early = bool(found.words.get(evidence.TOO_EARLY))
    note = f"{NOT_CAUSED}{', and outcomes are still to come' if early else ''}"
    if seen.value is None:
        note = f"{note}. {seen.reason}".strip()
    return Figure("observed_outcomes", metric.label, value_of(seen, metric), note=note)


def _each(found: Portfolio, filters: Filters, viewer: Viewer, cubes: Cubes) -> Figure:
    metric = EFFECTS[EACH]
    if found.value is None:
        return _per_outcome(filters, viewer, cubes)
    spent = found.cost
    if spent is None:
        value = Released(None, Status.NOT_AVAILABLE, reason="What the messages cost is not known.")
    elif found.low is not None and found.high is not None and found.low <= 0 <= found.high:
        value = Released(None, Status.RELEASED, reason="Not estimable: the 95 % range includes 0.")
    else:
        value = Released(spent / abs(found.value), Status.RELEASED, spent, abs(found.value))
    return Figure(EACH, metric.label, value_of(value, metric), note=value.reason if not value.shown else "")


def _per_outcome(filters: Filters, viewer: Viewer, cubes: Cubes) -> Figure:
    """The cost per outcome that was observed, which says that it is no more than that."""
    metric = METRICS["cost_per_outcome"]
    value = ask((metric.name,), (), filters, viewer, cubes).one(metric.name)
    return Figure(
        metric.name, metric.label, value_of(value, metric), note=NOT_CAUSED if value.shown else value.reason
    )


def _versus(change: Delta) -> str:
    return "" if change.tone == "none" else "vs last year"


def _incomparable(filters: Filters, earlier: Filters | None, viewer: Viewer, cubes: Cubes) -> str:
    """Why the earlier period cannot be held against this one, or nothing."""
    if earlier is None:
        return "nothing to compare with"
    begin, past = questions.data_begin(filters, viewer, cubes), earlier.days(cubes)
    if begin is None or (past and past[1] < begin):
        return "no data of last year"
    if past and past[0] < begin:
        return f"not compared: data begin {day_words(begin)}"
    return ""


def _period(filters: Filters, cubes: Cubes) -> str:
    span = filters.days(cubes)
    if span is None:
        return "All time"
    first, last = (day_date(day) for day in (span[0], min(span[1], cubes.today)))
    same = f" {first.year}" if first.year != last.year else ""
    return f"{first.day} {first:%B}{same} to {last.day} {last:%B} {last.year}"


def _notes(filters: Filters, viewer: Viewer, cubes: Cubes) -> Notes:
    found = evidence.of(filters, viewer, cubes).values()
    held = sum(one.word == evidence.NOT_MEASURED for one in found)
    early = sum(one.word == evidence.TOO_EARLY for one in found)
    small = sum(one.word == evidence.TOO_SMALL for one in found)
    items = [CAUSED_MEANS]
    if held:
        items.append(f"Not causally measured ({held} of {len(found)} campaigns): nobody is held out.")
    if early:
        items.append(f"Too early ({early} campaigns): outcomes are still to come; nothing is ranked by them.")
    if small:
        items.append(f"Too small to tell ({small} campaigns): too few members, or withheld to protect them.")
    items.append(
        "Figures of few members are withheld, never shown as 0; ≈ marks distinct members, rounded to 10."
    )
    return Notes(tuple(items))
