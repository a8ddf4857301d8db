"""Experiments in a real browser: from the list to one campaign, its files, and back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from config.settings import Settings
from tests.windows import drawn, enter, quiet_window, served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(sample: Settings) -> Iterator[str]:
    yield from served(sample)


@pytest.fixture
def window(chromium: Browser, address: str) -> Iterator[Page]:
    with quiet_window(chromium, address) as page:
        enter(page, "manager", "/experiments")
        yield page


def test_the_list_leads_to_one_campaign_and_back(window: Page) -> None:
    expect(window.locator("#experiments-effect-panel")).to_be_hidden()
    link = window.locator("#experiments-list tbody a").first
    name = link.inner_text()
    verdict = window.locator("#experiments-list tbody td").first.inner_text()
    link.click()
    drawn(window)
    expect(window.locator("#experiments-list-panel")).to_be_hidden()
    expect(window.locator("#experiments-effect .panel-caption")).to_contain_text(name)
    expect(window.locator("#experiments-effect .verdict")).to_have_text(verdict)
    expect(window.locator("#experiments-checks .check")).not_to_have_count(0)
    window.get_by_role("link", name="Show all experiments").click()
    drawn(window)
    expect(window.locator("#experiments-list-panel")).to_be_visible()


def test_a_file_has_the_numbers_of_the_list(window: Page) -> None:
    with window.expect_download() as told:
        window.locator("#experiments-list .csv").click()
    rows = list(csv.DictReader(io.StringIO(told.value.path().read_text(encoding="utf-8-sig"))))
    shown = {
        row.locator("th").inner_text(): row.locator("td").all_inner_texts()
        for row in window.locator("#experiments-list tbody tr").all()
    }
    compared = 0
    for row in rows:
        cells = shown.get(row["campaign_name"])
        if cells is None or not row["difference"]:
            continue
        assert cells[0] == row["verdict"]
        assert cells[1].replace("−", "-") == f"{100 * float(row['difference']):+.2f}"
        assert cells[3].replace(",", "") == row["assigned"]
        compared += 1
    assert compared > 1


def test_a_program_narrows_the_list_and_stands_in_the_address(window: Page) -> None:
    window.locator("details.pick:visible").nth(1).locator("summary").click()
    window.locator("#filter-program label", has_text="Flu shot").click()
    drawn(window)
    expect(window).to_have_url("/experiments?program=Flu+shot")
    expect(window.locator("#experiments-scope")).to_contain_text("Flu shot")
    window.reload()
    drawn(window)
    expect(window.locator("#experiments-scope")).to_contain_text("Flu shot")


def test_the_method_is_one_click_away(window: Page) -> None:
    window.locator(".method summary").click()
    expect(window.locator(".method")).to_contain_text("Newcombe")
    expect(window.locator(".method")).to_contain_text("ignores households")
