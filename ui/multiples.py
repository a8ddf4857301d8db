"""Small multiples: one small chart of bars per row of a table, all on one scale, each with its name on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from dash.development.base_component import Component

from data.answer import Released, Status
from ui import html
from ui.aria import aria
from ui.figures import Bucket

STEP, BAR, HEIGHT = 10, 7, 60
SAFE = " =:/,'"


@dataclass(frozen=True)
class Small:
    """One chart: its name, the class that gives its colour, a value per bucket, and what is said of it."""

    name: str
    tone: str
    values: Sequence[Released]
    words: str


def multiples(charts: Sequence[Small], buckets: Sequence[Bucket], top_words: str) -> Component:
    """The charts on one scale from zero; a partial bucket is hollow, a withheld one a cross."""
    top = max((value.value or 0 for chart in charts for value in chart.values), default=0)
    drawn = [
        _chart(chart, buckets, top, top_words if place == 0 else "") for place, chart in enumerate(charts)
    ]
    return html.Ul(drawn, className="multiples")


def _chart(chart: Small, buckets: Sequence[Bucket], top: float, scale: str) -> Component:
    address = f'url("data:image/svg+xml,{quote(_picture(chart.values, buckets, top), safe=SAFE)}")'
    ends = [html.Span(buckets[0].label), html.Span(buckets[-1].label)] if buckets else []
    bars = html.Div(
        className=f"bars {chart.tone}".strip(), style={"--bars": address}, role="img",
        **aria(label=f"{chart.name}: {chart.words}"),
    )  # fmt: skip
    return html.Li(
        [
            html.Div([html.Strong(chart.name), html.Span(chart.words)], className="multiple-head"),
            html.Div([html.Span(scale, className="multiple-top"), bars], className="multiple-bars"),
            html.Div(ends, className="multiple-ends", **aria(hidden="true")),
        ],
        className="multiple",
    )


def _picture(values: Sequence[Released], buckets: Sequence[Bucket], top: float) -> str:
    """Bars on whole numbers, each drawn from where the last one began, so that many charts stay small."""
    paths = {"whole": "", "hollow": "", "cross": ""}
    steps = dict.fromkeys(paths, 0)
    for place, (value, bucket) in enumerate(zip(values, buckets, strict=True)):
        if value.value is None and value.status is not Status.WITHHELD:
            continue
        kind = "cross" if value.value is None else "hollow" if bucket.partial else "whole"
        high = max(1, round((HEIGHT - 2) * (value.value or 0) / top)) if value.value and top else 0
        if kind == "cross" or high:
            shape = "m1-8l5 6m0-6l-5 6m-1 2" if kind == "cross" else f"v-{high}h{BAR}v{high}h-{BAR}"
            paths[kind] += (f"m{STEP * (place - steps[kind])} 0" if place - steps[kind] else "") + shape
            steps[kind] = place
    stroke = "fill='none' stroke='#000' vector-effect='non-scaling-stroke'"
    begin = f"M1 {HEIGHT}"
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {STEP * max(1, len(values))} {HEIGHT}' "
        f"preserveAspectRatio='none'><path d='{begin}{paths['whole']}'/>"
        f"<path d='{begin}{paths['hollow']}' {stroke} stroke-width='1.3' stroke-dasharray='3 2'/>"
        f"<path d='{begin}{paths['cross']}' {stroke}/></svg>"
    )
