"""The Campaign page's record: its fields in groups, each of which turns into a form in place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from dash.development.base_component import Component

from config.permissions import Permission
from config.vocabulary import CHANNEL_LABELS
from data.cubes import Campaign, Cubes
from data.periods import day_number
from data.records import FIELDS, Field, Shown, shown
from data.viewer import Viewer
from pages.campaign_head import record_of
from pages.campaign_ids import Record, group_id
from state.store import Store
from ui import html
from ui.aria import aria, marks
from ui.clocks import day as day_words
from ui.numbers import count, money, percent
from ui.panels import panel

GROUPS: dict[str, str] = {
    field.group.split()[0].lower() + field.group.split()[-1].lower(): field.group for field in FIELDS.values()
}
# Fields that the figures are counted by, or that campaigns are found and compared by.
OF_FIGURES = frozenset(
    (
        "name",
        "program",
        "line_of_business",
        "start",
        "end",
        "outcome",
        "window_days",
        "lag_days",
        "unit_costs",
    )
)
LEAST_MEMBERS = 11
DAYS = ("window_days", "lag_days")


def fields_of(group: str) -> list[Field]:
    """The fields of a group, in the order of the form."""
    return [field for field in FIELDS.values() if field.group == GROUPS[group]]


def record_now(campaign: Campaign, store: Store) -> Shown:
    """The record as people left it: the snapshot's, with the edits that the figures do not know yet."""
    return shown(record_of(campaign), campaign.edited_us, store.edits(campaign.id))


def record(campaign: Campaign, viewer: Viewer, cubes: Cubes, store: Store) -> list[Component]:
    """The panel: all groups, and the history folded away."""
    del cubes
    now = record_now(campaign, store)
    may = viewer.may(Permission.EDIT_CAMPAIGNS)
    places = [
        html.Div(view(group, now, viewer), id=group_id(group), className="record-group") for group in GROUPS
    ]
    history = html.Details(
        [html.Summary("History", id=Record.HISTORY_OPENER), html.Div(id=Record.HISTORY)],
        className="as-table history",
    )
    status = html.P(id=Record.SAID, role="status", className="said")
    title = "What the campaign is" if now.record else "This campaign has no record"
    caption = "Its record: from files and the campaign system, and from edits made here."
    lacking = [] if now.record else [_create(may)]
    body = [*lacking, html.Div(places, className="record-groups"), status, history]
    return panel(title, caption, body)


def _create(may: bool) -> Component:
    words = "Known from data files alone: name, program, dates and outcome are not recorded."
    if not may:
        return html.P(f"{words} A campaign manager can create its record here.", className="quiet")
    first = next(iter(GROUPS))
    button = html.Button(
        "Create its record", type="button", className="btn btn-primary no-print", **marks(record_edit=first)
    )
    return html.Div([html.P(words), button], className="record-create")


def view(group: str, now: Shown, viewer: Viewer) -> list[Component]:
    """A group to read: labels and values; what the figures do not know yet is marked."""
    edit = html.Button(
        "Edit",
        type="button",
        className="record-edit no-print",
        **marks(record_edit=group),
        **aria(label=f"Edit {GROUPS[group].lower()}"),
    )
    head = html.Div(
        [html.H3(GROUPS[group]), *([edit] if viewer.may(Permission.EDIT_CAMPAIGNS) else [])],
        className="record-head",
    )
    rows: list[Component] = []
    for field in fields_of(group):
        waits = field.name in now.waiting and field.name in OF_FIGURES
        rows += [html.Dt(field.label), _value(field, now.record, waits=waits)]
    return [head, html.Dl(rows, className="record-fields")]


def _value(field: Field, record: Mapping[str, Any], *, waits: bool) -> Component:
    value = record.get(field.name)
    none = value is None or value in ("", [], {})
    shown = "not recorded" if none else _texts(value) if field.name == "variants" else words_of(field, value)
    mark = html.Span("not in the figures yet", className="waits")
    css = "is-absent" if none else "is-withheld" if is_small(field, value) else None
    return html.Dd([shown, mark] if waits else shown, className=css)


def is_small(field: Field, value: Any) -> bool:
    """Whether a value says of so few members that it is withheld like any other count of them."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return field.name == "audience_size" and number and 0 < value < LEAST_MEMBERS


def words_of(field: Field, value: Any) -> str:
    """A value as people read it, in one line."""
    if is_small(field, value):
        return "withheld"
    if value is None or value in ("", [], {}):
        return "nothing"
    if field.name == "variants":
        return "; ".join(
            f"{_of_variant(one)}: {one.get('text', '')}" for one in value if isinstance(one, dict)
        )
    if field.name == "unit_costs" and isinstance(value, dict):
        return ", ".join(f"{CHANNEL_LABELS.get(name, name)} {money(cost)}" for name, cost in value.items())
    if field.kind == "list" and isinstance(value, list):
        return ", ".join(CHANNEL_LABELS.get(str(one), str(one)) for one in value)
    if field.kind == "date":
        return day_words(day_number(date.fromisoformat(str(value))))
    if field.kind == "choice":
        return str(field.choices.get(str(value), value))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _number(field, value)
    return str(value)


def _number(field: Field, value: float) -> str:
    if field.kind == "money":
        return money(value)
    if field.kind == "share" or (field.name == "goal" and 0 <= value <= 1):
        return percent(value)
    return f"{count(value)} day{'s' if value != 1 else ''}" if field.name in DAYS else count(value)


def _texts(value: Any) -> Component:
    said = [
        html.Li([html.Strong(_of_variant(one)), html.Span(str(one.get("text") or "no text"))])
        for one in value
        if isinstance(one, dict)
    ]
    words = f"{len(said)} text{'s' if len(said) != 1 else ''}"
    return html.Details([html.Summary(words), html.Ul(said)], className="record-texts")


def _of_variant(one: Mapping[str, Any]) -> str:
    channel = CHANNEL_LABELS.get(str(one.get("channel")), str(one.get("channel") or ""))
    return " ".join(part for part in (str(one.get("name") or ""), f"({channel})" if channel else "") if part)
