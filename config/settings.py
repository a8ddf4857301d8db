"""The settings: one typed, frozen object, and the only place that reads the environment."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import PrivateAttr, ValidationError

from config import named, origins, production, secrets
from config.declared import SECRET_LENGTH, Declared, is_loopback
from config.setting import POSTED
from config.variables import PREFIX, ROOT, database_variable, token_variable, variable

__all__ = [
    "POSTED",
    "PYTHON",
    "ROOT",
    "Settings",
    "SettingsError",
    "database_variable",
    "expectation",
    "get_settings",
    "is_loopback",
    "token_variable",
    "variable",
]

# As a person in the product's folder calls it.
PYTHON = ".venv/bin/python" if Path(sys.prefix).resolve() == (ROOT / ".venv").resolve() else "python"


class SettingsError(Exception):
    """Settings that cannot be started with; one line per problem: variable, value, expectation."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Settings(Declared):
    """What is set, and the places that follow from it. Made by `load()`, or by name in a test."""

    _origins: dict[str, str] = PrivateAttr(default_factory=dict)

    def origin(self, field: str) -> str:
        """Where a setting's value comes from, in words: one of `config.origins`."""
        usual = origins.DEFAULT if field not in self.model_fields_set else origins.PROGRAM
        return self._origins.get(field, usual)

    @property
    def lake(self) -> Path:
        return self.var / "lake"

    @property
    def state(self) -> str:
        """URL of the state database; it may hold a password."""
        if self.state_url is None:
            return f"sqlite:///{self.var / 'state.db'}"
        return self.state_url.get_secret_value()

    @property
    def redis(self) -> str | None:
        """URL of the Redis, where there is one; it may hold a password."""
        return None if self.redis_url is None else self.redis_url.get_secret_value()

    @property
    def sources(self) -> Path:
        """Folder of the mappings that are pulled by schedule."""
        return self.var / "sources"

    @property
    def targets(self) -> Path:
        """Folder of the targets that the monthly export is pushed to by schedule."""
        return self.var / "targets"

    @property
    def pushes(self) -> Path:
        """Folder of what is being pushed; empty between two pushes but for their locks."""
        return self.var / "pushes"

    @property
    def mappings(self) -> Path:
        """Folder in which a replay from the Data page looks for a source's mapping first."""
        return self.var / "mappings"

    @property
    def uploads(self) -> Path:
        """Folder of files that were brought in the app and not loaded yet; encrypted, for a day."""
        return self.var / "uploads"

    @property
    def journal(self) -> Path:
        """Folder of live events that are accepted and not landed yet."""
        return self.var / "journal"

    @property
    def webhooks(self) -> Path:
        """Folder of the hooks by which vendors report."""
        return self.var / "webhooks"

    @property
    def alert_secrets(self) -> Path:
        """Folder of the secrets of the ways on which somebody is told, each in a file `WAY.secret`."""
        return self.var / "alerts"

    @property
    def ledger(self) -> Path:
        """Folder of who saw, took and changed what."""
        return self.var / "ledger"

    @property
    def meters(self) -> Path:
        """Folder in which the web processes count requests; it begins anew with the server."""
        return self.var / "meters"

    @property
    def quarantine(self) -> Path:
        return self.var / "quarantine"

    @property
    def secret_file(self) -> Path:
        return self.var / "secret"

    def secret(self) -> bytes:
        """The secret; made and kept on first use unless it is set or this is production (`SettingsError`)."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value().encode()
        try:
            return secrets.read_or_make(self.secret_file, SECRET_LENGTH, make=not self.production)
        except secrets.SecretError as problem:
            raise SettingsError([f"{PREFIX}SECRET_KEY: {problem}"]) from None

    def for_child(self) -> dict[str, str]:
        """The environment of a child process that works in the same places as this one."""
        told = {variable("var"): str(self.var), variable("state_url"): self.state}
        return {**os.environ, **told, origins.file_variable("state_url"): ""}

    @classmethod
    def load(
        cls, environ: Mapping[str, str] | None = None, env_file: Path | None = ROOT / ".env"
    ) -> Settings:
        """Settings of `environ` (default: the process's) over `env_file`'s; `SettingsError` if wrong."""
        given = origins.gathered(_env_file(env_file), _ours(os.environ if environ is None else environ))
        values = {name.removeprefix(PREFIX).lower(): text for name, text in given.values.items()}
        known = named.gathered(values)
        problems = [*given.problems]
        problems += [_unknown(name) for name in known if name not in Settings.model_fields]
        problems += [_unknown(name) for name in named.asked_plainly(values)]
        known = {name: value for name, value in known.items() if name in Settings.model_fields}
        try:
            settings = cls.model_validate(known)
        except ValidationError as errors:
            raise SettingsError(problems + [_problem(error, known) for error in errors.errors()]) from None
        settings._origins.update(named.by_setting(given.origins))
        problems += production.refusals(settings) if settings.production else []
        if problems:
            raise SettingsError(problems)
        return settings


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The process's settings; a wrong value prints one line per problem and ends it with exit code 2."""
    try:
        return Settings.load()
    except SettingsError as error:
        print(*error.problems, sep="\n", file=sys.stderr)
        raise SystemExit(2) from None


def expectation(field: str) -> str:
    """What a field's value must be, as its error says."""
    extra = Settings.model_fields[field].json_schema_extra
    return str(extra["expects"]) if isinstance(extra, dict) else ""


def _ours(environ: Mapping[str, str]) -> dict[str, str]:
    # An empty value is an unset one: compose files and CI pass variables through that way.
    return {name: text.strip() for name, text in environ.items() if name.startswith(PREFIX) and text.strip()}


def _env_file(path: Path | None) -> dict[str, str]:
    if path is None or not path.is_file():
        return {}
    return _ours({name: text or "" for name, text in dotenv_values(path, interpolate=False).items()})


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, Settings.model_fields, 1)
    hint = f"did you mean {variable(near[0])}?" if near else "docs/settings.md lists all"
    return f"{PREFIX}{name.upper()}: there is no such setting; {hint}"


def _problem(error: Any, given: Mapping[str, Any]) -> str:
    if not error["loc"]:
        field = error["type"]  # of several settings together: the one that has to change
        shown = given.get(field, "1" if field == "demo" else "")
        return f"{variable(field)}={shown}: expected {error['msg']}"
    field = str(error["loc"][0])
    if error["type"] == "named":
        return (
            f"{PREFIX}{(named.BEGINS[field] + error['msg']).upper()}=(hidden): expected {expectation(field)}"
        )
    shown = "(hidden)" if field in _HIDDEN else given[field]
    reason = f" ({error['msg']})" if error["type"] in _TOLD else ""
    return f"{variable(field)}={shown}: expected {expectation(field)}{reason}"


_HIDDEN = origins.SECRETS
# Kinds of error whose own words say more than the expectation does.
_TOLD = {"zone", "pair", "folder"}
