"""What the tests of exports start from: the sample's lake, and a folder and state of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import shelf
from app.factory import create_app
from config.settings import Settings
from data.cubes import Cubes, Shelf
from data.snapshot import Lake
from state.store import Store
from tests.places import LINE


@pytest.fixture
def place(sample: Settings, tmp_path: Path) -> Settings:
    """Settings of a fresh folder that shows the sample's lake."""
    folder = tmp_path / "var"
    folder.mkdir()
    (folder / "lake").symlink_to(sample.lake)
    return Settings(var=folder, demo_lines=(LINE,))


@pytest.fixture
def store(place: Settings) -> Iterator[Store]:
    made = Store(place.state)
    yield made
    made.close()


@pytest.fixture(scope="module")
def cubes(sample: Settings) -> Cubes:
    return Shelf(Lake(sample.lake)).current()


@pytest.fixture
def server(place: Settings) -> Iterator[Flask]:
    made = create_app(place)
    shelf.keeper(made).renew()
    yield made
    made.extensions["reachboard.store"].close()
