"""Compare in a browser: chosen by keyboard alone, kept in the address, and its file equals the screen."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

PAIR = "/compare?campaign=flu-2026-co%2Cflu-2025"


def ready(page: Page) -> None:
    for panel in ("#compare-records", "#compare-table", "#compare-curve"):
        expect(page.locator(f"{panel} .panel-head")).to_be_visible()
    page.wait_for_load_state("networkidle")


def names(page: Page) -> list[str]:
    return page.locator("#compare-records thead a").all_inner_texts()


def test_campaigns_are_chosen_by_keyboard_alone_in_their_order(window: Page) -> None:
    window.goto("/compare")
    expect(window.get_by_role("heading", name="Which campaigns?")).to_be_visible()
    expect(window.locator(".first-choice a")).to_have_count(3)
    window.locator(".compare-controls summary").focus()
    window.keyboard.press("Enter")
    expect(window.locator("#compare-pick .form-check").first).to_be_visible()
    window.keyboard.press("Tab")
    window.keyboard.type("flu shot 2026, comm")
    window.keyboard.press("Tab")
    window.keyboard.press("Space")
    expect(window.get_by_role("heading", name="Choose another campaign")).to_be_visible()
    expect(window).to_have_url(re.compile(r"campaign=flu-2026-co$"))
    window.get_by_label("Search campaigns").focus()
    window.keyboard.press("Control+A")
    window.keyboard.type("flu shot 2025")
    window.keyboard.press("Tab")
    window.keyboard.press("Tab")
    focused = window.evaluate("document.activeElement.closest('.form-check').textContent")
    if "2025" not in focused:
        window.keyboard.press("Shift+Tab")
    window.keyboard.press("Space")
    expect(window).to_have_url(re.compile(r"campaign=flu-2026-co%2Cflu-2025$"))
    window.keyboard.press("Escape")
    ready(window)
    assert names(window) == ["Flu shot 2026, Commercial", "Flu shot 2025, all lines"]
    expect(window.locator("#compare-pick-words")).to_have_text("2 of 4")


def test_the_address_restores_what_was_chosen_and_back_undoes_it(window: Page) -> None:
    window.goto(PAIR)
    ready(window)
    sent = window.locator("#compare-table tbody tr").first.locator("td").all_inner_texts()
    window.select_option("#compare-window", "whole")
    expect(window).to_have_url(re.compile("window=whole"))
    expect(window.locator("#compare-table .panel-caption")).to_contain_text("Whole campaigns")
    window.reload()
    ready(window)
    expect(window.locator("#compare-window")).to_have_value("whole")
    assert window.locator("#compare-table tbody tr").first.locator("td").all_inner_texts() != sent
    window.select_option("#compare-metric", "click_rate")
    expect(window).to_have_url(re.compile("metric=click_rate"))
    window.wait_for_timeout(1600)
    window.get_by_role("button", name="Remove Flu shot 2025, all lines").click()
    expect(window).to_have_url(re.compile(r"campaign=flu-2026-co&"))
    expect(window.locator("#compare-table-panel")).to_be_hidden()
    expect(window.locator(".compare-controls summary")).to_be_focused()
    window.go_back()
    ready(window)
    assert len(names(window)) == 2
    expect(window.locator("#compare-metric")).to_have_value("click_rate")


def test_a_suggestion_joins_with_one_click_and_a_fifth_is_refused(window: Page) -> None:
    window.goto("/compare?campaign=flu-2026-co")
    window.get_by_role("button", name="Flu shot 2025, all lines last year's").click()
    ready(window)
    assert names(window) == ["Flu shot 2026, Commercial", "Flu shot 2025, all lines"]
    window.goto("/compare?campaign=flu-2026-co,flu-2025,flu-2026-ma,flu-2026-md")
    ready(window)
    window.locator(".compare-controls summary").click()
    box = window.get_by_role("group", name="Campaigns").get_by_label("A1C test 2025, Commercial")
    box.click()
    expect(window.locator("#compare-full")).to_have_text("Four campaigns at most: remove one first.")
    expect(box).not_to_be_checked()
    assert len(names(window)) == 4


def test_a_downloaded_file_has_the_figures_of_the_screen(window: Page, tmp_path: Path) -> None:
    window.goto(f"{PAIR}&window=whole&channel=email")
    ready(window)
    with window.expect_download() as wait:
        window.locator("#compare-table .csv").click()
    file = tmp_path / "table.csv"
    wait.value.save_as(file)
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    sent = {row["campaign"]: row["value"] for row in rows if row["metric"] == "sent"}
    shown = window.locator("#compare-table tbody tr").first.locator("td").all_inner_texts()
    assert shown == [f"{int(sent[name]):,}" for name in ("flu-2026-co", "flu-2025")]
    with window.expect_download() as wait:
        window.locator("#compare-curve .csv").click()
    wait.value.save_as(file)
    steps = list(csv.DictReader(io.StringIO(file.read_text())))
    window.get_by_text("Show as a table").click()
    table = window.locator("#compare-curve-table tbody td:not(:empty)")
    expect(table).to_have_count(len(steps))
    assert {row["metric"] for row in steps} == {"members_delivered"}
    told = {f"{int(row['value']):,} · day {int(row['days_since_launch']):,}" for row in steps if row["value"]}
    assert told <= set(table.all_inner_texts())


def test_on_a_phone_only_the_tables_frame_is_wider_than_the_window(window: Page) -> None:
    window.set_viewport_size({"width": 390, "height": 850})
    window.goto("/compare?campaign=flu-2026-co,flu-2025,flu-2026-ma,flu-2026-md")
    ready(window)
    assert window.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    frame = window.locator("#compare-table .table-frame")
    assert frame.evaluate("e => e.scrollWidth > e.clientWidth")
    head = window.locator("#compare-table tbody th").first
    before = head.bounding_box()
    frame.evaluate("e => { e.scrollLeft = 200 }")
    assert head.bounding_box() == before
