"""Definitions: what every number means, how it adds up, when it is told, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping

from dash.development.base_component import Component

from config.permissions import Permission
from data import words
from data.cubes import Cubes
from data.dimensions import DIMENSIONS
from data.filters import attributes
from data.kept import kept_of
from data.metrics import DEFINITIONS_VERSION, METRICS, Metric
from data.viewer import Viewer
from pages.definitions_ids import Ids, part_id
from pages.definitions_utility import told_part
from pages.usage import used_by, uses_words
from ui import controls, html, tables
from ui.aria import aria, marks
from ui.head import page_actions, page_head
from ui.page import Page
from ui.panels import waiting

LEAD = "What every number means, how it adds up, when it may be told, and which tables show it."


PARTS: dict[str, str] = {
    **words.GROUPS,
    "evidence": "What outreach caused, and what is to come",
    "dimensions": "Dimensions",
    "release": "When a number is told",
    "told": "How much is told",
    "clocks": "Clocks",
    "nothing": "Faces of nothing",
    "glossary": "Glossary",
}


def layout(viewer: Viewer, cubes: Cubes, /, **query: str) -> Component:
    """The page for a viewer; `query` restores what was searched for. Its parts come one by one."""
    return html.Div(
        [
            _head(viewer, cubes),
            _search(query.get("q", "")),
            _places(),
            *(_section(part, title) for part, title in PARTS.items()),
        ],
        className="definitions",
    )


def _head(viewer: Viewer, cubes: Cubes) -> Component:
    lead = html.P([LEAD, " ", html.Span(version_words(cubes), className="quiet")], className="lead")
    file = tables.download("/definitions/metrics.csv", viewer.may(Permission.EXPORT))
    return page_head("Definitions", lead, [*file, *page_actions()])


@kept_of
def version_words(cubes: Cubes) -> str:
    """The version of the definitions in force, and since which snapshot figures are made by it."""
    told = f"Definitions version {DEFINITIONS_VERSION}"
    if not cubes.snapshot.number:
        return f"{told}; nothing has been published yet."
    if cubes.snapshot.definitions != DEFINITIONS_VERSION:
        return f"{told}; snapshot {cubes.snapshot.number} was published under {cubes.snapshot.definitions}."
    since = cubes.lake.snapshots().filter(definitions=DEFINITIONS_VERSION)["snapshot"].to_list()
    return f"{told}, in force since snapshot {min(since)}."


def _search(text: str) -> Component:
    return html.Div(
        [
            controls.Label("Search the definitions", html_for=Ids.SEARCH),
            controls.Input(id=Ids.SEARCH, type="search", value=text, placeholder="rate, reach, opt-out …"),
            html.P(id=Ids.COUNT, className="quiet found", role="status"),
        ],
        className="filters card definitions-search no-print",
        **marks("search"),
    )


def _places() -> Component:
    links = [html.Li(html.A(title, href=f"#{part_id(part)}")) for part, title in PARTS.items()]
    return html.Nav(html.Ul(links), className="places no-print", **aria(label="On this page"))


def _section(part: str, title: str) -> Component:
    return html.Section(
        [html.H2(title, className="panel-title"), waiting(f"{part_id(part)}-inside", css="")],
        className="card definitions-part",
        id=part_id(part),
    )


def part_of(part: str, viewer: Viewer, cubes: Cubes) -> Component:
    """What stands in a part of the page."""
    if part in words.GROUPS:
        return html.Div([*entries(part, viewer, cubes), *_traced(part, viewer)], className="entries")
    if part == "evidence":
        return _terms(words.effects())
    if part == "dimensions":
        return _dimensions(viewer, cubes)
    if part == "release":
        return _release(cubes)
    if part == "told":
        file = tables.download("/definitions/told.csv", viewer.may(Permission.EXPORT) and viewer.scope.whole)
        return html.Div([told_part(viewer, cubes), *file])
    return _terms({"clocks": words.CLOCKS, "nothing": words.FACES, "glossary": words.GLOSSARY}[part])


def entries(group: str, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The metrics of a group."""
    uses, terms = used_by(cubes), cubes.snapshot.terms
    return [
        _entry(metric, uses_words(uses.get(metric.name, ()), viewer), terms)
        for metric in METRICS.values()
        if words.group_of(metric) == group
    ]


def _entry(metric: Metric, uses: list[str], terms: Mapping[str, object]) -> Component:
    anchor = f"metric-{metric.name}"
    head = html.H3([html.A(metric.label, href=f"#{anchor}"), html.Code(metric.name)])
    weak = f" {words.WEAK}" if metric.weak else ""
    counted = f"{'Counted as' if metric.is_ratio else 'Counts'} {metric.formula}."
    facts = f"{words.UNITS[metric.unit]} · {words.BETTER[metric.better]} · Version {metric.version}"
    rest = f"{words.adds_up(metric)} {words.sensitivity_words(metric, terms)}"
    shown = f"Shown in {'; '.join(uses)}." if uses else "Shown in none of your tables."
    return html.Article(
        [head, html.P(f"{metric.meaning}{weak}"), html.P(f"{counted} {rest}"), html.P(f"{facts} · {shown}")],
        id=anchor,
        className="entry",
    )


def _traced(group: str, viewer: Viewer) -> list[Component]:
    """The way from a group's metrics to the files that their figures are made of."""
    if not (viewer.may(Permission.VIEW_DATA) and viewer.scope.whole):
        return []
    first = next(name for name, metric in METRICS.items() if words.group_of(metric) == group)
    link = html.A("Follow a figure to the files it is made of", href=f"/data?of={first}#data-trace-panel")
    return [html.P(link, className="no-print")]


def _dimensions(viewer: Viewer, cubes: Cubes) -> Component:
    named = [*DIMENSIONS.values(), *(cubes.dimension(name) for name in attributes(cubes, viewer))]
    rows = [html.Div([html.Dt([one.label, " ", html.Code(one.name)]), html.Dd(one.meaning)]) for one in named]
    return html.Dl(rows, className="terms")


def _release(cubes: Cubes) -> Component:
    pairs = cubes.snapshot.terms.get("pairs") or []
    named = [" and ".join(cubes.dimension(name).label.lower() for name in pair) for pair in pairs]
    together = f" Asked together may be: {'; '.join(named)}." if named else ""
    told = [*words.release_words(cubes.snapshot.terms), f"Cuts are asked one at a time.{together}"]
    return html.Ul([html.Li(text) for text in told], className="rules")


def _terms(told: Mapping[str, str]) -> Component:
    return html.Dl(
        [html.Div([html.Dt(name), html.Dd(text)]) for name, text in told.items()], className="terms"
    )


PAGE = Page(
    "definitions",
    "/definitions",
    "Definitions",
    needs=Permission.VIEW_CAMPAIGNS,
    layout=layout,
    icon="question-circle",
    seldom=True,
)
