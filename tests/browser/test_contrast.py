"""Forced colours and reduced motion: what is drawn stays to be seen, and nothing moves."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.test_overview import ready

pytestmark = pytest.mark.browser
GROUND = """(found) => [...document.querySelectorAll(found)].map(one =>
    [getComputedStyle(one).backgroundColor, getComputedStyle(document.body).backgroundColor])"""


def test_bars_and_lines_are_seen_in_forced_colours(window: Page) -> None:
    window.emulate_media(forced_colors="active", color_scheme="dark")
    ready(window)
    found = window.evaluate(GROUND, "#overview-funnel .bar, #overview-channels .bar, .spark, .bars")
    assert len(found) > 10
    assert all(own not in (ground, "rgba(0, 0, 0, 0)") for own, ground in found)


def test_nothing_moves_for_those_who_asked_for_that(window: Page) -> None:
    window.emulate_media(reduced_motion="reduce")
    ready(window)
    moving = "document.getAnimations().filter(one => one.playState === 'running').length"
    assert window.evaluate(moving) == 0
    assert window.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
