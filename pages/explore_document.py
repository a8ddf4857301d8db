"""Explore's answer as a document: what the screen shows, for paper and for keeping under an ID."""

from __future__ import annotations

from collections.abc import Sequence

from data.answer import Answer, Row, Status
from data.cubes import Cubes
from data.metrics import DEFINITIONS_VERSION, METRICS, Metric
from data.viewer import Viewer
from documents import model
from documents.model import Bars, Block, Column, Document, Figure, Figures, Lines, Notes, Series, Table, Value
from pages.buckets import NOTHING, buckets_of
from pages.explore_asked import Asked, answer, whole
from pages.explore_chart import series_of, starts_of
from pages.explore_table import in_order
from pages.explore_words import (
    adds,
    apart,
    apart_words,
    covers,
    finding,
    no_total,
    row_label,
    title,
    unavailable,
)
from pages.questions import outcomes_through
from ui.clocks import day as day_words
from ui.clocks import moment
from ui.document import value_of

KIND = "view"
MOST_ROWS, MOST_BARS, MOST_LINES = 200, 30, 6


def document(view: Asked, viewer: Viewer, cubes: Cubes) -> Document:
    """The answer of a question that names at least one metric; the plan's name is the caller's to add."""
    told, total = answer(view, viewer, cubes), whole(view, viewer, cubes)
    zone = cubes.snapshot.zone
    sentence = view.filters.sentence(cubes)
    return Document(
        KIND,
        title(view, cubes),
        "",
        sentence.split(" · ")[0],
        sentence,
        "explore",
        view.query(),
        cubes.snapshot.number,
        DEFINITIONS_VERSION,
        moment(cubes.snapshot.clocks.get("outreach_through_us"), zone),
        day_words(outcomes_through(view.filters, viewer, cubes)),
        tuple(_blocks(view, told, total, viewer, cubes)),
    )


def _blocks(view: Asked, told: Answer, total: Answer, viewer: Viewer, cubes: Cubes) -> list[Block]:
    notes = _notes(view, told, viewer, cubes)
    more: list[Block] = [Notes(tuple(notes))] if notes else []
    if not view.by:
        return [_figures(view, told), *more]
    rows = in_order(view, told, cubes)
    return [*_chart(view, told, rows, cubes), _table(view, told, rows, total, cubes), *more]


def _figures(view: Asked, told: Answer) -> Figures:
    metrics = [METRICS[name] for name in view.metrics]
    return Figures(tuple(Figure(one.name, one.label, value_of(told.one(one.name), one)) for one in metrics))


def _chart(view: Asked, told: Answer, rows: Sequence[Row], cubes: Cubes) -> list[Block]:
    if view.drawn == "lines":
        return _lines(view, told, cubes)
    if view.drawn != "bars" or len(view.by) != 1 or not any(_shown(row, view.charted) for row in rows):
        return []
    metric = view.charted
    kept = tuple(_row(view, row, (metric,), cubes) for row in rows[:MOST_BARS])
    return [Bars("bars", f"{metric.label}", (_first(view, cubes), _column(metric)), kept)]


def _shown(row: Row, metric: Metric) -> bool:
    return row.values[metric.name].value is not None


def _lines(view: Asked, told: Answer, cubes: Cubes) -> list[Block]:
    metric, series = view.charted, series_of(view, told, cubes)
    starts = starts_of(series, view.time)
    if not starts:
        return []
    buckets = buckets_of(starts, view.time, view.filters, cubes)
    drawn = tuple(
        Series(name or metric.label, tuple(value_of(values.get(s, NOTHING), metric) for s in starts))
        for name, values in list(series.items())[:MOST_LINES]
    )
    partial = tuple(one.label for one in buckets if one.partial)
    caption = f"The {MOST_LINES} largest of {len(series)}." if len(series) > MOST_LINES else ""
    of = f"{metric.label} by {view.time}"
    return [Lines("lines", of, tuple(one.label for one in buckets), drawn, "", caption, "", partial)]


def _table(view: Asked, told: Answer, rows: Sequence[Row], total: Answer, cubes: Cubes) -> Table:
    metrics = tuple(METRICS[name] for name in view.metrics)
    shown = [_row(view, row, metrics, cubes) for row in rows[:MOST_ROWS]]
    if len(rows) > 1:
        shown.append(_total(view, metrics, total, len(rows)))
    note = "" if len(rows) <= MOST_ROWS else f"The first {MOST_ROWS} of {len(rows):,} rows; the file has all."
    return Table(
        "figures",
        finding(view, told, total, cubes),
        (_first(view, cubes), *(_column(one) for one in metrics)),
        tuple(shown),
        note=note,
        empty="Nothing can be told in this selection.",
    )


def _first(view: Asked, cubes: Cubes) -> Column:
    return Column("key", " · ".join(cubes.dimension(name).label for name in view.by), number=False)


def _column(metric: Metric) -> Column:
    return Column(metric.name, metric.label)


def _row(view: Asked, row: Row, metrics: Sequence[Metric], cubes: Cubes) -> model.Row:
    values = tuple(value_of(row.values[one.name], one) for one in metrics)
    return model.Row(row_label(view, row, cubes), values, "|".join(str(part) for part in row.key))


def _total(view: Asked, metrics: Sequence[Metric], total: Answer, rows: int) -> model.Row:
    """The figures uncut, for what adds up."""
    none = Value("no total", status=str(Status.NOT_AVAILABLE), reason="It does not add up.")
    values = tuple(value_of(total.one(one.name), one) if adds(one, view.by) else none for one in metrics)
    return model.Row(f"Total of {rows:,} rows", values, "total")


def _notes(view: Asked, told: Answer, viewer: Viewer, cubes: Cubes) -> list[str]:
    """Why something is not told, has no total or covers a part, as the screen says it."""
    values = [value for row in told.rows for value in row.values.values()]
    hidden = sum(value.status is Status.WITHHELD for value in values)
    part = sum(value.status is Status.PARTIAL for value in values)
    counted = [f"{hidden} withheld"] if hidden else []
    counted += [f"{part} counted in part"] if part else []
    return [
        *([f"{' and '.join(counted)} to protect members."] if counted else []),
        *([apart_words(view, cubes)] if apart(view, told, viewer, cubes) else []),
        *(f"{METRICS[name].label}: {reason}" for name, reason in unavailable(view, told)),
        *covers(view, viewer, cubes),
        *(no_total(view) if view.by else []),
    ]
