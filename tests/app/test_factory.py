"""The factory: as many apps in a process as asked, each with its own pages, titles and theme."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from dash import html
from flask.testing import FlaskClient

from app import shelf
from app.factory import create_app, title
from config.permissions import Permission, Role
from config.settings import Settings
from data.cubes import Cubes
from data.snapshot import Snapshot
from ui.page import Page
from ui.wires import Wires

Browse = Callable[[Role | None], FlaskClient]


def test_a_second_app_has_all_callbacks_and_one_plotly(settings: Settings) -> None:
    first, second = (create_app(settings).extensions["dashboard"] for _ in range(2))
    assert list(first.callback_map) == list(second.callback_map) != []
    from dash import dcc

    assert sum(resource.get("namespace") == "plotly" for resource in dcc._js_dist) == 1


def test_making_an_app_opens_no_lake_and_starts_no_thread(settings: Settings) -> None:
    before = threading.active_count()
    server = create_app(settings)
    assert threading.active_count() == before
    assert not settings.lake.exists()
    assert not shelf.keeper(server).loaded


@pytest.mark.parametrize(
    ("of", "whole"), [("Overview", "Overview · Reachboard"), ("Reachboard", "Reachboard")]
)
def test_titles_name_page_and_product(of: str, whole: str) -> None:
    assert title(of) == whole


@pytest.mark.parametrize(
    ("cookie", "scheme"), [("dark", "dark"), ("light", "light"), ("<x>", "light"), ("", "light")]
)
def test_the_layout_knows_the_scheme_of_the_cookie(browse: Browse, cookie: str, scheme: str) -> None:
    client = browse(Role.MANAGER)
    client.set_cookie("scheme", cookie)
    stores = {
        c["props"].get("id"): c["props"].get("data")
        for c in client.get("/_dash-layout").json["props"]["children"]
    }
    assert stores["frame-theme"] == scheme


def test_synthetic_data_are_marked_before_any_script_runs(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = create_app(settings)
    made_up = Cubes(shelf.keeper(server).shelf.lake, Snapshot(clocks={"synthetic": True}))
    client = server.test_client()
    client.post("/sign-in", data={"role": "manager"})
    assert "data-synthetic" not in client.get("/").text.split("<head>")[0]
    monkeypatch.setattr(shelf.keeper(server).shelf, "current", lambda: made_up)
    assert "data-synthetic" in client.get("/").text.split("<head>")[0]


def test_a_page_that_fails_says_so_with_a_reference(
    settings: Settings, ledger: object, caplog: pytest.LogCaptureFixture
) -> None:
    def layout(_viewer: object, _cubes: object, /, **_query: str) -> html.Div:
        raise RuntimeError("member 12345 broke it")

    client = create_app(settings, [Wires(Page("odd", "/", "Odd", Permission.ENTER, layout))]).test_client()
    client.post("/sign-in", data={"role": "manager"})
    answer = ledger.route(client, "/", "")  # type: ignore[attr-defined]
    assert "could not be shown" in answer.text
    assert caplog.records[0].args[0] in answer.text  # type: ignore[index]
    assert "12345" not in answer.text + caplog.text


def test_a_request_keeps_its_cubes_while_newer_ones_come(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = create_app(settings)
    keeper = shelf.keeper(server)
    with server.test_request_context("/"):
        held = shelf.cubes()
        newer = Cubes(keeper.shelf.lake, Snapshot(number=0))
        monkeypatch.setattr(keeper.shelf, "current", lambda: newer)
        assert shelf.cubes() is held
    with server.test_request_context("/"):
        assert shelf.cubes() is newer
