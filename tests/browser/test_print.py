"""What comes out of a printer: every page, from the dark theme, on both sheets, light and whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Window
from pypdf import PdfReader

from app.pages import PAGES
from config.permissions import PERMISSIONS, Role
from config.settings import Settings
from tests.places import QUERIES
from tests.windows import enter, quiet_window, served
from ui.page import Page

pytestmark = pytest.mark.browser

EVERY = [wires.page for wires in PAGES]
SHEETS = {"A4": 703, "Letter": 725}  # px between margins of 12 mm
BUTTONS = ("Copy link", "Print", "Reset", "CSV", "Show as a table", "Filters", "Sign out", "Menu")
WIDE = """(sheet) => [...document.querySelectorAll(
    '.js-plotly-plot, .js-plotly-plot svg, .card, table, p, h1, h2')]
    .filter(one => one.getClientRects().length && !one.closest('.visually-hidden'))
    .filter(one => one.getBoundingClientRect().right > sheet + 1)
    .map(one => one.tagName + '.' + (one.className.baseVal ?? one.className))"""
CLIPPED = """() => [...document.querySelectorAll(
    '#frame-page td, #frame-page th, #frame-page p, .kpi-number')]
    .filter(one => one.getClientRects().length && one.scrollWidth > one.clientWidth + 1
        && getComputedStyle(one).overflowX !== 'visible')
    .map(one => one.className + ': ' + one.textContent)"""
COLOURS = """() => [...document.querySelectorAll('.js-plotly-plot svg *')].map(one =>
    one.style.fill + one.style.stroke).join(' ')"""


@pytest.fixture(scope="module")
def address(sample: Settings) -> Iterator[str]:
    yield from served(sample)


@pytest.fixture
def dark(chromium: Browser, address: str, page: Page) -> Iterator[Window]:
    """A page in the dark."""
    role = next(role for role in Role if page.needs in PERMISSIONS[role])
    with quiet_window(chromium, address, 1400, "dark") as window:
        enter(window, role, f"{page.path}?{QUERIES[page.path]}")
        yield window


@pytest.mark.parametrize("page", EVERY, ids=lambda page: page.name)
def test_a_page_on_paper_is_light_whole_and_says_what_it_shows(dark: Window, page: Page) -> None:
    screen = dark.evaluate(COLOURS)
    dark.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    dark.emulate_media(media="print", color_scheme="dark")
    for sheet in SHEETS.values():
        dark.set_viewport_size({"width": sheet, "height": 1000})
        dark.wait_for_timeout(300)
        assert dark.evaluate("document.documentElement.dataset.bsTheme") == "light"
        assert dark.evaluate(WIDE, sheet) == []
        assert dark.evaluate("document.documentElement.scrollWidth") <= sheet, "it would be shrunk to fit"
        assert dark.evaluate(CLIPPED) == []
    words = dark.inner_text("body")
    clocks = ("Outreach through", "Outcomes complete through", "Snapshot")
    for needed in ("Sample Health Plan", dark.inner_text("h1"), *clocks):
        assert needed in words, needed
    assert not [word for word in BUTTONS if re.search(rf"^{word}$", words, re.M)]
    if dark.locator("#filters-query, #filters").count():
        assert re.search(r"\d{4}.* · |[Aa]ll time.* · ", words), "the filters in words"
    if screen:
        assert "rgb(124, 192, 234)" not in dark.evaluate(COLOURS), "a chart is dark on paper"
    dark.emulate_media(media="screen", color_scheme="dark")
    dark.evaluate("window.dispatchEvent(new Event('afterprint'))")
    dark.set_viewport_size({"width": 1400, "height": 900})
    assert dark.evaluate("document.documentElement.dataset.bsTheme") == "dark"


SINGLE = [page for page in EVERY if page.name == "executive"]
"""What is one sheet, whatever the paper."""


@pytest.mark.parametrize("page", [EVERY[0], *SINGLE], ids=lambda page: page.name)
def test_a_pdf_has_the_words_as_text_and_the_screen_comes_back(
    dark: Window, page: Page, tmp_path: Path
) -> None:
    before = dark.evaluate(COLOURS)
    for sheet in SHEETS:
        file = tmp_path / f"{sheet}.pdf"
        options: dict[str, Any] = {"path": file, "format": sheet}
        dark.pdf(**options)
        assert dark.evaluate("document.documentElement.className") == ""
        pages = PdfReader(file).pages
        assert page not in SINGLE or len(pages) == 1, sheet
        words = re.sub(r"\s+", "", "".join(one.extract_text() for one in pages))
        assert "Outreachthrough" in words
        assert "SampleHealthPlan" in words
        assert re.search(r"ReportRB-\w{5}-\w{5}:reopens", words)
        assert "Copylink" not in words
    dark.wait_for_timeout(300)
    assert dark.evaluate(COLOURS) == before
