"""The Overview's heat map: one rate by channel and one member attribute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from dash.development.base_component import Component

from config.vocabulary import CHANNEL_LABELS
from data.answer import Answer, Released, Row, Status
from data.codebook import SEVERAL
from data.cubes import Cubes
from data.filters import Filters
from data.filters import attributes as attributes_offered
from data.metrics import METRICS, Metric
from data.ordering import natural
from data.release import label
from data.sums import NO_BASE
from data.viewer import Viewer
from pages import coverage, questions
from pages.answers import ask
from pages.coarser import Asked, offer
from pages.overview_ids import Ids
from pages.overview_panels import csv_link, empty, so_far
from ui import html, tables
from ui.clocks import day as day_words
from ui.coarser import Offer, in_foot, instead
from ui.faces import not_available
from ui.heat import heat, scale
from ui.numbers import written
from ui.panels import panel

METRICS_SHOWN = ("delivered_rate", "click_rate", "conversion_rate", "opt_outs_per_1000")
FIRST = "segment"
UNKNOWN = "(unknown)"
NOTHING_THERE = Released(None, Status.RELEASED, reason="Nothing happened here.")
FOUND_FROM = 200  # below it, one cell in a map is an extreme by chance


def attributes(viewer: Viewer, cubes: Cubes) -> list[str]:
    """The attributes of the members that the viewer's campaigns reach."""
    return list(attributes_offered(cubes, viewer))


def attribute_of(asked: object, viewer: Viewer, cubes: Cubes) -> str | None:
    """The attribute that is asked for, else segment or the first; None where members have none."""
    known = attributes(viewer, cubes)
    if isinstance(asked, str) and asked in known:
        return asked
    return FIRST if FIRST in known else next(iter(known), None)


def metric_of(asked: object) -> str:
    """The metric that is asked for, else the first."""
    return asked if isinstance(asked, str) and asked in METRICS_SHOWN else METRICS_SHOWN[0]


def heat_answer(filters: Filters, viewer: Viewer, cubes: Cubes, heat: str = "") -> Answer:
    """All rates of the map by channel and the attribute `heat`; `LookupError` where members have none."""
    name = attribute_of(heat, viewer, cubes)
    if name is None or (heat and name != heat):
        raise LookupError(f"There is no attribute {heat!r}.")
    answer = ask(METRICS_SHOWN, ("channel", name), filters, viewer, cubes)
    return coverage.honest(answer, filters, viewer, cubes)


def heat_map(filters: Filters, viewer: Viewer, cubes: Cubes, by: object, of: object) -> list[Component]:
    """The children of the panel: head first, then body and foot."""
    name, metric = attribute_of(by, viewer, cubes), METRICS[metric_of(of)]
    if name is None:
        return panel(_plain(metric, "member attribute"), filters.sentence(cubes), not_available(
            "No source states an attribute of members."
        ))  # fmt: skip
    words = cubes.dimension(name).label.lower()
    answer = heat_answer(filters, viewer, cubes, name)
    cells = {(str(row.key[0]), str(row.key[1])): row.values[metric.name] for row in answer.rows}
    if not cells:
        way_on = _coarser(name, metric, filters, viewer, cubes)
        nothing = instead(way_on) if way_on else empty("delivered", filters, viewer, cubes)
        return panel(_plain(metric, words), filters.sentence(cubes), nothing)
    late = metric.name == "conversion_rate" and so_far(filters, viewer, cubes)
    channels = [name for name in CHANNEL_LABELS if any(name == row for row, _ in cells)]
    channels += sorted({row for row, _ in cells} - set(channels))
    silent = [one for one in channels if not any(_reported(v) for (row, _), v in cells.items() if row == one)]
    channels = [one for one in channels if one not in silent] or channels
    values = sorted({column for _, column in cells}, key=natural)
    told = [[cells.get((row, column), NOTHING_THERE) for column in values] for row in channels]
    drawn = heat(
        [CHANNEL_LABELS.get(one, one) for one in channels],
        [label(one) for one in values],
        told,
        metric,
        f"{metric.label} by channel and {words}",
        "Channel",
    )
    title = _plain(metric, words) + ", so far" if late else _finding(cells, metric, words)
    silent = [one for one in silent if one not in channels]
    left_out = [html.Span(coverage.words(silent))] if silent else []
    way_on = _coarser(name, metric, filters, viewer, cubes)
    foot = [
        *scale(told, metric),
        *left_out,
        *tables.hidden_words([_only(answer, metric.name)]),
        *in_foot(way_on),
    ]
    caption = f"{filters.sentence(cubes)}{_until(filters, viewer, cubes) if late else ''}"
    return panel(title, caption, drawn, foot, csv_link("heat", filters, viewer, heat=name))


def _coarser(name: str, metric: Metric, filters: Filters, viewer: Viewer, cubes: Cubes) -> Offer | None:
    """What the map says of itself where it tells little, and a question that tells more."""

    def address(kept: Filters, by: str) -> str:
        return "/?" + urlencode({**kept.query(), "heat": by, "of": metric.name})

    asked = Asked(
        (metric.name,),
        name,
        filters,
        lambda kept, by: heat_answer(kept, viewer, cubes, by),
        address,
        tuple(attributes(viewer, cubes)),
        f"#{Ids.CHANNELS}",
    )
    return offer(asked, viewer, cubes)


def _reported(value: Released) -> bool:
    return value.status is not Status.NOT_AVAILABLE and value.reason != NO_BASE


def _until(filters: Filters, viewer: Viewer, cubes: Cubes) -> str:
    through = day_words(questions.outcomes_through(filters, viewer, cubes))
    return f" · more outcomes to come; complete through {through}"


def _plain(metric: Metric, words: str) -> str:
    return f"{metric.label} by channel and {words}"


def _finding(cells: dict[tuple[str, str], Released], metric: Metric, words: str) -> str:
    """The lowest and the highest cell; nothing is found where they are close together."""
    told = [
        (value.value, key)
        for key, value in cells.items()
        if value.value is not None
        and (value.denominator or 0) >= FOUND_FROM
        and key[1] not in (UNKNOWN, SEVERAL)
    ]
    if len(told) < 2:
        return _plain(metric, words)
    (low, least), (high, most) = min(told), max(told)
    if high - low <= 0.02 * abs(high):
        return f"{metric.label} is much the same in every channel and {words}"
    ends = [f"{written(cells[key], metric)} ({_where(key)})" for key in (least, most)]
    return f"{metric.label}: from {ends[0]} to {ends[1]}"


def _where(key: Sequence[str]) -> str:
    return f"{CHANNEL_LABELS.get(key[0], key[0])}, {label(key[1])}"


def _only(answer: Answer, metric: str) -> Answer:
    rows = tuple(Row(row.key, {metric: row.values[metric]}) for row in answer.rows)
    return replace(answer, metrics=(metric,), rows=rows)
