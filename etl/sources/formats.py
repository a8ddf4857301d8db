"""Formats of dates, and zones: what is known, and what was meant."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

DIRECTIVES = frozenset("YmdHMSyjbBaAeIlpfzsTDFRkhV3569%")


def directives(text: str) -> list[str]:
    """The letters behind each % of a format."""
    parts = text.replace("%%", "").split("%")[1:]
    return [part.lstrip(".-_0:")[:1] or "%" for part in parts]


def meant_format(text: str) -> str:
    """A format such as dd-mm-yyyy HH:MM:SS with the directives that it stands for."""
    day, _, clock = text.replace("T", " ").partition(" ")
    for letters, directive in (("yyyy", "%Y"), ("mmm", "%b"), ("mm", "%m"), ("dd", "%d"), ("yy", "%y")):
        day = re.sub(rf"(?<!%)\b{letters}\b", directive, day, flags=re.IGNORECASE)
    for letters, directive in (("hh24", "%H"), ("hh", "%H"), ("mi", "%M"), ("mm", "%M"), ("ss", "%S")):
        clock = re.sub(rf"(?<!%)\b{letters}\b", directive, clock, flags=re.IGNORECASE)
    return f"{day} {clock}".strip()


def known_zone(name: object) -> bool:
    """Whether the tz database has a zone of this name."""
    try:
        ZoneInfo(str(name))
    except (ValueError, OSError, KeyError):
        return False
    return isinstance(name, str)
