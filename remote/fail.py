"""How a connection fails: with the error of who asked for it."""

from __future__ import annotations

from collections.abc import Callable

from config.settings import Settings
from config.tokens import TokenError, token_of

Fail = Callable[[str], Exception]
"""Makes an error out of words, which hold no secret."""


def secret_of(settings: Settings, name: str, fail: Fail) -> str:
    """A token by its name, "" without one."""
    try:
        return token_of(settings, name) if name else ""
    except TokenError as problem:
        raise fail(str(problem)) from None
