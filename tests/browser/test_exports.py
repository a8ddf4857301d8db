"""Files in a real browser: the menu of formats, charts as pictures, a job from the form to its deletion."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from config.settings import Settings
from tests.places import CAMPAIGN, OTHER
from tests.windows import drawn, enter, fits, quiet_window, served, violations

pytestmark = pytest.mark.browser
CHARTS = {
    "/?period=all_time": "#overview-trend",
    f"/campaign?campaign={CAMPAIGN}": "#campaign-trend",
    f"/compare?campaign={CAMPAIGN},{OTHER}": "#compare-curve",
}


@pytest.fixture
def place(sample: Settings, tmp_path: Path) -> Settings:
    """Settings of a fresh folder that shows the sample's lake."""
    folder = tmp_path / "var"
    folder.mkdir()
    (folder / "lake").symlink_to(sample.lake)
    return Settings(var=folder)


@pytest.fixture
def analyst(chromium: Browser, place: Settings) -> Iterator[Page]:
    """An analyst's window in the dark: what is saved from there is read on white."""
    for address in served(place):
        with quiet_window(chromium, address, scheme="dark", accept_downloads=True) as page:
            enter(page, "analyst")
            yield page


def saved(page: Page, button: Locator, to: Path, key: str = "") -> bytes:
    """What a click on a button or link, or a key on it, saves."""
    with page.expect_download() as wait:
        if key:
            button.focus()
            page.keyboard.press(key)
        else:
            button.click()
    assert "North" not in wait.value.suggested_filename
    file = to / wait.value.suggested_filename
    wait.value.save_as(file)
    return file.read_bytes()


def test_every_chart_becomes_a_picture_that_is_legible_on_white(analyst: Page, tmp_path: Path) -> None:
    for address, panel in CHARTS.items():
        analyst.goto(address)
        drawn(analyst)
        place = analyst.locator(panel)
        expect(place.locator(".js-plotly-plot .main-svg").first).to_be_visible()
        menu = place.get_by_label("Other formats")
        menu.focus()
        analyst.keyboard.press("Enter")
        title = place.locator(".panel-title").inner_text()
        svg = saved(analyst, place.get_by_role("button", name="Picture (SVG)"), tmp_path, "Enter")
        _is_chart(svg, title)
        menu.click()
        png = saved(analyst, place.get_by_role("button", name="Picture (PNG)"), tmp_path)
        assert png.startswith(b"\x89PNG\r\n\x1a\n")
        width, height = struct.unpack(">II", png[16:24])
        assert width > 600
        assert height > 400
        assert len(png) > 20_000
        assert {path.stem for path in tmp_path.glob("reachboard-*.*")} >= {f"reachboard{_named(panel)}"}


def _named(panel: str) -> str:
    return panel.replace("#", "-")


def _is_chart(svg: bytes, title: str) -> None:
    root = ElementTree.fromstring(svg)
    assert root.tag.endswith("}svg")
    assert root.findall(".//{*}path"), "nothing is drawn"
    background = root.find("{*}rect")
    assert background is not None
    assert "rgb(255, 255, 255)" in background.attrib["style"]
    words = " ".join("".join(text.itertext()) for text in root.findall(".//{*}text"))
    assert title in words
    for dark in ("#e6edf3", "rgb(230, 237, 243)"):
        assert dark not in svg.decode()


def test_the_menu_opens_by_keyboard_closes_by_escape_and_is_accessible(analyst: Page, tmp_path: Path) -> None:
    place = analyst.locator("#overview-channels")
    menu = place.get_by_label("Other formats")
    menu.focus()
    analyst.keyboard.press("Enter")
    expect(place.get_by_role("link", name="Excel")).to_be_visible()
    assert violations(analyst) == []
    assert saved(analyst, place.get_by_role("link", name="Excel"), tmp_path, "Enter").startswith(b"PK")
    menu.focus()
    analyst.keyboard.press("Enter")
    expect(place.get_by_role("link", name="Parquet")).to_be_visible()
    analyst.keyboard.press("Escape")
    expect(place.get_by_role("link", name="Parquet")).to_be_hidden()
    expect(menu).to_be_focused()
    menu.click()
    analyst.locator("h1").click()
    expect(place.get_by_role("link", name="Parquet")).to_be_hidden()
    analyst.emulate_media(media="print")
    expect(menu).to_be_hidden()


def test_a_job_from_the_form_to_its_deletion(analyst: Page, place: Settings, tmp_path: Path) -> None:
    analyst.goto("/?attr.region=North&period=all_time")
    drawn(analyst)
    channels = analyst.locator("#overview-channels")
    channels.get_by_label("Other formats").click()
    channels.get_by_role("link", name="More").click()
    drawn(analyst)
    expect(analyst.locator("#exports-scope")).to_contain_text("region: North")
    expect(analyst.locator("#exports-what")).to_have_value("overview/channels")
    expect(analyst.locator("#exports-list")).to_contain_text("You have taken nothing out yet")
    assert violations(analyst) == []
    analyst.fill("#exports-why", "For the board")
    analyst.focus("#exports-why")
    analyst.keyboard.press("Enter")
    entry = analyst.locator(".exports li").first
    expect(entry).to_contain_text("Overview: By channel")
    expect(entry).to_contain_text("“For the board”")
    expect(entry.get_by_role("link", name="Download")).to_be_visible(timeout=120_000)
    assert violations(analyst) == []
    file = saved(analyst, entry.get_by_role("link", name="Download"), tmp_path)
    told = json.loads(saved(analyst, entry.get_by_role("link", name="Sidecar"), tmp_path))
    assert told["file"]["sha256"] == hashlib.sha256(file).hexdigest()
    assert "North" in told["filters"]
    entry.get_by_role("button", name="Delete").click()
    expect(entry).to_contain_text("file deleted")
    assert not list((place.var / "exports").iterdir())
    analyst.set_viewport_size({"width": 390, "height": 900})
    assert fits(analyst)


def test_what_cannot_be_started_is_said(analyst: Page) -> None:
    analyst.goto("/exports?of=campaign/figures")
    drawn(analyst)
    analyst.get_by_role("button", name="Start the export").click()
    expect(analyst.locator("#exports-said [role=alert]")).to_contain_text("needs one chosen under Campaign")
