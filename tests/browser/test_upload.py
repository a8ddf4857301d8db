"""Bring data in a real browser: a file is guessed, mended, loaded, shown, and undone again."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app import shelf
from app.factory import create_app
from config.permissions import Role
from config.settings import Settings
from data.snapshot import Lake
from tests.windows import drawn, enter, fits, listening, quiet_window, violations

pytestmark = pytest.mark.browser
LONG = 60_000


@dataclass(frozen=True)
class Place:
    """A served copy of the sample, which may be loaded into."""

    address: str
    server: Flask
    lake: Lake

    def published(self, number: int) -> None:
        """Wait for a snapshot, and serve it, as a process does that looks for one now and then."""
        until = time.monotonic() + 120
        while self.lake.latest().number < number and time.monotonic() < until:
            time.sleep(0.5)
        assert self.lake.latest().number == number
        shelf.keeper(self.server).renew()


@pytest.fixture(scope="module")
def place(sample: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    var = tmp_path_factory.mktemp("brought") / "var"
    shutil.copytree(sample.var, var)
    server = create_app(sample.model_copy(update={"var": var}))
    with listening(server) as address:
        yield Place(address, server, Lake(var / "lake"))


@pytest.fixture
def own_address(place: Place) -> str:
    return place.address


@pytest.fixture
def bring(chromium: Browser, own_address: str) -> Iterator[Page]:
    """An administrator's window with the page open, of a lake of its own."""
    with quiet_window(chromium, own_address) as page:
        enter(page, Role.ADMINISTRATOR, "/data/upload")
        yield page


def rows() -> str:
    """120 members of a campaign that the lake does not know; one word that no vendor calls so."""
    lines = ["SubscriberKey,EmailAddress,EventType,EventDate,EmailName,Other"]
    for n in range(120):
        day = f"3/{1 + n % 28}/2026 9:05:11 AM"
        lines.append(f"SK{n:05d},p{n}@example.org,Send,{day},spring-flu,x{n}")
        lines.append(f"SK{n:05d},p{n}@example.org,{'Zapped' if n % 2 else 'Open'},{day},spring-flu,x{n}")
    return "\n".join(lines) + "\n"


def test_a_file_is_brought_mended_loaded_and_undone(bring: Page, place: Place, tmp_path: Path) -> None:
    number = place.lake.latest().number
    file = tmp_path / "Spring mail.csv"
    file.write_text(rows())
    with bring.expect_file_chooser() as chooser:
        bring.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(file)
    look = bring.locator("#upload-look h2")
    expect(look).to_contain_text("180 of 240 rows would be loaded, 60 refused")
    expect(bring.locator("#upload-look")).to_contain_text("a value that the mapping does not know")
    assert "SK0" not in bring.content(), "no row of the file is shown"
    expect(bring.locator("#upload-column-4")).to_have_value("campaign")
    assert violations(bring) == []
    bring.get_by_label("Zapped").select_option("clicked")
    expect(look).to_contain_text("240 of 240 rows would be loaded, none refused")
    bring.locator("#upload-column-4").select_option("wave")
    expect(look).to_contain_text("This cannot be read yet")
    bring.locator("#upload-column-4").select_option("campaign")
    expect(look).to_contain_text("240 of 240")
    bring.get_by_role("button", name="Load it").click()
    recent = bring.locator("#upload-recent")
    expect(recent).to_contain_text("240 loaded, 0 already there", timeout=LONG)
    place.published(number + 1)
    bring.goto("/campaign?campaign=spring-flu")
    expect(bring.locator("h1")).to_contain_text("spring-flu")
    bring.goto("/data")
    drawn(bring)
    loads = bring.locator("#data-loads")
    expect(loads).to_contain_text("Spring mail.csv")
    loads.get_by_role("button", name="Undo …: load").first.click()
    loads.get_by_role("button", name="Undo 240 rows").click(timeout=LONG)
    expect(loads).to_contain_text("Loads that were undone", timeout=LONG)
    place.published(number + 2)
    bring.goto("/campaign?campaign=spring-flu")
    expect(bring.locator("h1")).to_contain_text("No such campaign")
    bring.goto("/data/upload")
    expect(bring.locator("#upload-recent")).to_contain_text("That load was undone since.")


def test_the_page_holds_the_phone(chromium: Browser, own_address: str) -> None:
    with quiet_window(chromium, own_address) as page:
        page.set_viewport_size({"width": 390, "height": 800})
        enter(page, Role.ADMINISTRATOR, "/data/upload")
        assert fits(page)
        assert violations(page) == []


def test_who_may_not_load_finds_no_such_page(chromium: Browser, own_address: str) -> None:
    with quiet_window(chromium, own_address) as page:
        enter(page, Role.ANALYST)
        assert page.request.get("/data/upload").status == 404
