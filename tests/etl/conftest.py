"""A desk for intake tests: a mapping and a file as texts, read through the true path."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data.identify import Pseudonyms
from data.tables import TABLES
from etl.intake import Batch, read
from etl.sources.toml import load_mapping
from tests import s3_server, ssh_server
from tests.drops import Drop
from tests.feeds import settings_of
from tests.rests import Api, api
from tests.s3_server import TOKEN
from tests.web import Service, serving

ZONE = "America/New_York"
SECRET = b"a secret of the tests, 32 bytes."


@pytest.fixture
def pseudonyms() -> Pseudonyms:
    return Pseudonyms(SECRET)


@pytest.fixture
def accounted() -> Callable[[Batch], Batch]:
    """Checks that every row is in exactly one of: refused, skipped, in at least one table."""
    return assert_accounted


@pytest.fixture
def intake(tmp_path: Path, pseudonyms: Pseudonyms) -> Callable[..., Batch]:
    """intake(mapping, rows, file="rows.csv", zone=...) -> Batch; further keywords are CSV files beside it."""

    def run(
        mapping: str, rows: str | bytes, file: str = "rows.csv", zone: str = ZONE, **beside: str
    ) -> Batch:
        (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
        raw = rows if isinstance(rows, bytes) else rows.encode()
        (tmp_path / file).write_bytes(raw)
        for name, text in beside.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return assert_accounted(
            read(tmp_path / file, load_mapping(tmp_path / "mapping.toml"), pseudonyms, zone)
        )

    return run


def assert_accounted(batch: Batch) -> Batch:
    refused, skipped = batch.refused["row"].to_list(), batch.skipped["row"].to_list()
    tables = {row for frame in batch.tables.values() for row in frame["row"]}
    assert len(refused) == len(set(refused))
    assert len(skipped) == len(set(skipped))
    assert not set(refused) & set(skipped)
    assert not (set(refused) | set(skipped)) & tables
    assert set(refused) | set(skipped) | tables == set(range(1, batch.rows_in + 1))
    for name, frame in batch.tables.items():
        must = [one.name for one in TABLES[name].columns if one.required and one.name in frame.columns]
        assert sum(frame[one].null_count() for one in must) == 0, f"{name} lacks what it must have"
    return batch


@pytest.fixture
def local(tmp_path: Path) -> Drop:
    folder = tmp_path / "drop"
    folder.mkdir()
    drop = Drop(
        settings_of(tmp_path / "var"), f'at = "{folder}"', lambda name, raw: _put(folder / name, raw),
        lambda name: (folder / name).unlink(),
    )  # fmt: skip
    drop.maps()
    return drop


@pytest.fixture
def bucket(tmp_path: Path, s3: s3_server.Server) -> Drop:
    name = s3.bucket()
    place = f'at = "s3://{name}/in/here"\nendpoint = "{s3.endpoint}"\nregion = "us-east-1"\ntoken = "drop"'
    drop = Drop(
        settings_of(tmp_path / "var", tokens={"drop": TOKEN}), place,
        lambda file, raw: s3.put(f"{name}/in/here/{file}", raw),
        lambda file: s3.system.delete_file(f"{name}/in/here/{file}"),
    )  # fmt: skip
    drop.maps()
    return drop


@pytest.fixture
def remote(tmp_path: Path, ssh: ssh_server.Server) -> Drop:
    folder = tmp_path / "drop"
    folder.mkdir()
    at = f"sftp://{ssh.user}@127.0.0.1:{ssh.port}{folder}"
    place = f'at = "{at}"\nhost_key = "{ssh.host_key}"\nkey_file = "{ssh.key_file}"'
    drop = Drop(
        settings_of(tmp_path / "var"), place, lambda name, raw: _put(folder / name, raw),
        lambda name: (folder / name).unlink(),
    )  # fmt: skip
    drop.maps()
    return drop


@pytest.fixture(params=["local", "remote", "bucket"])
def drop(request: pytest.FixtureRequest) -> Drop:
    made = request.getfixturevalue(request.param)
    assert isinstance(made, Drop)
    return made


def _put(path: Path, raw: bytes) -> None:
    path.write_bytes(raw)


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as made:
        yield made


@pytest.fixture
def source(service: Service, tmp_path: Path) -> Api:
    """A lake that pulls from the service."""
    return api(service, tmp_path)
