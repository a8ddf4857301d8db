"""What stands there until a page is drawn, and that nothing jumps when it is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_overview import ready
from tests.windows import enter, quiet_window

pytestmark = pytest.mark.browser

SHIFTS = """() => new Promise(done => {
    let sum = 0;
    new PerformanceObserver(found => found.getEntries().forEach(one => {
        if (!one.hadRecentInput) sum += one.value;
    })).observe({type: 'layout-shift', buffered: true});
    setTimeout(() => done(sum), 300);
})"""


@pytest.mark.parametrize("width", [1400, 390])
def test_nothing_jumps_while_the_overview_comes(chromium: Browser, address: str, width: int) -> None:
    with quiet_window(chromium, address, width) as window:
        enter(window)
        assert min(_jumped(window) for _ in range(3)) < 0.1


def _jumped(window: Page) -> float:
    """How far the page jumped while it came; once, between two answers on a busy machine, is no habit."""
    window.goto("/")
    ready(window)
    jumped: float = window.evaluate(SHIFTS)
    return jumped


def test_bones_have_the_shape_of_their_page(window: Page) -> None:
    window.route("**/_dash-layout", lambda _route: None)  # never answered: the page stays bones
    for path, cards in (("/", 5), ("/data", 0)):
        if path == "/" or window.locator(f".links a[href='{path}']").count():
            window.goto(path, wait_until="commit")
            expect(window.locator(".skeleton")).to_be_visible()
            expect(window.locator(".bone-card")).to_have_count(cards)
