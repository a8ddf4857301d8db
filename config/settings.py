"""The settings: one typed, frozen object, and the only place that reads the environment."""

from __future__ import annotations

import difflib
import os
import re
import sys
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from dotenv import dotenv_values
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from config import secrets

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "REACHBOARD_"
DATABASE = "sql_"
SECRET_LENGTH = 32


# As a person in the product's folder calls it.
PYTHON = ".venv/bin/python" if Path(sys.prefix).resolve() == (ROOT / ".venv").resolve() else "python"


class SettingsError(Exception):
    """Settings that cannot be started with; one line per problem: variable, value, expectation."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _setting(default: Any, meaning: str, expects: str, **rules: Any) -> Any:
    return Field(default, description=meaning, json_schema_extra={"expects": expects}, **rules)


_SWITCH = "1 or 0"


class Settings(BaseModel):
    """What can be set. Made by `load()` from the environment, or by name in a test."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    plan: str = _setting(
        "Sample Health Plan",
        "Name of the plan, as every page shows it.",
        "1 to 80 printable characters",
        min_length=1,
        max_length=80,
    )
    zone: str = _setting(
        "America/New_York",
        "The plan's reporting zone: days, weeks and months begin at its midnight.",
        "an IANA time zone such as America/Chicago",
    )
    var: Path = _setting(
        ROOT / "var",
        "Folder of everything that is written: lake, quarantine, secret, logs. "
        "A relative path starts at the repository.",
        "a folder that may be written",
    )
    host: str = _setting(
        "127.0.0.1",
        "Address to serve on. Anything but loopback needs `REACHBOARD_DEMO=0`.",
        "an IP address or localhost",
    )
    port: int = _setting(
        8050,
        "Port to serve on; `make run PORT=9000` sets it too.",
        "a number from 1 to 65535",
        ge=1,
        le=65535,
    )
    workers: int = _setting(2, "Web processes.", "a number from 1 to 64", ge=1, le=64)
    demo: bool = _setting(
        True, "Whether anybody on this machine may sign in as a demo user. Loopback only.", _SWITCH
    )
    demo_lines: tuple[str, ...] = _setting(
        (),
        "Lines of business that each get a demo manager of their own, who sees nothing of the others.",
        "names of lines of business, separated by commas",
    )
    production: bool = _setting(
        False, "Whether this serves real members: no demo sign-in, and no secret is made up.", _SWITCH
    )
    sample: bool = _setting(
        True, "Whether `make run` fills an empty lake with the synthetic sample.", _SWITCH
    )
    refresh_minutes: int = _setting(
        5, "Minutes from one scheduled run to the next.", "a number from 1 to 1440", ge=1, le=1440
    )
    threshold: int = _setting(
        11,
        "Fewest members a released count may stand for; only upwards. What the privacy officer raised in the "
        "app, or an earlier snapshot was published under, counts where it is more.",
        "a number of 11 or more",
        ge=11,
    )
    profile: Literal["default", "strict"] = _setting(
        "default",
        "Release profile: `strict` treats message counts like counts of members. Only from default to "
        "strict, here or in the app.",
        "default or strict",
    )
    pairs: tuple[tuple[str, str], ...] = _setting(
        (("segment", "region"),),
        "Pairs of member attributes that may be asked together.",
        "pairs such as segment:region, segment:language, or none",
    )
    state_url: SecretStr | None = _setting(
        None,
        "Database of what people change in the app: edits of campaign records, notes, raised "
        "terms of release. Unset: `state.db` in the folder of `REACHBOARD_VAR`.",
        "a database's URL such as sqlite:////srv/reachboard/state.db or "
        "postgresql+psycopg://user:password@host/database",
    )
    sql: dict[str, SecretStr] = _setting(
        {},
        "Database that a mapping's `[sql]` section pulls from: `REACHBOARD_SQL_CRM` is the one that it calls "
        '`database = "crm"`. Best under a user who may only read. docs/sources.md says how.',
        "a database's URL such as postgresql+psycopg://user:password@host/database or sqlite:////srv/crm.db",
    )
    api_limit: int = _setting(
        600,
        "Requests a minute that one key, or one person, may ask of the API.",
        "a number from 1 to 1000000",
        ge=1,
        le=1_000_000,
    )
    collector_limit: int = _setting(
        12_000,
        "Requests with events that a key may send in a minute; more are answered 429.",
        "a number from 1 to 1000000",
        ge=1,
        le=1_000_000,
    )
    apps: tuple[Annotated[str, Field(pattern=r"https?://[^/?#\s,]+")], ...] = _setting(
        (),
        "Origins of apps whose browsers send events to the collector themselves.",
        "origins such as https://app.example.org, separated by commas",
    )
    public_url: str = _setting(
        "",
        "Where this is reached from outside, as vendors that sign the address know it.",
        "https://host, maybe with a path",
        pattern=r"(https?://[^\s?#]+)?",
    )
    vacuum_days: int = _setting(
        7, "Days for which earlier snapshots stay open.", "a number from 1 to 365", ge=1, le=365
    )
    quarantine_days: int = _setting(
        30, "Days for which refused rows are kept.", "a number from 1 to 90", ge=1, le=90
    )
    export_days: int = _setting(
        7, "Days for which files that export jobs wrote are kept.", "a number from 1 to 90", ge=1, le=90
    )
    tracking: Literal["unless_withdrawn", "where_given"] = _setting(
        "unless_withdrawn",
        "Whether opens, clicks and acts in an app are kept of live events: unless a member withdrew, or only "
        "where one gave permission.",
        "unless_withdrawn or where_given",
    )
    secret_key: SecretStr | None = _setting(
        None,
        "Secret that pseudonyms, sessions and the quarantine derive their keys from. Unset: made once and "
        "kept in `secret` in the folder of `REACHBOARD_VAR`; production needs it set. "
        "Another secret makes every member a stranger to the lake.",
        f"at least {SECRET_LENGTH} characters",
        min_length=SECRET_LENGTH,
    )

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
    def sources(self) -> Path:
        """Folder of the mappings that every scheduled run pulls."""
        return self.var / "sources"

    @property
    def mappings(self) -> Path:
        """Folder in which a replay from the Data page looks for a source's mapping first."""
        return self.var / "mappings"

    @property
    def journal(self) -> Path:
        """Folder of live events that are accepted and not landed yet."""
        return self.var / "journal"

    @property
    def webhooks(self) -> Path:
        """Folder of the hooks by which vendors report."""
        return self.var / "webhooks"

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
        return {**os.environ, variable("var"): str(self.var), variable("state_url"): self.state}

    @classmethod
    def load(
        cls, environ: Mapping[str, str] | None = None, env_file: Path | None = ROOT / ".env"
    ) -> Settings:
        """Settings of `environ` (default: the process's) over `env_file`'s; `SettingsError` if wrong."""
        given = {**_env_file(env_file), **_ours(os.environ if environ is None else environ)}
        values = {name.removeprefix(PREFIX).lower(): text for name, text in given.items()}
        databases = {
            name.removeprefix(DATABASE): text for name, text in values.items() if name.startswith(DATABASE)
        }
        single = {name: text for name, text in values.items() if not name.startswith(DATABASE)}
        problems = [_unknown(name) for name in single if name not in SINGLE]
        known: dict[str, Any] = {name: text for name, text in single.items() if name in SINGLE}
        if databases:
            known["sql"] = databases
        try:
            settings = cls.model_validate(known)
        except ValidationError as errors:
            raise SettingsError(problems + [_problem(error, known) for error in errors.errors()]) from None
        if problems:
            raise SettingsError(problems)
        if settings.production:
            settings.secret()
        return settings

    @field_validator("plan")
    @classmethod
    def _printable(cls, value: str) -> str:
        if not value.isprintable() or not value.strip():
            raise PydanticCustomError("printable", "not printable")
        return value.strip()

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            near = difflib.get_close_matches(value, available_timezones(), 1)
            hint = f"did you mean {near[0]}?" if near else "there is no such zone"
            raise PydanticCustomError("zone", "{hint}", {"hint": hint})
        return value

    @field_validator("var")
    @classmethod
    def _from_root(cls, value: Path) -> Path:
        path = ROOT / value.expanduser()
        if path.exists() and not path.is_dir():
            raise PydanticCustomError("folder", "it is a file")
        return path

    @field_validator("state_url")
    @classmethod
    def _database(cls, value: SecretStr | None) -> SecretStr | None:
        # A relative path would be another file for every folder that a command is started in.
        if value is not None and not _DATABASE.fullmatch(value.get_secret_value()):
            raise PydanticCustomError("database", "no such database")
        return value

    @field_validator("sql")
    @classmethod
    def _databases(cls, value: dict[str, SecretStr]) -> dict[str, SecretStr]:
        for name, url in value.items():
            if not _NAMED.fullmatch(name) or not _PULLED.fullmatch(url.get_secret_value()):
                raise PydanticCustomError("database", "{name}", {"name": name})
        return value

    @field_validator("host")
    @classmethod
    def _address(cls, value: str) -> str:
        if value != "localhost":
            try:
                ip_address(value)
            except ValueError:
                raise PydanticCustomError("address", "not an address") from None
        return value

    @field_validator("demo_lines", "apps", mode="before")
    @classmethod
    def _split_lines(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(dict.fromkeys(line.strip() for line in value.split(",") if line.strip()))

    @field_validator("pairs", mode="before")
    @classmethod
    def _split_pairs(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if value.strip().lower() == "none":
            return ()
        return tuple(tuple(part.strip() for part in pair.split(":")) for pair in value.split(","))

    @field_validator("pairs")
    @classmethod
    def _real_pairs(cls, value: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        if any(not (left and right) or left == right for left, right in value):
            raise PydanticCustomError("pair", "a pair is of two different attributes")
        if len({frozenset(pair) for pair in value}) < len(value):
            raise PydanticCustomError("pair", "a pair stands twice")
        return value

    @model_validator(mode="after")
    def _demo_stays_at_home(self) -> Settings:
        if self.demo and self.production:
            raise PydanticCustomError("demo", "0 in production: set REACHBOARD_DEMO=0")
        if self.demo and not is_loopback(self.host):
            raise PydanticCustomError(
                "demo",
                "0 when REACHBOARD_HOST is {host}: set REACHBOARD_DEMO=0, or serve on 127.0.0.1",
                {"host": self.host},
            )
        return self


SINGLE = Settings.model_fields.keys() - {"sql"}


def is_loopback(host: str) -> bool:
    """Whether `host` (an IP address or localhost) is reached from this machine alone."""
    return host == "localhost" or ip_address(host).is_loopback


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The process's settings; a wrong value prints one line per problem and ends it with exit code 2."""
    try:
        return Settings.load()
    except SettingsError as error:
        print(*error.problems, sep="\n", file=sys.stderr)
        raise SystemExit(2) from None


def variable(field: str) -> str:
    """Name of the environment variable of a field."""
    return PREFIX + (f"{DATABASE.upper()}<NAME>" if field == "sql" else field.upper())


def database_variable(name: str) -> str:
    """Name of the environment variable of a database that mappings pull from."""
    return PREFIX + (DATABASE + name).upper()


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


def _problem(error: Any, given: Mapping[str, str]) -> str:
    if not error["loc"]:
        return f"{variable('demo')}=1: expected {error['msg']}"
    field = str(error["loc"][0])
    if field == "sql":
        return f"{database_variable(error['msg'])}=(hidden): expected {expectation(field)}"
    shown = "(hidden)" if field in _HIDDEN else given[field]
    reason = f" ({error['msg']})" if error["type"] in _TOLD else ""
    return f"{variable(field)}={shown}: expected {expectation(field)}{reason}"


_HIDDEN = {"secret_key", "state_url"}
# Of SQLite, a path from the root: a relative one would be another file for every folder of a command.
_PULLED = re.compile(r"sqlite(\+\w+)?:////\S.*|(?!sqlite)\w+(\+\w+)?://\S+")
_NAMED = re.compile(r"[a-z0-9_]{1,40}")
_DATABASE = re.compile(r"sqlite:////\S.*|postgresql(\+\w+)?://\S+/\S+")
# Kinds of error whose own words say more than the expectation does.
_TOLD = {"zone", "pair", "folder"}
