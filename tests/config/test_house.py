"""The house: rooms import downward only, one module reads the environment, and pins are locked."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from config.settings import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONTRACTS = PROJECT["tool"]["importlinter"]
NOT_ROOMS = {"tests", "assets"}


def rooms() -> set[str]:
    return {path.parent.name for path in ROOT.glob("*/__init__.py")} - NOT_ROOMS


def test_every_room_is_held_by_the_import_contracts() -> None:
    assert set(CONTRACTS["root_packages"]) == rooms(), "list every room, and no other, in [tool.importlinter]"


def test_every_room_has_its_layer() -> None:
    (layers,) = (contract for contract in CONTRACTS["contracts"] if contract["type"] == "layers")
    assert {room for layer in layers["layers"] for room in re.findall(r"\w+", layer)} == rooms()


def test_tests_hide_no_room() -> None:
    assert not list((ROOT / "tests").rglob("__init__.py"))


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_requirements_lock_every_pin_and_name_no_place(name: str) -> None:
    text = (ROOT / name).read_text()
    pins = list(PROJECT["project"]["dependencies"])
    if name == "requirements-test.txt":
        pins += PROJECT["project"]["optional-dependencies"]["test"]
    locked = set(re.findall(r"^(\S+==\S+)", text, re.MULTILINE))
    missing = [pin for pin in pins if re.sub(r"\[.*\]", "", pin).lower() not in locked]
    assert not missing, "run `make lock`"
    assert not re.search(r"https?:|file:|--(extra-)?index-url|--find-links", text)


def test_run_and_test_requirements_agree() -> None:
    run, test = (_locked(ROOT / name) for name in ("requirements.txt", "requirements-test.txt"))
    assert run <= test


def _locked(path: Path) -> set[str]:
    return set(re.findall(r"^(\S+==\S+)", path.read_text(), re.MULTILINE))
