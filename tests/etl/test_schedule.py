"""The schedule of a process that ends: what is under way ends with it, and is no failure."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from config.settings import Settings
from data import runs
from etl import schedule

PATIENCE = 60.0


@pytest.fixture
def never_ending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every child of the schedule runs until it is ended."""
    instead = tmp_path / "python"
    instead.write_text("#!/bin/sh\nexec sleep 600\n")
    instead.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(instead))


def until(there: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.usefixtures("never_ending")
def test_a_run_that_is_under_way_ends_with_the_schedule(settings: Settings) -> None:
    schedule._under_way.clear()
    scheduler = schedule.start(settings)
    assert scheduler is not None
    try:
        until(lambda: schedule._under_way)
    finally:
        schedule.stop(scheduler)
    (child,) = schedule._under_way
    assert child.wait(PATIENCE) < 0
    assert runs.read(settings.lake) == [], "nobody is told of a failure"
    schedule._elected.pop().close()
