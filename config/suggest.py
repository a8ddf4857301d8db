"""The near miss: which known name a mistyped one was likely meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """A sentence with the nearest known name, or with the first few of them."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"Known are {', '.join(names[:12])}{' and more' if len(names) > 12 else ''}." if names else ""
