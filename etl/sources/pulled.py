"""What the sections of a mapping that pull have in common: how their keys are read and told wrong."""

from __future__ import annotations

import re
from typing import Any

from config import named
from config.suggest import near
from etl.sources.rules import Note

SECTIONS = ("sql", "rest", "folder")
OF_FILES = ("delimiter", "encoding", "quote", "escape", "skip_lines", "columns")
BATCH = 50_000
FEWEST, MOST = 100, 1_000_000


class Given:
    """The keys of a section, or of a table in it; what is wrong goes to `note`, and the default counts."""

    def __init__(self, table: dict[str, Any], where: str, known: tuple[str, ...], note: Note) -> None:
        self.table, self.where, self.note = table, where, note
        for key in table:
            if key not in known:
                self.wrong(key, f"no such key{near(key, known)}")

    def wrong(self, key: str, what: str) -> None:
        self.note(f"{self.where} {key}", what)

    def text(self, key: str, default: str = "", example: str = "") -> str:
        """A text of one line, or the default where none is given."""
        given = self.table.get(key, default)
        if not isinstance(given, str) or (key in self.table and not given):
            self.wrong(key, f'must be a text such as "{example}"')
            return default
        if not given.isprintable():
            self.wrong(key, "must be of one line, without control characters")
            return default
        return given

    def needed(self, key: str, example: str) -> str:
        """A text that must be given."""
        if not isinstance(self.table.get(key), str) or not self.table[key].strip():
            self.wrong(key, f'needs a text such as "{example}"')
            return ""
        return self.text(key, "", example).strip()

    def number(self, key: str, default: float, low: float, high: float, whole: bool = True) -> float:
        """A number within bounds, both included."""
        given = self.table.get(key, default)
        kind = "whole number" if whole else "number"
        right = type(given) is int or (not whole and type(given) is float)
        if not right or not low <= given <= high:
            self.wrong(key, f"must be a {kind} from {low:,} to {high:,}")
            return default
        return float(given)

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        return int(self.number(key, default, low, high))

    def choice(self, key: str, words: tuple[str, ...], default: str) -> str:
        given = self.table.get(key, default)
        if given not in words:
            self.wrong(key, f"is {given!r}, expected {' or '.join(words)}{near(str(given), words)}")
            return default
        return str(given)

    def texts(self, key: str) -> dict[str, str]:
        """A table of names and texts; numbers and truth values are written as JSON writes them."""
        given = self.table.get(key, {})
        if not isinstance(given, dict) or not all(isinstance(v, str | int | float) for v in given.values()):
            self.wrong(key, 'must be a table of names and texts, such as { status = "final" }')
            return {}
        return {name: str(v).lower() if isinstance(v, bool) else str(v) for name, v in given.items()}

    def secret(self, key: str = "token") -> str:
        """The name of a secret that a setting holds; empty where none is named."""
        given = self.table.get(key, "")
        if given != "" and not (isinstance(given, str) and named.NAME.fullmatch(given)):
            self.wrong(
                key,
                'names a secret by lower-case letters, digits and _, such as "crm"; '
                "the secret itself is set as REACHBOARD_TOKEN_CRM, never here",
            )
            return ""
        return str(given)

    def batch(self) -> int:
        given = self.table.get("batch", BATCH)
        if type(given) is not int or not FEWEST <= given <= MOST:
            self.wrong("batch", f"must be a whole number of rows from {FEWEST} to {MOST:,}")
            return BATCH
        return given


def section(document: dict[str, Any], name: str, note: Note) -> dict[str, Any] | None:
    """A section that pulls, None where there is none; two of them in one mapping are a problem."""
    given = document.get(name)
    if given is None:
        return None
    if not isinstance(given, dict):
        note(f"[{name}]", f"must be a section: write [{name}] on a line of its own")
        return None
    others = [one for one in SECTIONS if one != name and one in document]
    if others and SECTIONS.index(name) < SECTIONS.index(others[-1]):
        note(f"[{name}]", f"a mapping pulls from one place, and [{others[-1]}] names another")
    return given


def check_file(document: dict[str, Any], name: str, note: Note) -> None:
    """What is no file has no delimiter; only how its texts read is left to say."""
    file = document.get("file")
    for key in OF_FILES:
        if isinstance(file, dict) and key in file:
            note(f"[file] {key}", f"is of a file; beside [{name}] only decimal and missing have a meaning")


def key_of_path(text: str) -> bool:
    """Whether a text may say where in a JSON document something stands."""
    return bool(re.fullmatch(r"[^\s.][^\n]{0,199}", text)) and not text.endswith(".")
