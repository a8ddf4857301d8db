"""The Campaign page in a real browser: records are edited and notes written by those who may."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr

from app.factory import create_app
from config.settings import Settings
from state.store import Store
from tests.windows import drawn, enter, fits, listening, quiet_window, violations

pytestmark = pytest.mark.browser

CAMPAIGN = "/campaign?campaign=flu-2025"
LOOKS: tuple[tuple[int, Any], ...] = ((1400, "light"), (820, "dark"), (390, "light"))
STATES = [
    "/campaign",
    CAMPAIGN,
    "/campaign?campaign=a1c-house-calls",
    "/campaign?campaign=mammogram-2027-co",
    "/campaign?campaign=refill-pilot-22&cut=region",
    "/campaign?campaign=flu-2025&attr.region=North&period=last_7_days",
    "/campaign?campaign=nobody",
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(f"sqlite:///{tmp_path_factory.mktemp('state') / 'state.db'}")


@pytest.fixture(scope="module")
def address(sample: Settings, store: Store) -> Iterator[str]:
    """The sample, with a state store of its own."""
    settings = sample.model_copy(update={"state_url": SecretStr(store.database.url)})
    with listening(create_app(settings)) as found:
        yield found


@pytest.fixture
def window(chromium: Browser, address: str) -> Iterator[Page]:
    with quiet_window(chromium, address) as page:
        enter(page, "manager", CAMPAIGN)
        yield page


def settled(page: Page) -> bool:
    """Whether the page fits its window; charts follow its width a moment later."""
    for _ in range(60):
        page.wait_for_timeout(250)
        if fits(page):
            return True
    return False


def value(page: Page, label: str) -> Any:
    return page.locator(f"dt:text-is('{label}') + dd")


def test_a_record_is_edited_in_place_has_a_history_and_an_undo(window: Page) -> None:
    before = value(window, "Owner").inner_text()
    window.get_by_role("button", name="Edit what it is").click()
    expect(window.get_by_label("Name", exact=True)).to_be_focused()
    window.get_by_label("Owner").fill("<script>alert(1)</script> =1+1")
    window.get_by_role("button", name="Save").click()
    expect(value(window, "Owner")).to_have_text("<script>alert(1)</script> =1+1")
    expect(window.locator("#campaign-record-said")).to_have_text("Saved.")
    expect(window.get_by_role("button", name="Edit what it is")).to_be_focused()
    window.locator("#campaign-history-opener").click()
    newest = window.locator(".history-list > li").first
    expect(newest).to_contain_text("edited")
    expect(newest).to_contain_text(f"Owner: {before} → <script>alert(1)</script> =1+1")
    newest.get_by_role("button", name="Undo").click()
    expect(value(window, "Owner")).to_have_text(before)
    expect(newest).to_contain_text("undid an edit")
    newest.get_by_role("button", name="Undo").click()
    expect(value(window, "Owner")).to_have_text("<script>alert(1)</script> =1+1")


def test_what_the_figures_depend_on_follows_at_the_next_refresh(window: Page) -> None:
    window.get_by_role("button", name="Edit what counts").click()
    window.get_by_label("Window").fill("60")
    window.get_by_role("button", name="Save").click()
    expect(window.locator("#campaign-record-said")).to_contain_text("Figures follow at the next refresh.")
    expect(value(window, "Window")).to_contain_text("60 days")
    expect(value(window, "Window")).to_contain_text("not in the figures yet")
    window.reload()
    drawn(window)
    expect(value(window, "Window")).to_contain_text("60 days")


def test_what_cannot_be_saved_is_said_beside_its_field(window: Page) -> None:
    window.get_by_role("button", name="Edit when and how").click()
    window.get_by_label("End", exact=True).fill("2020-01-01")
    window.get_by_label("Wave", exact=False).first.fill("One\nTwo")
    window.get_by_role("button", name="Save").click()
    end = window.locator("[data-field=end]")
    expect(end.locator(".field-wrong")).to_contain_text("lies before the start")
    expect(end.locator("input")).to_be_focused()
    expect(end.locator("input")).to_have_value("2020-01-01")
    expect(window.locator("[data-field=waves] textarea")).to_have_value("One\nTwo")
    assert violations(window) == []
    window.keyboard.press("Escape")
    expect(window.get_by_role("button", name="Edit when and how")).to_be_focused()
    expect(value(window, "End")).not_to_contain_text("2020")


def test_a_field_that_somebody_else_changed_is_a_conflict_and_nothing_is_lost(
    window: Page, chromium: Browser, address: str
) -> None:
    with quiet_window(chromium, address) as other:
        enter(other, "administrator", CAMPAIGN)
        for page in (window, other):
            page.get_by_role("button", name="Edit for whom").click()
            expect(page.get_by_label("Audience", exact=True)).to_be_focused()
        other.get_by_label("Audience", exact=True).fill("Theirs")
        other.get_by_role("button", name="Save").click()
        expect(value(other, "Audience")).to_have_text("Theirs")
    window.get_by_label("Audience size").fill("77")
    window.get_by_label("Audience", exact=True).fill("Mine")
    window.get_by_role("button", name="Save").click()
    expect(window.locator(".form-alert")).to_contain_text("Nothing was saved")
    expect(window.locator("[data-field=audience] .field-wrong")).to_contain_text("changed this to: Theirs")
    expect(window.get_by_label("Audience", exact=True)).to_have_value("Mine")
    expect(window.get_by_label("Audience size")).to_have_value("77")
    window.get_by_role("button", name="Save").click()
    expect(value(window, "Audience")).to_have_text("Mine")
    expect(value(window, "Audience size")).to_have_text("77")


def test_what_nobody_touched_is_not_written_over(window: Page, store: Store) -> None:
    window.get_by_role("button", name="Edit why it may be done").click()
    expect(window.get_by_label("Purpose")).to_be_focused()
    store.add_edit("flu-2025", {"legal_basis": ["x", "Changed elsewhere"]}, "Ann")
    window.get_by_label("Purpose").fill("Mine alone")
    window.get_by_role("button", name="Save").click()
    expect(value(window, "Purpose")).to_have_text("Mine alone")
    expect(value(window, "Legal basis")).to_have_text("Changed elsewhere")


def test_message_texts_are_rows_and_one_more_is_added(window: Page) -> None:
    window.get_by_role("button", name="Edit when and how").click()
    rows = window.locator("[data-field=variants] [data-row]")
    expect(rows.last.get_by_label("Variant")).to_be_visible()
    count = rows.count()
    rows.last.get_by_label("Variant").fill("C")
    rows.last.get_by_label("Text").fill("A third text | with a bar")
    window.get_by_role("button", name="Add another text").click()
    expect(rows).to_have_count(count + 1)
    rows.last.get_by_label("Variant").fill("D")
    window.get_by_role("button", name="Save").click()
    window.locator(".record-texts summary").click()
    expect(window.locator(".record-texts")).to_contain_text("A third text | with a bar")
    expect(window.locator(".record-texts li")).to_have_count(count + 1)


def test_a_campaign_without_a_record_gets_one(window: Page) -> None:
    window.goto("/campaign?campaign=refill-pilot-22")
    drawn(window)
    expect(window.get_by_text("This campaign has no record")).to_be_visible()
    window.get_by_role("button", name="Create its record").click()
    window.get_by_label("Name", exact=True).fill("Refill pilot")
    window.locator("#record-program").fill("Medication refil")
    window.keyboard.press("Enter")
    expect(value(window, "Name")).to_contain_text("Refill pilot")
    expect(window.locator("#campaign-record-said")).to_contain_text('did you mean "Medication refill"')


def test_the_keyboard_alone_edits_and_saves(window: Page) -> None:
    window.get_by_role("button", name="Edit money").focus()
    window.keyboard.press("Enter")
    expect(window.get_by_label("Value of an outcome")).to_be_focused()
    window.keyboard.press("Tab")
    expect(window.get_by_label("Budget")).to_be_focused()
    window.keyboard.press("Control+a")
    window.keyboard.type("$12,345")
    window.keyboard.press("Enter")
    expect(value(window, "Budget")).to_have_text("$12,345")
    expect(window.get_by_role("button", name="Edit money")).to_be_focused()


def test_a_note_is_added_removed_and_brought_back(window: Page) -> None:
    window.locator(".note-add summary").click()
    window.get_by_label("Day", exact=True).fill("2025-11-10")
    window.get_by_label("What happened").fill("Vendor outage <b>all day</b>")
    window.get_by_role("button", name="Add note").click()
    note = window.locator(".note", has_text="Vendor outage <b>all day</b>")
    expect(note).to_contain_text("10 Nov 2025")
    expect(window.locator("#campaign-trend .annotation", has_text=re.compile("^1$"))).to_be_visible()
    expect(window.locator("#campaign-notes-said")).to_contain_text("is added")
    note.get_by_role("button", name="Remove note 1").click()
    expect(note).to_have_count(0)
    window.locator("#campaign-notes-said").get_by_role("button", name="Undo").click()
    expect(note).to_be_visible()
    window.goto("/campaign?campaign=flu-2026-co")
    drawn(window)
    expect(window.locator(".note")).to_have_count(0)


def test_a_note_for_all_campaigns_stands_beside_each(window: Page) -> None:
    window.locator(".note-add summary").click()
    window.get_by_label("Day", exact=True).fill("2025-11-11")
    window.get_by_label("What happened").fill("Holiday")
    window.get_by_label("For all campaigns").check()
    window.get_by_role("button", name="Add note").click()
    expect(window.locator(".note", has_text="Holiday")).to_contain_text("for all campaigns")
    window.goto("/campaign?campaign=refill-2026")
    drawn(window)
    expect(window.locator(".note", has_text="Holiday")).to_be_visible()
    window.get_by_role("button", name="Remove note 1").click()
    expect(window.locator(".note")).to_have_count(0)


def test_an_executive_reads_and_may_change_nothing(chromium: Browser, address: str) -> None:
    with quiet_window(chromium, address) as page:
        enter(page, "executive", CAMPAIGN)
        expect(page.locator(".record-fields")).to_have_count(6)
        expect(page.locator("[data-record-edit], .note-add, .note-remove, .csv")).to_have_count(0)


def test_campaigns_before_and_after_are_a_link_away(window: Page) -> None:
    following = window.locator("a[rel=next][data-next]")
    name = following.locator("span:not(.visually-hidden):not(.bi)").inner_text()
    following.click()
    expect(window.get_by_role("heading", level=1)).to_have_text(name)
    window.locator("a[rel=prev][data-previous]").click()
    expect(window.get_by_role("heading", level=1)).to_have_text("Flu shot 2025, all lines")
    expect(window.locator("a[rel=prev]")).to_have_count(0)


def test_the_list_is_searched_and_keeps_its_words_in_the_address(window: Page) -> None:
    window.goto("/campaign")
    window.get_by_label("Search by name, program or line of business").fill("flu medicaid")
    expect(window.locator(".campaign-list tbody a")).to_have_count(1)
    expect(window).to_have_url(re.compile("find=flu"))
    window.reload()
    expect(window.locator(".campaign-list tbody a")).to_have_text(["Flu shot 2026, Medicaid"])
    window.get_by_label("Search by name, program or line of business").fill("rfill-pilot-22")
    window.locator(".near a").first.click()
    expect(window.get_by_role("heading", level=1)).to_have_text(re.compile("efill"))


def test_the_chosen_attribute_and_period_are_part_of_the_address(window: Page) -> None:
    window.select_option("#campaign-members-by", "region")
    expect(window.locator("#campaign-members")).to_contain_text("by region")
    expect(window).to_have_url(re.compile("cut=region"))
    window.select_option("#filter-period", "last_6_months")
    expect(window).to_have_url(re.compile("period=last_6_months"))
    expect(window).to_have_url(re.compile("cut=region"))
    expect(window.locator(".scope-sentence")).not_to_contain_text("all time")
    window.reload()
    drawn(window)
    expect(window.locator("#campaign-members-by")).to_have_value("region")
    expect(window.locator("#filter-period")).to_have_value("last_6_months")


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_accessible_and_never_wider_than_the_window(window: Page, state: str) -> None:
    window.goto(state)
    drawn(window)
    for width, scheme in LOOKS:
        window.emulate_media(color_scheme=scheme)
        window.set_viewport_size({"width": width, "height": 850})
        assert settled(window), (width, scheme)
        assert violations(window) == [], (width, scheme)


@pytest.mark.parametrize("name", ["when and how", "money"])
def test_every_form_is_accessible(window: Page, name: str) -> None:
    window.get_by_role("button", name=f"Edit {name}").click()
    expect(window.locator(".record-form")).to_be_visible()
    for width, scheme in LOOKS:
        window.emulate_media(color_scheme=scheme)
        window.set_viewport_size({"width": width, "height": 850})
        assert settled(window), (width, scheme)
        assert violations(window) == [], (width, scheme)


def test_a_downloaded_file_has_the_figures_of_the_screen(window: Page, tmp_path: Path) -> None:
    with window.expect_download() as wait:
        window.locator("#campaign-cost .csv").click()
    file = tmp_path / "cost.csv"
    wait.value.save_as(file)
    assert json.dumps(file.read_text().splitlines()[0]).count("metric") == 1
