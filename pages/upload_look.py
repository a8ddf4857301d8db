"""What a brought file comes to: the first rows at once, all of it in the background, and what was loaded."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component

from pages.data_pieces import heads, state
from state.desk import Look
from state.uploads import Stage, Upload
from ui import html
from ui.aria import Children, aria, marks
from ui.clocks import moment
from ui.faces import no_data
from ui.numbers import count
from ui.panels import panel
from ui.tables import table

SHOWN = 12
SAID = {
    Stage.BROUGHT: ("not loaded yet", "none"),
    Stage.CHECK: ("waits to be looked at", "late"),
    Stage.CHECKING: ("being looked at", "late"),
    Stage.CHECKED: ("looked at", "good"),
    Stage.LOAD: ("waits to be loaded", "late"),
    Stage.LOADING: ("being loaded", "late"),
    Stage.LOADED: ("loaded", "good"),
    Stage.FAILED: ("not loaded", "bad"),
    Stage.DISCARDED: ("thrown away", "none"),
}


def panel_of(look: Look) -> Component:
    """What would be loaded and refused, and why; the mapping; and the way on."""
    if look.problems:
        listed = html.Ul([html.Li(one) for one in look.problems[:SHOWN]], className="totals-problems")
        body: list[Component] = [listed, *_toml(look.toml)]
        return _section(panel("This cannot be read yet", "What the mapping still lacks.", body))
    caption = (
        "All of its rows."
        if look.whole
        else f"The first {count(look.rows)} rows; the rest is read in the background."
    )
    caption += " Rows that the lake holds already are counted when the whole file is looked at."
    return _section(panel(_title(look), caption, [*parts(look), *_toml(look.toml), _acts(look)]))


def _section(made: list[Component]) -> Component:
    inner = html.Div(made, className="panel-inside")
    return html.Section(inner, className="panel card", id="upload-look-panel")


def parts(look: Look) -> list[Component]:
    """The counts of a look, and the reasons."""
    figures = (
        ("Rows in", look.rows), ("To load", look.load), ("Already there", look.present),
        ("Left out", look.skipped), ("Refused", look.refused),
    )  # fmt: skip
    shown = [html.Div([html.Dt(words), html.Dd(count(number))]) for words, number in figures]
    made: list[Component] = [html.Dl(shown, className="upload-figures")]
    if look.tables:
        told = [f"{count(rows)} {name}" + (f", {days}" if days else "") for name, rows, days in look.tables]
        made.append(html.P(f"Comes to {'; '.join(told)}.", className="upload-comes"))
    if look.provides:
        made.append(html.P(f"The source can report: {', '.join(look.provides)}.", className="quiet"))
    if look.reasons:
        rows: list[list[Children]] = [
            [html.Code(column) if column else "the row", why, html.Td(count(number), className="number"), at]
            for column, why, number, at in look.reasons[:SHOWN]
        ]
        names = heads("Column", "Why", "Rows", "First rows", right=("Rows",))
        made += [
            html.H3("Refused", className="upload-part"),
            table(names, rows, "Refused rows by reason", "words upload-refused"),
        ]
    if look.left:
        left = [html.Li(f"{count(number)} × {why}") for why, number in look.left[:SHOWN]]
        made += [html.H3("Left out by rule", className="upload-part"), html.Ul(left)]
    return made


def _title(look: Look) -> str:
    if not look.rows:
        return "No rows"
    wrong = f", {count(look.refused)} refused" if look.refused else ", none refused"
    return f"{count(look.load)} of {count(look.rows)} rows would be loaded{wrong}"


def _toml(text: str) -> list[Component]:
    if not text:
        return []
    return [html.Details([html.Summary("The mapping"), html.Pre(text, tabIndex=0)], className="upload-toml")]


def _acts(look: Look) -> Component:
    load = html.Button("Load it", type="button", className="btn btn-primary", disabled=not look.load,
                       **marks(upload_do="load"))  # fmt: skip
    check = html.Button(
        "Look at the whole file", type="button", className="btn btn-quiet", **marks(upload_do="check")
    )
    away = html.Button(
        "Throw it away", type="button", className="btn btn-quiet", **marks(upload_do="discard")
    )
    return html.Div([load, check, away], className="record-buttons")


def recent(found: list[Upload], zone: str, loads: dict[int, int]) -> list[Component]:
    """Somebody's last files, and how each stands."""
    caption = (
        "Only you see this list. A loaded file stands in the list of loads, too, and can be undone there."
    )
    shown = [one for one in found if one.state != Stage.DISCARDED]
    if not shown:
        return panel("Your last files", caption, no_data("Files that you bring are listed here."))
    rows = [_row(one, zone, loads) for one in shown]
    return panel(
        "Your last files", caption, table(heads("File", "Stands"), rows, "Your last files", "words replays")
    )


def _row(one: Upload, zone: str, loads: dict[int, int]) -> list[Children]:
    words, kind = SAID[Stage(one.state)]
    told: list[Component] = [state(words, kind)]
    if one.moving:
        told.append(html.Progress(max="100", value=str(one.done), **aria(label=f"{words}: {one.name}")))
    found = one.found or {}
    if one.state == Stage.FAILED:
        told.append(html.P(str(found.get("words", "")), className="field-help"))
    if one.state == Stage.CHECKED:
        told.append(html.Div(parts(_look(found)), className="would"))
    if one.state == Stage.LOADED:
        told.append(html.P(_loaded(found), className="field-help"))
        told += _ways(one, loads)
    elif one.state in (Stage.BROUGHT, Stage.CHECKED, Stage.FAILED):
        again = html.Button("Open it", type="button", className="btn btn-quiet btn-small",
                            **marks(upload_open=one.id), **aria(label=f"Open it: {one.name}"))  # fmt: skip
        told.append(again)
    return [
        [one.name, html.Small(f"brought {moment(one.at_us, zone)}")],
        html.Div(told, className="upload-stands"),
    ]


def _look(found: dict[str, Any]) -> Look:
    """A look as it was kept, where lists stand for tuples."""
    known = {name: value for name, value in found.items() if name in Look.__dataclass_fields__}
    lists = {name: tuple(tuple(o) if isinstance(o, list) else o for o in value)
             for name, value in known.items() if isinstance(value, list)}  # fmt: skip
    return Look(**{**known, **lists})


def _loaded(found: dict[str, Any]) -> str:
    before = " This very file was loaded before." if found.get("before") else ""
    return (
        f"{count(found.get('load', 0))} loaded, {count(found.get('present', 0))} already there, "
        f"{count(found.get('skipped', 0))} left out, {count(found.get('refused', 0))} refused.{before}"
    )


def _ways(one: Upload, loads: dict[int, int]) -> list[Component]:
    """From a file to its load, where it can be undone; and the mapping that was kept."""
    number = loads.get(one.load_id or 0)
    made = [html.A("Its mapping", href=f"/uploads/{one.id}/mapping.toml", download="mapping.toml")]
    if number is None:
        return [html.P("That load was undone since.", className="field-help"), *made]
    return [html.A(f"Load {number}, and its undo", href="/data#data-loads-panel"), *made]
