"""The Campaign page's days: deliveries and a rate over time, with the notes that people wrote beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc
from dash.development.base_component import Component

from data.cubes import Cubes
from data.filters import Filters
from data.metrics import METRICS
from data.viewer import Viewer
from pages import campaign_questions as questions
from pages import findings
from pages.buckets import NOTHING, buckets_of, key_of, rates_of
from pages.campaign_ids import Ids
from pages.campaign_scope import empty, quiet, without_messages
from pages.questions import bucket_label, bucket_span, buckets_between
from pages.table import chart_link
from state.store import Note
from ui import figures, html, tables
from ui.aria import aria
from ui.marks import with_marks
from ui.panels import panel
from ui.theme import GRAPH_CONFIG, scheme_of


def trend(
    filters: Filters, viewer: Viewer, cubes: Cubes, notes: Sequence[Note], theme: object
) -> list[Component]:
    """Deliveries as bars over a rate; a note stands as a numbered line at its day."""
    answer = questions.trend(filters, viewer, cubes)
    by, caption = answer.by[0], filters.sentence(cubes)
    if quiet(filters, viewer, cubes) or without_messages(filters, viewer, cubes):
        return []
    if not any(value.value for value in answer.column("delivered")):
        return panel("Day by day", caption, empty("delivered", filters, viewer, cubes))
    rate = answer.metrics[1]
    told = {int(str(row.key[0])): row.values for row in answer.rows}
    starts = buckets_between(min(told), max(told), by)
    counts = [told[start]["delivered"] if start in told else NOTHING for start in starts]
    rates = rates_of(counts, [told[start][rate] if start in told else NOTHING for start in starts])
    buckets = buckets_of(starts, by, filters, cubes)
    title = findings.of_trend(by, buckets, counts)
    figure = figures.trend(buckets, (METRICS["delivered"], counts), (METRICS[rate], rates), scheme_of(theme))
    marked: Any = with_marks(figure, marks_of(notes, starts, by), scheme_of(theme))
    config: Any = GRAPH_CONFIG
    graph = dcc.Graph(figure=marked, config=config, className="chart", responsive=True)
    said = f"{title}. {caption}. {_notes_words(notes)}The table below has every value."
    drawn = html.Div(graph, role="img", className="chart-frame", **aria(label=said))
    fold = tables.behind_chart(Ids.TREND_OPENER, Ids.TREND_TABLE)
    foot = key_of(by, buckets, rates, "rates")
    return panel(title, caption, [drawn, fold], foot, chart_link("campaign", "trend", filters, viewer))


def trend_table(filters: Filters, viewer: Viewer, cubes: Cubes) -> Component:
    """The table behind the trend."""
    answer = questions.trend(filters, viewer, cubes)
    by = answer.by[0]
    labels = [bucket_label(int(str(row.key[0])), by) for row in answer.rows]
    return tables.answer_table(answer, by.capitalize(), labels, f"Delivered by {by}")


def marks_of(notes: Sequence[Note], starts: Sequence[int], by: str) -> list[tuple[str, str]]:
    """(label of the bucket, numbers of its notes) for the notes whose day is drawn."""
    found: dict[str, list[str]] = {}
    for number, note in enumerate(notes, 1):
        for start in starts:
            first, last = bucket_span(start, by)
            if first <= note.day <= last:
                found.setdefault(bucket_label(start, by), []).append(str(number))
    return [(label, ", ".join(numbers)) for label, numbers in found.items()]


def _notes_words(notes: Sequence[Note]) -> str:
    if not notes:
        return ""
    return f"{len(notes)} note{'s' if len(notes) > 1 else ''} marked by number, listed below. "
