"""Raising the terms in a real browser: by keyboard, looked at twice, and nothing happens on the way out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pydantic import SecretStr

from config.permissions import Role
from config.settings import Settings
from state.policy import Terms
from state.store import Store
from tests.windows import enter, quiet_window, served, violations

pytestmark = pytest.mark.browser


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(f"sqlite:///{tmp_path / 'state.db'}")


@pytest.fixture
def privacy(chromium: Browser, sample: Settings, store: Store) -> Iterator[Page]:
    """A privacy officer's window with the page open, and a state store of its own."""
    apart = sample.model_copy(update={"state_url": SecretStr(store.database.url)})
    for address in served(apart):
        with quiet_window(chromium, address) as page:
            enter(page, Role.PRIVACY_OFFICER, "/privacy")
            expect(page.locator("#privacy-threshold")).to_be_visible()
            yield page


def dialog(page: Page) -> Locator:
    return page.locator("#privacy-dialog[open]")


def test_a_raise_by_keyboard_is_looked_at_twice(privacy: Page, store: Store) -> None:
    privacy.focus("#privacy-threshold")
    privacy.keyboard.press("ArrowUp")
    expect(privacy.locator("#privacy-preview")).to_contain_text("goes from 11 to 12: groups of 11 members")
    privacy.keyboard.press("Enter")
    expect(privacy.locator("#privacy-said [role=alert]")).to_contain_text("say why the terms are raised")
    privacy.fill("#privacy-reason", "A rule of the state")
    privacy.keyboard.press("Enter")
    expect(dialog(privacy)).to_contain_text("It cannot be undone")
    expect(dialog(privacy).get_by_text("Cancel")).to_be_focused()
    assert violations(privacy) == []
    privacy.keyboard.press("Escape")
    expect(dialog(privacy)).to_have_count(0)
    expect(privacy.locator("#privacy-reason")).to_be_focused()
    privacy.keyboard.press("Enter")
    expect(dialog(privacy).get_by_text("Cancel")).to_be_focused()
    privacy.keyboard.press("Enter")
    expect(dialog(privacy)).to_have_count(0)
    assert store.policies() == []
    privacy.focus("#privacy-reason")
    privacy.keyboard.press("Enter")
    expect(dialog(privacy).get_by_text("Cancel")).to_be_focused()
    privacy.keyboard.press("Shift+Tab")
    privacy.keyboard.press("Enter")
    said = privacy.locator("#privacy-said")
    expect(said).to_contain_text("Raised to threshold 12, default profile.")
    expect(said).to_be_focused()
    expect(dialog(privacy)).to_have_count(0)
    expect(privacy.locator("#privacy-terms")).to_contain_text("Threshold 12, default profile: from the next")
    expect(privacy.locator("#privacy-history")).to_contain_text("A rule of the state")
    expect(privacy.locator("#privacy-threshold")).to_have_attribute("min", "12")
    expect(privacy.locator("#privacy-reason")).to_have_value("")
    assert [policy.terms for policy in store.policies()] == [Terms(12, "default")]
    assert violations(privacy) == []


def test_who_was_overtaken_is_told_and_lowers_nothing(privacy: Page, store: Store) -> None:
    privacy.fill("#privacy-threshold", "20")
    privacy.fill("#privacy-reason", "mine")
    privacy.get_by_text("Look at the change").click()
    expect(dialog(privacy)).to_contain_text("goes from 11 to 20")
    store.set_policy(25, "default", "Ann", "hers")
    dialog(privacy).get_by_text("Raise to threshold 20").click()
    expect(privacy.locator("#privacy-said [role=alert]")).to_contain_text("less than the 25 that stands")
    expect(dialog(privacy)).to_have_count(0)
    assert [policy.by for policy in store.policies()] == ["Ann"]
