"""Errors of intake: what is wrong, where, what to do next, and the near miss."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class IntakeError(Exception):
    """A file that cannot be read at all; single wrong rows are refused instead, without an error."""


class MappingError(IntakeError):
    """A mapping that cannot be used, or that does not fit the file. `problems` holds one line each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def near(word: str, known: Iterable[str]) -> str:
    """`; did you mean "x"?` for the known word closest to `word`, else the known words, else nothing."""
    words = [str(one) for one in known]
    folded = {one.lower(): one for one in reversed(words)}
    match = get_close_matches(str(word).lower(), list(folded), 1, 0.6)
    if match:
        return f'; did you mean "{folded[match[0]]}"?'
    return f"; known: {', '.join(words[:40])}" if words else ""
