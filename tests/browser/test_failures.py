"""A callback that really fails: what is said, the reference to copy, and the way to try again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from dash import Input, Output, html
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.factory import create_app
from config.permissions import Permission
from config.settings import Settings
from tests.windows import listening, violations
from ui.page import Page as Shown
from ui.wires import Wires

pytestmark = pytest.mark.browser


class Broken(ValueError):
    """Says something that must never be told."""


def failing(times: list[int]) -> Wires:
    """A page whose panel fails as often as `times` says, and then is there."""

    def layout(_viewer: Any, _cubes: Any, /, **_query: str) -> Any:
        return html.Div([html.H1("Frail", tabIndex=-1), html.Div(id="frail-ask"), html.Div(id="frail-panel")])

    wires = Wires(Shown("frail", "/", "Frail", Permission.ENTER, layout, icon="house", key="o"))

    @wires.callback(Output("frail-panel", "children"), Input("frail-ask", "id"))
    def panel(_viewer: Any, _cubes: Any, _asked: object) -> str:
        if times[0]:
            times[0] -= 1
            raise Broken("member 4711 is the reason")
        return "All is well"

    return wires


@pytest.fixture
def frail(chromium: Browser, settings: Settings) -> Iterator[Page]:
    server: Flask = create_app(settings, [failing([1])])
    with listening(server) as address:
        context = chromium.new_context(base_url=address, permissions=["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.goto("/sign-in")
        page.click("button[value=manager]")
        yield page
        context.close()


def test_what_fails_says_so_with_a_reference_and_can_be_tried_again(frail: Page) -> None:
    toast = frail.get_by_role("alert").filter(has_text="Something failed")
    expect(toast).to_be_visible()
    face = frail.locator(".face-failed")
    expect(face).to_contain_text("This could not be shown")
    reference = face.locator("code").inner_text()
    assert re.fullmatch(r"[0-9a-f]{16}", reference)
    expect(toast).to_contain_text(reference)
    assert "4711" not in frail.content()
    assert violations(frail) == []
    toast.get_by_role("button", name="Copy reference").click()
    expect(toast.get_by_role("button", name="Copied")).to_be_visible()
    assert frail.evaluate("navigator.clipboard.readText()") == reference
    toast.get_by_role("button", name="Close").click()
    expect(toast).to_be_hidden()
    face.get_by_role("button", name="Try again").click()
    expect(frail.locator("#frail-panel")).to_have_text("All is well")
    expect(frail.locator("h1")).to_be_focused()
