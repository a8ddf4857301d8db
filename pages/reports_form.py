"""The form that has a report sent by the clock: what, narrowed to what, when, and to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from dash.development.base_component import Component

from config.permissions import PEOPLE, role_label
from data.cubes import Cubes
from data.filters import ATTRIBUTE, Filters, attributes
from data.periods import PRESETS
from data.viewer import Viewer
from pages.reports_ids import Ids
from pages.reports_offered import PAGES, PATHS, offered
from state.schedules import Every
from state.views import View
from ui import controls, html
from ui.aria import aria, marks
from ui.filterbar import choices_of

WEEKDAYS = [f"{date(2026, 11, 23) + timedelta(days=n):%A}" for n in range(7)]
VIEWS = "view/"
MOST_VIEWS, LONGEST = 60, 60
LISTS = {
    "campaign": "Campaign",
    "program": "Program",
    "line_of_business": "Line of business",
    "channel": "Channel",
}
FIRST = ("region", "segment")
TAKE_ALL = "executive overview"
TAKEN = {"channel": TAKE_ALL}
"""The reports that take a filter, where not all do."""
OF_VIEW = "A view keeps its own filters, as they are when you schedule it. What you change later stays yours."


def form(viewer: Viewer, *, opened: bool = False) -> Component:
    """What is to go out, when, and to whom; what is offered comes once the page is there."""
    to = controls.Input(
        id=Ids.TO, type="text", value="", maxLength=1_000, autoComplete="off",
        placeholder="name@plan.example, another@plan.example",
    )  # fmt: skip
    roles = controls.Checklist(
        id=Ids.ROLES,
        options=controls.offered([(r.value, role_label(r)) for r in PEOPLE]),
        value=[],
        inline=True,
    )
    button = html.Button(
        "Schedule it", type="button", className="btn btn-primary", **marks(report_do="schedule")
    )
    parts = [
        html.Div(_when(viewer), className="schedule-fields"),
        html.P(OF_VIEW, className="schedule-of-view"),
        html.Div(id=Ids.NARROWING, className="schedule-narrowing"),
        html.Div([controls.Label("To addresses", html_for=Ids.TO), to], className="field"),
        html.Fieldset([html.Legend("And to everybody who is"), roles], className="schedule-roles"),
        html.Div(button),
    ]
    return html.Details(
        [
            html.Summary("Schedule a report", id=Ids.FORM),
            html.Div(parts, className="schedule-form", **marks(report="")),
        ],
        id="schedule",
        className="checked no-print",
        open=opened,
    )


def _when(viewer: Viewer) -> list[Component]:
    """The report, and by the clock only what the chosen rhythm needs."""
    days = [(f"m{n}", f"Day {n}") for n in range(1, 29)]
    weekdays = [(f"w{n}", words) for n, words in enumerate(WEEKDAYS)]
    return [
        _select(Ids.WHAT, "Report", offered(viewer), "executive/"),
        _select(Ids.EVERY, "How often", [(one.value, one.value.capitalize()) for one in Every], "weekly"),
        _select(Ids.WEEKDAY, "Weekday", weekdays, "w0", rhythm="weekly"),
        _select(Ids.MONTHDAY, "Day of the month", days, "m1", rhythm="monthly"),
        _select(Ids.HOUR, "Hour", [(str(n), f"{n:02d}:00") for n in range(24)], "7"),
    ]


def _narrowing(viewer: Viewer, cubes: Cubes) -> Component:
    """The filters of the reports' own pages."""
    period = _select(Ids.PERIOD, "Period", list(PRESETS.items()), "last_month", of=TAKE_ALL)
    lists = [(name, words, TAKEN.get(name, "")) for name, words in LISTS.items()]
    known = sorted(attributes(cubes, viewer), key=lambda name: name not in FIRST)
    lists += [(ATTRIBUTE + name, cubes.dimension(name).label, "") for name in known]
    picks = [_pick(name, words, of, viewer, cubes) for name, words, of in lists]
    return html.Fieldset(
        [html.Legend("Narrowed to"), html.Div([period, *picks], className="schedule-fields")],
        className="schedule-narrow",
    )


def _pick(name: str, words: str, of: str, viewer: Viewer, cubes: Cubes) -> Component:
    """A list that folds away."""
    offers = choices_of(name.removeprefix(ATTRIBUTE), viewer, cubes)
    boxes = controls.Checklist(
        id=f"reports-by-{name.replace('.', '-')}",
        options=controls.offered([(one.value, one.label) for one in offers]),
        value=[],
    )
    head = html.Summary(
        [html.Span(words, className="form-label"), html.Span("All", className="pick-words")],
        className="pick-head",
    )
    listed = html.Div(html.Div(boxes, role="group", **aria(label=words)), className="pick-list")
    return html.Details([head, listed], className="pick field", **marks(filter=name, of=of))


def _select(name: Ids, label: str, options: Sequence[tuple[str, str]], value: str, **mark: str) -> Component:
    control = controls.Select(id=name, options=[{"value": v, "label": w} for v, w in options], value=value)
    return html.Div([controls.Label(label, html_for=name), control], className="field", **marks(**mark))


def offers(views: Sequence[View], wanted: str, viewer: Viewer, cubes: Cubes) -> tuple[Any, Any, Any]:
    """(what can be scheduled, what of it is chosen, what it is narrowed to): reports, tables, then views."""
    there = [one for one in views if one.path in PATHS]
    kept = [one for one in there if str(one.id) == wanted] or []
    kept += [one for one in there if one not in kept][: MOST_VIEWS - len(kept)]
    named = [(f"{VIEWS}{one.id}", _view_words(one)) for one in sorted(kept, key=lambda one: one.name.lower())]
    every = [{"value": value, "label": words} for value, words in [*offered(viewer), *named]]
    chosen = f"{VIEWS}{wanted}" if any(str(one.id) == wanted for one in there) else "executive/"
    return every, chosen, _narrowing(viewer, cubes)


def _view_words(view: View) -> str:
    short = view.name if len(view.name) <= LONGEST else f"{view.name[:LONGEST]} …"
    return f"View of {PAGES[PATHS[view.path]]}: {short}"


def is_view(given: Mapping[str, Any]) -> bool:
    """Whether the form asks for a saved view, and not for a report."""
    return str(given.get("what") or "").startswith(VIEWS)


def view_of(given: Mapping[str, Any]) -> int | None:
    """The id of the saved view that the form asks for; None where there can be none."""
    return _number(str(given.get("what") or "").removeprefix(VIEWS), 9)


def asked_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """What the browser sent of the form, as `reports.schedules.add` takes it; a view's page and query are
    the caller's to look up."""
    text = {name: str(given.get(name) or "")[:1_000] for name in ("what", "period", "every", "to")}
    page, _, name = text["what"].partition("/")
    query = {"table": name, "period": "" if page == "monthly" else text["period"], **_filters(given)}
    roles = [str(one) for one in given.get("roles") or () if isinstance(one, str)]
    return {
        "page": page,
        "query": {name: value for name, value in query.items() if value},
        "every": text["every"],
        "day": _day(given.get("day"), text["every"]),
        "hour": _number(given.get("hour"), 2),
        "addresses": text["to"],
        "roles": roles,
    }


def _filters(given: Mapping[str, Any]) -> dict[str, str]:
    """The filters as an address has them; what there is not is the address's reader's to refuse."""
    sent = given.get("filters")
    lists: dict[str, tuple[str, ...]] = {
        name: tuple(str(one) for one in values)
        for name, values in (sent.items() if isinstance(sent, dict) else ())
        if isinstance(name, str) and isinstance(values, list) and values
    }
    cut = tuple((name.removeprefix(ATTRIBUTE), v) for name, v in lists.items() if name.startswith(ATTRIBUTE))
    fixed = {name: lists[name] for name in LISTS if name in lists}
    found = Filters(attributes=cut, **fixed).query()  # type: ignore[arg-type]
    return {name: value for name, value in found.items() if name not in ("period", "compare")}


def _day(value: object, every: str) -> int | None:
    kind = {"weekly": "w", "monthly": "m"}.get(every)
    return _number(str(value)[1:], 2) if kind is not None and str(value).startswith(kind) else None


def _number(value: object, digits: int) -> int | None:
    text = str(value)
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= digits else None
