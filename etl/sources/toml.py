"""Reads mapping files: the TOML is parsed whole, and every problem in it told, before any row is read."""

from __future__ import annotations

import re
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any

from config.suggest import near
from config.vocabulary import ROW_KINDS
from data.records import KEYS
from etl.sources.checks import check_events, check_sense, claimed_facts
from etl.sources.fields import ADDRESS, FIELDS, MEASURES, RESERVED_ATTRIBUTES
from etl.sources.folder import parse_folder
from etl.sources.formats import known_zone
from etl.sources.mapping import Mapping, Outcome
from etl.sources.problems import MappingError
from etl.sources.rest import parse_rest
from etl.sources.rules import INSTANTS, NUMERIC, PERCENT, Rule, parse_rule
from etl.sources.sql import parse_sql
from etl.sources.tables import parse_file, parse_key, parse_lookup, parse_skip
from etl.sources.timing import parse_timing

SECTIONS = (
    "source",
    "file",
    "fields",
    "attributes",
    "outcomes",
    "counts",
    "addresses",
    "key",
    "lookups",
    "skip",
    "sql",
    "rest",
    "folder",
    "schedule",
)
SOURCE = ("name", "kind", "label", "zone", "synthetic", "once", "newer_by", "provides", "messages")
OF_KIND = {
    "attributes": ("member", "members"),
    "outcomes": ("member",),
    "counts": ("aggregate",),
    "addresses": ("members",),
}
OUTCOME_TYPES = ("bool", *INSTANTS, *NUMERIC)
ATTRIBUTE_TYPES = ("text", "bands", "bool", *INSTANTS, *NUMERIC)


def load_mapping(path: Path) -> Mapping:
    """Read and check a mapping file; MappingError lists every problem with its place and near miss."""
    try:
        raw = path.read_bytes()
        document = tomllib.loads(raw.decode("utf-8"))
    except FileNotFoundError:
        beside = [one.name for one in path.parent.glob("*.toml")] if path.parent.is_dir() else []
        raise MappingError([f"{path}: no such mapping file{near(path.name, beside)}"]) from None
    except OSError as error:
        raise MappingError([f"{path}: cannot be read: {error.strerror}"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError([f"{path.name}: not valid TOML: {error}"]) from None
    return _Parser(path, raw, document).mapping()


def parse_mapping(raw: bytes, path: Path) -> Mapping:
    """A mapping that is no file yet; `path` names it in what is wrong."""
    try:
        document = tomllib.loads(raw.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError([f"{path.name}: not valid TOML: {error}"]) from None
    return _Parser(path, raw, document).mapping()


class _Parser:
    """Walks the document once and gathers every problem before it raises."""

    def __init__(self, path: Path, raw: bytes, document: dict[str, Any]) -> None:
        self.path, self.raw, self.document = path, raw, document
        self.problems: list[str] = []

    def note(self, where: str, what: str) -> None:
        line = _line_of(self.raw.decode("utf-8"), where)
        place = f"{self.path.name}, line {line}" if line else self.path.name
        self.problems.append(f"{place}: {where}: {what}")

    def mapping(self) -> Mapping:
        for name in self.document:
            if name not in SECTIONS:
                self.note(f"[{name}]", f"no such section{near(name, SECTIONS)}")
        source = self._source()
        if source.get("kind") not in FIELDS:
            raise MappingError(self.problems)
        mapping = Mapping(
            path=self.path, sha256=sha256(self.raw).hexdigest(), **source, **self._sections(source)
        )
        check_events(mapping, self.note)
        if not self.problems:
            check_sense(mapping, self.note)
        if self.problems:
            raise MappingError(self.problems)
        return mapping

    def _section(self, name: str) -> dict[str, Any]:
        given = self.document.get(name, {})
        if isinstance(given, dict):
            return given
        self.note(f"[{name}]", f"must be a section: write [{name}] on a line of its own")
        return {}

    def _source(self) -> dict[str, Any]:
        given = self._section("source")
        for key in given:
            if key not in SOURCE:
                self.note(f"[source] {key}", f"no such key{near(key, SOURCE)}")
        name, kind = given.get("name"), given.get("kind") if isinstance(given.get("kind"), str) else None
        if not isinstance(name, str) or not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name):
            self.note("[source] name", 'needs an id of lower-case letters, digits and _, such as "flu_mail"')
        if kind not in ROW_KINDS:
            self.note(
                "[source] kind", f"{given.get('kind')!r} is not a kind of row{near(str(kind), ROW_KINDS)}"
            )
        for key in ("label", "messages"):
            if not isinstance(given.get(key, ""), str):
                self.note(f"[source] {key}", "must be a text")
        for key in ("synthetic", "once"):
            if not isinstance(given.get(key, False), bool):
                self.note(f"[source] {key}", "must be true or false")
        if "zone" in given and not known_zone(given["zone"]):
            self.note("[source] zone", f'{given["zone"]!r} is not a zone of the tz database; such as "UTC"')
        return {
            "name": name, "kind": kind, "label": given.get("label") or str(name), "zone": given.get("zone"),
            "synthetic": given.get("synthetic", False), "messages": given.get("messages") or str(name),
            "newer_by": self._newer_by(given, kind), "provides": claimed_facts(given, self.note),
            "once": given.get("once", False),
        }  # fmt: skip

    def _newer_by(self, given: dict[str, Any], kind: object) -> Rule | None:
        if "newer_by" not in given:
            return None
        if kind not in ("message", "member"):
            self.note("[source] newer_by", f'belongs to kinds message and member, not "{kind}"')
            return None
        return self._rule(given["newer_by"], "[source] newer_by", ("version", *INSTANTS, "int"))

    def _rule(self, value: Any, where: str, types: tuple[str, ...]) -> Rule | None:
        return parse_rule(value, where, types, self.note)

    def _sections(self, source: dict[str, Any]) -> dict[str, Any]:
        for name, kinds in OF_KIND.items():
            if name in self.document and source["kind"] not in kinds:
                self.note(f"[{name}]", f'belongs to kind {" and ".join(kinds)}, not "{source["kind"]}"')
        return {
            "file": parse_file(self._section("file"), self.note),
            "fields": self._fields(source["kind"]),
            "attributes": self._attributes(),
            "outcomes": self._outcomes(),
            "counts": self._counts(),
            "addresses": self._addresses(),
            "key": parse_key(self.document.get("key"), self.note),
            "lookups": tuple(parse_lookup(one, n, self.note) for n, one in self._tables("lookups")),
            "skips": tuple(parse_skip(one, n, self.note) for n, one in self._tables("skip")),
            "sql": parse_sql(self.document, self.note),
            "rest": parse_rest(self.document, self.note),
            "folder": parse_folder(self.document, self.note),
            "timing": parse_timing(self.document, self.note),
        }

    def _tables(self, name: str) -> list[tuple[int, dict[str, Any]]]:
        given = self.document.get(name, [])
        if isinstance(given, list) and all(isinstance(one, dict) for one in given):
            return list(enumerate(given, 1))
        self.note(f"[[{name}]]", f"must be written with two brackets: [[{name}]]")
        return []

    def _fields(self, kind: str) -> dict[str, Rule]:
        types = {field.name: field.types for field in FIELDS[kind]}
        if kind == "campaigns":
            types = {name: RECORD_TYPES.get(kind, ("text",)) for name, kind in KEYS.items()}
        result = {}
        for name, value in self._section("fields").items():
            if name not in types:
                self.note(f"[fields] {name}", f'kind "{kind}" has no field "{name}"{near(name, types)}')
            elif rule := self._rule(value, f"[fields] {name}", types[name]):
                result[name] = rule
        return result

    def _attributes(self) -> dict[str, Rule]:
        result = {}
        for name, value in self._section("attributes").items():
            where = f"[attributes] {name}"
            if not name.strip() or name != name.strip() or len(name) > 64 or not name.isprintable():
                self.note(where, "an attribute's name is 1 to 64 printable characters without outer blanks")
            elif name.lower() in RESERVED_ATTRIBUTES:
                self.note(where, f'"{name}" is a dimension of its own; choose another name, as member_{name}')
            elif rule := self._rule(value, where, ATTRIBUTE_TYPES):
                result[name] = rule
        return result

    def _outcomes(self) -> dict[str, Outcome]:
        result = {}
        for name, value in self._section("outcomes").items():
            where = f"[outcomes.{name}]"
            given = {"column": value} if isinstance(value, str) else value
            table = dict(given) if isinstance(given, dict) else {}
            at, money = table.pop("at", None), table.pop("value", None)
            if money is not None and not any(key in table for key in ("column", "first_of", "join")):
                table["value"], money = money, None
            rule = self._rule(table, where, OUTCOME_TYPES)
            at_rule = self._rule(at, f"{where} at", INSTANTS) if at is not None else None
            value_rule = self._rule(money, f"{where} value", ("money",)) if money is not None else None
            if rule:
                result[name] = Outcome(rule, at_rule, value_rule)
        return result

    def _counts(self) -> dict[str, Rule]:
        result = {}
        for name, value in self._section("counts").items():
            where = f"[counts] {name}"
            if name not in MEASURES:
                self.note(where, f'no such measure "{name}"{near(name, MEASURES)}')
            elif rule := self._rule(
                value, where, ("money", "number") if name == "cost" else ("int", *PERCENT)
            ):
                result[name] = rule
        return result

    def _addresses(self) -> dict[str, Rule]:
        result = {}
        for name, value in self._section("addresses").items():
            table = {"column": value} if isinstance(value, str) else value
            if name in ADDRESS and isinstance(table, dict):
                table = {"type": name, **table}
            if rule := self._rule(table, f"[addresses] {name}", ADDRESS):
                result[name] = rule
        return result


RECORD_TYPES = {
    "date": ("date", "datetime"),
    "datetime": INSTANTS,
    "int": ("int",),
    "share": ("percent", "share", "number"),
    "number": ("money", "number", *PERCENT),
}


def _line_of(text: str, where: str) -> int | None:
    """The line that a place such as `[fields] at.format` or `[[skip]] 2` most likely stands on."""
    match = re.match(r"\[+([^\]]+)\]+ ?([^. ]*)", where)
    if not match:
        return None
    section, key = match.groups()
    start = None
    count = int(key) if key.isdigit() else 1
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line)
        if header and "=" not in line.split("]")[0]:
            if key and header.group(1).replace('"', "") == f"{section}.{key}":
                return number
            if header.group(1) == section:
                count -= 1
                start = number if count <= 0 and start is None else start
            elif start is not None and not header.group(1).startswith(section + "."):
                break
        elif start is not None and key and re.match(rf'\s*"?{re.escape(key)}"?\s*=', line):
            return number
    return start
