"""What tests of several rooms share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from config.settings import Settings

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
