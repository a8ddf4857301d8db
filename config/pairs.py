"""Named pairs of member attributes: how they are written, and which cannot be."""

from __future__ import annotations

from typing import LiteralString

Pairs = tuple[tuple[str, str], ...]


def split_pairs(value: object) -> object:
    """The pairs of `segment:region, segment:language` or `none`; anything but text as it is."""
    if not isinstance(value, str):
        return value
    if value.strip().lower() == "none":
        return ()
    return tuple(tuple(part.strip() for part in pair.split(":")) for pair in value.split(","))


def refused_pairs(pairs: Pairs) -> LiteralString:
    """Why these pairs cannot be released together, or nothing."""
    if any(not (left and right) or left == right for left, right in pairs):
        return "a pair is of two different attributes"
    if len({frozenset(pair) for pair in pairs}) < len(pairs):
        return "a pair stands twice"
    if _circle(pairs):
        return "pairs in a circle give members away: leave one of them out"
    return ""


def _circle(pairs: Pairs) -> bool:
    """Whether some close a circle: tables that do tell sums of single cells (docs/privacy.md)."""
    bound: list[set[str]] = []
    for pair in map(set, pairs):
        met = [one for one in bound if one & pair]
        if any(pair <= one for one in met):
            return True
        bound = [one for one in bound if one not in met] + [pair.union(*met)]
    return False
