"""The Overview: what happened, in one page."""

from __future__ import annotations

from collections.abc import Sequence

from dash.development.base_component import Component

from config.permissions import Permission
from data.catalogue import catalogue
from data.clocks import HOUR_US
from data.cubes import Cubes
from data.metrics import METRICS
from data.viewer import Viewer
from pages import live, overview_explain, overview_heat, overview_small
from pages.explain import explainable
from pages.overview_ids import LIVE, Ids
from ui import controls, html
from ui.aria import Children, aria
from ui.clocks import clock_words, moment
from ui.faces import no_data
from ui.filterbar import filter_bar, filters_of
from ui.grid import bundle
from ui.head import page_actions, page_head
from ui.page import Page
from ui.panels import later, waiting

FIRST_FILE = ".venv/bin/python -m etl import FILE.csv --mapping MAPPING.toml"


def layout(viewer: Viewer, cubes: Cubes, /, **query: str) -> Component:
    """The page for a viewer; `query` restores its filters."""
    if not cubes.snapshot.number or not cubes.campaigns:
        return html.Div([_head(viewer, cubes, []), _first_steps()])
    filters, _ = filters_of(query, viewer, cubes)
    view = {"sort": query.get("sort", ""), "q": query.get("q", ""), "page": 0}
    return html.Div(
        [
            _head(viewer, cubes, page_actions()),
            controls.Store(id=Ids.VIEW, data=view),
            controls.Store(id=Ids.BUNDLE, data=bundle()),
            controls.Store(id=Ids.SHAPE),
            controls.Store(id=Ids.KEPT),
            html.Section(
                waiting(Ids.ATTENTION, html.Div(className="bone bone-line"), "attention-inside"),
                className="attention card",
                **aria(label="Needs you today"),
            ),
            *live.place(LIVE),
            filter_bar(filters, viewer, cubes, query),
            html.Div(id=Ids.SCOPE, className="scope", **aria(live="polite")),
            waiting(Ids.CARDS, [html.Div(className="bone bone-card") for _ in range(5)], "kpis"),
            *_explain(query, viewer, cubes),
            _panel(Ids.ARMS, hidden=True),
            html.Div([_panel(Ids.TREND), _panel(Ids.FUNNEL)], className="panels"),
            _panel(Ids.CHANNELS),
            html.Div([_heat(query, viewer, cubes), _small(query)], className="panels panels-even"),
            _panel(Ids.CAMPAIGNS),
        ],
        className="overview",
    )


def _head(viewer: Viewer, cubes: Cubes, actions: list[Component]) -> Component:
    lead = html.P(clocks(viewer, cubes), className="lead clocks", id=Ids.CLOCKS)
    return page_head("Overview", lead, actions)


def clocks(viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The clocks and the snapshot that the figures below come from."""
    told = clock_words(cubes.snapshot)
    number = cubes.snapshot.number
    told = [*told, ("Snapshot", str(number))] if number else list(told)
    shown: list[Component] = [
        html.Span([f"{words} ", html.Strong(value)], className="clock") for words, value in told
    ]
    return [*shown[:1], *_why(viewer, cubes), *shown[1:]]


def _why(viewer: Viewer, cubes: Cubes) -> list[Component]:
    """Who holds the first clock back, where a source reaches further than another."""
    words = held_back(viewer, cubes)
    return [html.Details([html.Summary("why"), html.P(words)], className="why no-print")] if words else []


def held_back(viewer: Viewer, cubes: Cubes) -> str:
    """Which source reaches least far and which furthest; nothing where all reach the same hour."""
    active = [one for one in catalogue(cubes).outreach if one.active]
    if not active or active[-1].last_us - active[0].last_us < HOUR_US:
        return ""
    zone = cubes.snapshot.zone
    first, last = (one.source if viewer.scope.whole else "a source" for one in (active[0], active[-1]))
    return (
        f"Set by the source that reaches least far: {first}, whose latest row is of "
        f"{moment(active[0].last_us, zone)}; {last} reaches {moment(active[-1].last_us, zone)}."
    )


def _first_steps() -> Component:
    """What an empty lake says: how the first file comes in."""
    steps = [
        _step(
            "1",
            "Say what its columns mean",
            ["Write a mapping, or take a ready one: ", html.Code("etl/sources/")],
        ),
        _step("2", "Try it", ["See what would be loaded and refused: add ", html.Code("--dry-run")]),
        _step("3", "Import the file", [html.Code(FIRST_FILE)]),
    ]
    sample = html.P(
        [
            "No file at hand? ",
            html.Code(".venv/bin/python -m etl prepare"),
            " fills the lake with a synthetic sample.",
        ]
    )
    return html.Div(
        [
            no_data("Nothing has been imported yet. This page fills itself as soon as something is."),
            html.Ol(steps),
            sample,
        ],
        id=Ids.EMPTY,
        className="first-steps",
    )


def _step(number: str, title: str, words: Children) -> Component:
    return html.Li(
        [html.Span(number, className="first-number"), html.Div([html.Strong(title), html.P(words)])]
    )


def _explain(query: dict[str, str], viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The place where a change is taken apart, where the address asks for one."""
    metric = explainable(query.get("explain"))
    of = controls.Store(id=Ids.EXPLAIN_OF, data=metric.name if metric else "")
    if metric is None:
        return [of]
    offered = overview_explain.choices(viewer, cubes, metric)
    chosen = overview_explain.cut_of(query.get("cut"), metric, viewer, cubes)
    return [of, _panel(Ids.EXPLAIN, picks=[_select(Ids.EXPLAIN_BY, "By", offered, chosen)])]


def _heat(query: dict[str, str], viewer: Viewer, cubes: Cubes) -> Component:
    names = overview_heat.attributes(viewer, cubes)
    by = {name: cubes.dimension(name).label for name in names}
    of = {name: METRICS[name].label for name in overview_heat.METRICS_SHOWN}
    chosen = overview_heat.attribute_of(query.get("heat"), viewer, cubes)
    picks = [
        _select(Ids.HEAT_OF, "Rate", of, overview_heat.metric_of(query.get("of"))),
        _select(Ids.HEAT_BY, "By channel and", by or {"": "no attribute is known"}, chosen or ""),
    ]
    return _panel(Ids.HEAT, picks=picks)


def _small(query: dict[str, str]) -> Component:
    chosen = overview_small.cut_of(query.get("small"))
    return _panel(Ids.SMALL, picks=[_select(Ids.SMALL_BY, "A chart per", overview_small.BY, chosen)])


def _select(name: str, words: str, options: dict[str, str], value: str | None) -> Component:
    control = controls.Select(id=name, options=options, value=value, size="sm")
    return html.Div([controls.Label(words, html_for=name), control], className="panel-pick")


def _panel(name: Ids, *, hidden: bool = False, picks: Sequence[Component] = ()) -> Component:
    """A panel's section; `picks` are its own choices, which stay while its content is drawn anew."""
    children = [html.Div(list(picks), className="panel-picks no-print")] if picks else []
    return html.Section(
        [later(name), *children],
        className="panel card",
        id=f"{name}-panel",
        hidden=hidden,
    )


PAGE = Page(
    "overview", "/", "Overview", needs=Permission.VIEW_CAMPAIGNS, layout=layout, icon="speedometer2", key="o"
)
