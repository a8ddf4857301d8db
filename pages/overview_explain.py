"""The Overview's answer to a click on a change: parts that add up to it, and what happened beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from dash.development.base_component import Component

from config.vocabulary import CHANNEL_LABELS
from data.catalogue import catalogue
from data.cubes import Cubes
from data.filters import Filters
from data.metrics import Metric
from data.viewer import Viewer
from insight.explain import NOT_TOLD
from pages import explain
from pages.explain import Explained, Line
from pages.overview_ids import Ids
from pages.table import csv_link
from state.store import Store
from ui import html, tables
from ui.clocks import day
from ui.faces import not_available
from ui.hints import about, hint
from ui.numbers import MINUS, count, written
from ui.panels import panel

MOST = 8
LEAST_SEEN = 0.005
EVENTS = 12


def address(metric: str, filters: Filters) -> str:
    """Where a change is taken apart: the same page and filters, with the parameter of this panel."""
    url = filters.url()
    return f"/{url}{'&' if url else '?'}explain={metric}#{Ids.EXPLAIN}"


def cut_of(given: object, metric: Metric, viewer: Viewer, cubes: Cubes) -> str:
    """By what it is taken apart: as wanted, else the first there is."""
    offered = explain.cuts(metric, viewer, cubes)
    return given if isinstance(given, str) and given in offered else next(iter(offered))


def choices(viewer: Viewer, cubes: Cubes, metric: Metric) -> dict[str, str]:
    return explain.cuts(metric, viewer, cubes)


def parts(
    name: object, by: object, filters: Filters, viewer: Viewer, cubes: Cubes, store: Store
) -> list[Component]:
    """The panel's children; nothing where no change is asked about."""
    metric = explain.explainable(name)
    if metric is None:
        return []
    cut = cut_of(by, metric, viewer, cubes)
    title = f"What changed {metric.label.lower()}?"
    found = explain.explained(metric, cut, filters, viewer, cubes)
    if found is None:
        return panel(title, filters.sentence(cubes), not_available("There is no period to compare with."))
    earlier = filters.compared(cubes)
    caption = f"{filters.sentence(cubes)}, against {span_words(earlier, cubes)}"
    beside = _beside(filters, viewer, cubes, store)
    if found.reason:
        return panel(title, caption, [not_available(found.reason), *beside])
    body = [_table(found, cut, viewer, cubes), *beside]
    files = csv_link("overview", "explain", filters, viewer, explain=metric.name, cut=cut)
    return panel(_finding(found), caption, body, _foot(found), files)


def span_words(filters: Filters | None, cubes: Cubes) -> str:
    """The days of a period, as `1 Sep 2026 to 30 Sep 2026`."""
    span = None if filters is None else filters.days(cubes)
    return "" if span is None else f"{day(span[0])} to {day(span[1])}"


def _finding(found: Explained) -> str:
    """`Delivered rate fell by 0.40 pt: E-mail −0.52 pt`, by rule."""
    change, metric = found.change, found.metric
    verb = "rose" if change > 0 else "fell"
    told = f"{metric.label} {verb} by {_amount(abs(change), metric)}"
    largest = next((line for line in found.lines if line.effect.part != NOT_TOLD), None)
    if abs(_scaled(change, metric)) < LEAST_SEEN or largest is None:
        return f"{metric.label} did not change"
    both = largest.effect.both
    if (both > 0) is not (change > 0):
        return f"{told}, although {largest.name} moved it the other way most"
    return f"{told}: {largest.name} {_signed(both, metric)}"


def _table(found: Explained, cut: str, viewer: Viewer, cubes: Cubes) -> Component:
    metric = found.metric
    named = explain.cuts(metric, viewer, cubes)[cut]
    told = [*found.lines[:MOST], *(line for line in found.lines[MOST:] if line.effect.part == NOT_TOLD)]
    rest = [line for line in found.lines[MOST:] if line.effect.part != NOT_TOLD]
    rows = [_row(line, metric) for line in told]
    if rest:
        rows.append(_sum_row(f"{len(rest)} others", rest, metric))
    rows.append(_sum_row("Together", found.lines, metric, whole=found))
    effects = ["By its share", "By its rate", "Together"] if metric.is_ratio else ["Change"]
    heads = [named, html.Th("Before", scope="col", className="number", **about(metric)), "Now", *effects]
    return tables.table(heads, rows, f"What changed {metric.label.lower()}", "explained words")


def _row(line: Line, metric: Metric) -> list[Any]:
    hidden = "is-withheld" if line.effect.part == NOT_TOLD else ""
    effects = [line.effect.mix, line.effect.rate, line.effect.both] if metric.is_ratio else [line.effect.both]
    return [
        html.Span(line.name, className=hidden) if hidden else line.name,
        *(_value(value, metric) for value in (line.before, line.now)),
        *(_effect(one, metric) for one in effects),
    ]


def _value(value: Any, metric: Metric) -> Component:
    if value is None:
        return html.Td("–", className="number is-nothing")
    return html.Td(
        written(value, metric), className=f"number {tables.face(value)}".strip(), **hint(value, metric)
    )


def _sum_row(name: str, lines: Sequence[Line], metric: Metric, whole: Explained | None = None) -> list[Any]:
    mix, rate = sum(line.effect.mix for line in lines), sum(line.effect.rate for line in lines)
    effects = [mix, rate, mix + rate] if metric.is_ratio else [mix + rate]
    values = (whole.before, whole.now) if whole else (None, None)
    cells = [_value(value, metric) if value else html.Td("", className="number") for value in values]
    return [html.Strong(name) if whole else name, *cells, *(_effect(one, metric) for one in effects)]


def _effect(change: float, metric: Metric) -> Component:
    return html.Td(_signed(change, metric), className="number")


def _signed(change: float, metric: Metric) -> str:
    if abs(_scaled(change, metric)) < LEAST_SEEN:
        return "0"
    return f"{'+' if change > 0 else MINUS}{_amount(abs(change), metric)}"


def _amount(size: float, metric: Metric) -> str:
    unit = " pt" if metric.shape == "rate" else ""
    scaled = _scaled(size, metric)
    return f"{scaled:.2f}{unit}" if metric.is_ratio else count(scaled)


def _scaled(change: float, metric: Metric) -> float:
    return 100 * change if metric.shape == "rate" else change


def _foot(found: Explained) -> list[Component]:
    words = []
    if found.metric.is_ratio:
        words.append(
            "By its share: the part became a larger or smaller share of the whole. By its rate: the part "
            "did better or worse. Both at the middle of the two periods; together they are the change."
        )
    if any(line.effect.part == NOT_TOLD for line in found.lines):
        words.append("Not told: what the whole has and no part that may be told; with it the sum holds.")
    if explain.in_part(found):
        words.append("The figures leave groups out (◐), and so does their change.")
    return [html.Span(one) for one in words]


@dataclass(frozen=True)
class Event:
    """Something that happened on a day of the two periods, in words."""

    day: int
    words: str


def _beside(filters: Filters, viewer: Viewer, cubes: Cubes, store: Store) -> list[Component]:
    """Notes and events of the data on the days of both periods."""
    span, earlier = filters.days(cubes), filters.compared(cubes)
    past = None if earlier is None else earlier.days(cubes)
    if span is None or past is None:
        return []
    spans = (past, span)
    kept = filters.campaigns(cubes, viewer)
    found = [
        Event(note.day, f"Note: {note.text}")
        for first, last in spans
        for note in store.notes(kept, first, last)
        if note.campaign is not None or viewer.scope.whole
    ]
    found += _alerts(spans, set(kept), viewer, cubes, store)
    if viewer.scope.whole:
        found += _of_data(spans, cubes)
    told = sorted({(one.day, one.words) for one in found}, reverse=True)[:EVENTS]
    if not told:
        return [html.P("No notes and no events of the data in the two periods.", className="quiet")]
    rows = [
        html.Li(
            [html.Strong(day(at)), html.Span(" before: " if at < span[0] else ": ", className="quiet"), words]
        )
        for at, words in told
    ]
    return [
        html.H3("In the two periods", className="panel-caption"),
        html.Ul(rows, className="beside-change"),
    ]


def _alerts(
    spans: Sequence[tuple[int, int]], kept: set[str], viewer: Viewer, cubes: Cubes, store: Store
) -> list[Event]:
    """What departed from its past: an outage, a source that fell silent."""
    found = []
    for one in store.alerts.all():
        mine = one.campaign in kept if one.campaign else viewer.scope.whole
        first = one.first_day if one.first_day is not None else one.last_day
        if not mine or first is None or not any(low <= first <= high for low, high in spans):
            continue
        subject = CHANNEL_LABELS.get(one.subject, one.subject)
        name = cubes.campaigns[one.campaign].name if one.campaign in cubes.campaigns else subject
        found.append(Event(first, f"Alert: {one.kind.replace('_', ' ')}, {name}"))
    return found


def _of_data(spans: Sequence[tuple[int, int]], cubes: Cubes) -> list[Event]:
    """Days on which the definitions changed, or a source went quiet that is late now."""
    found = []
    rows = cubes.lake.snapshots().sort("snapshot").select("published_us", "definitions").rows()
    for (_, before), (at_us, after) in pairwise(rows):
        if before != after:
            found.append(Event(_day_of(at_us), f"Definitions changed from {before} to {after}"))
    for one in catalogue(cubes).outreach:
        if one.sets and one.active:
            found.append(Event(_day_of(one.last_us), f"Source {one.source} reaches no further than this day"))
    return [one for one in found if any(low <= one.day <= high for low, high in spans)]


def _day_of(us: int) -> int:
    return us // 86_400_000_000
