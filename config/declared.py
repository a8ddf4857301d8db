"""What can be set: each setting with its meaning, its usual value, and what is refused."""

from __future__ import annotations

import difflib
import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import available_timezones

from pydantic import ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_core import PydanticCustomError

from config import named
from config.identity import Identity
from config.pairs import Pairs, refused_pairs, split_pairs
from config.setting import setting, split_list
from config.telling import Telling
from config.variables import ROOT

SECRET_LENGTH = 32
_SWITCH = "1 or 0"
# Of SQLite, a path from the root: a relative one would be another file for every folder of a command.
_PULLED = re.compile(r"sqlite(\+\w+)?:////\S.*|(?!sqlite)\w+(\+\w+)?://\S+")
# A control character would end a header of a request and begin another.
_TOKEN = re.compile(r"[\x21-\x7e]|[\x21-\x7e][\x20-\x7e]*[\x21-\x7e]")
_REDIS = re.compile(r"rediss?://\S+")
_DATABASE = re.compile(r"sqlite:////\S.*|postgresql(\+\w+)?://\S+/\S+")


class Declared(Telling, Identity):
    """The settings by name, and the rules that hold for each and between them."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    plan: str = setting(
        "Sample Health Plan",
        "Name of the plan, as every page shows it.",
        "1 to 80 printable characters",
        min_length=1,
        max_length=80,
    )
    zone: str = setting(
        "America/New_York",
        "The plan's reporting zone: days, weeks and months begin at its midnight.",
        "an IANA time zone such as America/Chicago",
    )
    var: Path = setting(
        ROOT / "var",
        "Folder of everything that is written: lake, quarantine, secret, logs. "
        "A relative path starts at the repository.",
        "a folder that may be written",
    )
    host: str = setting(
        "127.0.0.1",
        "Address to serve on. Anything but loopback needs `REACHBOARD_DEMO=0`.",
        "an IP address or localhost",
    )
    port: int = setting(
        8050,
        "Port to serve on; `make run PORT=9000` sets it too.",
        "a number from 1 to 65535",
        ge=1,
        le=65535,
    )
    workers: int = setting(2, "Web processes.", "a number from 1 to 64", ge=1, le=64)
    demo: bool = setting(
        True, "Whether anybody on this machine may sign in as a demo user. Loopback only.", _SWITCH
    )
    demo_lines: tuple[str, ...] = setting(
        (),
        "Lines of business that each get a demo manager of their own, who sees nothing of the others.",
        "names of lines of business, separated by commas",
    )
    production: bool = setting(
        False,
        "Whether this serves real members: then it starts only with all that docs/production.md asks for.",
        _SWITCH,
    )
    tls: Literal["none", "terminated"] = setting(
        "none",
        "Whether people reach this by TLS: `terminated` states that a proxy in front ends it, and that only "
        "the proxy reaches this server.",
        "none or terminated",
    )
    proxies: int = setting(
        0,
        "Proxies in front, one behind the other, that are believed who asks, and whether by https.",
        "a number from 0 to 5",
        ge=0,
        le=5,
    )
    encrypted_volume: bool = setting(
        False, "Your statement that the folder of `REACHBOARD_VAR` lies on an encrypted volume.", _SWITCH
    )
    sample: bool = setting(True, "Whether `make run` fills an empty lake with the synthetic sample.", _SWITCH)
    refresh_minutes: int = setting(
        5, "Minutes from one scheduled run to the next.", "a number from 1 to 1440", ge=1, le=1440
    )
    threshold: int = setting(
        11,
        "Fewest members a released count may stand for; only upwards. What the privacy officer raised in the "
        "app, or an earlier snapshot was published under, counts where it is more.",
        "a number of 11 or more",
        ge=11,
    )
    profile: Literal["default", "strict"] = setting(
        "default",
        "Release profile: `strict` treats message counts like counts of members. Only from default to "
        "strict, here or in the app.",
        "default or strict",
    )
    pairs: Pairs = setting(
        (("segment", "region"),),
        "Pairs of member attributes that may be asked together.",
        "pairs such as segment:region, segment:language, or none",
    )
    state_url: SecretStr | None = setting(
        None,
        "Database of what people change in the app: edits of campaign records, notes, raised "
        "terms of release. Unset: `state.db` in the folder of `REACHBOARD_VAR`.",
        "a database's URL such as sqlite:////srv/reachboard/state.db or "
        "postgresql+psycopg://user:password@host/database",
    )
    sql: dict[str, SecretStr] = setting(
        {},
        "Database that a mapping's `[sql]` section pulls from: `REACHBOARD_SQL_CRM` is the one that it calls "
        '`database = "crm"`. Best under a user who may only read. docs/sources.md says how.',
        "a database's URL such as postgresql+psycopg://user:password@host/database or sqlite:////srv/crm.db",
    )
    tokens: dict[str, SecretStr] = setting(
        {},
        "Secret of a source that a mapping pulls from: `REACHBOARD_TOKEN_CRM` is the one that it calls "
        '`token = "crm"`. `file:` and a path: the first line of that file, read at every pull. '
        "docs/sources.md says how.",
        "a token, a name and a password with a colon between them, or file:/path",
    )
    api_limit: int = setting(
        600,
        "Requests a minute that one key, or one person, may ask of the API.",
        "a number from 1 to 1000000",
        ge=1,
        le=1_000_000,
    )
    collector_limit: int = setting(
        12_000,
        "Requests with events that a key may send in a minute; more are answered 429.",
        "a number from 1 to 1000000",
        ge=1,
        le=1_000_000,
    )
    sign_in_limit: int = setting(
        30,
        "Attempts to sign in a minute that may fail from one address; more are answered 429.",
        "a number from 1 to 1000000",
        ge=1,
        le=1_000_000,
    )
    redis_url: SecretStr | None = setting(
        None,
        "Redis in which requests are counted and sessions kept, for several machines. Unset: a file of this "
        "machine, and the state database.",
        "a URL such as rediss://:password@host:6379/0",
    )
    apps: tuple[Annotated[str, Field(pattern=r"^https?://[^/?#\s,]+$")], ...] = setting(
        (),
        "Origins of apps whose browsers send events to the collector themselves.",
        "origins such as https://app.example.org, separated by commas",
    )
    public_url: str = setting(
        "",
        "Where this is reached from outside, as vendors that sign the address know it.",
        "https://host, maybe with a path",
        pattern=r"^(https?://[^\s?#]+)?$",
    )
    vacuum_days: int = setting(
        7, "Days for which earlier snapshots stay open.", "a number from 1 to 365", ge=1, le=365
    )
    quarantine_days: int = setting(
        30, "Days for which refused rows are kept.", "a number from 1 to 90", ge=1, le=90
    )
    export_days: int = setting(
        7, "Days for which files that export jobs wrote are kept.", "a number from 1 to 90", ge=1, le=90
    )
    export_reason: bool = setting(False, "Whether whoever takes figures out has to say what for.", _SWITCH)
    upload_mb: int = setting(
        200,
        "Megabytes that a file on the upload page may have.",
        "a number from 1 to 10000",
        ge=1,
        le=10_000,
    )
    ledger_copy: Path | None = setting(
        None,
        "Folder on another machine or medium that the ledger's signed checkpoints are copied to: whoever "
        "sets the ledger back is then found. docs/ledger.md says why.",
        "a folder that may be written",
    )
    tracking: Literal["unless_withdrawn", "where_given"] = setting(
        "unless_withdrawn",
        "Whether opens, clicks and acts in an app are kept of live events: unless a member withdrew, or only "
        "where one gave permission.",
        "unless_withdrawn or where_given",
    )
    secret_key: SecretStr | None = setting(
        None,
        "Secret that pseudonyms, sessions and the quarantine derive their keys from. Unset: made once and "
        "kept in `secret` in the folder of `REACHBOARD_VAR`; production needs it set, best by "
        "`REACHBOARD_SECRET_KEY_FILE`. "
        "Another secret makes every member a stranger to the lake.",
        f"at least {SECRET_LENGTH} characters",
        min_length=SECRET_LENGTH,
    )

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

    @field_validator("var", "ledger_copy")
    @classmethod
    def _from_root(cls, value: Path | None) -> Path | None:
        if value is None:
            return None
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

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _REDIS.fullmatch(value.get_secret_value()):
            raise PydanticCustomError("redis", "no such Redis")
        return value

    @field_validator("sql")
    @classmethod
    def _databases(cls, value: dict[str, SecretStr]) -> dict[str, SecretStr]:
        for name, url in value.items():
            if not named.NAME.fullmatch(name) or not _PULLED.fullmatch(url.get_secret_value()):
                raise PydanticCustomError("named", "{name}", {"name": name})
        return value

    @field_validator("tokens")
    @classmethod
    def _tokens(cls, value: dict[str, SecretStr]) -> dict[str, SecretStr]:
        for name, token in value.items():
            if not named.NAME.fullmatch(name) or not _TOKEN.fullmatch(token.get_secret_value()):
                raise PydanticCustomError("named", "{name}", {"name": name})
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
        return split_list(value)

    @field_validator("pairs", mode="before")
    @classmethod
    def _split_pairs(cls, value: object) -> object:
        return split_pairs(value)

    @field_validator("pairs")
    @classmethod
    def _real_pairs(cls, value: Pairs) -> Pairs:
        if why := refused_pairs(value):
            raise PydanticCustomError("pair", why)
        return value

    @model_validator(mode="after")
    def _provider_is_whole(self) -> Self:
        if not self.oidc_issuer:
            return self
        if not self.oidc_client_id:
            raise PydanticCustomError("oidc_client_id", "to be set where REACHBOARD_OIDC_ISSUER is")
        if self.demo and not self.production:  # there it is told with all else
            raise PydanticCustomError("demo", "0 where REACHBOARD_OIDC_ISSUER is set: set REACHBOARD_DEMO=0")
        if self.oidc_audience == self.oidc_client_id:
            raise PydanticCustomError(
                "oidc_audience", "another than REACHBOARD_OIDC_CLIENT_ID, which is that of ID tokens"
            )
        if not self.public_url and not is_loopback(self.host):
            raise PydanticCustomError(
                "public_url",
                "to be set where REACHBOARD_OIDC_ISSUER is: people are sent back to it",
            )
        return self

    @model_validator(mode="after")
    def _demo_stays_at_home(self) -> Self:
        if self.demo and not self.production and not is_loopback(self.host):
            raise PydanticCustomError(
                "demo",
                "0 when REACHBOARD_HOST is {host}: set REACHBOARD_DEMO=0, or serve on 127.0.0.1",
                {"host": self.host},
            )
        return self


def is_loopback(host: str) -> bool:
    """Whether `host` (an IP address or localhost) is reached from this machine alone."""
    return host == "localhost" or ip_address(host).is_loopback
