"""The frame in a real browser: quiet, for keyboards too, in both themes, asking no other host."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH")]


@pytest.fixture(scope="module")
def address(server: Flask) -> Iterator[str]:
    listening = make_server("127.0.0.1", 0, server, threaded=True)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}"
    listening.shutdown()
    thread.join()
    listening.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def window(chromium: Browser, address: str) -> Iterator[Page]:
    """A window whose console and network stay quiet; closes with a failure where they did not."""
    context = chromium.new_context(
        viewport={"width": 1400, "height": 900}, color_scheme="light", base_url=address
    )
    page = context.new_page()
    noise: list[str] = []
    page.on(
        "console",
        lambda message: noise.append(message.text) if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.on("request", lambda r: None if r.url.startswith((address, "data:")) else noise.append(r.url))
    yield page
    context.close()
    assert noise == []


def enter(page: Page, role: str = "privacy_officer") -> None:
    page.goto("/sign-in")
    page.click(f"button[value={role}]")
    expect(page.locator("#frame-page h1")).to_be_visible()


def test_a_page_is_reached_by_its_link_with_title_focus_and_back(window: Page) -> None:
    enter(window)
    expect(window).to_have_title("Overview · Reachboard")
    window.evaluate("window.stayed = true")
    window.click(".links a[href='/ledger']")
    expect(window.locator("h1")).to_have_text("Ledger")
    expect(window).to_have_title("Ledger of secrets · Reachboard")
    expect(window.locator(".links [aria-current]")).to_have_text("Ledger of secrets")
    window.go_back()
    expect(window.locator("h1")).to_have_text("Overview")
    expect(window.locator("h1")).to_be_focused()
    assert window.evaluate("window.stayed")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 390])
def test_pages_are_accessible_and_never_wider_than_the_window(window: Page, scheme: Any, width: int) -> None:
    window.emulate_media(color_scheme=scheme)
    window.set_viewport_size({"width": width, "height": 800})
    window.goto("/sign-in")
    check(window, scheme)
    enter(window)
    check(window, scheme)
    if width < 768:
        window.click("#menu-button")
    window.click("details.user summary")
    check(window, scheme)
    window.keyboard.press("Escape")
    expect(window.locator(".user-menu")).to_be_hidden()


def check(page: Page, scheme: str) -> None:
    assert page.evaluate("document.documentElement.dataset.bsTheme") == scheme
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.evaluate(AXE.read_text())  # past the policy, as a tool of the tester
    found = page.evaluate(
        "axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target).join(' ')))"
    )
    assert found == []


def test_the_theme_is_chosen_kept_and_told_to_the_page(window: Page) -> None:
    enter(window)
    window.click("[data-theme-choice=dark]")
    expect(window.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(window.locator("[data-theme-choice=dark]")).to_have_attribute("aria-pressed", "true")
    window.reload()
    expect(window.locator("#frame-page h1")).to_be_visible()
    expect(window.locator("html")).to_have_attribute("data-bs-theme", "dark")
    window.click("[data-theme-choice=system]")
    expect(window.locator("html")).to_have_attribute("data-bs-theme", "light")


def test_the_first_stop_of_the_keyboard_skips_to_the_content(window: Page) -> None:
    enter(window)
    window.keyboard.press("Tab")
    expect(window.locator(".skip")).to_be_focused()
    window.keyboard.press("Enter")
    expect(window.locator("#frame-page")).to_be_focused()


def test_signing_out_leads_to_the_door(window: Page) -> None:
    enter(window)
    window.click("details.user summary")
    window.get_by_role("button", name="Sign out").click()
    expect(window.get_by_role("heading", name="Sign in")).to_be_visible()
