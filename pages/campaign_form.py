"""One group of a campaign's record as a form: labels, help, inputs of the right kind, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash.development.base_component import Component

from config.vocabulary import CHANNEL_LABELS
from data.records import Field, Known, Shown, form_text
from pages.campaign_record import GROUPS, fields_of, is_small
from ui import controls, forms, html
from ui.aria import aria, marks

CELLS = {
    "name": "Variant",
    "channel": "Channel",
    "text": "Text",
    "wave": "Wave",
    "subject": "Subject",
    "language": "Language",
}
BLANK_ROWS = 1
HELP = {"channels": "How messages travel."}  # these are boxes to tick here


def form(
    group: str,
    now: Shown,
    known: Known,
    given: Mapping[str, Any] | None = None,
    wrong: Mapping[str, str] | None = None,
    said: str = "",
) -> list[Component]:
    """The group's form over the record as it is now; `given` are values as typed, `wrong` what is amiss."""
    given, wrong = given or {}, wrong or {}
    fields = [
        _field(field, now.record, given, wrong.get(field.name, ""), known) for field in fields_of(group)
    ]
    buttons = html.Div(
        [
            html.Button("Save", type="submit", className="btn btn-primary"),
            html.Button("Cancel", type="button", className="btn btn-quiet", **marks(record_cancel=group)),
        ],
        className="record-buttons",
    )
    alert = forms.refused(said) if said else []
    return [
        html.Form(
            [html.H3(GROUPS[group]), *alert, *fields, buttons],
            className="record-form",
            noValidate=True,
            **marks(record_form=group, base=str(now.base)),
            **aria(label=GROUPS[group]),
        )
    ]


def _field(
    field: Field, record: Mapping[str, Any], given: Mapping[str, Any], wrong: str, known: Known
) -> Component:
    name = f"record-{field.name}"
    value = given[field.name] if field.name in given else record.get(field.name)
    typed = field.name in given
    described = f"{name}-help" + (f" {name}-wrong" if wrong else "")
    alert = [html.P(wrong, id=f"{name}-wrong", className="field-wrong")] if wrong else []
    several = field.name in ("channels", "variants", "unit_costs")
    if several:
        control = _several(field, name, value, described)
        label = html.Div(field.label, id=f"{name}-label", className="form-label")
    else:
        shown = None if is_small(field, value) else value
        text = value if typed and isinstance(value, str) else form_text(field.name, shown)
        control = _control(field, name, text, known)
        label = controls.Label(field.label, html_for=name)
    return html.Div(
        [
            label,
            control,
            html.P(HELP.get(field.name, field.help), id=f"{name}-help", className="field-help"),
            *alert,
        ],
        className="field record-field" + (" is-wrong" if wrong else ""),
        **marks(field=field.name),
    )


def _control(field: Field, name: str, text: str, known: Known) -> Component:
    """The input; assets/campaign.js ties it to its help and to what is wrong, which it takes no words for."""
    options: dict[str, Any] = {"id": name, "value": text}
    if field.kind == "choice":
        choices = [{"label": "Not said", "value": ""}] + [
            {"label": words, "value": value} for value, words in field.choices.items()
        ]
        select: Component = controls.Select(options=choices, **options)
        return select
    if field.kind in ("long_text", "list"):
        area: Component = controls.Textarea(rows=3, **options)
        return area
    kind = "date" if field.kind == "date" else "text"
    if field.kind in ("number", "money", "share"):
        options["inputMode"] = "decimal"
    names = {"outcome": known.outcomes, "program": known.programs, "line_of_business": known.lines}
    listed = sorted(names.get(field.name, ()))
    if not listed:
        plain: Component = controls.Input(type=kind, autoComplete="off", **options)
        return plain
    offered = html.Datalist([html.Option(value=one) for one in listed], id=f"{name}-known")
    return html.Div([controls.Input(type=kind, autoComplete="off", list=f"{name}-known", **options), offered])


def _several(field: Field, name: str, value: Any, described: str) -> Component:
    """Channels as boxes to tick, message texts and unit costs as rows."""
    if field.name == "channels":
        inside = _channels(name, value)
    elif field.name == "unit_costs":
        inside = _costs(name, value)
    else:
        inside = _variants(name, value)
    return html.Div(inside, role="group", **aria(labelledby=f"{name}-label", describedby=described))


def _channels(name: str, value: Any) -> list[Component]:
    chosen = [str(one) for one in value] if isinstance(value, list) else []
    names = {**CHANNEL_LABELS, **{one: one for one in chosen if one not in CHANNEL_LABELS}}
    options = [{"label": words, "value": one} for one, words in names.items()]
    return [controls.Checklist(id=name, options=options, value=chosen, inline=True)]


def _costs(name: str, value: Any) -> list[Component]:
    costs = value if isinstance(value, dict) else {}
    rows: list[Component] = []
    for channel, words in {
        **CHANNEL_LABELS,
        **{one: one for one in costs if one not in CHANNEL_LABELS},
    }.items():
        cost = costs.get(channel)
        text = cost if isinstance(cost, str) else form_text("budget", cost)
        cell = f"{name}-{channel}"
        rows.append(
            html.Div(
                [
                    controls.Label(words, html_for=cell),
                    controls.Input(id=cell, value=text, inputMode="decimal", autoComplete="off"),
                ],
                className="cost-row",
                **marks(pair=channel),
            )
        )
    return rows


def _variants(name: str, value: Any) -> list[Component]:
    rows = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    names = [
        "name",
        "channel",
        "text",
        *(c for c in ("wave", "subject", "language") if any(r.get(c) for r in rows)),
    ]
    blank: list[dict[str, Any]] = [{} for _ in range(BLANK_ROWS)]
    drawn = [_variant(f"{name}-{place}", row, names) for place, row in enumerate([*rows, *blank], 1)]
    add = html.Button("Add another text", type="button", className="btn btn-quiet", **marks("row-add"))
    return [*drawn, add]


def _variant(name: str, row: Mapping[str, Any], columns: Sequence[str]) -> Component:
    cells = []
    for column in columns:
        cell, text = f"{name}-{column}", str(row.get(column) or "")
        control = (
            controls.Textarea(id=cell, value=text, rows=2)
            if column == "text"
            else controls.Select(id=cell, options=_channel_options(text), value=text)
            if column == "channel"
            else controls.Input(id=cell, value=text, autoComplete="off")
        )
        cells.append(
            html.Div(
                [controls.Label(CELLS[column], html_for=cell), control],
                className=f"cell cell-{column}",
                **marks(cell=column),
            )
        )
    return html.Div(cells, className="variant-row", **marks("row"))


def _channel_options(chosen: str) -> list[dict[str, str]]:
    names = {"": "Any", **CHANNEL_LABELS}
    if chosen not in names:
        names[chosen] = chosen
    return [{"label": words, "value": value} for value, words in names.items()]
