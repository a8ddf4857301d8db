"""A server that listens, a browser, and windows of it that fail where the console or the policy speaks."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import make_server

from app import shelf
from app.factory import create_app
from app.pages import PAGES
from config.settings import Settings
from tests.conftest import CHROMIUM
from ui.wires import Wires

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
VIOLATIONS = """(of) => axe.run(of || document).then(
    r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target).join(' ')))"""
# A colour on its way from one theme to the other is nobody's contrast.
STILL = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('*, ::before, ::after { transition: none !important; animation: none !important }');
    document.adoptedStyleSheets = [sheet];
    document.documentElement.getBoundingClientRect();
}"""
# What the policy refuses is told by an event, also where the console keeps quiet about it.
TELL = """document.addEventListener('securitypolicyviolation', event =>
    console.error('refused by the policy: ' + event.effectiveDirective + ' ' + event.blockedURI))"""
PATIENCE = 60_000  # on a machine that does other things too
OWN = ("data:", "blob:")
# A busy machine is slow, not wrong.
expect.set_options(timeout=20_000)


@contextmanager
def listening(server: Flask) -> Iterator[str]:
    """Serve in a thread; gives the address."""
    shelf.keeper(server).renew()
    made = make_server("127.0.0.1", 0, server, threaded=True)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    thread.join()
    made.server_close()


def served(settings: Settings, pages: Sequence[Wires] = PAGES) -> Iterator[str]:
    """The address of an app with these settings, as a fixture gives it."""
    with listening(create_app(settings, pages)) as address:
        yield address


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser; the test is skipped where this machine has none."""
    if CHROMIUM is None:
        pytest.skip("no chromium on the PATH")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@contextmanager
def quiet_window(
    chromium: Browser, address: str, width: int = 1400, scheme: Any = "light", **options: Any
) -> Iterator[Page]:
    """A window; at its end it fails where the console spoke, the policy refused or another host was asked.

    It knows nobody, but has the scripts that an earlier window of the same kind has read.
    """
    kind = repr((address, width, scheme, sorted(options.items())))
    idle = _idle.setdefault(chromium, {}).setdefault(kind, [])
    context = idle.pop() if idle else _context(chromium, address, width, scheme, options)
    page = context.new_page()
    noise: list[str] = []
    page.on("console", lambda told: noise.append(told.text) if told.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.on("request", lambda r: None if r.url.startswith((address, *OWN)) else noise.append(r.url))
    yield page
    for one in context.pages:
        one.close()
    context.clear_cookies()
    idle.append(context)
    assert noise == []


_idle: WeakKeyDictionary[Browser, dict[str, list[BrowserContext]]] = WeakKeyDictionary()


def _context(
    chromium: Browser, address: str, width: int, scheme: Any, options: dict[str, Any]
) -> BrowserContext:
    made = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, base_url=address, **options
    )
    made.add_init_script(TELL)
    return made


@contextmanager
def listening_to(page: Page, event: Any, handler: Any) -> Iterator[None]:
    """Hear an event of a page for a while."""
    page.on(event, handler)
    yield
    page.remove_listener(event, handler)


def enter(page: Page, user: str = "manager", path: str = "/") -> None:
    """Sign in as the form does, and wait for a page."""
    page.request.post("/sign-in", form={"role": user}, max_redirects=0)
    page.goto(path)
    drawn(page)


def drawn(page: Page) -> None:
    """Wait until the page stands still: its heading is there, and nothing is being loaded or waited for."""
    expect(page.locator("#frame-page h1")).to_be_visible(timeout=PATIENCE)
    page.wait_for_load_state("networkidle", timeout=PATIENCE)
    expect(page.locator("#frame-page :is(.bone, .drawn-later:empty):visible")).to_have_count(
        0, timeout=PATIENCE
    )


def violations(page: Page, of: Any = None) -> list[str]:
    """What axe finds in the page, or in one element of it."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)  # past the policy, as a tool of the tester
    page.evaluate(STILL)
    found: list[str] = page.evaluate(VIOLATIONS, of)
    return found


def fits(page: Page) -> bool:
    """Whether the page is no wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
