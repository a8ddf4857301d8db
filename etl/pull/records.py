"""Records of JSON as the texts that a CSV of them would hold, and the way to a place in a document."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from etl.intake.reader import BAD, UNREADABLE
from etl.pull.texts import text_of
from etl.sources.problems import IntakeError

NO_OBJECT = "is no object with names and values"
NO_JSON = "is not valid JSON"
LONE = re.compile(r"[\ud800-\udfff]")
MISSING = object()
Texts = dict[str, str]


@dataclass(frozen=True)
class Wrong:
    """A record that cannot be read as a row: why, and its text."""

    reason: str
    raw: str


class Document:
    """One JSON answer; numbers are kept as they are written."""

    def __init__(self, body: bytes) -> None:
        """Raises `ValueError` where the body is no JSON."""
        self.whole = parsed(decoded(body))

    def at(self, path: str) -> Any:
        """What stands at a path of names with dots; `MISSING` where nothing does. An empty path is all."""
        return _at(self.whole, path) if path else self.whole

    def records(self, path: str) -> list[Texts | Wrong]:
        """The records at a path; IntakeError where there is no list."""
        found = self.at(path)
        if not isinstance(found, list):
            place = f'at "{path}"' if path else "as its whole"
            raise IntakeError(f"the answer has no list {place}; check [rest] records")
        return [_row(record) for record in found]


def lines(body: bytes) -> list[Texts | Wrong]:
    """The records of NDJSON, one a line; blank lines are none."""
    return [_line(line) for line in decoded(body).splitlines() if line.strip()]


def decoded(body: bytes) -> str:
    """Text in UTF-8, with or without a byte order mark; what is none is marked."""
    return body.decode("utf-8-sig", "replace")


def parsed(text: str) -> Any:
    """A JSON text; `ValueError` where it is none, or nested beyond all use."""
    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("nested too deep") from None


def flat(record: dict[str, Any]) -> Texts:
    """Names and texts of a record; what stands in objects in it is named with dots."""
    found: Texts = {}
    for name, value in record.items():
        if isinstance(value, dict) and value:
            found.update({f"{name}.{inner}": text for inner, text in flat(value).items()})
        else:
            found[name] = LONE.sub(BAD, text_of(value))
    return found


def _line(line: str) -> Texts | Wrong:
    try:
        return _row(parsed(line))
    except ValueError:
        return Wrong(NO_JSON, line + "\n")


def _row(record: Any) -> Texts | Wrong:
    if not isinstance(record, dict) or not record:
        return Wrong(NO_OBJECT, LONE.sub(BAD, text_of(record)) + "\n")
    try:
        row = flat(record)
    except RecursionError:
        return Wrong(NO_JSON, "")
    if any(BAD in text or BAD in name or LONE.search(name) for name, text in row.items()):
        return Wrong(UNREADABLE, LONE.sub(BAD, json.dumps(record, ensure_ascii=False)) + "\n")
    return row


def _at(document: Any, path: str) -> Any:
    """Names may hold dots themselves, as "@odata.nextLink": the longest that fits counts."""
    if not isinstance(document, dict):
        return MISSING
    if path in document:
        return document[path]
    cuts = [place for place, one in enumerate(path) if one == "."]
    for cut in reversed(cuts):
        if path[:cut] in document:
            return _at(document[path[:cut]], path[cut + 1 :])
    return MISSING


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
