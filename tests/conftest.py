"""What tests of several rooms share."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import Settings
from tests import redis_server, s3_server, ssh_server
from tests.postgres import Server, programs, running, short_folder

SAMPLES = Path(__file__).parents[2] / "shared" / "data"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture
def samples() -> Path:
    """Folder of real sample files; skips where this machine has none."""
    if not SAMPLES.is_dir():
        pytest.skip(f"no real samples in {SAMPLES}")
    return SAMPLES


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a fresh, empty place."""
    return Settings(var=tmp_path / "var")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server of this session; skips where its programs cannot be had."""
    if programs() is None:
        pytest.skip("no PostgreSQL here: initdb is neither on the PATH nor below /usr/lib/postgresql")
    with short_folder() as folder, running(folder) as server:
        yield server


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[redis_server.Server]:
    """A Redis of this session; skips where its program cannot be had."""
    if redis_server.program() is None:
        pytest.skip("no Redis here: redis-server is not on the PATH")
    with redis_server.running(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def state_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a fresh state database of each kind that the settings allow."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state.db'}"
    return str(request.getfixturevalue("postgres").database())


@pytest.fixture(scope="session")
def ssh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ssh_server.Server]:
    """An SSH server of this session; skips where its program cannot be had."""
    if ssh_server.program() is None:
        pytest.skip("no sshd here: it is neither on the PATH nor in /usr/sbin")
    with ssh_server.running(tmp_path_factory.mktemp("ssh")) as server:
        yield server


@pytest.fixture(scope="session")
def s3() -> Iterator[s3_server.Server]:
    """An S3 of this session."""
    with s3_server.running() as server:
        yield server


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Settings:
    """Settings of a lake that holds a small synthetic sample; of several test processes each has a copy."""
    own = tmp_path_factory.mktemp("sample")
    if worker_id == "master":
        return _filled(own)
    first = tmp_path_factory.getbasetemp().parent / "first-sample"
    with first.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not first.exists():
            _filled(own)
            shutil.copytree(own, first)
            return Settings(var=own / "var")
    shutil.copytree(first, own, dirs_exist_ok=True)
    return Settings(var=own / "var")


def _filled(folder: Path) -> Settings:
    from etl.refresh import refresh
    from etl.sample import generate
    from etl.setup import import_manifest

    made = Settings(var=folder / "var")
    manifest = generate(folder / "raw", members=6_000, campaigns=24, days=400, seed=7)
    import_manifest(made, manifest.folder / "manifest.toml", lambda _line: None)
    refresh(made)
    return made
