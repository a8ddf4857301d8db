"""Where a setting's value comes from: the environment, the file `.env`, or a file that holds a secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from pydantic import SecretStr

from config.declared import Declared
from config.variables import PREFIX, variable

ENVIRONMENT, ENV_FILE, SECRET_FILE = "environment", ".env file", "secret file"
DEFAULT, PROGRAM = "default", "program"
FILE = "_FILE"
LARGEST = 10_000
SECRETS = frozenset(
    name
    for name, one in Declared.model_fields.items()
    if one.annotation is SecretStr or SecretStr in get_args(one.annotation)
)
"""Settings that are never shown, and that a file may hold: `REACHBOARD_SECRET_KEY_FILE` names it."""


def file_variable(name: str) -> str:
    """Name of the environment variable that says which file holds a secret."""
    return variable(name) + FILE


@dataclass
class Given:
    """What was given: texts by variable, where each comes from by setting, and what cannot be read."""

    values: dict[str, str] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def gathered(env_file: Mapping[str, str], environ: Mapping[str, str]) -> Given:
    """The variables of the environment before those of the file `.env`; secrets are read from their files."""
    given = Given()
    heard = {secret for name in environ if (secret := _held(name))}
    kept = {name: text for name, text in env_file.items() if _held(name) not in heard}
    for origin, texts in ((ENV_FILE, kept), (ENVIRONMENT, environ)):
        given.values.update(texts)
        given.origins.update({name.removeprefix(PREFIX).lower(): origin for name in texts})
    for secret in sorted(SECRETS):
        _read(secret, given)
    return given


def _held(name: str) -> str:
    """The secret that a variable gives, by itself or by a file; empty where it gives none."""
    plain = name.removeprefix(PREFIX).lower()
    for one in (plain, plain.removesuffix(FILE.lower())):
        if one in SECRETS:
            return one
    return ""


def _read(secret: str, given: Given) -> None:
    named = given.values.pop(file_variable(secret), None)
    given.origins.pop(secret + FILE.lower(), None)
    if named is None:
        return
    if variable(secret) in given.values:
        given.problems.append(
            f"{variable(secret)}: it is given twice, by itself and by {file_variable(secret)}; keep one"
        )
        return
    try:
        with Path(named).open(encoding="utf-8") as file:
            text = file.read(LARGEST).strip()
    except (OSError, UnicodeDecodeError) as problem:
        given.problems.append(
            f"{file_variable(secret)}={named}: expected a file that can be read ({type(problem).__name__})"
        )
        return
    if not text or "\n" in text:
        given.problems.append(f"{file_variable(secret)}={named}: expected one line, which is the secret")
        return
    given.values[variable(secret)] = text
    given.origins[secret] = SECRET_FILE
