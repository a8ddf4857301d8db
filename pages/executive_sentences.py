"""Three sentences made by rules, each from a figure of the page: what changed, why, what is to be decided."""

from __future__ import annotations

import time
from dataclasses import replace

from alerts.contact import CONTACT
from data.answer import Released
from data.codebook import SEVERAL
from data.cubes import Cubes
from data.filters import Filters, attributes
from data.metrics import METRICS, Metric
from data.release import NONE, label
from data.viewer import Viewer
from documents.model import Bars, Figure, Figures, Row, Sentence, Sentences, Table
from pages import evidence, overview_attention
from pages.answers import ask
from pages.explain import explainable, explained
from state.store import Store
from ui.numbers import percent

CHANGED, WHY, DECIDE = "What changed.", "Why.", "What we ask you to decide."
LEAST, GAP = 100, 0.02
"""Members below which a rate is compared with no other; points between two groups that are worth a word."""
DELIVERED = METRICS["members_delivered_rate"]


def sentences(
    figures: Figures, programs: Table, budget: Bars, filters: Filters, viewer: Viewer, cubes: Cubes
) -> Sentences:
    """What changed, why, and what to decide."""
    moved = _most_changed(figures)
    parts = (
        _changed(moved, figures),
        _why(moved, programs, filters, viewer, cubes),
        _decide(programs, budget, filters, viewer, cubes),
    )
    return Sentences("In three sentences", parts)


def risk(filters: Filters, contacted: str, viewer: Viewer, cubes: Cubes) -> Sentences:
    """The most pressing thing that a rule finds, and the largest gap between groups of members."""
    first = Sentence(contacted, of=("incidents",)) if contacted else _risk(filters, viewer, cubes)
    return Sentences("Largest risk", (first, _disparity(filters, viewer, cubes)))


def contacted(viewer: Viewer, store: Store | None) -> str:
    """That members were written to after they opted out, while it is open; of the whole plan alone."""
    if store is None or not viewer.scope.whole:
        return ""
    known = [one for one in store.incidents.since(time.time_ns() // 1000) if one.recovered_us is None]
    words = next((one.words for one in known if one.topic == CONTACT), "")
    return f"{words.split('. ')[0]}." if words else ""


def _most_changed(figures: Figures) -> Figure | None:
    """The figure that changed most against its own size, worse before better."""
    changed = [one for one in figures.items if one.tone in ("better", "worse") and one.before is not None]
    return max(changed, key=lambda one: (one.tone == "worse", _relative(one)), default=None)


def _relative(one: Figure) -> float:
    before = one.before.value if one.before is not None else None
    return abs((one.value.value or 0) / before - 1) if before else 0.0


def _changed(moved: Figure | None, figures: Figures) -> Sentence:
    if moved is not None and moved.before is not None:
        said = f"{moved.label} went from {moved.before.text} to {moved.value.text} ({moved.change})."
        return Sentence(said, CHANGED, (moved.name,))
    even = [one for one in figures.items if one.tone == "neutral"]
    if even:
        one = even[0]
        return Sentence(f"{one.label}: {one.value.text}, {one.change} {one.versus}.", CHANGED, (one.name,))
    told = [one for one in figures.items if one.value.value is not None][:2]
    why = next((one.change for one in figures.items if one.change), "nothing to compare with")
    now = ", ".join(f"{one.label.lower()} {one.value.text}" for one in told)
    said = (
        f"Not held against last year ({why.removeprefix('not compared: ')}); now {now or 'nothing is told'}."
    )
    return Sentence(said, CHANGED, tuple(one.name for one in told))


def _why(moved: Figure | None, programs: Table, filters: Filters, viewer: Viewer, cubes: Cubes) -> Sentence:
    metric = explainable(moved.name) if moved is not None else None
    if metric is not None:
        said = _largest_part(metric, filters, viewer, cubes)
        if said:
            return Sentence(said, WHY, (metric.name,))
    caused = [row for row in programs.rows if _works(row)]
    if caused:
        one = caused[0]
        said = f"{one.label} caused most: {one.values[1].text} outcomes (95 %: {one.values[2].text})."
        return Sentence(said, WHY, (f"programs/{one.key}",))
    if programs.rows:
        one = programs.rows[0]
        said = f"No program is shown to have caused it; {one.label} stands first: “{one.values[0].text}”."
        return Sentence(said, WHY, (f"programs/{one.key}",))
    return Sentence("No campaign of this period says.", WHY)


def _largest_part(metric: Metric, filters: Filters, viewer: Viewer, cubes: Cubes) -> str:
    cut = "campaign" if metric.without_channel else "channel"
    found = explained(metric, cut, filters, viewer, cubes)
    if found is None or not found.lines or not found.change:
        return ""
    same_way = [one for one in found.lines if one.effect.both * found.change > 0]
    if not same_way or same_way[0].effect.part == "(not told)":
        return ""
    first = same_way[0]
    share = min(1.0, first.effect.both / found.change)
    how = "its own rate" if abs(first.effect.rate) > abs(first.effect.mix) else "its share of the whole"
    if not metric.is_ratio:
        how = "its volume"
    return f"{first.name} makes {percent(share)} of the change in {metric.label.lower()}, by {how}."


def _decide(programs: Table, budget: Bars, filters: Filters, viewer: Viewer, cubes: Cubes) -> Sentence:
    harmful = _named("harmful", filters, viewer, cubes)
    if harmful:
        said = f"Whether {harmful} should stop: its outreach lowered outcomes or broke a limit."
        return Sentence(said, DECIDE, ("programs",))
    over = [row for row in budget.rows if (row.values[0].value or 0) > (row.values[1].value or 0)]
    if over:
        spent, planned = over[0].values
        said = f"Whether {over[0].label} gets more than its budget: {spent.text} is spent of {planned.text}."
        return Sentence(said, DECIDE, (f"budget/{over[0].key}",))
    works = [row for row in programs.rows if _works(row)]
    if works:
        said = f"Whether to extend {works[0].label}, which works, to members not yet asked."
        return Sentence(said, DECIDE, (f"programs/{works[0].key}",))
    blind = _named(evidence.NOT_MEASURED, filters, viewer, cubes)
    if blind:
        said = f"Whether {blind} holds some members out, so that what it causes can be known."
        return Sentence(said, DECIDE, ("programs",))
    return Sentence("Nothing today: no rule asks for a decision.", DECIDE)


def _works(row: Row) -> bool:
    return row.values[0].text == "works"


def _named(word: str, filters: Filters, viewer: Viewer, cubes: Cubes) -> str:
    """The first campaign of that verdict, and how many more."""
    found = [
        cubes.campaigns[name].name
        for name, one in evidence.of(filters, viewer, cubes).items()
        if one.word == word
    ]
    return "" if not found else f"{found[0]} (and {len(found) - 1} more)" if len(found) > 1 else found[0]


def _risk(filters: Filters, viewer: Viewer, cubes: Cubes) -> Sentence:
    harmful = _named("harmful", filters, viewer, cubes)
    if harmful:
        return Sentence(f"{harmful} reads “harmful”.", of=("programs",))
    found = [one for one in overview_attention.standing(viewer, cubes) if one.severity < 2]
    if found:
        return Sentence(overview_attention.sentence(found[0], viewer, cubes), of=("attention",))
    return Sentence("No rule finds one: volumes, deliveries, opt-outs, lists and records were checked.")


def _disparity(filters: Filters, viewer: Viewer, cubes: Cubes) -> Sentence:
    """The largest gap in deliveries between two values of one attribute, each of enough members."""
    gaps = [
        (high - low, name, lowest, low, highest, high)
        for name in attributes(cubes, viewer)
        for low, lowest, high, highest in [_ends(name, filters, viewer, cubes)]
        if lowest != highest
    ]
    if not gaps or max(gaps)[0] < GAP:
        return Sentence("No group of members is reached much less often than another, as far as it is told.")
    _, name, lowest, low, highest, high = max(gaps)
    word = cubes.dimension(name).label.lower()
    return Sentence(
        f"Largest disparity: {percent(low)} of those sent to were delivered to where {word} is "
        f"{lowest}, and {percent(high)} where it is {highest}.",
        of=(DELIVERED.name,),
    )


def _ends(name: str, filters: Filters, viewer: Viewer, cubes: Cubes) -> tuple[float, str, float, str]:
    """The lowest and the highest rate by an attribute, and of whom."""
    alone = replace(filters, attributes=())
    rows = ask((DELIVERED.name,), (name,), alone, viewer, cubes).rows
    told = sorted(
        (row.values[DELIVERED.name].value or 0.0, label(str(row.key[0])))
        for row in rows
        if _named_value(str(row.key[0])) and _compared(row.values[DELIVERED.name])
    )
    return (*told[0], *told[-1]) if told else (0.0, "", 0.0, "")


def _named_value(key: str) -> bool:
    return key not in ("", NONE, SEVERAL)


def _compared(value: Released) -> bool:
    return value.value is not None and (value.denominator or 0) >= LEAST
