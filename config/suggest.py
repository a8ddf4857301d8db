"""The near miss: which known name a mistyped one was likely meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str:
    """A sentence with the nearest known name, or with the first few of them."""
    names = sorted(known)
    near = get_close_matches(name, names, n=1)
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"Known are {', '.join(names[:12])}{' and more' if len(names) > 12 else ''}." if names else ""


def near(word: str, known: Iterable[str]) -> str:
    """`; did you mean "x"?` for the known word closest to `word`, else the known words, else nothing."""
    words = [str(one) for one in known]
    folded = {one.lower(): one for one in reversed(words)}
    match = get_close_matches(str(word).lower(), list(folded), 1, 0.6)
    if match:
        return f'; did you mean "{folded[match[0]]}"?'
    return f"; known: {', '.join(words[:40])}" if words else ""
