"""Definitions in a browser: an address leads to its metric, the search counts, the file is the catalogue."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from data.metrics import METRICS
from tests.windows import drawn

pytestmark = pytest.mark.browser


def test_an_address_leads_to_its_metric(window: Page) -> None:
    window.goto("/definitions#metric-click_rate")
    drawn(window)
    entry = window.locator("#metric-click_rate")
    expect(entry).to_be_focused()
    expect(entry).to_be_in_viewport()
    expect(window.locator(".entry")).to_have_count(len(METRICS))
    window.get_by_role("link", name="Glossary").click()
    expect(window.locator("#part-glossary h2")).to_be_in_viewport()


def test_the_hint_of_a_number_leads_to_its_definition(window: Page) -> None:
    window.locator("#overview-channels th", has_text="Delivered rate").first.hover()
    window.locator("#hint a", has_text="Definition").click()
    drawn(window)
    expect(window.locator("#metric-delivered_rate")).to_be_focused()


def test_the_search_narrows_counts_and_stays_in_the_address(window: Page) -> None:
    window.goto("/definitions")
    drawn(window)
    window.locator("h1").click()
    window.keyboard.press("/")
    expect(window.get_by_label("Search the definitions")).to_be_focused()
    window.keyboard.type("opt-out rate")
    expect(window.locator("#definitions-count")).to_have_text("1 entry found")
    expect(window.locator("#metric-opt_out_rate")).to_be_visible()
    expect(window.locator("#metric-click_rate")).to_be_hidden()
    expect(window.locator("#part-cost")).to_be_hidden()
    expect(window).to_have_url(re.compile(r"\?q=opt-out"))
    window.reload()
    drawn(window)
    expect(window.locator("#definitions-count")).to_have_text("1 entry found")
    window.get_by_label("Search the definitions").fill("no such thing")
    expect(window.locator("#definitions-count")).to_contain_text("0 entries found: try")
    window.get_by_label("Search the definitions").fill("")
    expect(window.locator("#part-cost")).to_be_visible()
    expect(window.locator("#definitions-count")).to_be_empty()


def test_the_file_is_the_catalogue(window: Page, tmp_path: Path) -> None:
    window.goto("/definitions")
    drawn(window)
    with window.expect_download() as wait:
        window.locator(".definitions .csv[href$='metrics.csv']").click()
    file = tmp_path / "metrics.csv"
    wait.value.save_as(file)
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    assert [row["metric"] for row in rows] == list(METRICS)
    assert {row["definitions"] for row in rows} != {""}
