"""Compare's curve: running totals aligned on the days since launch, and the table behind it."""

from __future__ import annotations

from typing import Any

from dash import dcc
from dash.development.base_component import Component

from data.answer import Answer, Released, Status
from data.cubes import Cubes
from data.metrics import METRICS, Metric
from data.viewer import Viewer
from pages import compare_questions as questions
from pages.compare_chosen import Chosen, Launched, launched
from pages.compare_ids import Ids
from pages.compare_table import told
from pages.compare_words import TAGS, curve_title, tag
from pages.table import chart_link, csv_link
from ui import html, tables
from ui.aria import aria
from ui.faces import no_data, not_available, withheld
from ui.numbers import written
from ui.panels import panel
from ui.since import Dash, Line, Point, curves
from ui.theme import GRAPH_CONFIG, scheme_of

STEPS = (
    "Each member counts on the day of the first message; assigned members on the day of assignment. "
    "A step stands where a total may be told, never between."
)


def panel_of(asked: Chosen, viewer: Viewer, cubes: Cubes, theme: object) -> list[Component]:
    """The children of the curve's panel."""
    answer, campaigns = questions.curve(asked, viewer, cubes), launched(asked, viewer, cubes)
    metric = METRICS[asked.metric]
    lines = [
        Line(TAGS[place], place, _points(one, answer, metric, asked, viewer, cubes))
        for place, one in enumerate(campaigns)
    ]
    title, caption = curve_title(answer, asked), _caption(answer, metric)
    more = told(asked, "window", "metric")
    if not any(line.points for line in lines):
        return panel(
            title,
            caption,
            _nothing(answer, asked, viewer, cubes),
            (),
            csv_link("compare", "curve", asked.filters, viewer, **more),
        )
    figure: Any = curves(lines, metric, scheme_of(theme))
    config: Any = GRAPH_CONFIG
    graph = dcc.Graph(figure=figure, config=config, className="chart", responsive=True)
    words = f"{title}. {caption} The table below has every value."
    drawn = html.Div(graph, role="img", className="chart-frame", **aria(label=words))
    fold = tables.behind_chart(Ids.CURVE_OPENER, Ids.CURVE_TABLE)
    tools = chart_link("compare", "curve", asked.filters, viewer, **more)
    return panel(title, caption, [drawn, fold], _foot(lines, campaigns, answer, metric), tools)


def _caption(answer: Answer, metric: Metric) -> str:
    return f"{metric.label}, added up over the {answer.sentence}."


def _points(
    one: Launched, answer: Answer, metric: Metric, asked: Chosen, viewer: Viewer, cubes: Cubes
) -> list[Point]:
    found = []
    for row in answer.rows:
        if row.key[0] == one.campaign.id and (shown := row.values[metric.name]).value is not None:
            day = int(str(row.key[1]))
            final = not questions.so_far(one, metric, day, asked, viewer, cubes)
            in_part = shown.status is Status.PARTIAL
            dash: Dash = "dot" if in_part else "solid" if final else "dash"
            found.append(Point(day, shown.value, _hover(day, shown, metric, final), dash))
    return found


def _hover(day: int, value: Released, metric: Metric, final: bool) -> str:
    more = (" so far" if not final else "") + (", in part" if value.status is Status.PARTIAL else "")
    return f"day {day:,}: {written(value, metric)}{more}"


def _foot(lines: list[Line], campaigns: list[Launched], answer: Answer, metric: Metric) -> list[Component]:
    key = [
        html.Span(
            [tag(place), one.campaign.name, *_missing(one, lines[place], answer, metric)], className="key"
        )
        for place, one in enumerate(campaigns)
    ]
    drawn = {point.dash for line in lines for point in line.points}
    marks = [
        html.Span([html.Span(className=f"key-{dash}"), words], className="key")
        for dash, words in (("dash", "outcomes still to come"), ("dot", "counted in part"))
        if dash in drawn
    ]
    return [*key, *marks, html.Span(STEPS), *tables.hidden_words([answer])]


def _missing(one: Launched, line: Line, answer: Answer, metric: Metric) -> list[str]:
    """Why a chosen campaign has no line."""
    if line.points:
        return []
    if not one.reached:
        return [f": {questions.not_begun(one)[:-1].lower()}"]
    values = [row.values[metric.name] for row in answer.rows if row.key[0] == one.campaign.id]
    return [": withheld" if any(value.status is Status.WITHHELD for value in values) else ": not available"]


def _nothing(answer: Answer, asked: Chosen, viewer: Viewer, cubes: Cubes) -> Component:
    """The right face of nothing, with a way on."""
    values = answer.column(asked.metric)
    if any(value.status is Status.WITHHELD for value in values):
        return withheld(
            "Too few members to show without revealing someone. Members delivered to can often be told."
        )
    if not any(one.reached for one in launched(asked, viewer, cubes)):
        return no_data("None of these campaigns has begun.")
    reason = next(
        (value.reason for value in values if value.reason), "No source of these campaigns reports it."
    )
    return not_available(reason)


def table_of(asked: Chosen, viewer: Viewer, cubes: Cubes) -> Component:
    """The table behind the curve: a column per campaign; each value names its day since launch."""
    answer, width = questions.curve(asked, viewer, cubes), questions.width_of(asked, viewer, cubes)
    campaigns = {one.campaign.id: one for one in launched(asked, viewer, cubes)}
    cells: dict[int, dict[str, Component]] = {}
    for row in answer.rows:
        name, day = str(row.key[0]), int(str(row.key[1]))
        cell = _cell(row.values[asked.metric], day, campaigns[name], asked, viewer, cubes)
        cells.setdefault(questions.bucket(day, width), {})[name] = cell
    rows = [
        [_days(first, width), *(found.get(name, html.Td()) for name in campaigns)]
        for first, found in sorted(cells.items())
    ]
    named = enumerate(campaigns.values())
    heads = ["Days since launch", *(html.Th([tag(n), one.campaign.name], scope="col") for n, one in named)]
    return tables.table(heads, rows, f"{METRICS[asked.metric].label} since launch")


def _days(first: int, width: int) -> str:
    return f"{first:,}" if width == 1 else f"{first:,} – {first + width - 1:,}"


def _cell(value: Released, day: int, one: Launched, asked: Chosen, viewer: Viewer, cubes: Cubes) -> Component:
    metric = METRICS[asked.metric]
    so_far = value.shown and questions.so_far(one, metric, day, asked, viewer, cubes)
    css = f"{tables.face(value)}{' so-far' if so_far else ''}".strip()
    named: Any = {"className": css} if css else {}
    return html.Td(f"{written(value, metric)} · day {day:,}", **named)
