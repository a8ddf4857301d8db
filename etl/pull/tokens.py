"""The secrets of sources."""

from __future__ import annotations

from config import tokens
from config.settings import Settings
from etl.sources.problems import IntakeError


def token_of(settings: Settings, name: str) -> str:
    """A secret by its name; IntakeError says what is not set or cannot be read, and nothing of the secret."""
    try:
        return tokens.token_of(settings, name)
    except tokens.TokenError as problem:
        raise IntakeError(str(problem)) from None
