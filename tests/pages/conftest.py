"""Viewers and lakes that the tests of pages share."""

from __future__ import annotations

import pytest

from config.permissions import PERMISSIONS, Role
from config.settings import Settings
from data.cubes import Cubes, Shelf
from data.snapshot import Lake
from data.viewer import Viewer


@pytest.fixture(scope="session")
def cubes(sample: Settings) -> Cubes:
    return Shelf(Lake(sample.lake)).current()


@pytest.fixture
def manager() -> Viewer:
    return Viewer("a manager", Role.MANAGER, frozenset(PERMISSIONS[Role.MANAGER]))
