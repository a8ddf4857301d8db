"""The file of a target: what is sent, where to, and when; every mistake in it is told at once."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, unquote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from config.settings import Settings, database_variable
from config.suggest import near
from reports.monthly_files import Kind
from reports.transfer.problems import TargetError

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
PLACE = '"/srv/reports", "sftp://user@host/path" or "s3://bucket/prefix"'
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class What(_Section):
    """What is sent: so many months back, as files of these formats, in a row scope."""

    formats: Annotated[list[Kind], Field(min_length=1)] = ["csv", "parquet"]
    months: Annotated[int, Field(ge=1, le=120)] = 13
    cuts: list[str] | None = None
    programs: list[str] | None = None
    lines_of_business: list[str] | None = None


class Folder(_Section):
    """A folder to lay files into: of this machine, of a server of SFTP, or of a bucket."""

    at: str
    host_key: str = ""
    key_file: str = ""
    token: Word | Literal[""] = ""
    region: str = ""
    endpoint: str = ""
    timeout: Annotated[float, Field(ge=1, le=3600, strict=False)] = 30

    @property
    def place(self) -> SplitResult:
        return urlsplit(self.at) if "://" in self.at else SplitResult("file", "", self.at, "", "")

    @property
    def scheme(self) -> str:
        return self.place.scheme

    @property
    def path(self) -> str:
        return unquote(self.place.path)

    @property
    def shown(self) -> str:
        """For people, without the user."""
        parts = self.place
        host = parts.netloc.rpartition("@")[2]
        return parts.path if parts.scheme == "file" else f"{parts.scheme}://{host}{parts.path}"

    @field_validator("at")
    @classmethod
    def _sound(cls, text: str) -> str:
        try:
            parts = SplitResult("file", "", text, "", "") if text.startswith("/") else urlsplit(text)
            _ = parts.port
        except ValueError:
            parts = SplitResult("", "", "", "", "")
        if parts.scheme not in ("file", "sftp", "s3") or (parts.scheme != "file" and not parts.hostname):
            raise ValueError(f"must be a place such as {PLACE}")
        if parts.password is not None or (parts.scheme == "s3" and parts.username is not None):
            raise ValueError("holds a secret; name it as token, which a setting holds")
        if parts.scheme == "sftp" and not parts.username:
            raise ValueError('names no user: "sftp://user@host/path"')
        return text

    @field_validator("endpoint")
    @classmethod
    def _encrypted(cls, text: str) -> str:
        parts = urlsplit(text)
        if text and (parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/")):
            raise ValueError('must be an address such as "https://s3.example.org"')
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise ValueError("must begin with https://, since figures would cross the network in clear")
        return text

    @model_validator(mode="after")
    def _needed(self) -> Folder:
        if self.scheme == "sftp" and not (self.host_key and self.key_file.startswith("/")):
            raise ValueError("sftp:// needs host_key, the server's public key, and key_file, a path to yours")
        return self


class Sql(_Section):
    """A table of a database; beside it stands one of manifests."""

    database: Word
    table: Word = "reachboard_monthly"
    schema_name: Annotated[str, Field(alias="schema", pattern=r"^([A-Za-z_][A-Za-z0-9_]{0,62})?$")] = ""


class Timing(_Section):
    """When: a time of day in the plan's zone. Minutes: `pause` after failures, `limit` of one push."""

    at: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] = "05:30"
    failures: Annotated[int, Field(ge=1, le=100)] = 3
    pause: Annotated[int, Field(ge=1, le=10_080)] = 60
    limit: Annotated[int, Field(ge=1, le=1_440)] = 240

    def next_us(self, now_us: int, zone: str) -> int:
        """The next such time of day after an instant (microseconds)."""
        now = datetime.fromtimestamp(now_us / 1e6, UTC).astimezone(ZoneInfo(zone))
        hour, minute = (int(part) for part in self.at.split(":"))
        for days in (0, 1):
            day = now.date() + timedelta(days=days)
            due = datetime.combine(day, time(hour, minute), ZoneInfo(zone))
            if due.timestamp() > now.timestamp():
                break
        return int(due.timestamp() * 1e6)

    @property
    def words(self) -> str:
        return f"every day at {self.at}"


class Target(_Section):
    """One target; `name` is that of its file, `digest` the SHA-256 of its bytes."""

    name: str
    digest: str
    target: What = What()
    folder: Folder | None = None
    sql: Sql | None = None
    schedule: Timing = Timing()

    @model_validator(mode="after")
    def _one_place(self) -> Target:
        if (self.folder is None) == (self.sql is None):
            raise ValueError("needs a section [folder] or [sql] that says where to, and one of them alone")
        return self

    @property
    def shown(self) -> str:
        """Where it is, for people, without anything secret."""
        if self.sql is not None:
            return f"{database_variable(self.sql.database)} {self.sql.table}"
        return self.folder.shown if self.folder is not None else ""


def configured(settings: Settings) -> list[Path]:
    """The files of all targets, by name."""
    return sorted(settings.targets.glob("*.toml"))


def path_of(settings: Settings, name: str) -> Path:
    """The file of a target; TargetError, with the near miss, where there is none."""
    names = [path.stem for path in configured(settings)]
    if name not in names:
        told = near(name, names) or f"; put {name}.toml into {settings.targets.name}/"
        raise TargetError(f'there is no target "{name[:80]}"{told}')
    return settings.targets / f"{name}.toml"


def load(path: Path) -> Target:
    """Read the file of a target; TargetError has a line for every mistake in it."""
    try:
        raw = path.read_bytes()
        document = tomllib.loads(raw.decode("utf-8"))
    except OSError as error:
        raise TargetError(f"{path.name}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TargetError(f"{path.name}: not valid TOML: {error}") from None
    if not NAME.fullmatch(path.stem):
        raise TargetError(f"{path.name}: name it in lower-case letters, digits and _, as warehouse.toml")
    own = {"name": path.stem, "digest": sha256(raw).hexdigest()}
    try:
        return Target.model_validate({**document, **own})
    except ValidationError as errors:
        lines = [f"{path.name}: {_problem(error)}" for error in errors.errors()]
        raise TargetError("\n".join(lines)) from None


SECTIONS: dict[str, type[BaseModel]] = {"target": What, "folder": Folder, "sql": Sql, "schedule": Timing}


def _problem(error: Any) -> str:
    """One mistake: where, and what is expected."""
    section, *key = (str(part) for part in error["loc"]) if error["loc"] else ("",)
    where = f"[{section}] {' '.join(key)}".strip() if section else ""
    words = str(error["ctx"]["error"]) if error["type"] == "value_error" else error["msg"]
    if error["type"] == "extra_forbidden":
        fields = SECTIONS[section].model_fields if key else {}
        known = [one.alias or name for name, one in fields.items()] if key else [*SECTIONS]
        words = f"no such {'key' if key else 'section'}{near(key[0] if key else section, known)}"
    return f"{where}: {words}" if where else words
