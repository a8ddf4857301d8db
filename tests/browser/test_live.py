"""Live counts in a real browser: they come by themselves, and leave their reader in place."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Window

from config.settings import Settings
from etl.drain import drain
from etl.live import follow
from etl.refresh import refresh
from tests.api.test_collector import Sender
from tests.api.test_live import NOON, several
from tests.windows import enter, listening, quiet_window, violations

pytestmark = pytest.mark.browser
MEMBERS = 60


@dataclass
class Plan:
    """A plan with one campaign of yesterday, whose events of today are followed."""

    settings: Settings
    sender: Sender
    address: str


@pytest.fixture
def plan(tmp_path: Path) -> Iterator[Plan]:
    settings = Settings(var=tmp_path, sample=False, zone="UTC")
    sender, yesterday = Sender(settings), (NOON - timedelta(days=1)).isoformat()
    sender.send(*several("sent", range(MEMBERS), at=yesterday))
    publish(settings, sender)
    ended = threading.Event()
    following = threading.Thread(target=follow, args=(settings, lambda: not ended.is_set()))
    following.start()
    with listening(sender.server) as address:
        yield Plan(settings, sender, address)
    ended.set()
    following.join()


def publish(settings: Settings, sender: Sender) -> None:
    sender.hand_on()
    drain(settings)
    refresh(settings)


def today(stage: str, upto: int) -> list[dict[str, object]]:
    return several(stage, range(100, 100 + upto), campaign="flu-2026")


def test_counts_come_and_rise_without_moving_their_reader(plan: Plan, chromium: Browser) -> None:
    with quiet_window(chromium, plan.address) as window:
        enter(window)
        expect(window.locator("#overview-live")).to_be_hidden()
        plan.sender.send(*today("sent", 50))
        window.reload()
        sent = window.locator("#overview-live .live-count").first
        expect(sent).to_have_text("50")
        expect(window.locator("#overview-live tbody")).to_contain_text("Live")
        window.locator("#overview-live summary").click()
        assert violations(window, "#overview-live") == []
        place = scrolled(window, 200)
        plan.sender.send(*today("sent", 90), *today("delivered", 80))
        expect(sent).to_have_text("90")
        expect(window.locator("#overview-live .live-count").nth(1)).to_have_text("80")
        expect(window.locator("#overview-live details p")).to_be_visible()
        assert scrolled(window) == place


def test_a_campaign_tells_its_own_and_the_next_snapshot_changes_no_live_count(
    plan: Plan, chromium: Browser
) -> None:
    plan.sender.send(*today("sent", 40), *several("sent", range(300, 330), campaign="other"))
    with quiet_window(chromium, plan.address) as window:
        enter(window)
        window.goto("/campaign?campaign=flu-2026")
        sent = window.locator("#campaign-live .live-count").first
        expect(sent).to_have_text("40")
        publish(plan.settings, plan.sender)
        window.goto("/campaign?campaign=flu-2026")
        expect(sent).to_have_text("40")
        window.goto("/campaign")
        expect(window.locator(".campaign-list .live-mark").first).to_be_visible()


def scrolled(window: Window, to: int | None = None) -> int:
    """Where the page is scrolled to, after a step to a place."""
    if to is not None:
        window.evaluate(f"window.scrollTo(0, {to})")
    place: int = window.evaluate("Math.round(window.scrollY)")
    return place
