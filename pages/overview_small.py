"""The Overview's small multiples: deliveries over time, one small chart per channel or program."""

from __future__ import annotations

from dash.development.base_component import Component

from config.vocabulary import CHANNEL_LABELS
from data.answer import Answer, Released, Status
from data.cubes import Cubes
from data.filters import Filters
from data.metrics import METRICS
from data.viewer import Viewer
from pages import questions
from pages.answers import ask
from pages.buckets import buckets_of
from pages.overview_ids import Ids
from pages.overview_panels import csv_link, empty
from ui import html, tables
from ui.figures import Bucket
from ui.multiples import Small, multiples
from ui.numbers import count, percent, written
from ui.panels import panel

BY = {"channel": "Channel", "program": "Program"}
METRIC = "delivered"
CHARTS = 8
WHEN = {"day": "on", "week": "in the week of", "month": "in"}
NOTHING = Released(0, Status.RELEASED, 0)


def cut_of(asked: object) -> str:
    """By what the charts are cut: channels, or programs."""
    return asked if isinstance(asked, str) and asked in BY else "channel"


def small_answer(filters: Filters, viewer: Viewer, cubes: Cubes, small: str = "channel") -> Answer:
    """Deliveries per bucket of time and channel or program; `LookupError` for any other cut."""
    if small not in BY:
        raise LookupError(f"There is no cut {small!r}.")
    return ask((METRIC,), (small, questions.bucket(filters, cubes)), filters, viewer, cubes)


def small(filters: Filters, viewer: Viewer, cubes: Cubes, by: object) -> list[Component]:
    """The children of the panel: head first, then body and foot."""
    cut = cut_of(by)
    answer, time = small_answer(filters, viewer, cubes, cut), questions.bucket(filters, cubes)
    series = _series(answer)
    caption = f"{filters.sentence(cubes)}. One scale for all, by {time}."
    if not series:
        return panel(f"Delivered by {cut}", caption, empty(METRIC, filters, viewer, cubes))
    starts = _starts(answer, time)
    buckets = buckets_of(starts, time, filters, cubes)
    largest = sorted(series, key=lambda name: -_sum(series[name]))
    charts = [_chart(name, cut, time, series[name], starts, buckets) for name in largest[:CHARTS]]
    top = max((value.value or 0 for one in charts for value in one.values), default=0)
    drawn = multiples(charts, buckets, f"to {count(top)}")
    fold = tables.behind_chart(Ids.SMALL_OPENER, Ids.SMALL_TABLE)
    body = [drawn, fold]
    return panel(
        _finding(cut, series, largest), caption, body, _key(time, buckets, charts, len(series)),
        csv_link("small", filters, viewer, small=cut),
    )  # fmt: skip


def small_table(filters: Filters, viewer: Viewer, cubes: Cubes, by: object) -> Component:
    """The table behind the charts: a row per bucket, a column per channel or program."""
    cut = cut_of(by)
    answer, time = small_answer(filters, viewer, cubes, cut), questions.bucket(filters, cubes)
    series, metric = _series(answer), METRICS[METRIC]
    names = sorted(series, key=lambda name: -_sum(series[name]))
    rows = [
        [questions.bucket_label(start, time), *(tables.cell(_at(series[n], start), metric) for n in names)]
        for start in _starts(answer, time)
    ]
    heads = [time.capitalize(), *(_label(name, cut) for name in names)]
    return tables.table(heads, rows, f"{metric.label} by {cut} and {time}")


def _series(answer: Answer) -> dict[str, dict[int, Released]]:
    found: dict[str, dict[int, Released]] = {}
    for row in answer.rows:
        if row.values[METRIC].status is not Status.NOT_AVAILABLE:
            found.setdefault(str(row.key[0]), {})[int(str(row.key[1]))] = row.values[METRIC]
    return found


def _starts(answer: Answer, time: str) -> list[int]:
    known = [int(str(row.key[1])) for row in answer.rows]
    if not known:
        return []
    return questions.buckets_between(min(known), max(known), time)


def _at(values: dict[int, Released], start: int) -> Released:
    return values.get(start, NOTHING)


def _sum(values: dict[int, Released]) -> float:
    return sum(value.value or 0 for value in values.values())


def _label(name: str, cut: str) -> str:
    return CHANNEL_LABELS.get(name, name) if cut == "channel" else name


def _chart(
    name: str, cut: str, time: str, values: dict[int, Released], starts: list[int], buckets: list[Bucket]
) -> Small:
    shown = [_at(values, start) for start in starts]
    whole = [(b, v) for b, v in zip(buckets, shown, strict=True) if not b.partial and v.shown]
    words = f"{written(whole[-1][1], METRICS[METRIC])} {WHEN[time]} {whole[-1][0].label}" if whole else ""
    tone = f"channel-{name}" if cut == "channel" else ""
    return Small(_label(name, cut), tone, shown, words)


def _finding(cut: str, series: dict[str, dict[int, Released]], largest: list[str]) -> str:
    """Who carries most of what is delivered."""
    every = sum(_sum(values) for values in series.values())
    first = _sum(series[largest[0]])
    if len(largest) < 2 or not every:
        return f"Everything delivered here is {_label(largest[0], cut)}"
    return f"{_label(largest[0], cut)} carries {percent(first / every)} of what is delivered, by {cut}"


def _key(time: str, buckets: list[Bucket], charts: list[Small], every: int) -> list[Component]:
    found: list[Component] = []
    if any(bucket.partial for bucket in buckets):
        found.append(
            html.Span([html.Span(className="key-hollow"), f"only part of the {time}"], className="key")
        )
    if any(value.status is Status.WITHHELD for chart in charts for value in chart.values):
        found.append(html.Span("× withheld to protect members", className="key"))
    if every > len(charts):
        found.append(html.Span(f"The {len(charts)} largest of {every}; the table has all."))
    return found
