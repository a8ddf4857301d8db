"""Errors of intake: what is wrong, where, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable


class IntakeError(Exception):
    """A file that cannot be read at all; single wrong rows are refused instead, without an error."""


class MappingError(IntakeError):
    """A mapping that cannot be used, or that does not fit the file. `problems` holds one line each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class PlaceError(IntakeError):
    """A place, or one file in it, that cannot be read now; the file itself need not be wrong."""
