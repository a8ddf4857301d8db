from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from app import shelf
from app.factory import create_app
from config.settings import Settings
from tests.conftest import CHROMIUM


@pytest.fixture(scope="module")
def address(sample: Settings) -> Iterator[str]:
    """Where the sample is served."""
    yield from served(sample)


def served(settings: Settings) -> Iterator[str]:
    server = create_app(settings)
    shelf.keeper(server).renew()
    listening = make_server("127.0.0.1", 0, server, threaded=True)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}"
    listening.shutdown()
    thread.join()
    listening.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def window(chromium: Browser, address: str) -> Iterator[Page]:
    """A manager's window; it fails where the console speaks or another host is asked."""
    context = chromium.new_context(
        viewport={"width": 1400, "height": 900},
        base_url=address,
        accept_downloads=True,
        permissions=["clipboard-read", "clipboard-write"],
    )
    page = context.new_page()
    noise: list[str] = []
    page.on("console", lambda told: noise.append(told.text) if told.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.on(
        "request", lambda r: None if r.url.startswith((address, "data:", "blob:")) else noise.append(r.url)
    )
    page.goto("/sign-in")
    page.click("button[value=manager]")
    page.wait_for_selector("#overview-cards .kpi")
    yield page
    context.close()
    assert noise == []
