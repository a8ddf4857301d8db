"""One experiment in its three readings, and which of them applies."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component

from data.cubes import Cubes
from data.filters import Filters
from data.viewer import Viewer
from insight.experiments import Comparison, Reading
from pages import experiments_words as words
from pages.experiments_questions import Experiment, experiment
from pages.table import csv_link
from ui import html, tables
from ui.panels import panel

TITLE = "Three ways to read it"


def readings(campaign: str, filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The panel of readings; nothing where there is no verdict."""
    one = experiment(campaign, viewer, cubes)
    if one is None or one.judged is None or one.reading is None:
        return []
    rows = [row for each in one.judged.comparisons for row in _rows(each, len(one.judged.comparisons) > 1)]
    heads = ["Reading", "Difference", "Interval (95%)", "How sure"]
    table = tables.table(heads, rows, TITLE, "words readings")
    tools = csv_link("experiments", "readings", filters, viewer)
    foot = _corrected(one)
    return panel(TITLE, one.why, table, foot, tools)


def _rows(one: Comparison, several: bool) -> list[list[Any]]:
    lines = [
        (Reading.FIXED, one.fixed.estimate, one.fixed.low, one.fixed.high, f"p {words.chance(one.fixed.p)}"),
        (
            Reading.SEQUENTIAL, one.sequential.estimate, one.sequential.low, one.sequential.high,
            f"p {words.chance(one.sequential.p)}",
        ),
        (
            Reading.BAYES, one.bayes.estimate, one.bayes.low, one.bayes.high,
            f"{words.likely(one.bayes.above)} likely above 0",
        ),
    ]  # fmt: skip
    return [
        [
            _name(reading, one, several),
            html.Td(words.signed(estimate), className="number"),
            html.Td(words.spanned(low, high), className="number"),
            html.Td(sure, className="number"),
        ]
        for reading, estimate, low, high, sure in lines
    ]


def _name(reading: Reading, one: Comparison, several: bool) -> list[Any]:
    arm = [html.Span(f" {one.arm.name}", className="quiet")] if several else []
    applies = [html.Span(" applies", className="applies")] if reading is one.reading else []
    return [f"{reading.value[:1].upper()}{reading.value[1:]}", *arm, *applies]


def _corrected(one: Experiment) -> list[Component]:
    """The p values corrected for several arms."""
    assert one.judged is not None
    if len(one.judged.comparisons) < 2:
        return []
    told = "; ".join(
        f"{each.arm.name}: Holm {words.chance(each.holm)}, Benjamini and Hochberg "
        f"{words.chance(each.hochberg)}"
        for each in one.judged.comparisons
    )
    return [html.Span(f"p corrected for {len(one.judged.comparisons)} arms: {told}.")]
