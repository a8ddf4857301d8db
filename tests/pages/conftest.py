"""Viewers and lakes that the tests of pages share."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from config.permissions import PERMISSIONS, Role
from config.settings import Settings
from data.cubes import Cubes, Shelf
from data.snapshot import Lake
from data.viewer import Scope, Viewer
from state.store import Store


@pytest.fixture(scope="session")
def cubes(sample: Settings) -> Cubes:
    return Shelf(Lake(sample.lake)).current()


@pytest.fixture
def manager() -> Viewer:
    return Viewer("a manager", Role.MANAGER, frozenset(PERMISSIONS[Role.MANAGER]))


@pytest.fixture
def limited(manager: Viewer) -> Viewer:
    """Who sees one program alone."""
    return replace(manager, scope=Scope(programs=frozenset({"Flu shot"})))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(f"sqlite:///{tmp_path / 'state.db'}")
