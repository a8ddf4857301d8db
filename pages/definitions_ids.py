"""Ids of Definitions."""

from __future__ import annotations

from enum import StrEnum


class Ids(StrEnum):
    """Everything on the page that a wire ends on, beside its parts."""

    SEARCH = "definitions-search"
    COUNT = "definitions-count"


def part_id(part: str) -> str:
    """Id of a part's section; what an address may point at."""
    return f"part-{part.replace('_', '-')}"
