"""The Data page in a real browser: the choice is the address, lists turn by keyboard, marks are copied."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from config.permissions import Role
from tests.windows import enter, quiet_window

pytestmark = pytest.mark.browser


@pytest.fixture
def data(chromium: Browser, address: str) -> Iterator[Page]:
    """An analyst's window with the page open."""
    permissions = ["clipboard-read", "clipboard-write"]
    with quiet_window(chromium, address, accept_downloads=True, permissions=permissions) as page:
        enter(page, Role.ANALYST, "/data")
        expect(page.locator("#data-loads tbody tr").first).to_be_visible()
        yield page


def test_a_source_becomes_the_address_and_comes_back_with_it(data: Page) -> None:
    data.select_option("#data-source", "sample_labs")
    expect(data).to_have_url(re.compile(r"\?source=sample_labs$"))
    expect(data.locator("#data-loads tbody tr")).to_have_count(1)
    expect(data.locator("#data-reasons tbody").first).not_to_contain_text("sample_email")
    data.reload()
    expect(data.locator("#data-source")).to_have_value("sample_labs")
    expect(data.locator("#data-loads tbody tr")).to_have_count(1)
    data.select_option("#data-source", "*")
    expect(data).to_have_url(re.compile(r"/data$"))


def test_lists_turn_by_keyboard_and_keep_the_focus(data: Page) -> None:
    first = data.locator("#data-loads tbody th").first.inner_text()
    older = data.locator("#data-loads").get_by_role("button", name="Older rows")
    older.focus()
    data.keyboard.press("Enter")
    expect(data).to_have_url(re.compile(r"loads=2"))
    expect(data.locator("#data-loads tbody th").first).not_to_have_text(first)
    expect(older).to_be_focused()
    data.reload()
    expect(data.locator("#data-loads .turns-words")).to_contain_text("6 to 10 of 18")


def test_commands_and_fingerprints_are_copied_whole(data: Page) -> None:
    data.locator(".waiting-load summary").first.click()
    data.locator(".waiting-load .copy").first.click()
    expect(data.locator(".waiting-load .copy").first).to_have_text("Copied")
    said = data.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(r"\.venv/bin/python -m etl refused -?\d+ --out refused-\d+\.csv", said)
    mark = data.locator("#data-loads .mark").first
    mark.click()
    expect(mark).to_have_text("Copied")
    whole = data.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(r"[0-9a-f]{64}", whole)
    expect(mark).to_have_text(f"file {whole[:10]}")


def test_a_campaign_tells_what_its_channels_report(data: Page) -> None:
    data.select_option("#data-campaign", "flu-2025")
    expect(data).to_have_url(re.compile(r"campaign=flu-2025"))
    expect(data.locator("#data-coverage h2")).to_contain_text("What can be told of")
    expect(data.locator("#data-coverage td.some").first).to_have_text("totals only")
    expect(data.locator("#data-loads tbody tr")).to_have_count(5)


def test_the_file_of_the_loads_adds_up_as_the_page_does(data: Page, tmp_path: Path) -> None:
    with data.expect_download() as wait:
        data.locator("#data-loads .csv").click()
    file = tmp_path / "loads.csv"
    wait.value.save_as(file)
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    total = sum(int(row["rows_in"]) for row in rows)
    expect(data.locator("#data-loads h2")).to_contain_text(f"{total:,} rows in {len(rows)} files")
    parts = ("loaded", "already_present", "skipped", "refused")
    assert all(sum(int(row[part]) for part in parts) == int(row["rows_in"]) for row in rows)


def test_a_part_of_the_page_is_a_link(data: Page) -> None:
    data.get_by_role("navigation", name="Parts of this page").get_by_role("link", name="Coverage").click()
    expect(data).to_have_url(re.compile("#data-coverage-panel$"))
    expect(data.locator("#data-coverage-panel h2")).to_be_in_viewport()


@pytest.mark.parametrize("role", [Role.PRIVACY_OFFICER, Role.ADMINISTRATOR])
def test_who_may_not_export_sees_the_page_without_files(chromium: Browser, address: str, role: Role) -> None:
    with quiet_window(chromium, address) as page:
        enter(page, role, "/data")
        expect(page.locator("#data-loads tbody tr").first).to_be_visible()
        assert page.locator(".csv").count() == 0


def test_a_manager_has_no_such_page(chromium: Browser, address: str) -> None:
    with quiet_window(chromium, address) as page:
        enter(page, Role.MANAGER)
        assert page.locator(".links a", has_text="Data").count() == 0
        assert page.request.get("/data/loads.csv").status == 404
