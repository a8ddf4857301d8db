"""The frame in a real browser: quiet, for keyboards too, in both themes, asking no other host."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.pages import PAGES
from config.settings import Settings
from tests.asking import secret_wires
from tests.windows import enter as enter_as
from tests.windows import fits, quiet_window, served, violations

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty lake, and a page that few may see."""
    yield from served(Settings(var=tmp_path_factory.mktemp("frame") / "var"), [*PAGES, secret_wires()])


@pytest.fixture
def window(chromium: Browser, address: str) -> Iterator[Page]:
    with quiet_window(chromium, address) as page:
        yield page


def enter(page: Page, user: str = "privacy_officer") -> None:
    enter_as(page, user)


def test_a_page_is_reached_by_its_link_with_title_focus_and_back(window: Page) -> None:
    enter(window)
    expect(window).to_have_title("Overview · Reachboard")
    window.evaluate("window.stayed = true")
    window.click(".links a[href='/vault']")
    expect(window.locator("h1")).to_have_text("Vault")
    expect(window).to_have_title("Vault of secrets · Reachboard")
    expect(window.locator(".links [aria-current]")).to_have_text("Vault of secrets")
    window.go_back()
    expect(window.locator("h1")).to_have_text("Overview")
    expect(window.locator("h1")).to_be_focused()
    assert window.evaluate("window.stayed")


@pytest.mark.parametrize("user", ["administrator", "privacy_officer"])
def test_the_longest_menus_fit_at_every_width(window: Page, user: str) -> None:
    enter(window, user)
    for width in range(1000, 2000, 20):
        window.set_viewport_size({"width": width, "height": 800})
        assert fits(window), width
        box = window.locator(".user summary").bounding_box()
        assert box is None or box["x"] + box["width"] <= width, width


@pytest.mark.parametrize("user", ["administrator", "privacy_officer"])
def test_the_longest_menus_take_one_row_and_fold_the_rest_away(window: Page, user: str) -> None:
    window.set_viewport_size({"width": 1400, "height": 800})
    enter(window, user)
    tops = window.evaluate("[...document.querySelectorAll('.links > *')].map((one) => one.offsetTop)")
    assert len(set(tops)) == 1
    privacy = window.locator(".links a[href='/privacy']")
    expect(privacy).to_be_hidden()
    window.locator(".more summary").focus()
    window.keyboard.press("Enter")
    assert violations(window) == []
    for _ in range(2):  # the first is Definitions
        window.keyboard.press("Tab")
    expect(privacy).to_be_focused()
    window.keyboard.press("Enter")
    expect(window.locator("h1")).to_have_text("Privacy")
    expect(privacy).to_be_hidden()
    expect(privacy).to_have_attribute("aria-current", "page")


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
    assert fits(page)
    assert violations(page) == []


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
