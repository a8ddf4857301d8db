"""One rule of a mapping: where a value comes from in the file, and how its text is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from config.suggest import near
from etl.sources.formats import DIRECTIVES, directives, known_zone, meant_format

Note = Callable[[str, str], None]

NUMERIC = ("int", "number", "money", "percent", "share")
PERCENT = ("percent", "share")
INSTANTS = ("datetime", "date")
SOURCE_KEYS = ("column", "first_of", "join", "separator", "value", "type", "missing", "default", "optional")
TYPE_KEYS: dict[str, tuple[str, ...]] = {
    "text": ("map", "unknown", "match"),
    "bool": ("map", "unknown", "match", "true", "false", "invert"),
    "int": ("decimal", "sign"),
    "number": ("decimal", "sign"),
    "money": ("decimal", "sign"),
    "percent": ("decimal", "sign", "of"),
    "share": ("decimal", "sign", "of"),
    "date": ("format", "zone"),
    "datetime": ("format", "zone"),
    "bands": ("decimal", "edges", "labels"),
    "email": ("unknown",),
    "phone": ("unknown",),
    "device": (),
    "id": (),
    "version": (),
}
WORDS: dict[str, tuple[str, ...]] = {
    "sign": ("keep", "negate", "refuse", "absolute"),
    "match": ("exact", "contains", "starts"),
    "decimal": (".", ","),
}
UNKNOWN = ("new", "refuse", "other", "missing", "skip")
TRUE = ("true", "t", "yes", "y", "1", "on", "1.0")
FALSE = ("false", "f", "no", "n", "0", "off", "0.0")


@dataclass(frozen=True)
class Rule:
    """How one canonical value is read. `columns` are spellings of one header, the first found is read."""

    where: str
    type: str = "text"
    columns: tuple[str, ...] = ()
    first_of: tuple[str, ...] = ()
    join: tuple[str, ...] = ()
    separator: str = " "
    constant: str | None = None
    missing: tuple[str, ...] = ()
    default: str | None = None
    optional: bool = False
    map: dict[str, str | bool] = field(default_factory=dict)
    unknown: str | bool | None = None
    match: str = "exact"
    true: tuple[str, ...] = TRUE
    false: tuple[str, ...] = FALSE
    invert: bool = False
    formats: tuple[str, ...] = ()
    zone: str | None = None
    decimal: str | None = None
    sign: str = "keep"
    of: str | None = None
    edges: tuple[float, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header the rule may name."""
        return (*self.columns, *self.first_of, *self.join)


def parse_rule(value: Any, where: str, types: tuple[str, ...], note: Note) -> Rule | None:
    """The rule in a TOML value: a header, or a table. Problems go to `note(where, what)`; then None."""
    if isinstance(value, str):
        value = {"column": value}
    if not isinstance(value, dict):
        note(where, 'must be a column name in quotes, or a table such as { column = "x" }')
        return None
    kind = value.get("type", _implied(value, types))
    if "type" not in value and types[:2] == ("email", "phone"):
        note(
            where, f'needs a type, one of {", ".join(types)}: {where} = {{ column = "...", type = "email" }}'
        )
        return None
    if kind not in types:
        note(f"{where}.type", f'"{kind}" is not a type that fits here{near(str(kind), types)}')
        return None
    problems: list[str] = []

    def noted(at: str, what: str) -> None:
        problems.append(what)
        note(at, what)

    rule = _Checked(value, where, kind, noted).rule()
    return None if problems else rule


def _implied(table: dict[str, Any], types: tuple[str, ...]) -> str:
    """The type of a table that states none: bool where only a bool makes sense, else the field's first."""
    truth = isinstance(table.get("value"), bool) or {"true", "false", "invert"} & set(table)
    return "bool" if truth and "bool" in types else types[0]


@dataclass
class _Checked:
    table: dict[str, Any]
    where: str
    kind: str
    note: Note

    def rule(self) -> Rule:
        self._keys()
        rule = Rule(
            where=self.where,
            type=self.kind,
            columns=self._texts("column"),
            first_of=self._texts("first_of"),
            join=self._texts("join"),
            separator=self._text("separator", " "),
            constant=self._constant("value"),
            missing=self._texts("missing", blank=True),
            default=self._constant("default"),
            optional=self._flag("optional"),
            map=self._map(),
            unknown=self._unknown(),
            match=self._text("match", "exact"),
            invert=self._flag("invert"),
            formats=self._formats(),
            zone=self._zone(),
            decimal=self._text("decimal", "") or None,
            sign=self._text("sign", "keep"),
            of=self._text("of", "") or None,
            edges=self._edges(),
            labels=self._texts("labels"),
            **self._spellings(),
        )
        if self.kind == "bands" and rule.labels and len(rule.labels) != len(rule.edges) + 1:
            self.note(
                f"{self.where}.labels", f"needs {len(rule.edges) + 1} labels for {len(rule.edges)} edges"
            )
        return rule

    def _keys(self) -> None:
        allowed = (*SOURCE_KEYS, *TYPE_KEYS[self.kind])
        for key in self.table:
            if key not in allowed:
                owners = [kind for kind, keys in TYPE_KEYS.items() if key in keys]
                hint = f"; it belongs to type {' or '.join(owners)}" if owners else near(key, allowed)
                self.note(f"{self.where}.{key}", f'"{key}" is not a key of type "{self.kind}"{hint}')
        given = [key for key in ("column", "first_of", "join", "value") if key in self.table]
        if len(given) != 1:
            said = f"has {' and '.join(given)}" if given else "names no column"
            self.note(self.where, f"{said}; give exactly one of column, first_of, join, value")
        for key, words in WORDS.items():
            if key in self.table and self.table[key] not in words:
                self._wrong(key, f"one of {', '.join(words)}{near(str(self.table[key]), words)}")

    def _wrong(self, key: str, expected: str) -> None:
        self.note(f"{self.where}.{key}", f"is {self.table[key]!r}, expected {expected}")

    def _texts(self, key: str, blank: bool = False) -> tuple[str, ...]:
        given = self.table.get(key, [])
        items = given if isinstance(given, list) else [given]
        plain = tuple(str(one) for one in items if isinstance(one, (str, int, float)))
        if len(plain) != len(items) or (not blank and any(not one.strip() for one in plain)):
            self._wrong(key, "a text or a list of texts")
        if key in self.table and not items and not blank:
            self._wrong(key, "at least one")
        return plain

    def _text(self, key: str, default: str) -> str:
        given = self.table.get(key, default)
        if isinstance(given, str):
            return given
        self._wrong(key, "a text")
        return default

    def _flag(self, key: str) -> bool:
        given = self.table.get(key, False)
        if not isinstance(given, bool):
            self._wrong(key, "true or false")
        return given is True

    def _constant(self, key: str) -> str | None:
        given = self.table.get(key)
        if given is None:
            return None
        if isinstance(given, bool):
            return "true" if given else "false"
        if isinstance(given, (date, datetime)):
            return given.isoformat()
        if isinstance(given, (str, int, float)) and str(given).strip():
            return str(given).strip()
        self._wrong(key, "a text, a number, a date, true or false")
        return None

    def _map(self) -> dict[str, str | bool]:
        given = self.table.get("map", {})
        if not isinstance(given, dict):
            self._wrong("map", 'a table such as { Delivered = "delivered" }')
            return {}
        wanted, said = (bool, "true or false") if self.kind == "bool" else (str, "a text")
        result: dict[str, str | bool] = {}
        for spelling, target in given.items():
            folded, chosen = spelling.strip().lower(), target
            if self.kind == "text" and isinstance(target, (int, float)):
                chosen = str(target).lower() if isinstance(target, bool) else str(target)
            if not isinstance(chosen, wanted):
                self.note(f'{self.where}.map."{spelling}"', f"is {target!r}, expected {said}")
            elif result.get(folded, chosen) != chosen:
                self.note(
                    f'{self.where}.map."{spelling}"', "is given twice (case does not matter) and differs"
                )
            else:
                result[folded] = chosen
        return result

    def _unknown(self) -> str | bool | None:
        given = self.table.get("unknown")
        words: tuple[str, ...] = UNKNOWN if self.kind == "text" else ("refuse", "missing", "skip")
        if given is None or (isinstance(given, bool) and self.kind == "bool") or given in words:
            return given
        extra = ", true, false" if self.kind == "bool" else ""
        self._wrong("unknown", f"one of {', '.join(words)}{extra}{near(str(given), words)}")
        return None

    def _spellings(self) -> dict[str, tuple[str, ...]]:
        if self.kind != "bool":
            return {}
        true = tuple(one.strip().lower() for one in self._texts("true"))
        false = tuple(one.strip().lower() for one in self._texts("false"))
        for both in sorted(set(true) & set(false)):
            self.note(f"{self.where}.true", f'"{both}" is both true and false')
        return {
            "true": true or tuple(one for one in TRUE if one not in false),
            "false": false or tuple(one for one in FALSE if one not in true),
        }

    def _formats(self) -> tuple[str, ...]:
        formats = self._texts("format")
        for one in formats:
            if one in ("epoch", "epoch_ms", "epoch_us", "iso"):
                continue
            wrong = [mark for mark in directives(one) if mark not in DIRECTIVES]
            if "%" not in one or wrong:
                what = f"%{wrong[0]} is not known" if wrong else "no % directive"
                example = 'expected something like "%d-%m-%Y %H:%M", "iso", "epoch", "epoch_ms" or "epoch_us"'
                meant = meant_format(one)
                hint = f'did you mean "{meant}"?' if meant != one else example
                self.note(f"{self.where}.format", f'"{one}": {what}; {hint}')
        return formats

    def _zone(self) -> str | None:
        given = self.table.get("zone")
        if given is not None and not known_zone(given):
            self._wrong("zone", 'a zone of the tz database such as "America/New_York" or "UTC"')
        return given

    def _edges(self) -> tuple[float, ...]:
        if self.kind != "bands":
            return ()
        given = self.table.get("edges")
        numbers = isinstance(given, list) and all(type(one) in (int, float) for one in given)
        if not given or not numbers or sorted(set(given)) != given:
            self.note(
                f"{self.where}.edges", "type bands needs edges: rising numbers such as [18, 35, 50, 65]"
            )
            return ()
        return tuple(given)
