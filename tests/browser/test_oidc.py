"""Signing in at a real certified provider in a real browser, and out again from both sides."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr
from werkzeug.serving import make_server

from app import shelf
from app.factory import create_app
from config.settings import Settings
from tests import certified
from tests.hostile import AUDIENCE, CLIENT, SECRET
from tests.ports import free_port
from tests.windows import PATIENCE, drawn


class House:
    """A server of ours and its provider."""

    def __init__(self, here: str, server: Flask, issuer: str) -> None:
        self.here, self.server, self.issuer = here, server, issuer


@pytest.fixture(scope="module")
def house(sample: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The server starts first: a provider that is away stops it not."""
    if not certified.is_there():
        pytest.skip("no certified provider here: tests/install_oidc.sh could not install it")
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    settings = sample.model_copy(
        update={
            "demo": False,
            "oidc_issuer": issuer,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SecretStr(SECRET),
            "oidc_scopes": ("openid", "profile", "email", "roles"),
            "oidc_audience": AUDIENCE,
        }
    )
    server = create_app(settings)
    shelf.keeper(server).renew()
    made = make_server("127.0.0.1", 0, server, threaded=True)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    here = f"http://127.0.0.1:{made.server_port}"
    log: Path = tmp_path_factory.mktemp("provider") / "log"
    with certified.running(port, here, log):
        yield House(here, server, issuer)
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def page(chromium: Browser, house: House) -> Iterator[Page]:
    """A window that asks nothing but loopback."""
    context = chromium.new_context(base_url=house.here, viewport={"width": 1400, "height": 900})
    context.route(lambda url: "127.0.0.1" not in url, lambda route: route.abort())
    yield context.new_page()
    context.close()


def sign_in(page: Page, who: str, going: str = "/") -> None:
    """As a person does: asked for a page, sent to the provider, and back."""
    page.goto(going)
    page.wait_for_selector("input[name=login]", timeout=PATIENCE)
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", "any")
    page.click("button[type=submit]")
    page.click("button[type=submit]")  # consent


def test_a_person_signs_in_and_arrives_where_they_wanted_to_go(page: Page, house: House) -> None:
    sign_in(page, "manager-ada", "/campaign?period=last_30")
    page.wait_for_url(f"{house.here}/campaign?period=last_30", timeout=PATIENCE)
    drawn(page)
    expect(page.locator(".user-name")).to_have_text("Person manager-ada (manager-ada@plan.example)")
    (cookie,) = [one for one in page.context.cookies(house.here) if one["name"] == "reachboard"]
    assert cookie["httpOnly"]
    assert len(cookie["value"]) == 43


def test_signing_out_ends_the_session_here_and_there(page: Page, house: House) -> None:
    sign_in(page, "manager-bo")
    drawn(page)
    page.click("details.user summary")
    page.click("text=Sign out")
    page.wait_for_selector("button[name=logout]", timeout=PATIENCE)
    page.click("button[name=logout]")
    expect(page.locator("h1")).to_have_text("You are signed out", timeout=PATIENCE)
    expect(page.locator("main")).to_contain_text("and at your identity provider")
    page.goto("/")
    page.wait_for_selector("input[name=login]", timeout=PATIENCE)


def test_a_logout_at_the_provider_ends_the_session_here(page: Page, house: House) -> None:
    sign_in(page, "manager-cy")
    drawn(page)
    page.goto(f"{house.issuer}/session/end")
    with page.expect_response(lambda answer: "/session/end" in answer.url, timeout=PATIENCE):
        page.click("button[name=logout]")
    page.wait_for_load_state()
    assert page.request.get(f"{house.here}/_dash-layout", max_redirects=0).status == 401
    page.goto(f"{house.here}/")
    expect(page.locator("main")).to_contain_text(
        "Your identity provider has ended your session", timeout=PATIENCE
    )


def test_somebody_without_a_role_is_told_what_to_do(page: Page, house: House) -> None:
    sign_in(page, "visitor-dee")
    expect(page.locator("h1")).to_have_text("Your account has no role here", timeout=PATIENCE)
    expect(page.locator("main")).to_contain_text("Person visitor-dee")
    expect(page.locator("main code")).to_have_text(re.compile(r"^[0-9a-f]{8}$"))


def test_whoever_cancels_is_told_what_to_do(page: Page, house: House) -> None:
    page.goto("/")
    page.wait_for_selector("input[name=login]", timeout=PATIENCE)
    page.click("text=Cancel")
    expect(page.locator("h1")).to_have_text("Your identity provider refused the sign-in", timeout=PATIENCE)
    again = page.get_by_role("link", name="Try again")
    expect(again).to_have_attribute("href", re.compile("^/sign-in/start"))


def token_of_client(house: House, audience: str) -> str:
    """An access token by client credentials."""
    proof = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
    body = f"grant_type=client_credentials&resource={audience}&scope=reachboard.read".encode()
    request = Request(f"{house.issuer}/token", body, {"Authorization": f"Basic {proof}"})
    with urlopen(request, timeout=60) as answer:
        return str(json.load(answer)["access_token"])


@pytest.mark.parametrize(("audience", "status"), [(AUDIENCE, 200), ("https://another.example", 401)])
def test_a_program_asks_the_api_with_a_token_of_its_own(house: House, audience: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {token_of_client(house, audience)}"}
    answer = house.server.test_client().get("/api/v1/campaigns", headers=headers)
    assert answer.status_code == status
