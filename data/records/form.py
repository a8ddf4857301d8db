"""A record's fields as people type them: read with words for every mistake, and written back."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from config.suggest import near
from config.text import LINE, PARAGRAPH, TextRefused, typed
from config.vocabulary import CHANNEL_LABELS, channel_of
from data.records.checks import out_of_order, value_of
from data.records.schema import FIELDS, MONEY, Field

_NUMBER = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?")


class FieldRefused(ValueError):
    """What was typed cannot be the field's value; the message says what, where and what to do next."""

    def __init__(self, field: Field, words: str) -> None:
        self.field = field.name
        super().__init__(f"{field.label}: {words}" + ("" if words.endswith("?") else "."))


@dataclass(frozen=True)
class Known:
    """Names in use, for the near miss: those of campaigns that the viewer may see."""

    outcomes: Collection[str] = ()
    programs: Collection[str] = ()
    lines: Collection[str] = ()


@dataclass(frozen=True)
class Remark:
    """Something about a record as a whole; a `blocking` one must be mended before it is stored."""

    field: str
    words: str
    blocking: bool


def parse_field(name: str, given: Any) -> Any:
    """What a form sends for a field, as the record holds it; None for nothing. `FieldRefused` else.

    Texts are taken as typed: `15 %`, `1,200`, `$0.12`, lists by line, a table's rows by line with its cells
    split at `|` (or `channel = cost`). Lists, tables and numbers are taken as they are, too.
    """
    field = FIELDS[name]
    if given is None or given in ("", [], {}):
        return None
    value = _READERS[field.kind](field, given)
    if value is None:
        return None
    value, wrong = value_of(name, value)
    if wrong:
        raise FieldRefused(field, wrong)
    return value


def form_text(name: str, value: Any) -> str:
    """A value as a form shows it, which `parse_field` reads back."""
    kind = FIELDS[name].kind
    if value is None:
        return ""
    if kind == "share":
        return f"{_plain(round(value * 100, 6))} %"
    if kind in ("number", "money"):
        return _plain(value)
    if kind == "list":
        return "\n".join(str(one) for one in value)
    if name == "unit_costs":
        return "\n".join(f"{channel} = {_plain(cost)}" for channel, cost in value.items())
    if kind == "table":
        return "\n".join(_cells(FIELDS[name], row) for row in value)
    return str(value)


def remarks(record: Mapping[str, Any], known: Known = Known()) -> list[Remark]:
    """What is wrong, or looks mistyped, in a record as a whole."""
    found = []
    if out_of_order(dict(record)):
        words = f"The end, {record['end']}, lies before the start, {record['start']}: change one of them."
        found.append(Remark("end", words, blocking=True))
    used = {"outcome": known.outcomes, "program": known.programs, "line_of_business": known.lines}
    for name, names in used.items():
        value = record.get(name)
        if value and value not in names:
            found.append(Remark(name, _NEW[name].format(value, _hint(value, names)), blocking=False))
    return found


_NEW = {
    "outcome": 'No source reports the outcome "{}"{}; its rate is not available until one does.',
    "program": 'No other campaign is of the program "{}"{}; it would be a new one.',
    "line_of_business": 'No other campaign is of the line "{}"{}; it would be a new one.',
}


def _hint(value: str, names: Collection[str]) -> str:
    said = near(value, sorted(names))
    return said.removesuffix("?") if said.startswith("; did you mean") else ""


def _words(field: Field, given: Any) -> str | None:
    try:
        limit = PARAGRAPH if field.kind == "long_text" else int(field.most)
        return typed(str(given), limit, lines=field.kind == "long_text") or None
    except TextRefused as refused:
        raise FieldRefused(field, str(refused)) from None


def _line(field: Field, given: Any, limit: int = LINE) -> str:
    try:
        return typed(str(given), limit, lines=limit > LINE)
    except TextRefused as refused:
        raise FieldRefused(field, str(refused)) from None


def _date(field: Field, given: Any) -> str | None:
    text = _line(field, given)
    try:
        date.fromisoformat(text)
    except ValueError:
        raise FieldRefused(field, f'"{text}" is not a date; write it as 2026-03-01') from None
    return text


def _number(field: Field, given: Any) -> float | int | None:
    if isinstance(given, str):
        text = _line(field, given)
        bare = text.removeprefix("$").strip() if field.group == MONEY else text
        if not bare:
            return None
        given = _parsed(bare)
        if given is None:
            raise FieldRefused(field, f'"{text}" is not a number; write it as 1200 or 0.15')
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        raise FieldRefused(field, "not a number")
    if field.type == "int" and given != int(given):
        raise FieldRefused(field, f"{_plain(given)} is not a whole number")
    value = int(given) if given == int(given) else given
    if not field.least <= value <= field.most:
        bounds = f"from {_plain(field.least)} to {_plain(field.most)}"
        raise FieldRefused(field, f"{_plain(value)} is not {bounds}")
    return value


def _share(field: Field, given: Any) -> float | int | None:
    number = given
    if isinstance(given, str) and given.strip().endswith("%"):
        percent = _parsed(given.strip().removesuffix("%").strip())
        number = given if percent is None else round(percent / 100, 9)
    try:
        return _number(field, number)
    except FieldRefused:
        raise FieldRefused(field, f'"{given}" is not a share; write it as 15 % or 0.15') from None


def _choice(field: Field, given: Any) -> str | None:
    text = _line(field, given)
    by_label = {label.lower(): name for name, label in field.choices.items()}
    name = text if text in field.choices else by_label.get(text.lower())
    if name is None:
        raise FieldRefused(field, f'"{text}" is not one of {", ".join(field.choices.values())}')
    return name


def _list(field: Field, given: Any) -> list[str] | None:
    parts = re.split(r"[\n;|]", given) if isinstance(given, str) else list(given)
    texts = [text for text in (_line(field, part) for part in parts) if text]
    if field.name == "channels":
        texts = [_channel(field, text) for text in texts]
    if len(texts) > field.most:
        raise FieldRefused(field, f"{len(texts)} entries; at most {_plain(field.most)} fit")
    return list(dict.fromkeys(texts)) or None


def _table(field: Field, given: Any) -> Any:
    return _costs(field, given) if field.type == "table" else _rows(field, given)


def _costs(field: Field, given: Any) -> dict[str, float] | None:
    if isinstance(given, str):
        pairs = [re.split(r"[=|:]", line, maxsplit=1) for line in re.split(r"[\n;]", given) if line.strip()]
    else:
        pairs = [list(pair) for pair in (given.items() if isinstance(given, Mapping) else given)]
    costs = {}
    for pair in pairs:
        if len(pair) != 2:
            raise FieldRefused(field, f'"{_line(field, pair[0])}" has no cost; write email = 0.002')
        cost = _number(field, pair[1])
        if cost is not None:
            costs[_channel(field, _line(field, pair[0]))] = cost
    return costs or None


def _rows(field: Field, given: Any) -> list[dict[str, str]] | None:
    if isinstance(given, str):
        lines = [line for line in given.split("\n") if line.strip()]
        given = [dict(zip(field.columns, line.split("|", 2), strict=False)) for line in lines]
    rows = []
    for row in given:
        cells = {name: _line(field, text, PARAGRAPH) for name, text in row.items() if text is not None}
        cells = {name: text for name, text in cells.items() if text}
        if cells.get("channel"):
            cells["channel"] = _channel(field, cells["channel"])
        if cells:
            rows.append(cells)
    if len(rows) > field.most:
        raise FieldRefused(field, f"{len(rows)} rows; at most {_plain(field.most)} fit")
    return rows or None


def _channel(field: Field, text: str) -> str:
    name = channel_of(text)
    if name not in CHANNEL_LABELS:
        raise FieldRefused(field, f'"{text}" is no channel{near(text, CHANNEL_LABELS)}')
    return name


def _cells(field: Field, row: Mapping[str, Any]) -> str:
    return " | ".join(str(row.get(name, "")).replace("\n", " ") for name in field.columns[:3])


def _parsed(text: str) -> float | None:
    if not text or not _NUMBER.fullmatch(text):
        return None
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else f"{number:.9f}".rstrip("0")


_READERS: dict[str, Callable[[Field, Any], Any]] = {
    "text": _words, "long_text": _words, "date": _date, "number": _number, "money": _number, "share": _share,
    "list": _list, "choice": _choice, "table": _table,
}  # fmt: skip
