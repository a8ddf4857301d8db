"""Explore's chart: lines over time, or a heat map of two dimensions; bars stand in the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc
from dash.development.base_component import Component

from data.answer import Answer, Released, Status
from data.codebook import SEVERAL
from data.cubes import Cubes
from data.ordering import natural
from data.viewer import Viewer
from pages.buckets import NOTHING, buckets_of
from pages.campaign_days import marks_of
from pages.day_notes import listed
from pages.explore_asked import Asked
from pages.explore_words import part_label
from pages.questions import buckets_between
from pages.table import chart_link
from state.store import Note
from ui import html
from ui.aria import aria
from ui.faces import no_data, not_available, withheld
from ui.heat import heat, scale
from ui.lines import Line, colour_of, lines
from ui.marks import with_marks
from ui.panels import panel
from ui.theme import GRAPH_CONFIG, LIGHT, scheme_of

MOST_LINES, MOST_CHANNELS = 4, 8
MOST_CELLS = 140


def panel_of(
    view: Asked, told: Answer, notes: Sequence[Note], viewer: Viewer, cubes: Cubes, theme: object
) -> list[Component]:
    """The children of the chart's panel; nothing where the question has no chart."""
    if view.drawn == "lines":
        return _lines(view, told, notes, viewer, cubes, theme)
    return _heat(view, told, viewer, cubes) if view.drawn == "heat" else []


def _empty(view: Asked, told: Answer) -> Component | None:
    """The right face of nothing, where no value of the chart can be shown."""
    values = told.column(view.charted.name)
    if any(value.value is not None for value in values):
        return None
    hidden = [value for value in values if value.status is Status.WITHHELD]
    reason = told.unavailable.get(view.charted.name) or told.hidden.get(view.charted.name, "")
    if hidden or view.charted.name in told.hidden:
        return withheld(hidden[0].reason if hidden else reason)
    return not_available(reason) if reason else no_data()


def series_of(view: Asked, told: Answer, cubes: Cubes) -> dict[str, dict[int, Released]]:
    """Per line its values by bucket; the largest lines first, by what is told of them."""
    at = view.by.index(view.time)
    found: dict[str, dict[int, Released]] = {}
    for row in told.rows:
        start, value = row.key[at], row.values[view.charted.name]
        rest = [
            part_label(name, part, cubes)
            for place, (name, part) in enumerate(zip(view.by, row.key, strict=True))
            if place != at
        ]
        if isinstance(start, int) and start and value.status is not Status.NOT_AVAILABLE:
            found.setdefault(" · ".join(rest), {})[start] = value
    return dict(sorted(found.items(), key=lambda item: (-_weight(item[1]), natural(item[0] or " "))))


def _weight(values: dict[int, Released]) -> float:
    """How much is behind a line: its base for a rate, its count otherwise."""
    return sum(one.denominator or one.value or 0 for one in values.values() if one.value is not None)


def starts_of(series: dict[str, dict[int, Released]], time: str) -> list[int]:
    """Every bucket from the first to the last that has a value."""
    known = [start for values in series.values() for start in values]
    return buckets_between(min(known), max(known), time) if known else []


def _lines(
    view: Asked, told: Answer, notes: Sequence[Note], viewer: Viewer, cubes: Cubes, theme: object
) -> list[Component]:
    metric, caption = view.charted, view.filters.sentence(cubes)
    title = f"{metric.label} by {view.time}"
    series = series_of(view, told, cubes)
    starts = starts_of(series, view.time)
    nothing = _empty(view, told)
    if nothing is not None or not starts:
        return panel(title, caption, nothing or no_data())
    shown = _shown(view, series, starts, cubes)
    buckets = buckets_of(starts, view.time, view.filters, cubes)
    scheme = scheme_of(theme)
    figure: Any = with_marks(
        lines(buckets, shown, metric, scheme), marks_of(notes, starts, view.time), scheme
    )
    config: Any = GRAPH_CONFIG
    graph = dcc.Graph(figure=figure, config=config, className="chart", responsive=True)
    words = f"{title}. {caption}. The table below has every value."
    drawn = html.Div(graph, role="img", className="chart-frame", **aria(label=words))
    foot = [
        *_key(shown),
        *_marks_key(view, buckets, shown),
        *_left_out(shown, series),
        *listed(notes, view.filters, viewer, cubes),
    ]
    return panel(title, caption, drawn, foot, _link(view, viewer))


def _shown(
    view: Asked, series: dict[str, dict[int, Released]], starts: Sequence[int], cubes: Cubes
) -> list[Line]:
    alone = len(view.by) == 2 and "channel" in view.by
    names = list(series)[: MOST_CHANNELS if alone else MOST_LINES]
    codes = {part_label("channel", one, cubes): one for one in cubes.channels_of(None)} if alone else {}
    return [
        Line(name, [series[name].get(start, NOTHING) for start in starts], codes.get(name, ""), place)
        for place, name in enumerate(names)
    ]


def _key(shown: Sequence[Line]) -> list[Component]:
    """The lines by name and colour; one line needs no name."""
    if len(shown) < 2:
        return []
    return [
        html.Span([html.Span(className=f"key-line {_tone(line)}"), line.name], className="key")
        for line in shown
    ]


def _tone(line: Line) -> str:
    known = colour_of(line, LIGHT) == LIGHT.channels.get(line.channel)
    return f"channel-{line.channel}" if line.channel and known else f"line-{line.place}"


def _marks_key(view: Asked, buckets: Sequence[Any], shown: Sequence[Line]) -> list[Component]:
    found: list[Component] = []
    if any(one.partial for one in buckets):
        found.append(
            html.Span([html.Span(className="key-ring"), f"only part of the {view.time}"], className="key")
        )
    gaps = sum(value.status is Status.WITHHELD for line in shown for value in line.values)
    if gaps:
        found.append(html.Span(f"{gaps} withheld to protect members: a gap in the line", className="key"))
    return found


def _left_out(shown: Sequence[Line], series: dict[str, dict[int, Released]]) -> list[Component]:
    if len(series) <= len(shown):
        return []
    return [html.Span(f"The {len(shown)} largest of {len(series)}; the table has all.")]


def _heat(view: Asked, told: Answer, viewer: Viewer, cubes: Cubes) -> list[Component]:
    metric, caption = view.charted, view.filters.sentence(cubes)
    down, across = view.by
    title = (
        f"{metric.label} by {cubes.dimension(down).label.lower()} and {cubes.dimension(across).label.lower()}"
    )
    nothing = _empty(view, told)
    if nothing is not None or not len(told.rows):
        return panel(title, caption, nothing or no_data())
    cells = {(row.key[0], row.key[1]): row.values[metric.name] for row in told.rows}
    rows, columns = (_values(place, view, told, cubes) for place in (0, 1))
    kept = rows[: max(3, MOST_CELLS // max(1, len(columns)))]
    values = [[cells.get((row, column), NOTHING) for column in columns] for row in kept]
    drawn = heat(
        [part_label(down, one, cubes) for one in kept],
        [part_label(across, one, cubes) for one in columns],
        values,
        metric,
        title,
        cubes.dimension(down).label,
    )
    more = (
        [html.Span(f"The first {len(kept)} of {len(rows)} rows; the table has all.")]
        if len(kept) < len(rows)
        else []
    )
    foot = [*scale(values, metric), *more, *_hidden(values)]
    return panel(title, caption, drawn, foot, _link(view, viewer))


def _values(place: int, view: Asked, told: Answer, cubes: Cubes) -> list[object]:
    """The values of one dimension in the order people expect."""
    met = dict.fromkeys(row.key[place] for row in told.rows)
    if view.by[place] == view.time:
        return sorted(met, key=lambda one: (not isinstance(one, int), one if isinstance(one, int) else 0))
    return sorted(
        met, key=lambda one: (one == SEVERAL, natural(part_label(view.by[place], one, cubes) or " "))
    )


def _hidden(values: Sequence[Sequence[Released]]) -> list[Component]:
    hidden = sum(value.status is Status.WITHHELD for row in values for value in row)
    return [html.Span(f"{hidden} withheld to protect members", className="key")] if hidden else []


def _link(view: Asked, viewer: Viewer) -> list[Any]:
    more = {name: ",".join(getattr(view, name)) for name in ("metrics", "by")}
    return chart_link("explore", "figures", view.filters, viewer, **more)
