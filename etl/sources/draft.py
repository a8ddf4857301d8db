"""A mapping as it is made in a form, and the TOML that it is kept as: the same that a person would write."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from config.vocabulary import EVENT_NAMES, folded
from etl.sources.fields import FIELDS, INSTANT, STAGE
from etl.sources.guess import Guess
from etl.sources.problems import IntakeError

Draft = dict[str, Any]
KEYED = ("event", "message", "outcome", "member")
"""Kinds whose rows a key tells apart."""
SKIP = "skip"
MOST_COLUMNS, LONGEST = 500, 300


def draft_of(guess: Guess, name: str, delimiter: str, encoding: str) -> Draft:
    """The form as a guess fills it."""
    columns = [
        {"name": one.name, "means": _full(one.means, one.shape.kind), "format": one.shape.format,
         "words": dict(one.words)}
        for one in guess.columns
    ]  # fmt: skip
    return {
        "kind": guess.kind,
        "name": source_name(name),
        "delimiter": delimiter,
        "encoding": encoding,
        "decimal": ".",
        "channel": "" if guess.meaning("channel") else _channel_in(name, guess),
        "campaign": "",
        "columns": columns,
        "key": [],
    }


def source_name(file: str) -> str:
    """An id of a source from a file's name: `Flu Mail 2026-03.csv` is flu_mail."""
    plain = re.sub(r"[^a-z]+", "_", file.rsplit(".", 1)[0].lower()).strip("_")[:60]
    return plain if plain else "upload"


def toml_of(draft: Mapping[str, Any]) -> str:
    """The mapping file of a draft; IntakeError where a browser sent what no form of ours does."""
    kind, columns = _text(draft, "kind"), _columns(draft)
    lines = ["# Made on the upload page.", "[source]", f"name = {_quoted(_text(draft, 'name'))}",
             f"kind = {_quoted(kind)}", *_file(draft), ""]  # fmt: skip
    sections: dict[str, list[str]] = {}
    for column in columns:
        section, line = _rule(column, kind)
        if line:
            sections.setdefault(section, []).append(line)
    mapped = {one["means"] for one in columns}
    for field in ("channel", "campaign"):
        constant = _text(draft, field)
        takes = any(one.name == field for one in FIELDS.get(kind, ()))
        if constant and takes and field not in mapped:
            sections.setdefault("fields", []).append(f"{field} = {{ value = {_quoted(constant)} }}")
    for section in ("fields", "attributes", "counts", "addresses"):
        if section in sections:
            lines += [f"[{section}]", *sections[section], ""]
    return "\n".join([*lines, *_key(draft, kind, mapped, columns)]).rstrip() + "\n"


def _full(means: str, shape: str) -> str:
    return f"recipient {'email' if shape == 'email' else 'phone'}" if means == "recipient" else means


def _channel_in(name: str, guess: Guess) -> str:
    """The channel of a file of which no column names one: by its name, or by whom it was sent to."""
    plain, to = folded(name), guess.meaning("recipient")
    known = (("email", "email"), ("mailchimp", "email"), ("sms", "sms"), ("push", "push"), ("call", "phone"))
    by_address = "email" if to is not None and to.shape.kind == "email" else ""
    return next((channel for word, channel in known if word in plain), by_address)


def _file(draft: Mapping[str, Any]) -> list[str]:
    usual = {"delimiter": ",", "encoding": "utf-8", "decimal": "."}
    given = {name: _text(draft, name) or usual[name] for name in usual}
    told = [f"{name} = {_quoted(value)}" for name, value in given.items() if value != usual[name]]
    return ["", "[file]", *told] if told else []


def _rule(column: Draft, kind: str) -> tuple[str, str]:
    """The section and the line of a column; nothing where it is left out."""
    name, means = column["name"], column["means"]
    where, _, what = means.partition(" ")
    if where in ("count", "attribute", "address") and what:
        section = {"count": "counts", "attribute": "attributes", "address": "addresses"}[where]
        return section, f"{_bare(what)} = {_quoted(name)}"
    if where == "recipient":
        return "fields", f"recipient = {{ column = {_quoted(name)}, type = {_quoted(what or 'email')} }}"
    if kind == "campaigns" and means:
        return "fields", f"{_bare(means)} = {_quoted(name)}"
    field = next((one for one in FIELDS.get(kind, ()) if one.name == means), None)
    if field is None:
        return "", ""
    more = [f"column = {_quoted(name)}"]
    if means in ("event", "status"):
        words = {word: event for word, event in column["words"].items() if event in (*EVENT_NAMES, SKIP)}
        pairs = [f"{_quoted(word)} = {_quoted(event)}" for word, event in words.items() if word != event]
        more += [f"map = {{ {', '.join(pairs)} }}"] if pairs else []
    if column["format"] and field.types in (INSTANT, STAGE, (INSTANT[1], INSTANT[0])):
        more.append(f"format = {_quoted(column['format'])}")
    if means in ("cost", "value"):
        more.append('sign = "absolute"')
    return "fields", f"{means} = {{ {', '.join(more)} }}"


def _key(draft: Mapping[str, Any], kind: str, mapped: set[str], columns: list[Draft]) -> list[str]:
    own = {"event": "event_id", "message": "message_id", "member": "member"}
    if kind not in KEYED:
        return []
    names = {one["name"] for one in columns}
    chosen = draft.get("key")
    listed = (
        [one for one in chosen if isinstance(one, str) and one in names] if isinstance(chosen, list) else []
    )
    if listed:
        return ["[key]", f"columns = [{', '.join(_quoted(one) for one in listed)}]"]
    return [] if own.get(kind) in mapped else ["[key]", "all = true"]


def _columns(draft: Mapping[str, Any]) -> list[Draft]:
    given = draft.get("columns")
    if not isinstance(given, list) or len(given) > MOST_COLUMNS:
        raise IntakeError("the columns of the form cannot be read; load the page again")
    return [_column(one) for one in given if isinstance(one, dict)]


def _column(given: Mapping[str, Any]) -> Draft:
    words = given.get("words")
    plain = (
        {str(word)[:LONGEST]: str(event) for word, event in words.items()} if isinstance(words, dict) else {}
    )
    return {"name": _text(given, "name"), "means": _text(given, "means"), "format": _text(given, "format"),
            "words": plain}  # fmt: skip


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    return value[:LONGEST] if isinstance(value, str) else ""


def _bare(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _quoted(name)


def _quoted(text: str) -> str:
    """A basic string of TOML, which escapes as JSON does."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
