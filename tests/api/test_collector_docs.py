"""The example of docs/collector.md is sent, and the answer is the one that stands there."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server

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


def test_the_program_sends_to_a_real_server(tmp_path: Path) -> None:
    found = re.search(r'```python title="send.py"\n(.*?)```', DOCS, re.DOTALL)
    assert found is not None
    sender = Sender(Settings(var=tmp_path, sample=False))
    names: dict[str, Any] = {}
    exec(found[1], names)
    served = make_server("127.0.0.1", 0, sender.server, threaded=True)
    thread = threading.Thread(target=served.serve_forever)
    thread.start()
    try:
        events = json.loads(block("events.json"))
        answer = names["send"](events, f"http://127.0.0.1:{served.server_port}", sender.secret)
    finally:
        served.shutdown()
        thread.join()
        served.server_close()
    assert answer == json.loads(block("answer"))
