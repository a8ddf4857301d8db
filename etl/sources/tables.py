"""The sections of a mapping beside its fields: the file's format, the key, lookups and skip rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from config.suggest import near
from etl.sources.rules import Note

FILE = ("delimiter", "encoding", "quote", "escape", "decimal", "missing", "skip_lines", "columns")
LOOKUP = ("file", "on", "take", "unmatched", "duplicates", "delimiter", "encoding", "quote")
LOOKUP_WORDS = {"unmatched": ("refuse", "missing"), "duplicates": ("refuse", "first", "last")}
SKIP = ("column", "equals", "not_equals", "contains", "missing", "reason")


@dataclass(frozen=True)
class FileSpec:
    """How the file is written. `columns` names them where the file has no header line."""

    delimiter: str = ","
    encoding: str = "utf-8"
    quote: str = '"'
    escape: str | None = None
    decimal: str = "."
    missing: tuple[str, ...] = ()
    skip_lines: int = 0
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Key:
    """What tells rows apart: named columns, `all` of them, or `none` (identical rows differ)."""

    columns: tuple[str, ...] = ()
    all: bool = False
    none: bool = False


@dataclass(frozen=True)
class Lookup:
    """A second file: `on` and `take` are column here = column there."""

    where: str
    file: str
    on: dict[str, str]
    take: dict[str, str]
    unmatched: str = "refuse"
    duplicates: str = "refuse"
    spec: FileSpec | None = None


@dataclass(frozen=True)
class Skip:
    """Rows left out: `test` is equals, not_equals, contains (any of `words`) or missing (`wanted`)."""

    where: str
    column: str
    test: str
    words: tuple[str, ...]
    wanted: bool
    reason: str


def _unknown_keys(given: dict[str, Any], known: tuple[str, ...], where: str, note: Note) -> None:
    for key in given:
        if key not in known:
            note(f"{where} {key}".strip(), f"no such key{near(key, known)}")


def _texts(given: dict[str, Any], key: str, where: str, note: Note) -> tuple[str, ...]:
    items = given.get(key, [])
    items = items if isinstance(items, list) else [items]
    if not all(isinstance(one, (str, int, float, bool)) for one in items):
        note(f"{where} {key}", "must be a text or a list of texts")
        return ()
    return tuple(str(one).lower() if isinstance(one, bool) else str(one) for one in items)


def parse_file(given: dict[str, Any], note: Note, where: str = "[file]") -> FileSpec:
    """The [file] section; problems go to `note`."""
    _unknown_keys(given, FILE, where, note)
    for key in ("delimiter", "quote", "escape"):
        value = given.get(key, "," if key == "delimiter" else "")
        single = isinstance(value, str) and len(value) <= 1 and value not in ("\n", "\r")
        if not single or (key == "delimiter" and not value):
            note(f"{where} {key}", f'is {value!r}, expected one character such as ";" or "\\t"')
            return FileSpec()
    if given.get("decimal", ".") not in (".", ","):
        note(f"{where} decimal", f'is {given["decimal"]!r}, expected "." or ","')
    encoding = given.get("encoding", "utf-8")
    try:
        if not "".encode(encoding).decode(encoding) == "":
            raise LookupError
    except (LookupError, TypeError, ValueError):
        usual = ("utf-8", "latin-1", "cp1252", "utf-16", "iso-8859-15")
        note(f"{where} encoding", f"{encoding!r} is not an encoding{near(str(encoding), usual)}")
    skip_lines = given.get("skip_lines", 0)
    if type(skip_lines) is not int or skip_lines < 0:
        note(f"{where} skip_lines", "must be a whole number of lines before the header")
        skip_lines = 0
    return FileSpec(
        delimiter=given.get("delimiter", ","),
        encoding=encoding,
        quote=given.get("quote", '"'),
        escape=given.get("escape") or None,
        decimal=given.get("decimal", "."),
        missing=_texts(given, "missing", where, note),
        skip_lines=skip_lines,
        columns=_texts(given, "columns", where, note),
    )


def parse_key(given: Any, note: Note) -> Key | None:
    """The [key] section, or None where the mapping has none."""
    if given is None:
        return None
    if not isinstance(given, dict):
        note("[key]", 'must be a section with columns = ["id"], all = true, or none = true')
        return None
    _unknown_keys(given, ("columns", "all", "none"), "[key]", note)
    columns = _texts(given, "columns", "[key]", note)
    chosen = [bool(columns), given.get("all") is True, given.get("none") is True]
    if sum(chosen) != 1:
        note("[key]", 'give exactly one of columns = ["id"], all = true, none = true')
        return None
    return Key(columns, chosen[1], chosen[2])


def _pairs(given: Any, where: str, note: Note) -> dict[str, str]:
    if isinstance(given, dict) and given and all(isinstance(one, str) for one in given.values()):
        return given
    note(where, 'must be a table of column here = column there, such as { metric_id = "id" }')
    return {}


def parse_lookup(given: dict[str, Any], number: int, note: Note) -> Lookup:
    """One [[lookups]] section."""
    where = f"[[lookups]] {number}"
    _unknown_keys(given, LOOKUP, where, note)
    if not isinstance(given.get("file"), str) or not given["file"]:
        note(f"{where} file", "needs the name of the second file")
    for key, words in LOOKUP_WORDS.items():
        if given.get(key, "refuse") not in words:
            said = f"{' or '.join(words)}{near(str(given[key]), words)}"
            note(f"{where} {key}", f"is {given[key]!r}, expected {said}")
    own: dict[str, Any] = {key: given[key] for key in LOOKUP[-3:] if key in given}
    return Lookup(
        where=where,
        file=str(given.get("file")),
        on=_pairs(given.get("on"), f"{where} on", note),
        take=_pairs(given.get("take"), f"{where} take", note),
        unmatched=str(given.get("unmatched", "refuse")),
        duplicates=str(given.get("duplicates", "refuse")),
        spec=parse_file(own, note, where) if own else None,
    )


def parse_skip(given: dict[str, Any], number: int, note: Note) -> Skip:
    """One [[skip]] section."""
    where = f"[[skip]] {number}"
    _unknown_keys(given, SKIP, where, note)
    if not isinstance(given.get("column"), str):
        note(f"{where} column", "needs the name of a column")
    tests = [key for key in ("equals", "not_equals", "contains", "missing") if key in given]
    if len(tests) != 1:
        note(where, "give exactly one of equals, not_equals, contains, missing")
    test = tests[0] if tests else "equals"
    if test == "missing" and not isinstance(given["missing"], bool):
        note(f"{where} missing", "must be true (skip where empty) or false (skip where not empty)")
    words = _texts(given, test, where, note) if test != "missing" else ()
    if test != "missing" and not words:
        note(f"{where} {test}", "needs at least one value")
    column, wanted = str(given.get("column")), given.get("missing") is True
    reason = given.get("reason") or " ".join([column, test.replace("_", " "), *words])
    return Skip(where, column, test, tuple(one.strip().lower() for one in words), wanted, str(reason))
