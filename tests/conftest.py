"""What tests of several rooms share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import Settings
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
def sample(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a lake that holds a small synthetic sample."""
    from etl.refresh import refresh
    from etl.sample import generate
    from etl.setup import import_manifest

    folder = tmp_path_factory.mktemp("sample")
    made = Settings(var=folder / "var")
    manifest = generate(folder / "raw", members=6_000, campaigns=24, days=400, seed=7)
    import_manifest(made, manifest.folder / "manifest.toml", lambda _line: None)
    refresh(made)
    return made
