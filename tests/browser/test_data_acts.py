"""What people do on the Data page, in a real browser: trace a figure, bring totals, have rows read again."""

from __future__ import annotations

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
    """An administrator's window with the page open."""
    with quiet_window(chromium, address) as page:
        enter(page, Role.ADMINISTRATOR, "/data")
        expect(page.locator("#data-trace tbody tr").first).to_be_visible()
        yield page


def test_a_traced_figure_is_the_address_and_leads_on_to_its_load(data: Page) -> None:
    data.select_option("#data-of-metric", "conversion_rate")
    data.select_option("#data-of-campaign", "flu-2026-ma")
    expect(data).to_have_url(re.compile(r"of=conversion_rate&of_campaign=flu-2026-ma"))
    expect(data.locator("#data-trace h2")).to_contain_text("Conversion rate of")
    data.reload()
    expect(data.locator("#data-of-metric")).to_have_value("conversion_rate")
    expect(data.locator("#data-trace")).to_contain_text("outcomes")
    link = data.locator("#data-trace tbody th a").first
    number = link.inner_text()
    link.click()
    expect(data).to_have_url(re.compile(rf"load={number}#data-touched-panel"))
    expect(data.locator("#data-touched h2")).to_contain_text(f"Load {number}")


def test_the_days_of_a_source_are_a_chart_with_a_table_behind_it(data: Page) -> None:
    expect(data.locator("#data-volumes .chart-frame .main-svg").first).to_be_visible()
    data.locator("#data-volumes summary").click()
    expect(data.locator("#data-volumes-table tbody tr")).to_have_count(28)
    data.select_option("#data-of-volume", "sample_email|messages sent")
    expect(data.locator("#data-volumes h3")).to_contain_text("sample_email")
    expect(data).to_have_url(re.compile("volume=sample_email"))


def test_totals_are_chosen_corrected_kept_and_taken_away(data: Page, tmp_path: Path) -> None:
    file = tmp_path / "Mail platform.csv"
    file.write_text("Mailing,Type,Sends,Things\nflu-2025,email,1,2\nno-such,email,1,2\n")
    with data.expect_file_chooser() as chooser:
        data.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(file)
    said = data.locator("#data-bring-said")
    expect(said).to_contain_text("1 of 2 rows can be compared")
    expect(said).to_contain_text("Row 2: no campaign is called that")
    expect(data.locator("#data-bring-name")).to_have_value("Mail platform")
    expect(data.locator("#data-bring-column-3")).to_have_value("leave")
    data.select_option("#data-bring-column-3", "delivered")
    data.get_by_role("button", name="Look again").click()
    expect(data.locator("#data-bring-column-3")).to_have_value("delivered")
    keep = data.get_by_role("button", name="Keep 1 rows and compare")
    keep.focus()
    data.keyboard.press("Enter")
    expect(said).to_contain_text("Kept 1 rows of Mail platform")
    expect(said).to_be_focused()
    expect(data.locator("#data-totals h2")).to_contain_text("Mail platform: 0 of 2 figures agree")
    expect(data.locator("#data-totals .bridge tbody tr")).to_have_count(2)
    data.locator("[data-totals-do=remove]").click()
    expect(data.locator("#data-totals")).to_contain_text("Nobody has brought")
    data.locator("[data-totals-do=restore]").click()
    expect(data.locator("#data-totals h2")).to_contain_text("Mail platform")
    data.locator("[data-totals-do=remove]").click()
    expect(data.locator("#data-totals")).to_contain_text("Nobody has brought")


def test_a_look_is_asked_for_and_taken_back(data: Page) -> None:
    data.locator("[data-replay-do=ask]").first.click()
    expect(data.locator("#data-replay-said")).to_contain_text("The next run looks at them")
    expect(data.locator("#data-replays h2")).to_contain_text("1 replay under way")
    data.locator("[data-replay-do=withdraw]").click()
    expect(data.locator("#data-replay-said")).to_contain_text("Taken back")
    expect(data.locator("#data-replays")).to_contain_text("taken back")


def test_a_privacy_officer_sees_the_bridge_and_no_button(chromium: Browser, address: str) -> None:
    with quiet_window(chromium, address) as page:
        enter(page, Role.PRIVACY_OFFICER, "/data")
        expect(page.locator("#data-totals h2")).to_be_visible()
        assert page.locator("#data-bring, [data-replay-do], [data-totals-do=remove]").count() == 0
