"""The form of schedules in a browser: from the menu of views, with what the chosen report takes alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from config.settings import Settings
from state.store import Store
from tests.windows import enter, fits, quiet_window, served, violations

pytestmark = pytest.mark.browser
QUESTION = "/explore?metrics=sent,click_rate&by=channel&period=last_3_months"
FORM = "#schedule .schedule-form"


@pytest.fixture
def place(sample: Settings, tmp_path: Path) -> Settings:
    """Settings of a fresh folder that shows the sample's lake."""
    folder = tmp_path / "var"
    folder.mkdir()
    (folder / "lake").symlink_to(sample.lake)
    return Settings(var=folder, alert_from="board@plan.example")


@pytest.fixture
def analyst(chromium: Browser, place: Settings) -> Iterator[Page]:
    for address in served(place):
        with quiet_window(chromium, address) as page:
            enter(page, "analyst")
            yield page


def schedule(page: Page, said: str) -> None:
    page.locator(FORM).get_by_role("button", name="Schedule it").click()
    expect(page.locator("#reports-preview")).to_contain_text(said)


def test_a_view_leads_to_the_form_which_offers_what_the_report_takes(analyst: Page, place: Settings) -> None:
    analyst.goto(QUESTION)
    expect(analyst.locator(".explore-figures")).to_be_visible()
    analyst.locator("#views-opener").click()
    analyst.get_by_label("Save as").fill("Ours by channel")
    analyst.keyboard.press("Enter")
    analyst.locator("#views-menu .views-acts summary").click()
    analyst.get_by_role("link", name="Schedule the view Ours by channel").click()
    form = analyst.locator(FORM)
    expect(form.get_by_label("Report", exact=True)).to_have_value("view/1")
    expect(form.locator(".schedule-narrow")).to_be_hidden()
    expect(form.get_by_text("A view keeps its own filters")).to_be_visible()
    form.get_by_label("To addresses").fill("ada@elsewhere.example")
    schedule(analyst, "addresses of plan.example alone")
    form.get_by_label("To addresses").fill("ada@plan.example")
    schedule(analyst, "Ours by channel: scheduled.")
    analyst.get_by_role("button", name="Preview: Ours by channel").click()
    expect(analyst.locator(".mail-text")).to_contain_text("Beside")
    assert violations(analyst) == []
    analyst.set_viewport_size({"width": 390, "height": 844})
    assert fits(analyst)
    analyst.set_viewport_size({"width": 1400, "height": 900})

    form.get_by_label("Report", exact=True).select_option("monthly/")
    form.get_by_label("How often").select_option("monthly")
    for hidden in ("Period", "Weekday"):
        expect(form.get_by_label(hidden, exact=True)).to_be_hidden()
    expect(form.locator("[data-filter=channel]")).to_be_hidden()
    form.get_by_label("Day of the month").select_option("m3")
    region = form.locator("[data-filter='attr.region']")
    region.locator("summary").click()
    region.get_by_label("North").check()
    expect(region.locator(".pick-words")).to_have_text("North")
    schedule(analyst, "Monthly report: scheduled.")
    expect(analyst.locator(".schedules")).to_contain_text("region: North")
    made, view = Store(place.state).schedules.all()
    assert (made.page, made.query, made.every, made.day) == (
        "monthly", {"attr.region": "North"}, "monthly", 3,
    )  # fmt: skip
    assert view.query == {
        "metrics": "sent,click_rate",
        "by": "channel",
        "period": "last_3_months",
        "view": view.title,
    }
