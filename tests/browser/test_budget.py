"""What a page costs on the wire: bytes, not times, of every page there is, cold, warm and per answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Page as Window

from app.pages import PAGES
from config.permissions import PERMISSIONS, Role
from config.settings import Settings
from tests.asking import SHOW
from tests.places import QUERIES
from tests.windows import drawn, listening_to, served
from ui.page import Page
from ui.theme import template

pytestmark = pytest.mark.browser

FIRST, LATER, ANSWER = 1_500_000, 100_000, 15_000
QUIET = 1_500  # milliseconds without an answer: the page has all it wants
EVERY = [wires.page for wires in PAGES]


@pytest.fixture(scope="module")
def address(sample: Settings) -> Iterator[str]:
    yield from served(sample)


class Load:
    """What one load of a page brought: bytes on the wire by address, and the answers of its callbacks."""

    def __init__(self, context: BrowserContext, window: Window, page: Page) -> None:
        self.wire: dict[str, int] = {}
        self.answers: dict[str, str] = {}
        session = context.new_cdp_session(window)
        session.send("Network.enable")
        asked: dict[str, str] = {}
        kept: set[str] = set()
        session.on("Network.requestWillBeSent", lambda e: asked.update({e["requestId"]: e["request"]["url"]}))
        session.on("Network.requestServedFromCache", lambda e: kept.add(e["requestId"]))
        got: list[tuple[str, int]] = []
        session.on("Network.loadingFinished", lambda e: got.append((e["requestId"], e["encodedDataLength"])))
        with listening_to(window, "response", self._answered):
            window.goto(f"{page.path}?{QUERIES[page.path]}")
            drawn(window)
            before = -1
            while len(got) > before:  # a script that a panel asks for late counts too
                before = len(got)
                window.wait_for_timeout(QUIET)
                drawn(window)
        session.detach()
        for request, size in got:
            if request not in kept:
                name = asked.get(request, request).split("?")[0]
                self.wire[name] = self.wire.get(name, 0) + size

    def _answered(self, response: Any) -> None:
        if "/_dash-update-component" in response.url and response.status == 200:
            output = json.loads(response.request.post_data)["output"]
            self.answers[output] = response.text()

    @property
    def total(self) -> int:
        return sum(self.wire.values())

    def largest(self) -> list[tuple[str, int]]:
        return sorted(self.wire.items(), key=lambda item: -item[1])[:12]


@pytest.fixture(scope="module")
def loads(chromium: Browser, address: str) -> dict[str, tuple[Load, Load]]:
    """Each page's first load with nothing kept, and its second."""
    return {page.path: both(chromium, address, page) for page in EVERY}


def both(chromium: Browser, address: str, page: Page) -> tuple[Load, Load]:
    role = next(role for role in Role if page.needs in PERMISSIONS[role])
    context = chromium.new_context(viewport={"width": 1400, "height": 900}, base_url=address)
    context.request.post("/sign-in", form={"role": role.value})  # without the door's own files
    window = context.new_page()
    first = Load(context, window, page)
    later = Load(context, window, page)
    context.close()
    return first, later


@pytest.mark.parametrize("page", EVERY, ids=lambda page: page.name)
def test_a_first_load_is_small(loads: dict[str, tuple[Load, Load]], page: Page) -> None:
    first, _ = loads[page.path]
    print(page.name, first.total, first.largest())
    assert first.total > 300_000, "nothing was measured"
    assert first.total <= FIRST, first.largest()


@pytest.mark.parametrize("page", EVERY, ids=lambda page: page.name)
def test_a_later_load_is_smaller(loads: dict[str, tuple[Load, Load]], page: Page) -> None:
    _, later = loads[page.path]
    print(page.name, later.total, later.largest())
    assert 2_000 < later.total <= LATER, later.largest()


@pytest.mark.parametrize("page", EVERY, ids=lambda page: page.name)
def test_every_answer_is_short(loads: dict[str, tuple[Load, Load]], page: Page) -> None:
    first, _ = loads[page.path]
    sizes = {output: len(text.encode()) for output, text in first.answers.items()}
    print(page.name, sorted(sizes.items(), key=lambda item: -item[1])[:6])
    assert sizes
    assert SHOW in sizes
    assert {name: size for name, size in sizes.items() if size > ANSWER} == {}


@pytest.mark.parametrize("page", EVERY, ids=lambda page: page.name)
def test_every_figure_is_plain_and_on_our_template(loads: dict[str, tuple[Load, Load]], page: Page) -> None:
    first, _ = loads[page.path]
    figures = [found for text in first.answers.values() for found in figures_of(json.loads(text))]
    for figure in figures:
        assert figure["layout"]["template"] in (template("light"), template("dark"))
        assert "bdata" not in json.dumps(figure), "numbers as text of a typed array"
    assert figures or page.path != "/", "the Overview has charts"


def figures_of(answer: object) -> Iterator[dict[str, Any]]:
    """Every figure in an answer."""
    if isinstance(answer, list):
        for one in answer:
            yield from figures_of(one)
    elif isinstance(answer, dict):
        if isinstance(answer.get("figure"), dict):
            yield answer["figure"]
        for one in answer.values():
            yield from figures_of(one)
