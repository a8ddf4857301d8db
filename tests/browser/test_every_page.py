"""What every page owes everybody: both schemes, desktop and phone, quiet, accessible, whatever is open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator
from playwright.sync_api import Page as Window

from app.pages import PAGES
from config.permissions import PERMISSIONS, Role
from config.settings import Settings
from tests.places import QUERIES
from tests.windows import drawn, fits, quiet_window, served, violations
from ui.page import Page

pytestmark = pytest.mark.browser

EVERY = [wires.page for wires in PAGES]
SCHEMES: tuple[Any, ...] = ("light", "dark")
WIDTHS = (1400, 390)
OPENED = (("light", 390), ("dark", 1400))
OVER = "one => ['absolute', 'fixed'].includes(getComputedStyle(one.lastElementChild).position)"
TIPS = 4  # so many described elements of a page get the focus


@pytest.fixture(scope="module")
def address(sample: Settings) -> Iterator[str]:
    yield from served(sample)


def able(page: Page) -> Role:
    """The first role that may see a page."""
    return next(role for role in Role if page.needs in PERMISSIONS[role])


@pytest.mark.parametrize("page", EVERY, ids=lambda page: page.name)
def test_every_page_says_how_it_is_opened(page: Page) -> None:
    assert page.path in QUERIES, f"add {page.path} with its parameters to tests/places.py"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("page", EVERY, ids=lambda page: page.name)
def test_every_page_is_quiet_accessible_and_fits(
    chromium: Browser, address: str, page: Page, scheme: Any, width: int
) -> None:
    with quiet_window(chromium, address, width, scheme) as window:
        window.context.request.post("/sign-in", form={"role": able(page).value})
        window.goto(f"{page.path}?{QUERIES[page.path]}")
        drawn(window)
        assert window.evaluate("document.documentElement.dataset.bsTheme") == scheme
        assert "could not be shown" not in window.inner_text("#frame-page")
        assert window.locator("h1").count() == 1
        skips(window)
        assert fits(window), "the page is wider than its window"
        assert violations(window) == []
        if (scheme, width) in OPENED:
            assert [found for one in opened(window) for found in one] == []
        assert fits(window), "the page with all open is wider than its window"


def skips(window: Window) -> None:
    """The first stop of the keyboard leads past the header, to something that is there."""
    window.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    window.keyboard.press("Tab")
    assert window.evaluate("document.activeElement.className") == "skip"
    assert window.locator(str(window.locator(".skip").get_attribute("href"))).count() == 1


def opened(window: Window) -> Iterator[list[str]]:
    """The violations inside everything that opens: folds, dialogs, hints, the menu."""
    button = window.locator("#menu-button")
    if button.is_visible():
        button.click()
        yield violations(window, window.locator("#menu").element_handle())
        button.click()
    for fold in every(window, "details:visible"):
        over = fold.evaluate(OVER)
        fold.evaluate("one => { one.open = true }")
        if over:
            yield violations(window, fold.element_handle())
            fold.evaluate("one => { one.open = false }")
    window.wait_for_load_state("networkidle")
    yield violations(window)  # all that folds inside the page at once
    for dialog in every(window, "dialog"):
        if not dialog.evaluate("one => one.open"):
            dialog.evaluate("one => one.showModal()")
        yield violations(window, dialog.element_handle())
        dialog.evaluate("one => one.close()")
    for described in every(window, "#frame-page [aria-describedby]:visible")[:TIPS]:
        described.focus()
        yield violations(window)
    window.keyboard.press("?")
    yield violations(window)
    window.keyboard.press("Escape")


def every(window: Window, what: str) -> list[Locator]:
    return window.locator(what).all()
