"""Explore, saved views, the search and the calendar in a browser: by keyboard, kept in the address."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

BY_CHANNEL = "/explore?metrics=sent%2Cmembers_delivered&by=channel"


def address(page: Page) -> str:
    return unquote(page.url)


def test_a_question_is_asked_sorted_and_taken_as_a_file(window: Page) -> None:
    window.goto("/explore")
    expect(window.locator(".first-question")).to_have_count(3)
    window.locator("#explore-opener").click()
    window.get_by_label("Search figures").fill("cost")
    window.get_by_label("Cost", exact=True).check()
    window.get_by_label("Search figures").fill("sent")
    window.get_by_label("Sent", exact=True).check()
    window.keyboard.press("Escape")
    window.get_by_label("Break down by").select_option("month")
    expect(window.locator("#explore-chart .chart-frame")).to_be_visible()
    assert "metrics=cost,sent&by=month" in address(window)
    heads = window.locator(".explore-figures thead button")
    assert heads.all_inner_texts() == ["Month ↑", "Cost", "Sent"]
    heads.nth(2).click()
    expect(heads.nth(2)).to_have_text("Sent ↓")
    expect(heads.nth(2)).to_be_focused()
    assert "sort=-sent" in address(window)
    sent = window.locator(".explore-figures tbody tr:not(.total-row) td:nth-child(3)").all_inner_texts()
    numbers = [int(re.sub(r"\D", "", one)) for one in sent]
    assert numbers == sorted(numbers, reverse=True)
    with window.expect_download() as waited:
        window.locator("#explore-table a.csv", has_text="CSV").click()
    rows = csv.DictReader(io.StringIO(Path(waited.value.path()).read_text()))
    assert sorted(float(row["value"]) for row in rows if row["metric"] == "sent") == sorted(numbers)
    window.reload()
    expect(window.locator(".explore-figures thead button").nth(2)).to_have_text("Sent ↓")


def test_cuts_that_do_not_go_together_lead_on(window: Page) -> None:
    window.goto("/explore?metrics=sent&by=wave,region")
    note = window.locator(".notes .cannot")
    expect(note).to_contain_text("Wave and region are not released together")
    note.get_by_role("link", name="wave").click()
    expect(window.locator(".explore-figures")).to_be_visible()
    assert "by=region" in address(window)
    expect(window.get_by_label("Break down by")).to_have_value("region")


def test_a_view_is_saved_opened_by_the_menu_deleted_and_brought_back(window: Page) -> None:
    window.goto(BY_CHANNEL)
    expect(window.locator(".explore-figures")).to_be_visible()
    window.locator("#views-opener").click()
    window.get_by_label("Save as").fill("<b>By channel</b>")
    window.keyboard.press("Enter")
    menu = window.locator("#views-menu")
    expect(menu.locator(".views-said")).to_have_text("“<b>By channel</b>” is saved.")
    menu.locator(".views-acts summary").click()
    menu.get_by_role("button", name="Open by default").click()
    expect(window.locator('.links [data-path="/explore"]')).to_have_attribute(
        "href", re.compile("by=channel")
    )
    window.goto("/definitions")
    expect(window.locator("h1")).to_have_text("Definitions")
    window.locator('.links [data-path="/explore"]').click()
    expect(window.locator(".explore-figures")).to_be_visible()
    window.locator("#views-opener").click()
    menu.get_by_role("link", name="Show the page without a view").click()
    expect(window.locator(".first-question")).to_have_count(3)
    window.locator("#views-opener").click()
    menu.locator(".views-acts summary").click()
    menu.get_by_role("button", name="Delete").click()
    undo = menu.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    expect(menu.get_by_role("link", name="By channel")).to_have_count(0)
    expect(menu.get_by_role("link", name="Show the page without a view")).to_have_count(0)
    undo.click()
    expect(menu.get_by_role("link", name="By channel")).to_be_visible()
    expect(window.locator('.links [data-path="/explore"]')).to_have_attribute("href", "/explore")


def test_the_search_is_used_by_keyboard_alone_and_gives_the_focus_back(window: Page) -> None:
    window.goto("/compare")
    opener = window.locator(".compare-controls summary")
    opener.focus()
    window.keyboard.press("Control+k")
    field = window.get_by_role("combobox", name="Search")
    expect(field).to_be_focused()
    options = window.locator("#palette-list [role=option]")
    expect(options.first).to_be_visible()
    window.keyboard.type("zzzz")
    expect(window.locator("#palette-none")).to_contain_text("Nothing fits")
    expect(field).to_have_attribute("aria-expanded", "false")
    window.keyboard.press("Escape")
    expect(opener).to_be_focused()
    window.keyboard.press("Control+k")
    window.keyboard.type("flu shot 2025")
    expect(options.first).to_contain_text("Flu shot 2025")
    expect(field).to_have_attribute("aria-activedescendant", "palette-0")
    window.keyboard.press("Enter")
    expect(window.locator("#frame-page h1")).to_contain_text("Flu shot 2025")
    expect(window.locator("#frame-page h1")).to_be_focused()
    window.keyboard.press("Control+k")
    window.keyboard.type("dark")
    expect(options.first).to_contain_text("Dark theme")
    window.keyboard.press("Enter")
    expect(window.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_calendar_moves_by_keys_and_its_bars_lead_to_campaigns(window: Page) -> None:
    window.goto("/calendar")
    expect(window.locator(".cal-today")).to_be_visible()
    assert "Sent " in (window.locator(".cal-sends > i").first.get_attribute("title") or "")
    before = window.locator(".cal-words").inner_text()
    window.keyboard.press("[")
    expect(window.locator(".cal-words")).not_to_have_text(before)
    assert "month=" in window.url
    window.locator(".cal-moves").get_by_role("link", name="Today").click()
    expect(window.locator(".cal-words")).to_have_text(before)
    window.goto("/")
    window.get_by_text("Write a note").click()
    expect(window.get_by_label("What happened")).to_be_focused()
    window.get_by_label("What happened").fill("A storm")
    window.keyboard.press("Enter")
    expect(window.locator(".cal-said")).to_contain_text("is added")
    expect(window.locator(".note-text")).to_have_text(["A storm"])
    window.locator(".cal-said").get_by_role("button", name="Undo").click()
    expect(window.locator(".note-text")).to_have_count(0)
    name = window.locator(".cal li a").first
    wanted = name.inner_text()
    name.click()
    expect(window.locator("#frame-page h1")).to_contain_text(wanted)
