"""The secrets of sources and targets, from a setting or from the file that it names; never from a TOML."""

from __future__ import annotations

import re
from pathlib import Path

from config.settings import Settings, token_variable
from config.suggest import near

IN_FILE = "file:"
LONGEST = 16_384
SOUND = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?")


class TokenError(ValueError):
    """A secret that is not set or cannot be read; its words hold nothing of it."""


def token_of(settings: Settings, name: str) -> str:
    """A secret by its name; TokenError says what is not set or cannot be read."""
    variable = token_variable(name)
    if name not in settings.tokens:
        raise TokenError(f"{variable} is not set; set it to the token{near(name, settings.tokens)}")
    text = settings.tokens[name].get_secret_value()
    if not text.startswith(IN_FILE):
        return text
    try:
        with Path(text.removeprefix(IN_FILE)).open(encoding="ascii") as file:
            text = file.readline(LONGEST).strip()
    except OSError as error:
        raise TokenError(f"{variable}: the file that it names cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        text = ""
    if not SOUND.fullmatch(text):
        raise TokenError(f"{variable}: the first line of the file that it names is no token of ASCII letters")
    return text
