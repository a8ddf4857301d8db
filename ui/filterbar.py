"""The row of filters: every choice has a label, and several values are picked from a list that folds away."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dash.development.base_component import Component

from config.vocabulary import CHANNEL_LABELS
from data.cubes import Cubes
from data.filters import Filters, attributes, choices, parse
from data.kept import kept
from data.periods import COMPARISONS, DEFAULT_PRESET, PRESETS, day_date
from data.release import label
from data.viewer import Viewer
from ui import controls, html
from ui.aria import aria, marks

CUSTOM = "custom"
NO_ATTRIBUTE = "-"
REGION = "region"
LONGEST = 4_000  # letters of an address whose filters are kept


class Bar(StrEnum):
    """Ids of the filter bar."""

    QUERY = "filters-query"  # the address's parameters: every panel asks by them
    ADDRESS = "filters-address"
    SHELL = "filters"
    PERIOD = "filter-period"
    FROM = "filter-from"
    TO = "filter-to"
    DATES = "filter-dates"
    COMPARE = "filter-compare"
    CAMPAIGN = "filter-campaign"
    PROGRAM = "filter-program"
    LINE = "filter-line"
    CHANNEL = "filter-channel"
    REGION = "filter-region"
    ATTRIBUTE = "filter-attribute"
    VALUES = "filter-values"
    CHOICES = "filter-choices"
    COUNT = "filter-count"
    OPENER = "filter-campaign-opener"


PICKS: tuple[tuple[Bar, str, str], ...] = (
    (Bar.CAMPAIGN, "campaign", "Campaign"),
    (Bar.PROGRAM, "program", "Program"),
    (Bar.LINE, "line_of_business", "Line of business"),
    (Bar.CHANNEL, "channel", "Channel"),
)
LISTS = (*(pick for pick, _, _ in PICKS), Bar.REGION, Bar.VALUES)


@dataclass(frozen=True)
class Choice:
    """One value to pick, and how it is written."""

    value: str
    label: str


def summary_id(pick: str) -> str:
    """Id of the words that say what a list has picked."""
    return f"{pick}-words"


def picked_words(chosen: Sequence[str], names: dict[str, str]) -> str:
    """`All`, the one value, or how many."""
    if not chosen:
        return "All"
    return names.get(chosen[0], chosen[0]) if len(chosen) == 1 else f"{len(chosen)} selected"


def filters_of(query: object, viewer: Viewer, cubes: Cubes) -> tuple[Filters, list[str]]:
    """Filters of what a browser sent, and what of it is not known; anything but text is passed over."""
    given = query if isinstance(query, dict) else {}
    told = {k: v for k, v in given.items() if isinstance(k, str) and isinstance(v, str)}
    if sum(map(len, (*told, *told.values()))) > LONGEST:
        return parse(told, cubes, viewer)  # too much to be kept
    filters, problems = _parsed(tuple(sorted(told.items())), viewer, cubes)
    return filters, list(problems)


@kept
def _parsed(
    query: tuple[tuple[str, str], ...], viewer: Viewer, cubes: Cubes
) -> tuple[Filters, tuple[str, ...]]:
    filters, problems = parse(dict(query), cubes, viewer)
    return filters, tuple(problems)


def filter_bar(
    filters: Filters,
    viewer: Viewer,
    cubes: Cubes,
    query: Mapping[str, str],
    reset: str = "/",
    hidden: Collection[Bar] = (),
    usual: str = DEFAULT_PRESET,
    before: Sequence[Component] = (),
) -> Component:
    """The bar with the filters' own values set, and the store that the page's panels ask by.

    `query` holds all parameters of the address, `reset` is the address without filters. A page hides
    the controls that make no sense on it (`hidden`); they are there all the same, for the wires. `usual`
    is the period that the page takes where its address names none; `before` are fields of the page's own.
    """
    fields = [
        *before,
        _period(filters, hidden=Bar.PERIOD in hidden),
        _field(
            "Compare with",
            Bar.COMPARE,
            controls.Select(id=Bar.COMPARE, options=COMPARISONS, value=filters.compare),
            hidden=Bar.COMPARE in hidden,
        ),
        *(
            _pick(
                pick,
                words,
                choices_of(name, viewer, cubes),
                () if pick in hidden else getattr(filters, name),
                hidden=pick in hidden,
            )
            for pick, name, words in PICKS
        ),
        _region(filters, viewer, cubes, hidden),
        _attribute(filters, viewer, cubes, hidden),
        html.Div(
            html.A("Reset", href=reset, className="btn btn-quiet act bi-x-lg", **marks("reset")),
            className="field field-reset",
        ),
    ]
    shown = _shown(filters, hidden)
    count = html.Span(str(shown) if shown else "", id=Bar.COUNT, className="filters-count")
    return html.Details(
        [
            html.Summary(["Filters", count], className="filters-head act bi-funnel"),
            html.Div(fields, className="filters-row"),
            html.Div(
                _dates(filters, cubes),
                id=Bar.DATES,
                className="filters-dates",
                hidden=filters.period.start is None,
            ),
            controls.Store(id=Bar.QUERY, data=dict(query)),
            controls.Store(id=Bar.ADDRESS),
        ],
        id=Bar.SHELL,
        className="filters card no-print",
        open=True,
        **marks(usual=usual),
    )


def _shown(filters: Filters, hidden: Collection[Bar]) -> int:
    picked = sum(bool(getattr(filters, name)) for pick, name, _ in PICKS if pick not in hidden)
    return picked + len(filters.attributes)


def _period(filters: Filters, *, hidden: bool) -> Component:
    options = {**PRESETS, CUSTOM: "Custom dates …"}
    value = CUSTOM if filters.period.start is not None else filters.period.preset
    control = controls.Select(id=Bar.PERIOD, options=options, value=value)
    return _field("Period", Bar.PERIOD, control, hidden=hidden)


def _dates(filters: Filters, cubes: Cubes) -> list[Component]:
    first, last = filters.days(cubes) or (cubes.today - 29, cubes.today)
    return [
        _field("From", Bar.FROM, _day(Bar.FROM, first)),
        _field("To", Bar.TO, _day(Bar.TO, last)),
    ]


def _day(name: Bar, day: int) -> Component:
    control: Component = controls.Input(id=name, type="date", value=day_date(day).isoformat(), debounce=700)
    return control


def _field(words: str, name: str, control: Component, *, hidden: bool = False) -> Component:
    return html.Div([controls.Label(words, html_for=name), control], className="field", **_away(hidden))


def _named(name: str) -> Any:
    return {"id": name} if name else {}


def _away(hidden: bool) -> Any:
    """What hides an element; nothing where it is shown."""
    return {"hidden": True} if hidden else {}


def _pick(
    name: str, words: str, offered: Sequence[Choice], chosen: Sequence[str], *, hidden: bool = False
) -> Component:
    if hidden:  # there for the wires alone
        told = [html.Span(id=summary_id(name)), controls.Checklist(id=name, options=[], value=list(chosen))]
        return html.Details(told, className="pick field", hidden=True)
    names = {choice.value: choice.label for choice in offered}
    later = name == Bar.CAMPAIGN
    head = html.Summary(
        [
            html.Span(words, className="form-label"),
            html.Span(picked_words(chosen, names), id=summary_id(name), className="pick-words"),
        ],
        className="pick-head",
        **_named(Bar.OPENER if later else ""),
    )
    options = _listed(offered if not later else [one for one in offered if [one.value] == list(chosen)])
    group = html.Div(
        controls.Checklist(id=name, options=options, value=list(chosen)), role="group", **aria(label=words)
    )
    empty = [] if offered else [html.P("Nothing to choose from yet.", className="quiet")]
    listed = html.Div([group, *empty], className="pick-list")
    return html.Details([head, listed], className="pick field")


def campaign_options(viewer: Viewer, cubes: Cubes) -> Any:
    """All campaigns to choose from: the longest list, so that it comes when it is opened."""
    return _listed(choices_of("campaign", viewer, cubes))


def _listed(offered: Sequence[Choice]) -> Any:
    return controls.offered([(choice.value, choice.label) for choice in offered])


def _region(filters: Filters, viewer: Viewer, cubes: Cubes, hidden: Collection[Bar]) -> Component:
    """Regions have a list of their own, where members have one."""
    there = REGION in _attributes(viewer, cubes)
    offered = choices_of(REGION, viewer, cubes) if there else ()
    chosen = dict(filters.attributes).get(REGION, ())
    return _pick(Bar.REGION, "Region", offered, chosen, hidden=not there or Bar.REGION in hidden)


def _attribute(filters: Filters, viewer: Viewer, cubes: Cubes, hidden: Collection[Bar]) -> Component:
    offered = [name for name in _attributes(viewer, cubes) if name != REGION]
    chosen, values = next((pair for pair in filters.attributes if pair[0] != REGION), ("", ()))
    every = {name: _listed(choices_of(name, viewer, cubes)) for name in offered}
    names = {NO_ATTRIBUTE: "None", **{name: cubes.dimension(name).label for name in offered}}
    words = f"{cubes.dimension(chosen).label}: {picked_words(values, {})}" if chosen else "All"
    head = html.Summary(
        [
            html.Span("Member attribute", className="form-label"),
            html.Span(words, id=summary_id(Bar.VALUES), className="pick-words"),
        ],
        className="pick-head",
    )
    body = html.Div(
        [
            controls.Label("Attribute", html_for=Bar.ATTRIBUTE),
            controls.Select(id=Bar.ATTRIBUTE, options=names, value=chosen or NO_ATTRIBUTE),
            html.Div(
                controls.Checklist(id=Bar.VALUES, options=every.get(chosen, []), value=list(values)),
                role="group",
                className="attribute-values",
                **aria(label="Values of the attribute"),
            ),
            controls.Store(id=Bar.CHOICES, data=every),
        ],
        className="pick-list",
    )
    return html.Details([head, body], className="pick field", **_away(Bar.VALUES in hidden))


@kept
def choices_of(name: str, viewer: Viewer, cubes: Cubes) -> tuple[Choice, ...]:
    """What a list offers of campaigns, their properties, channels, or values of an attribute."""
    offered = choices(name, cubes, viewer)
    if name == "campaign":
        named = (Choice(one, cubes.campaigns[one].name) for one in offered)
        return tuple(sorted(named, key=lambda choice: choice.label.lower()))
    if name in ("program", "line_of_business"):
        return tuple(Choice(one, one) for one in offered)
    names = CHANNEL_LABELS if name == "channel" else {one: label(one) for one in offered}
    return tuple(Choice(one, names.get(one, one)) for one in offered)


@kept
def _attributes(viewer: Viewer, cubes: Cubes) -> tuple[str, ...]:
    return tuple(attributes(cubes, viewer))
