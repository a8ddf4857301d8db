"""The settings in words: `.env.example` and docs/settings.md, written from the settings themselves."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from config.settings import ROOT, Settings, expectation, variable
from config.topics import TOPICS, fields_of

_ENV_HEAD = """\
# Settings of Reachboard: copy this file to .env and uncomment what you change.
# A variable of the environment counts before this file. docs/settings.md says the same in a table.
"""

_PAGE_HEAD = """\
# Settings

Written by `make docs` from `config/declared.py`, `config/identity.py` and `config/telling.py`.

Settings are environment variables that begin with `REACHBOARD_`, or lines of a file `.env` in the
repository's folder (`.env.example` is a start); the environment counts first. An empty value is an unset one.
A wrong value or an unknown name stops the start with exit code 2 and one line per problem, which names
the variable, its value and what was expected.

`make run` takes `PORT=9000` as another spelling of `REACHBOARD_PORT=9000`.
"""

_TABLE = """\
| Variable | Default | Expected | Meaning |
|---|---|---|---|
"""


def env_example() -> str:
    """Text of `.env.example`: every setting, commented out, with its meaning and default."""
    return _ENV_HEAD + "".join(
        f"\n# --- {topic} ---\n" + "".join(_env_entry(field) for field in fields_of(topic))
        for topic in TOPICS
    )


def settings_page() -> str:
    """Text of docs/settings.md: a table of every setting."""
    return _PAGE_HEAD + "".join(
        f"\n## {topic}\n\n{_TABLE}" + "".join(_row(field) for field in fields_of(topic)) for topic in TOPICS
    )


def default_text(field: str) -> str:
    """A field's default as one would write it in the environment; empty where there is none."""
    value = Settings.model_fields[field].default
    if value is None or isinstance(value, SecretStr | dict):
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, tuple):
        return ", ".join(one if isinstance(one, str) else ":".join(one) for one in value)
    return value.relative_to(ROOT).as_posix() if isinstance(value, Path) else str(value)


def _env_entry(field: str) -> str:
    meaning = (Settings.model_fields[field].description or "").replace("`", "")
    return f"\n# {meaning}\n# Expected: {expectation(field)}.\n# {variable(field)}={default_text(field)}\n"


def _row(field: str) -> str:
    default = f"`{default_text(field)}`" if default_text(field) else "unset"
    meaning = Settings.model_fields[field].description
    return f"| `{variable(field)}` | {default} | {expectation(field)} | {meaning} |\n"
