"""What the columns of a brought file mean: the form that makes its mapping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dash.development.base_component import Component

from config.vocabulary import CHANNEL_LABELS, EVENTS, ROW_KINDS
from state.desk import Facts, Opened
from ui import controls, html
from ui.aria import Children, aria, marks
from ui.numbers import count
from ui.panels import panel

FORMATS = (
    ("", "ISO 8601: 2026-03-14 09:05:00"),
    ("%m/%d/%Y", "03/14/2026"),
    ("%m/%d/%Y %H:%M", "03/14/2026 09:05"),
    ("%m/%d/%Y %H:%M:%S", "03/14/2026 09:05:11"),
    ("%m/%d/%Y %I:%M %p", "03/14/2026 9:05 AM"),
    ("%m/%d/%Y %I:%M:%S %p", "03/14/2026 9:05:11 AM"),
    ("%d/%m/%Y", "14/03/2026"),
    ("%d/%m/%Y %H:%M", "14/03/2026 09:05"),
    ("%d/%m/%Y %H:%M:%S", "14/03/2026 09:05:11"),
    ("%d.%m.%Y", "14.03.2026"),
    ("%d.%m.%Y %H:%M", "14.03.2026 09:05"),
    ("%d-%m-%Y %H:%M", "14-03-2026 09:05"),
    ("%Y%m%d", "20260314"),
    ("epoch", "seconds since 1970"),
    ("epoch_ms", "milliseconds since 1970"),
)
DATES = ("at", "status_at", "assigned_at", "outcome_at", "as_of", "day", "start", "end")
WORDED = ("event", "status")
KEYED = ("event", "message", "outcome", "member")
DELIMITERS = ((",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar"))
ENCODINGS = (("utf-8", "UTF-8"), ("cp1252", "Windows"), ("utf-16", "UTF-16"))
TEXTS = ("kind", "name", "delimiter", "encoding", "decimal", "channel", "campaign")
DOUBT = "Day and month could be changed over here: no day is above 12. Look at the days below."


def panel_of(opened: Opened) -> Component:
    """The form, filled by a guess. The browser reads it whole at every change."""
    file, draft = opened.upload, opened.draft
    more = "" if opened.whole else " of its beginning"
    caption = (
        f"{count(file.bytes)} bytes; guessed from {count(opened.rows)} rows{more}. Change what is wrong."
    )
    inside: Children = [
        *_known(opened),
        html.Div([*_source(draft), *_written(draft), *_constants(opened)], className="upload-facts"),
        html.Div(
            [_column(at, one, opened) for at, one in enumerate(draft["columns"])], className="upload-columns"
        ),
        *_key(opened),
    ]
    form = html.Form(inside, id="upload-form", noValidate=True, **marks(upload_form=file.id))
    inner = html.Div(panel(f"What stands in {file.name}", caption, form), className="panel-inside")
    return html.Section(inner, className="panel card")


def chosen(opened: Opened, draft: Mapping[str, Any]) -> Opened:
    """The file with what somebody chose in the form in place of the guess."""
    given = draft.get("columns")
    known = (
        {one.get("name"): one for one in given if isinstance(one, dict)} if isinstance(given, list) else {}
    )
    columns = [_merged(one, known.get(one["name"], {})) for one in opened.draft["columns"]]
    texts = {name: draft[name] for name in TEXTS if isinstance(draft.get(name), str)}
    key = [one for one in draft.get("key") or [] if isinstance(one, str)]
    return replace(opened, draft={**opened.draft, **texts, "columns": columns, "key": key}, known="")


def _merged(guessed: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: given[name] for name in ("means", "format") if isinstance(given.get(name), str)}
    words = given.get("words")
    own = words if isinstance(words, dict) and words else guessed["words"]
    return {**guessed, **texts, "words": {str(word): str(event) for word, event in own.items()}}


def _known(opened: Opened) -> list[Component]:
    """A mapping that was kept for files of this shape."""
    if not opened.known:
        return []
    label = f"Read it by {opened.known}, as before"
    box = controls.Checklist(id="upload-use", options=[{"value": "use", "label": label}], value=["use"])
    words = "Its columns are those of a mapping that is kept. Untick it to say anew what they mean."
    return [html.Div([box, html.P(words, className="field-help")], className="upload-known",
                     **marks(upload_known=opened.known))]  # fmt: skip


def _source(draft: Mapping[str, Any]) -> list[Component]:
    kinds = [{"value": name, "label": f"{name}: {words}"} for name, words in ROW_KINDS.items()]
    name = controls.Input(
        id="upload-name", type="text", value=draft["name"], maxLength=60, autoComplete="off"
    )
    return [
        _field("kind", "One row is", controls.Select(id="upload-kind", options=kinds, value=draft["kind"])),
        _field("name", "Name of the source", name),
    ]


def _written(draft: Mapping[str, Any]) -> list[Component]:
    signs = controls.Select(id="upload-delimiter", options=_options(DELIMITERS), value=draft["delimiter"])
    letters = controls.Select(id="upload-encoding", options=_options(ENCODINGS), value=draft["encoding"])
    decimal = controls.Select(
        id="upload-decimal", options=_options(((".", "1,234.50"), (",", "1.234,50"))), value=draft["decimal"]
    )
    return [
        _field("delimiter", "Columns are parted by", signs),
        _field("encoding", "Letters are written in", letters),
        _field("decimal", "Numbers look like", decimal),
    ]


def _constants(opened: Opened) -> list[Component]:
    """What every row of the file shares, where no column says it."""
    names = {name for name, _ in opened.meanings}
    made = []
    if "channel" in names:
        offered = [("-", "as a column says"), *CHANNEL_LABELS.items()]
        chosen = opened.draft["channel"] or "-"
        pick = controls.Select(id="upload-channel", options=_options(offered), value=chosen)
        made.append(_field("channel", "Channel of every row", pick))
    if "campaign" in names:
        given = opened.draft["campaign"]
        typed = controls.Input(
            id="upload-campaign", type="text", value=given, maxLength=120, autoComplete="off"
        )
        made.append(_field("campaign", "Campaign of every row, if no column names it", typed))
    return made


def _column(at: int, column: Mapping[str, Any], opened: Opened) -> Component:
    facts, means = opened.facts[at], column["means"]
    offered = [("-", "left out"), *opened.meanings]
    if means and means not in {name for name, _ in opened.meanings}:
        offered.append((means, means))
    plain = facts.name.lower()
    attribute = "attribute " + "".join(one if one.isalnum() else "_" for one in plain).strip("_")
    if opened.draft["kind"] in ("member", "members") and attribute not in {name for name, _ in offered}:
        offered.append((attribute, f"attribute: {facts.name}"))
    pick = controls.Select(
        id=f"upload-column-{at}", options=_options(offered), value=means or "-", className="upload-means"
    )
    label = html.Label(
        facts.name or f"Column {at + 1}", htmlFor=f"upload-column-{at}", className="form-label"
    )
    parts: list[Component] = [label, html.Small(facts.looks), pick]
    parts += _format(at, column, facts)
    parts += _words(at, column, facts)
    css = "upload-column" if means else "upload-column upload-left"
    return html.Div(parts, className=css, **marks(upload_column=facts.name))


def _format(at: int, column: Mapping[str, Any], facts: Facts) -> list[Component]:
    if not facts.dated and column["means"] not in DATES:
        return []
    known = dict(FORMATS)
    offered = [*FORMATS, *([] if column["format"] in known else [(column["format"], column["format"])])]
    pick = controls.Select(
        id=f"upload-format-{at}", options=_options([(name or "-", words) for name, words in offered]),
        value=column["format"] or "-", className="upload-format", **aria(label=f"Format of {facts.name}"),
    )  # fmt: skip
    doubt = [html.P(DOUBT, className="form-alert")] if facts.doubtful else []
    return [html.Div([html.Span("written like", className="field-help"), pick]), *doubt]


def _words(at: int, column: Mapping[str, Any], facts: Facts) -> list[Component]:
    """Each word of a column of events, and the event that it means."""
    if column["means"] not in WORDED:
        return []
    if not facts.words:
        words = "Its words are too many, or could be of members, to be shown; write the mapping by hand."
        return [html.P(words, className="field-help")]
    offered = [("-", "refuse"), ("skip", "leave out"), *((one.name, one.name) for one in EVENTS)]
    rows = [
        html.Div(
            [
                html.Label(word, htmlFor=f"upload-word-{at}-{n}", className="upload-word-label"),
                controls.Select(
                    id=f"upload-word-{at}-{n}", options=_options(offered),
                    value=column["words"].get(word) or "-", className="upload-word",
                ),
            ],
            className="upload-pair",
            **marks(upload_word=word),
        )
        for n, word in enumerate(facts.words)
    ]  # fmt: skip
    return [html.Div(rows, className="upload-words")]


def _key(opened: Opened) -> list[Component]:
    if opened.draft["kind"] not in KEYED:
        return []
    offered = [{"value": one.name, "label": one.name} for one in opened.facts if one.name]
    words = "None ticked: the id of the row, where one is mapped, else all columns together."
    return [
        html.Details(
            [
                html.Summary("What tells two rows apart"),
                html.P(words, className="field-help"),
                controls.Checklist(id="upload-key", options=offered, value=list(opened.draft["key"])),
            ],
            className="upload-key",
        )
    ]


def _field(name: str, words: str, control: Component) -> Component:
    label = html.Label(words, htmlFor=f"upload-{name}", className="form-label")
    return html.Div([label, control], className="field")


def _options(pairs: Any) -> list[dict[str, str]]:
    return [{"value": value, "label": words} for value, words in pairs]
