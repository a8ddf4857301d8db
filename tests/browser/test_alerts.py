"""Alerts in a real browser: opened from the list, acted upon, and the focus goes where the word is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr

from config.permissions import Role
from config.settings import Settings
from state.alerts import Raised, State
from state.store import Store
from tests.windows import enter, fits, quiet_window, served, violations

pytestmark = pytest.mark.browser

NOW = 1_795_000_000_000_000
ONE = Raised(
    key="delivery::email", kind="delivery", metric="delivered_rate", subject="email", campaign=None,
    urgent=True, first_day=20_020, last_day=20_021, value=0.38, usual=0.95, low=0.94, high=0.97,
    chance=1e-9, complete_through=20_021,
    points=tuple((20_000 + n, 0.38 if n >= 20 else 0.95, 0.94, 0.97) for n in range(22)),
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(f"sqlite:///{tmp_path / 'state.db'}")
    made.alerts.settle([ONE], (1, 1), 22, NOW)
    return made


@pytest.fixture
def alerts(chromium: Browser, sample: Settings, store: Store) -> Iterator[Page]:
    """A manager's window with the page open, and a state store of its own with one alert."""
    apart = sample.model_copy(update={"state_url": SecretStr(store.database.url)})
    for address in served(apart):
        with quiet_window(chromium, address) as page:
            enter(page, Role.MANAGER, "/alerts")
            expect(page.locator("#alerts-open .alert-link")).to_have_count(1)
            yield page


def test_an_alert_is_opened_acted_upon_and_judged(alerts: Page, store: Store) -> None:
    alerts.locator("#alerts-open .alert-link").click()
    expect(alerts.locator("#alerts-one .js-plotly-plot")).to_be_visible()
    assert violations(alerts) == []
    assert fits(alerts)
    alerts.get_by_role("button", name="Acknowledge").click()
    expect(alerts.locator("#alerts-said")).to_contain_text("others see that you have it")
    expect(alerts.locator("#alerts-said")).to_be_focused()
    expect(alerts.locator("#alerts-open")).to_contain_text("No alert waits for anybody")
    alerts.fill("#alerts-comment", "The carrier knows.")
    alerts.get_by_role("button", name="Add comment").click()
    expect(alerts.locator(".alert-history")).to_contain_text("The carrier knows.")
    alerts.select_option("#alerts-days", "3")
    alerts.get_by_role("button", name="Snooze", exact=True).click()
    expect(alerts.locator(".alert-history")).to_contain_text("Snoozed for 3 days")
    alerts.get_by_role("button", name="It was real").click()
    expect(alerts.locator("#alerts-past")).to_contain_text("1 of the last 1 judged were real")
    alerts.get_by_role("button", name="Resolve").click()
    expect(alerts.locator("#alerts-past .alert-link")).to_have_count(1)
    (one,) = store.alerts.all()
    assert (one.state(NOW), one.real, one.resolved_by) == (State.RESOLVED, True, one.judged_by)
