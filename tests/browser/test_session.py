"""The end of a session in a real browser: a warning, staying, and going on where one was."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from state import sessions as kept
from tests.windows import PATIENCE, drawn, enter, violations

DIALOG = "#session-ends"


@pytest.fixture
def window(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=address)
    page = context.new_page()
    page.clock.install()
    enter(page)
    yield page
    context.close()


@pytest.fixture
def on(window: Page, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Moves both clocks on, by minutes: the server's and the browser's."""
    passed, now = [0.0], kept.now_us
    monkeypatch.setattr(kept, "now_us", lambda: now() + int(passed[0] * 60e6))

    def later(minutes: float) -> None:
        passed[0] += minutes
        window.clock.fast_forward(int(minutes * 60_000))

    return later


def test_a_warning_comes_and_staying_is_a_click(window: Page, on: Callable[[float], None]) -> None:
    expect(window.locator(DIALOG)).to_be_hidden()
    on(13.2)
    dialog = window.locator(DIALOG)
    expect(dialog).to_be_visible(timeout=PATIENCE)
    expect(dialog).to_contain_text("You will be signed out in")
    assert violations(window, DIALOG) == []
    window.click("text=Stay signed in")
    expect(dialog).to_be_hidden(timeout=PATIENCE)
    on(12)
    expect(window.locator(DIALOG)).to_be_hidden()
    assert window.request.get("/").status == 200


def test_what_nobody_asked_for_says_so(window: Page, on: Callable[[float], None]) -> None:
    told = """() => fetch("/_dash-update-component?nobody", {method: "POST", body: "{}"}).then(() => 0)"""
    for minutes, expected in ((0, None), (2, "1")):
        on(minutes)
        with window.expect_request("**/_dash-update-component?nobody", timeout=PATIENCE) as asked:
            window.evaluate(told)
        assert asked.value.headers.get("reachboard-idle") == expected


def test_after_the_end_the_way_leads_back(window: Page, on: Callable[[float], None]) -> None:
    window.goto("/campaign?period=last_30")
    drawn(window)
    on(16)
    expect(window).to_have_url(re.compile(r"/sign-in\?next="), timeout=PATIENCE)
    expect(window.locator("main")).to_contain_text("15 minutes without activity")
    window.click('button[value="manager"]')
    expect(window).to_have_url(re.compile(r"/campaign\?period=last_30"), timeout=PATIENCE)


def renews(answer: Response) -> bool:
    """Whether somebody asked: for more time, or for figures that happened to be due."""
    called = any(part in answer.url for part in ("/sign-in/stay", "/_dash-update-component"))
    return called and "reachboard-idle" not in answer.request.headers


def test_whoever_writes_without_asking_anything_stays(window: Page, on: Callable[[float], None]) -> None:
    for _ in range(4):
        with window.expect_response(renews, timeout=PATIENCE):
            on(4.5)
            window.keyboard.press("Shift")
    expect(window.locator(DIALOG)).to_be_hidden()
