"""Targets that cannot be reached are told of, and the docs say what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from alerts.transfers import Kind, look
from config.settings import ROOT, Settings
from remote.breaker import Circuit
from state.pushes import TargetState
from state.store import Store


def test_a_target_that_is_left_alone_is_told_until_it_works(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path / "var", alerts=("webhook",), alert_url="http://127.0.0.1:9/told")
    store = Store(settings.state)
    for circuit, is_open in (
        (Circuit.CLOSED, []),
        (Circuit.OPEN, [Kind.PUSH]),
        (Circuit.HALF_OPEN, [Kind.PUSH]),
    ):
        state = TargetState("warehouse", circuit=circuit, failures=2, wrong="sftp://somebody's words")
        store.pushes.write(state)
        look(settings, store, 1_000)
        assert [one.kind for one in store.incidents.since(0) if one.recovered_us is None] == is_open
    (incident,) = store.incidents.since(0)
    assert "warehouse" in incident.title
    assert "somebody" not in incident.words, "why is said inside alone"
    store.pushes.forget([])
    look(settings, store, 2_000)
    (incident,) = store.incidents.since(0)
    assert incident.recovered_us == 2_000
    store.close()


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_in_the_docs(kind: Kind) -> None:
    assert f"\n## {kind}\n" in (ROOT / "docs/runbook.md").read_text()
    assert re.search(rf"^\| `{kind}` \|", (ROOT / "docs/alerts.md").read_text(), re.MULTILINE)
