"""One setting: its usual value, its meaning, and what is expected of it."""

from __future__ import annotations

from typing import Any

from pydantic import Field

# Without encryption only to this very machine.
POSTED = r"(https://[^\s/?#@]+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?)(/[^\s?#]*)?"
"""An address on the outside that we talk to."""


def setting(default: Any, meaning: str, expects: str, **rules: Any) -> Any:
    """A field of settings, with pydantic's rules; both texts stand in the generated docs."""
    return Field(default, description=meaning, json_schema_extra={"expects": expects}, **rules)


def split_list(value: object) -> object:
    """Texts separated by commas as a tuple, each once; what is no text stays as it is."""
    if not isinstance(value, str):
        return value
    return tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
