"""What a number means, by mouse, by keyboard, by tap; and that no number goes without its definition."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_overview import ready
from tests.places import QUERIES
from tests.windows import drawn, violations

pytestmark = pytest.mark.browser

# Numbers that measure nothing: days on an axis.
UNTOLD = """() => [...document.querySelectorAll(
    '.kpi-number, .step, .table td.number, .table td.bar-cell, thead th.number, .heat td, .grid-figure')]
    .filter(one => !window.reachboardHints.of(one))
    .filter(one => !/^Days /.test(one.closest('table')?.tHead?.rows[0].cells[one.cellIndex]?.textContent))
    .map(one => one.className + ': ' + one.textContent)"""
FIGURES = [f"{path}?{QUERIES[path]}" for path in ("/", "/campaign", "/compare", "/reports/monthly")]
INSIDE = """() => {
    const box = document.getElementById('hint').getBoundingClientRect();
    return box.left >= 0 && box.top >= 0 && box.right <= document.documentElement.clientWidth
        && box.bottom <= window.innerHeight;
}"""


@pytest.mark.parametrize("address_of", FIGURES)
def test_no_number_goes_without_its_definition(window: Page, address_of: str) -> None:
    window.goto(address_of)
    drawn(window)
    for fold in window.get_by_text("Show as a table").all():
        fold.click()
    drawn(window)
    expect(window.locator("[data-hint]").nth(9)).to_be_attached()
    assert window.evaluate(UNTOLD) == []


def test_a_figure_says_what_it_is_made_of_on_hover_until_the_pointer_or_escape_ends_it(window: Page) -> None:
    ready(window)
    hint = window.locator("#hint")
    number = window.locator(".kpi-number").nth(1)
    number.hover()
    expect(hint).to_be_visible()
    expect(hint).to_contain_text("Delivered rate")
    expect(hint).to_contain_text(re.compile(r"[\d,]+ of [\d,]+"))
    expect(hint).to_contain_text("Counted as")
    expect(hint).to_contain_text("Outreach through")
    hint.hover()
    window.wait_for_timeout(500)
    expect(hint).to_be_visible()
    window.keyboard.press("Escape")
    expect(hint).to_be_hidden()
    number.hover(position={"x": 3, "y": 3})
    window.mouse.move(0, 0)
    expect(hint).to_be_hidden()


def test_the_button_on_a_card_gives_the_hint_to_a_keyboard(window: Page) -> None:
    ready(window)
    about = window.get_by_role("button", name="About delivered rate")
    about.focus()
    window.keyboard.press("Shift+Tab")
    window.keyboard.press("Tab")
    hint = window.locator("#hint")
    expect(hint).to_be_visible()
    expect(about).to_have_attribute("aria-describedby", "hint")
    window.keyboard.press("Escape")
    expect(hint).to_be_hidden()
    expect(about).to_be_focused()


def test_arrow_keys_walk_through_a_table_and_a_funnel(window: Page) -> None:
    ready(window)
    frame = window.locator("#overview-channels .table-frame")
    frame.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight"):
        window.keyboard.press(key)
    figure = window.locator("#overview-channels tbody tr").first.locator("td").nth(1)
    head = window.locator("#overview-channels thead th").nth(2)
    expect(figure).to_be_focused()
    hint = window.locator("#hint")
    expect(hint).to_contain_text(f"{head.inner_text()}{figure.inner_text()}")
    window.keyboard.press("ArrowUp")
    expect(hint.locator("strong")).to_have_count(0)
    expect(head).to_be_focused()
    window.locator("#overview-funnel .steps").focus()
    window.keyboard.press("ArrowDown")
    window.keyboard.press("ArrowDown")
    expect(window.locator("#overview-funnel .step").nth(1)).to_be_focused()
    expect(hint).to_be_visible()


def test_every_hint_stays_inside_the_window_and_is_accessible(window: Page) -> None:
    for width in (1400, 390):
        window.set_viewport_size({"width": width, "height": 700})
        window.reload()
        ready(window)
        for number in ("#overview-cards .kpi-number >> nth=4", "#overview-channels td.number >> nth=3"):
            window.locator(number).scroll_into_view_if_needed()
            window.locator(number).hover()
            expect(window.locator("#hint")).to_be_visible()
            assert window.evaluate(INSIDE), (width, number)
            assert violations(window) == []
            window.mouse.move(0, 0)
            expect(window.locator("#hint")).to_be_hidden()


def test_a_tap_asks_too(chromium: Browser, address: str) -> None:
    device: dict[str, Any] = {"viewport": {"width": 390, "height": 800}, "has_touch": True}
    context = chromium.new_context(base_url=address, **device)
    page = context.new_page()
    page.goto("/sign-in")
    page.tap("button[value=manager]")
    page.wait_for_selector("#overview-cards .kpi")
    page.locator(".kpi-number").first.tap()
    expect(page.locator("#hint")).to_be_visible()
    page.locator("h1").tap()
    expect(page.locator("#hint")).to_be_hidden()
    context.close()
