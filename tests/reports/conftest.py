"""Somewhere to push to: real servers on loopback, and a small lake of four months that may change."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from config.settings import Settings
from etl.refresh import refresh
from reports.transfer.places import opened
from reports.transfer.push import Sent
from reports.transfer.targets import load as target_of
from reports.transfer.tried import tried
from state.store import Store
from tests import s3_server, ssh_server
from tests.feeds import Piece, load, settings_of
from tests.postgres import Server
from tests.worlds import deal, world

KINDS = ("local", "sftp", "s3", "sqlite", "postgresql")
OF_FILES = KINDS[:3]
TABLES = KINDS[3:]
FORMATS = 'formats = ["csv", "parquet", "json"]\n'


@pytest.fixture(scope="session")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A lake of December to March, made once."""
    made = settings_of(tmp_path_factory.mktemp("plan") / "var")
    load(made, deal(world(5, members=120, campaigns=2), 1, 1))
    refresh(made)
    return made


@pytest.fixture(scope="session")
def later(plan: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The same lake, one snapshot on: more messages in March, to people whom nobody knows."""
    var = tmp_path_factory.mktemp("later") / "var"
    shutil.copytree(plan.var, var)
    made = plan.model_copy(update={"var": var})
    plain = {"event": "sent", "at": "2026-03-10 12:00:00", "campaign": "camp-0"}
    blank = dict.fromkeys(("machine", "detail", "wave", "variant"), "")
    rows = [
        {**plain, **blank, "id": f"more-{n}", "msg": f"more-{n}", "to": f"stranger-{n}@plan.example"}
        for n in range(60)
    ]
    load(made, [Piece("mailer", 99, tuple(tuple(row.items()) for row in rows))])
    refresh(made)
    return made


@dataclass
class Sender:
    """An installation with a target; `place` is the section of its file that says where to."""

    settings: Settings
    later: Settings
    store: Store
    kind: str
    place: str
    fetch: Callable[[Path], None] = field(default=lambda _folder: None)

    @property
    def path(self) -> Path:
        return self.settings.targets / "warehouse.toml"

    def write(self, place: str = "", what: str = "cuts = []", more: str = "") -> None:
        """Write the file of the target anew."""
        self.path.parent.mkdir(exist_ok=True)
        formats = FORMATS if self.kind in OF_FILES else ""
        self.path.write_text(f"[target]\n{formats}{what}\n\n{place or self.place}\n{more}\n")

    def push(self, **how: Any) -> list[Sent]:
        return list(tried(self.settings, self.path, self.store, **how))

    def months(self, **how: Any) -> list[str]:
        return [one.month for one in self.push(**how)]

    def wrong(self) -> list[str]:
        """What the target itself is found to be wrong in, month by month."""
        with opened(self.settings, target_of(self.path)) as place:
            return [line for month in place.months() for line in place.wrong(month)]

    def standing(self, month: str) -> bytes:
        with opened(self.settings, target_of(self.path)) as place:
            found = place.standing(month)
        assert found is not None
        return found

    def moves(self) -> None:
        """March is published anew with more messages; no other month moves by them."""
        shutil.rmtree(self.settings.lake)
        shutil.copytree(self.later.lake, self.settings.lake)


@pytest.fixture
def sender(
    request: pytest.FixtureRequest, plan: Settings, later: Settings, tmp_path: Path
) -> Iterator[Sender]:
    """A sender to a target of the kind that the test is asked for; without one, to a folder."""
    kind = getattr(request, "param", "local")
    shutil.copytree(plan.var, tmp_path / "var")
    own = plan.model_copy(update={"var": tmp_path / "var"})
    more, place, fetch = PLACES[kind](request, tmp_path)
    made = Sender(own.model_copy(update=more), later, Store(own.state), kind, place, fetch)
    made.write()
    yield made
    made.store.close()


Made = tuple[dict[str, Any], str, Callable[[Path], None]]


def _local(_request: pytest.FixtureRequest, folder: Path) -> Made:
    there = folder / "share"
    there.mkdir()
    return {}, f'[folder]\nat = "{there}"', lambda to: _copied(there, to)


def _sftp(request: pytest.FixtureRequest, folder: Path) -> Made:
    ssh: ssh_server.Server = request.getfixturevalue("ssh")
    there = folder / "remote"
    there.mkdir()
    at = f"sftp://{ssh.user}@127.0.0.1:{ssh.port}{there}"
    place = f'[folder]\nat = "{at}"\nhost_key = "{ssh.host_key}"\nkey_file = "{ssh.key_file}"'
    return {}, place, lambda to: _copied(there, to)


def _s3(request: pytest.FixtureRequest, _folder: Path) -> Made:
    s3: s3_server.Server = request.getfixturevalue("s3")
    name = s3.bucket()
    at = f'[folder]\nat = "s3://{name}/in/here"\nendpoint = "{s3.endpoint}"'
    place = f'{at}\nregion = "us-east-1"\ntoken = "s3"'

    def fetch(to: Path) -> None:
        from pyarrow import fs

        for one in s3.system.get_file_info(fs.FileSelector(f"{name}/in/here")):
            with s3.system.open_input_stream(one.path, compression=None) as stream:
                (to / one.base_name).write_bytes(stream.read())

    return {"tokens": {"s3": SecretStr(s3_server.TOKEN)}}, place, fetch


def _sqlite(_request: pytest.FixtureRequest, folder: Path) -> Made:
    url = f"sqlite:///{folder / 'warehouse.db'}"
    return {"sql": {"out": SecretStr(url)}}, '[sql]\ndatabase = "out"', lambda _to: None


def _postgresql(request: pytest.FixtureRequest, _folder: Path) -> Made:
    server: Server = request.getfixturevalue("postgres")
    place = '[sql]\ndatabase = "out"\ntable = "outreach"\nschema = "public"'
    return {"sql": {"out": SecretStr(server.database())}}, place, lambda _to: None


PLACES = {"local": _local, "sftp": _sftp, "s3": _s3, "sqlite": _sqlite, "postgresql": _postgresql}


def _copied(there: Path, to: Path) -> None:
    for path in there.iterdir():
        (to / path.name).write_bytes(path.read_bytes())
