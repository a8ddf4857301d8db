"""The example of docs/collector.md is sent, and the answer is the one that stands there."""

from __future__ import annotations

import json
import re
from pathlib import Path

from config.settings import ROOT, Settings
from tests.api.test_collector import Sender

DOCS = (ROOT / "docs" / "collector.md").read_text(encoding="utf-8")


def block(title: str) -> str:
    found = re.search(rf'```json title="{re.escape(title)}"\n(.*?)```', DOCS, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_is_answered_as_it_says(tmp_path: Path) -> None:
    answer = Sender(Settings(var=tmp_path, sample=False)).post(block("events.json").encode())
    assert answer.status_code == 202
    assert answer.get_json() == json.loads(block("answer"))
