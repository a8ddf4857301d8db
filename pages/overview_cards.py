"""The Overview's cards: five figures with change, sparkline and what each is made of; what was caused."""

from __future__ import annotations

from dash.development.base_component import Component

from data.answer import Released, Row, Status
from data.cubes import Cubes
from data.filters import Filters
from data.metrics import METRICS
from data.viewer import Viewer
from pages import against, coverage, evidence, evidence_words, explain, overview_explain, questions
from pages.answers import ask
from pages.maturity import of_outcomes
from pages.overview_panels import so_far
from ui.cards import Figure, card
from ui.clocks import day as day_words
from ui.numbers import written

NOT_CAUSED = "Observed, not causally measured"
NOT_CAUSED_YET = "So far; observed, not causally measured"


def cards(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The cards' children of the row of cards."""
    now = questions.cards(filters, viewer, cubes)
    earlier = filters.compared(cubes)
    before = ask(now.metrics, (), earlier, viewer, cubes) if earlier else None
    by = "day" if questions.bucket(filters, cubes) == "day" else "month"
    line = ask(now.metrics, (by,), filters, viewer, cubes)
    through = questions.outcomes_through(filters, viewer, cubes)
    found = []
    for name in now.metrics:
        value = now.one(name)
        change = against.change(name, value, before, filters, viewer, cubes)
        drawn = [_point(name, row, by, through, filters, cubes) for row in line.rows]
        words = ", ".join(written(row.values[name], METRICS[name]) for row in line.rows)
        label = f"{METRICS[name].label} by {by}: {words}"
        note = _note(name, value, through, so_far(filters, viewer, cubes)) or _covers(
            name, value, filters, viewer, cubes
        )
        at = overview_explain.address(name, filters) if explain.explainable(name) else ""
        versus = against.VERSUS.get(filters.compare, "")
        found.append(card(Figure(METRICS[name], value, change, versus, note, drawn, label, at)))
    return [*found, evidence_words.headline(evidence.portfolio(filters, viewer, cubes))]


def _point(name: str, row: Row, by: str, through: int | None, filters: Filters, cubes: Cubes) -> float | None:
    """A point of a sparkline; none where outcomes are not complete, or a count's bucket is not whole."""
    first, last = questions.bucket_span(int(str(row.key[0])), by)
    if of_outcomes(name) and (through is None or last > through):
        return None
    span = filters.days(cubes)
    whole = last <= questions.whole_through(cubes) and (
        span is None or (span[0] <= first and last <= span[1])
    )
    if not METRICS[name].is_ratio and not whole:
        return None
    return row.values[name].value


def _covers(name: str, value: Released, filters: Filters, viewer: Viewer, cubes: Cubes) -> str:
    """What a rate of messages leaves out, since a channel does not report it."""
    if not value.shown or METRICS[name].unit != "msg" or not METRICS[name].denominator:
        return ""
    return coverage.of_selection(name, filters, viewer, cubes)


def _note(name: str, value: Released, through: int | None, late: bool) -> str:
    if of_outcomes(name) and value.value is not None:
        complete = f"; complete through {day_words(through)}" if through is not None else ""
        return (NOT_CAUSED_YET if late else NOT_CAUSED) + complete
    if value.value is None:
        return value.reason
    if value.status is Status.PARTIAL and value.approximate:
        return value.reason
    return ""
