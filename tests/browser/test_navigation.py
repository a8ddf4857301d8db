"""Ways through the pages: links, Back and Forward, single keys, and the keyboard alone."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_overview import pick, ready

pytestmark = pytest.mark.browser
MARK = "window.stayed = true"


def stayed(window: Page) -> bool:
    """Whether the document is still the one that was marked."""
    return bool(window.evaluate("window.stayed === true"))


def focused(window: Page) -> str:
    return str(window.evaluate("document.activeElement.id || document.activeElement.tagName"))


def arrives_at(window: Page, place: float) -> None:
    """The page grows, and is scrolled to where it was."""
    for _ in range(40):
        if abs(window.evaluate("window.scrollY") - place) < 200:
            return
        window.wait_for_timeout(100)
    raise AssertionError(f"scrolled to {window.evaluate('window.scrollY')}, not to {place}")


def test_drilling_stays_in_the_document_and_back_restores_filters_and_place(window: Page) -> None:
    pick(window, "channel", "E-mail")
    expect(window).to_have_url(re.compile(r"\?channel=email$"))
    ready(window)
    window.evaluate(MARK)
    link = window.locator("#overview-campaigns a[href^='/campaign']").first
    link.scroll_into_view_if_needed()
    place = window.evaluate("window.scrollY")
    assert place > 0
    link.click()
    expect(window).to_have_url(re.compile(r"/campaign\?"))
    expect(window.locator("h1")).to_be_focused()
    expect(window.locator(".links [aria-current]")).to_have_text("Campaigns")
    assert window.evaluate("window.scrollY") == 0
    window.go_back()
    expect(window.locator("h1")).to_have_text("Overview")
    expect(window).to_have_url(re.compile(r"/\?channel=email$"))
    expect(window.locator("#filter-channel-words")).to_have_text("E-mail")
    ready(window)
    expect(window.locator("#overview-channels tbody tr")).to_have_count(1)
    arrives_at(window, place)
    window.go_forward()
    expect(window).to_have_url(re.compile(r"/campaign\?"))
    expect(window.locator("h1")).to_be_focused()
    assert stayed(window)


def test_links_of_the_same_page_lay_it_out_anew_and_back_undoes_them(window: Page) -> None:
    pick(window, "channel", "Phone")
    expect(window).to_have_url(re.compile("channel=phone"))
    window.evaluate(MARK)
    window.get_by_role("link", name="Reset").click()
    expect(window).to_have_url(re.compile(r"/$"))
    expect(window.locator("#filter-channel-words")).to_have_text("All")
    window.go_back()
    expect(window.locator("#filter-channel-words")).to_have_text("Phone")
    expect(window.locator(".scope-sentence")).to_contain_text("Phone")
    window.go_back()
    expect(window.locator("#filter-channel-words")).to_have_text("All")
    assert stayed(window)


def test_a_definition_is_one_step_away(window: Page) -> None:
    if not window.locator(".links a[href='/definitions']").count():
        pytest.skip("no page of definitions in the menu")
    ready(window)
    window.evaluate(MARK)
    window.locator(".kpi-number").nth(1).hover()
    window.locator("#hint a").click()
    expect(window).to_have_url(re.compile("/definitions#metric-delivered_rate$"))
    expect(window.locator("#metric-delivered_rate")).to_be_in_viewport()
    window.go_back()
    expect(window.locator("h1")).to_have_text("Overview")
    assert stayed(window)


def test_single_keys_lead_everywhere_but_not_while_typing(window: Page) -> None:
    ready(window)
    window.locator("h1").focus()
    window.keyboard.press("?")
    dialog = window.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Go to Overview")
    window.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(window.locator("h1")).to_be_focused()
    window.keyboard.press("f")
    assert focused(window) == "filter-period"
    window.keyboard.press("v")
    window.keyboard.press("?")
    expect(dialog).to_be_hidden()
    window.locator("h1").focus()
    window.keyboard.press("c")
    expect(window.get_by_text("Link copied")).to_be_visible()
    window.keyboard.press("t")
    expect(window.locator("[data-theme-choice=light]")).to_have_attribute("aria-pressed", "true")
    window.keyboard.press("g")
    window.keyboard.press("v")
    expect(window).to_have_url(re.compile("/compare"))
    window.keyboard.press("g")
    window.keyboard.press("o")
    expect(window.locator("h1")).to_have_text("Overview")


def test_single_keys_can_be_switched_off(window: Page) -> None:
    ready(window)
    opener = window.get_by_role("button", name="Keyboard shortcuts")
    opener.click()
    dialog = window.get_by_role("dialog", name="Keyboard shortcuts")
    dialog.get_by_role("switch").uncheck()
    dialog.get_by_role("button", name="Close").click()
    expect(opener).to_be_focused()
    window.reload()
    ready(window)
    window.locator("h1").focus()
    window.keyboard.press("?")
    expect(dialog).to_be_hidden()
    opener.click()
    expect(dialog.get_by_role("switch")).not_to_be_checked()


def tab_to(window: Page, wanted: str, most: int = 80) -> None:
    """Press Tab until the focus is on what a selector finds."""
    for _ in range(most):
        window.keyboard.press("Tab")
        if window.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"Tab never came to {wanted}")


def test_the_keyboard_alone_filters_exports_and_drills(window: Page, tmp_path: Path) -> None:
    ready(window)
    window.locator("body").focus()
    tab_to(window, "summary:has(#filter-channel-words)")
    window.keyboard.press("Enter")
    tab_to(window, "#filter-channel input")
    window.keyboard.press("Space")
    expect(window).to_have_url(re.compile("channel="))
    window.keyboard.press("Escape")
    chosen = window.locator("#filter-channel-words").inner_text()
    expect(window.locator(".scope-sentence")).to_contain_text(chosen)
    expect(window.locator("#overview-channels tbody tr")).to_have_count(1)
    window.wait_for_load_state("networkidle")
    tab_to(window, "#overview-channels .csv")
    with window.expect_download() as waiting:
        window.keyboard.press("Enter")
    file = tmp_path / "channels.csv"
    waiting.value.save_as(file)
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    assert rows
    assert len({row["channel"] for row in rows}) == 1
    tab_to(window, "#overview-campaigns .ag-header-cell")
    window.keyboard.press("ArrowDown")
    for _ in range(3):
        if window.evaluate("Boolean(document.activeElement.querySelector('a[href]'))"):
            break
        window.keyboard.press("ArrowRight")
    name = window.evaluate("document.activeElement.querySelector('a').textContent")
    window.keyboard.press("Enter")
    expect(window.locator("h1")).to_contain_text(name)
    expect(window.locator("h1")).to_be_focused()
