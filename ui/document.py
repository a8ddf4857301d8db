"""A document on a page: the same blocks as its PDF, with hints on figures and charts that answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc
from dash.development.base_component import Component
from msgspec import to_builtins

from data.answer import Released, Status
from data.metrics import DEFINED, Metric
from documents.model import (
    Band,
    Bars,
    Block,
    Document,
    Figure,
    Figures,
    Lines,
    Notes,
    Row,
    Sentences,
    Series,
    Table,
    Value,
)
from documents.outline import bucket, longest
from documents.svg import together
from ui import html
from ui.aria import aria
from ui.hints import about, hint
from ui.numbers import written
from ui.panels import panel
from ui.tables import face, table
from ui.theme import Palette, Scheme, palette, template

EACH, AROUND, MARKED = 110, 60, 40


def value_of(value: Released, metric: Metric, *, brief: bool = False) -> Value:
    """A released value as a document keeps it, with the text that every surface shows."""
    return Value(
        written(value, metric, brief=brief),
        metric.name,
        value.value,
        str(value.status),
        value.reason,
        value.numerator,
        value.denominator,
        value.approximate,
    )


def released_of(value: Value) -> Released:
    """The released value that a document keeps."""
    return Released(
        value.value, Status(value.status), value.numerator, value.denominator, value.approximate, value.reason
    )


def document(content: Document, scheme: Scheme) -> list[Component]:
    """The blocks of a document, each in a section of its own."""
    return [_section(block, scheme) for block in content.blocks]


def _section(block: Block, scheme: Scheme) -> Component:
    match block:
        case Figures():
            return html.Div(inside(block, scheme), className="kpis")
        case Sentences():
            return html.Section(
                panel(block.title, "", inside(block, scheme)), className="panel card sentences"
            )
        case Notes():
            return html.Ul(inside(block, scheme), className="report-notes")
        case Lines() | Bars() | Table():
            return html.Section(
                panel(block.title, block.caption, inside(block, scheme)), className="panel card"
            )


def inside(block: Block, scheme: Scheme) -> list[Component]:
    """A block without what stands around it, for a page that has a place of its own for it."""
    match block:
        case Figures():
            return [_figure(one) for one in block.items]
        case Sentences():
            return _sentences(block)
        case Notes():
            return [html.Li(words) for words in block.items]
        case Lines():
            return _lines(block, scheme)
        case Bars() | Table():
            return _table(block)


def _figure(one: Figure) -> Component:
    shown = html.P(
        html.Span(one.value.text), className=f"kpi-number {_face(one.value)}".strip(), **_hint(one.value)
    )
    change = [
        html.P(
            [html.Span(one.change, className=one.tone), html.Span(f" {one.versus}", className="quiet")],
            className="kpi-change",
        )
    ]
    note = [html.P(one.note, className="kpi-note")] if one.note else []
    return html.Div(
        [html.H2(one.label, className="kpi-label"), shown, *(change if one.change else []), *note],
        className="kpi card",
    )


def _sentences(block: Sentences) -> list[Component]:
    made: list[Component] = []
    for one in block.items:
        label: list[Component] = [html.Strong(f"{one.label} ")] if one.label else []
        made.append(html.P([*label, one.text], className="finding"))
    return made


def _table(block: Table | Bars) -> list[Component]:
    if not block.rows:
        return [html.P(block.empty, className="quiet")]
    top = longest(block) if isinstance(block, Bars) else 0
    heads = [html.Th(block.columns[0].label, scope="col"), *_heads(block)]
    rows = [
        [
            _named(row),
            *(
                _cell(value, column.number, 0 if place else top, row.band)
                for place, (value, column) in enumerate(zip(row.values, block.columns[1:], strict=True))
            ),
        ]
        for row in block.rows
    ]
    note = [html.P(block.note, className="quiet")] if isinstance(block, Table) and block.note else []
    return [table(heads, rows, block.title), *note]


def _heads(block: Table | Bars) -> list[Component]:
    """Heads that name the metric of their column, where all its values are of one."""
    heads: list[Component] = []
    for place, column in enumerate(block.columns[1:]):
        metrics = {row.values[place].metric for row in block.rows}
        metric = DEFINED.get(metrics.pop()) if len(metrics) == 1 else None
        named = about(metric) if metric is not None else {}
        right = column.number and not (place == 0 and isinstance(block, Bars))
        css = "" if not right else "number" if named else "to-right"  # of several metrics: of none alone
        heads.append(html.Th(column.label, scope="col", className=css, **named))
    return heads


def _named(row: Row) -> Any:
    return html.A(row.label, href=row.href) if row.href else row.label


def _cell(value: Value, number: bool, top: float, band: Band | None) -> Component:
    css = f"{'number' if number else ''} {face(released_of(value)) if value.value is None else ''}".strip()
    if top:
        return _bar(value, top, band)
    return html.Td(value.text, className=css, **_hint(value))


def _bar(value: Value, top: float, band: Band | None) -> Component:
    ends = {"share": value.value, **(to_builtins(band) if band is not None else {})}
    style = {f"--{name}": f"{100 * end / top:.1f}%" for name, end in ends.items() if end}
    share: Any = {"style": style} if style else {}
    css = "" if value.value is not None else face(released_of(value))
    held = "banded " if band is not None else ""
    return html.Td(value.text, className=f"bar-in {held}{css}".strip(), **share, **_hint(value))


def _hint(value: Value) -> Any:
    metric = DEFINED.get(value.metric)
    return hint(released_of(value), metric, value.text) if metric is not None else {}


def _face(value: Value) -> str:
    if value.value is not None:
        return ""
    return {"withheld": "is-withheld", "not available": "is-absent"}.get(value.status, "is-nothing")


def _lines(block: Lines, scheme: Scheme) -> list[Component]:
    apart = [one for one in block.series if not one.dashed]
    groups = [list(block.series)] if together(block) else [[one, *_beside(one, block)] for one in apart]
    figure: Any = _drawn(block, groups, scheme)
    config: Any = {"displayModeBar": False, "responsive": True}
    graph = dcc.Graph(figure=figure, config=config, className="chart", responsive=True)
    words = f"{block.title}. {block.caption}"
    high = {"minHeight": f"{figure['layout']['height']}px"}
    return [html.Div(graph, className="chart-frame", style=high, role="img", **aria(label=words))]


def _beside(series: Series, block: Lines) -> list[Series]:
    return [one for one in block.series if one.dashed and one.label.startswith(series.label)]


def _drawn(block: Lines, groups: Sequence[Sequence[Series]], scheme: Scheme) -> dict[str, Any]:
    colours, axes = palette(scheme), {}
    data, notes = [], []
    share = 1 / len(groups)
    for place, group in enumerate(groups):
        low = 1 - (place + 1) * share
        number = "" if place == 0 else str(place + 1)
        several = sum(not one.dashed for one in group) > 1
        axes[f"yaxis{number}"] = _axis(block.unit, low, low + share * (0.95 if several else 0.76), scheme)
        data += [_trace(one, block, f"y{number}", colours) for one in group]
        title = "" if several else " · ".join(one.label for one in group)
        notes += [_title(title, low + share * 0.78, colours)] if title else []
        notes += [_end(one, block, f"y{number}", colours) for one in group] if several else []
    layout = {
        "template": template(scheme),
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "height": EACH * len(groups) + AROUND,
        "xaxis": {"type": "category", "nticks": 6, "anchor": f"y{len(groups)}" if len(groups) > 1 else "y"},
        "annotations": notes,
        "shapes": _seam(block, colours),
        **axes,
    }
    return {"data": data, "layout": layout}


def _end(series: Series, block: Lines, axis: str, colours: Palette) -> dict[str, Any]:
    """A line's name beside the last of its values that is told."""
    told = [place for place, value in enumerate(series.values) if value.value is not None]
    at = told[-1] if told else 0
    return {
        "text": series.label, "x": bucket(block.x[at], short=True), "y": series.values[at].value or 0,
        "xref": "x", "yref": axis, "xanchor": "right", "yanchor": "bottom", "yshift": 4, "showarrow": False,
        "font": {"size": 12, "color": colours.quiet},
    }  # fmt: skip


def _seam(block: Lines, colours: Palette) -> list[dict[str, Any]]:
    """A dotted line through all charts at the bucket from which history is of another source."""
    if block.seam not in block.x:
        return []
    at = bucket(block.seam, short=True)
    line = {"color": colours.quiet, "width": 1, "dash": "dot"}
    return [
        {"type": "line", "xref": "x", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": 1, "line": line}
    ]


def _axis(unit: str, low: float, high: float, scheme: Scheme) -> dict[str, Any]:
    quiet = template(scheme)["layout"]["yaxis"]
    percent = {"tickformat": ".1~%" if unit == "%" else "~s"}
    return {**quiet, "domain": [low, high], "rangemode": "tozero", "nticks": 3, **percent}


def _trace(series: Series, block: Lines, axis: str, colours: Palette) -> dict[str, Any]:
    quiet = {"color": colours.quiet, "dash": "dot", "width": 2}
    return {
        "type": "scatter",
        "mode": "lines" if len(block.x) > MARKED else "lines+markers",
        "x": [bucket(one, short=True) for one in block.x],
        "y": [value.value for value in series.values],
        "yaxis": axis,
        "connectgaps": False,
        "customdata": [value.text for value in series.values],
        "hovertemplate": f"{series.label} %{{customdata}}<extra></extra>",
        "line": quiet if series.dashed else {"color": colours.accent, "width": 2},
        "marker": {"size": 4},
    }


def _title(words: str, at: float, colours: Palette) -> dict[str, Any]:
    return {
        "text": words, "x": 0, "y": at, "xref": "paper", "yref": "paper", "xanchor": "left",
        "yanchor": "bottom", "showarrow": False, "font": {"size": 12, "color": colours.quiet},
    }  # fmt: skip
