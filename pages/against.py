"""Figures beside those of another period: by how much each changed, or why the two are not compared."""

from __future__ import annotations

from data.answer import Answer, Released
from data.cubes import Cubes
from data.filters import Filters
from data.metrics import METRICS
from data.viewer import Viewer
from documents.model import Figure, Figures
from pages import questions
from pages.answers import ask
from pages.maturity import of_outcomes
from ui.clocks import day as day_words
from ui.deltas import Delta, delta
from ui.document import value_of

VERSUS = {"previous": "vs prior period", "year": "vs last year"}


def change(
    name: str, value: Released, before: Answer | None, filters: Filters, viewer: Viewer, cubes: Cubes
) -> Delta | None:
    """How a metric's value stands to that of the period that the filters compare with; None where there is
    no such period, or no value. `before` is the answer over it."""
    earlier = filters.compared(cubes)
    if earlier is None or before is None or value.value is None:
        return None
    reason = _incomparable(name, filters, earlier, viewer, cubes)
    return Delta(reason) if reason else delta(value, before.one(name), METRICS[name])


def figures(told: Answer, filters: Filters, viewer: Viewer, cubes: Cubes) -> Figures:
    """An answer that is not cut, as key figures with their changes; the title says since when."""
    earlier = filters.compared(cubes)
    before = ask(told.metrics, (), earlier, viewer, cubes) if earlier else None
    title = f"Beside {earlier.sentence(cubes).split(' · ')[0]}" if earlier else "In all"
    return Figures(tuple(_figure(name, told, before, filters, viewer, cubes) for name in told.metrics), title)


def _figure(
    name: str, told: Answer, before: Answer | None, filters: Filters, viewer: Viewer, cubes: Cubes
) -> Figure:
    metric, value = METRICS[name], told.one(name)
    moved = change(name, value, before, filters, viewer, cubes)
    past = None if moved is None or before is None or moved.tone == "none" else before.one(name)
    return Figure(
        name,
        metric.label,
        value_of(value, metric),
        "" if moved is None else f"{moved.text} {moved.word}".strip(),
        "none" if moved is None else moved.tone,
        "" if past is None else VERSUS.get(filters.compare, ""),
        value.reason if value.value is None else "",
        None if past is None else value_of(past, metric),
    )


def _incomparable(name: str, filters: Filters, earlier: Filters, viewer: Viewer, cubes: Cubes) -> str:
    """Why two periods are not compared, or nothing: outcomes are not complete, or the data begin too late."""
    span, past = filters.days(cubes), earlier.days(cubes)
    through = questions.outcomes_through(filters, viewer, cubes) if of_outcomes(name) else None
    if of_outcomes(name) and (through is None or (span and span[1] > through)):
        return "too early to compare"
    begin = questions.data_begin(filters, viewer, cubes)
    if begin is None or (past and past[1] < begin):
        return "no comparison data"
    if past and past[0] < begin:
        return f"not compared: data begin {day_words(begin)}"
    return ""
