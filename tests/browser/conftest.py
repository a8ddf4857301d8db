"""What every browser test starts from: a served app, a browser, and a quiet window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from config.settings import Settings
from tests.windows import browser, enter, quiet_window, served


@pytest.fixture(scope="module")
def address(sample: Settings) -> Iterator[str]:
    """Where the sample is served."""
    yield from served(sample)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as made:
        yield made


@pytest.fixture
def window(chromium: Browser, address: str) -> Iterator[Page]:
    """A manager's window."""
    permissions = ["clipboard-read", "clipboard-write"]
    with quiet_window(chromium, address, accept_downloads=True, permissions=permissions) as page:
        enter(page)
        page.wait_for_selector("#overview-cards .kpi")
        yield page
