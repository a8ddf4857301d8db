"""The JavaScript of docs/collector.md, in the browser of an app on another origin."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Error as BrowserError

from config.settings import ROOT, Settings
from etl.drain import drain
from tests.api.test_collector import Sender, messages
from tests.windows import listening

pytestmark = pytest.mark.browser
DOCS = (ROOT / "docs" / "collector.md").read_text(encoding="utf-8")


class Blank(BaseHTTPRequestHandler):
    """An app with one empty page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>App</title>")

    def log_message(self, *_words: object) -> None:
        """Nothing is logged."""


@pytest.fixture
def app() -> Iterator[str]:
    """The origin of an app."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Blank)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def sent(chromium: Browser, app: str, sender: Sender, address: str, key: str) -> object:
    found = re.search(r'```js title="send.js"\n(.*?)```', DOCS, re.DOTALL)
    assert found is not None
    page = chromium.new_page()
    try:
        page.goto(app)
        page.add_script_tag(content=found[1])
        return page.evaluate(
            "([events, address, key]) => send(events, address, key)", [messages(), address, key]
        )
    finally:
        page.close()


def test_an_app_that_is_named_sends_events(chromium: Browser, app: str, tmp_path: Path) -> None:
    settings = Settings(var=tmp_path, sample=False, apps=(app,))
    sender = Sender(settings)
    with listening(sender.server) as address:
        answer = sent(chromium, app, sender, address, sender.secret)
        assert answer == {"accepted": len(messages()), "not_kept": 0, "refused": 0, "refusals": []}
        with pytest.raises(BrowserError, match=r"not kept \(401\)"):
            sent(chromium, app, sender, address, "reachboard_wrong")
    sender.hand_on()
    (landed,) = drain(settings).landed
    assert landed.loaded == len(messages())


def test_an_app_that_is_not_named_cannot(chromium: Browser, app: str, tmp_path: Path) -> None:
    sender = Sender(Settings(var=tmp_path, sample=False, apps=("https://app.example.org",)))
    with listening(sender.server) as address, pytest.raises(BrowserError, match="Failed to fetch"):
        sent(chromium, app, sender, address, sender.secret)
