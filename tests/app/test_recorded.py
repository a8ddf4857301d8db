"""Who looked, took, changed, came and was denied is written down; what cannot be does not happen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import recorded, shelf
from app.factory import create_app
from callbacks import campaign, compare, data, experiments, overview
from config.permissions import Role
from config.settings import ROOT, Settings
from ledger.book import Book, Unwritable, book_of
from ledger.chain import Line, chains, read
from ledger.entry import What
from tests.asking import fire, guard_of, show, signed_in
from ui.wires import Wires, _place

CARDS, SCOPE, TREND = "campaign-cards.children", "campaign-scope.children", "campaign-trend.children"
CSV = "/overview/channels.csv"


@pytest.fixture
def place(sample: Settings, tmp_path: Path) -> Settings:
    """The sample's lake, with a state and a ledger of its own."""
    folder = tmp_path / "var"
    folder.mkdir()
    (folder / "lake").symlink_to(sample.lake)
    return Settings(var=folder)


@pytest.fixture
def server(place: Settings) -> Iterator[Flask]:
    made = create_app(place)
    shelf.keeper(made).renew()
    yield made
    made.extensions["reachboard.store"].close()


@pytest.fixture
def book(place: Settings) -> Book:
    return book_of(place)


def lines(book: Book, what: What) -> list[dict[str, Any]]:
    book.flush()
    found = [one for path in chains(book.folder) for one in read(path, book.seals)]
    return [one.document for one in found if isinstance(one, Line) and one.document["what"] == what.value]


def named(server: Flask, part: str) -> str:
    """The output of a callback."""
    return next(name for name in guard_of(server).wires if part in name)


def campaign_of(server: Flask) -> str:
    return sorted(shelf.keeper(server).current().campaigns)[0]


def ask(server: Flask, client: Any, part: str, query: dict[str, str], **more: object) -> Any:
    values = {"filters-query.data": query, "campaign-id.data": query.get("campaign"), **more}
    return fire(server, client, named(server, part), values)


def test_a_state_of_a_page_is_one_entry_whatever_of_it_asks(server: Flask, book: Book) -> None:
    client, one = signed_in(server, Role.ANALYST), campaign_of(server)
    query = {"campaign": one, "period": "last_30_days"}
    for part in (CARDS, SCOPE, TREND, CARDS):
        assert ask(server, client, part, query).status_code == 200
    (seen,) = lines(book, What.VIEW)
    assert seen["who"] == "Demo analyst"
    assert seen["role"] == "analyst"
    assert (seen["place"], seen["campaigns"]) == ("campaign", [one])
    assert seen["filters"] == f"period=last_30_days&campaign={one}"
    assert shelf.keeper(server).current().campaigns[one].name in seen["words"]
    assert seen["snapshot"] == shelf.keeper(server).current().snapshot.number
    ask(server, client, CARDS, {"campaign": one})
    ask(server, signed_in(server, Role.MANAGER), CARDS, query)
    assert len(lines(book, What.VIEW)) == 3


def test_the_portfolio_is_not_written_down_and_what_is_narrowed_is(server: Flask, book: Book) -> None:
    client = signed_in(server, Role.EXECUTIVE)
    for query in ({}, {"period": "last_30_days"}, {"channel": "nonsense"}):
        assert ask(server, client, "overview-cards", query).status_code == 200
    assert not lines(book, What.VIEW)
    ask(server, client, "overview-cards", {"channel": "sms"})
    assert [one["filters"] for one in lines(book, What.VIEW)] == ["channel=sms"]


def test_nothing_that_somebody_typed_is_kept(server: Flask, book: Book) -> None:
    """Filters hold what there is; a member's id in an address is not among it."""
    client, one = signed_in(server, Role.ANALYST), campaign_of(server)
    ask(server, client, CARDS, {"campaign": one, "member": "M4711", "wave": "M4711", "attr.region": "M4711"})
    client.get(f"{CSV}?channel=sms&member=M4711&window=M4711")
    show(server, client, "/M4711", "?q=M4711")
    assert lines(book, What.VIEW)
    assert lines(book, What.EXPORT)
    assert b"4711" not in b"".join(path.read_bytes() for path in chains(book.folder))


FREE = {
    "overview-clocks", "overview-attention", "overview-told", "overview-live", "overview-grid",
    "campaign-found", "compare-pick", "data-",
}  # fmt: skip
"""What of the pages with figures names no state: it tells of the whole portfolio, or no figure at all."""


@pytest.mark.parametrize(
    "wires", [overview.wires, campaign.wires, compare.wires, experiments.wires], ids=lambda w: w.page.name
)
def test_every_callback_with_figures_names_the_state_of_its_page(wires: Wires) -> None:
    assert wires.watch is not None
    for wire in wires.recorded:
        if not callable(wire.function) or _place(wire, wires.watch) is not None:
            continue
        outputs = " ".join(str(end) for end in wire.ends if type(end).__name__ == "Output")
        assert any(free in outputs for free in FREE), f"what {outputs} shows is in no ledger"
    assert data.wires.watch is not None


def test_an_export_is_written_down_before_it_leaves_and_again_with_its_rows(
    server: Flask, book: Book
) -> None:
    answer = signed_in(server, Role.ANALYST).get(f"{CSV}?channel=sms&why=board+meeting", buffered=True)
    rows = len(answer.text.splitlines()) - 1
    begun, ended = lines(book, What.EXPORT)
    assert (begun["about"]["do"], ended["about"]["do"]) == ("start", "done")
    assert begun["filters"] == "channel=sms"
    assert begun["why"] == "board meeting"
    assert begun["place"] == "overview/channels"
    assert ended["rows"] == rows


def test_what_for_is_asked_where_the_plan_wants_it(place: Settings) -> None:
    made = create_app(place.model_copy(update={"export_reason": True}))
    shelf.keeper(made).renew()
    client = signed_in(made, Role.ANALYST)
    assert client.get(CSV).status_code == 400
    assert client.get(f"{CSV}?why=board", buffered=True).status_code == 200
    job = {"page": "overview", "table": "channels", "format": "csv"}
    assert "what it is for" in client.post("/exports/jobs", data=job).json["error"]
    made.extensions["reachboard.store"].close()


def test_an_answer_of_the_api_is_an_export_by_its_key(server: Flask, book: Book, place: Settings) -> None:
    _, secret = server.extensions["reachboard.store"].keys.add("warehouse", "analyst", "a test")
    told = {"Authorization": f"Bearer {secret}"}
    client, address = server.test_client(), "/api/v1/figures?metrics=sent&by=channel&channel=sms"
    answer = client.get(address, headers=told)
    assert answer.status_code == 200
    (taken,) = lines(book, What.EXPORT)
    assert (taken["key"], taken["place"]) == ("warehouse", "api/figures")
    assert taken["filters"] == "metrics=sent&by=channel&period=all_time&compare=none&channel=sms"
    assert taken["rows"] == len(answer.json["rows"])
    client.get(address, headers={**told, "If-None-Match": answer.headers["ETag"]})
    assert len(lines(book, What.EXPORT)) == 1, "nothing was given out"
    for _ in range(3):
        client.get("/api/v1/live", headers=told)
    assert [one["place"] for one in lines(book, What.VIEW)] == ["api/live"]
    (used,) = lines(book, What.KEY_PLACE)
    assert used["key"] == "warehouse"
    assert re.fullmatch("[0-9a-f]{16}", used["address"])
    (made,) = lines(book, What.KEY)
    assert made["about"]["do"] == "make"
    assert secret not in "".join(path.read_text() for path in chains(book.folder))
    assert b"127.0.0.1" not in b"".join(path.read_bytes() for path in chains(book.folder))


def test_who_comes_goes_and_is_denied_is_written_down(server: Flask, book: Book) -> None:
    client = signed_in(server, Role.MANAGER)
    for _ in range(5):
        assert client.get("/administration").status_code == 404
        show(server, client, "/administration")
    fire(server, client, "admin-keys.children")
    server.test_client().get("/api/v1/figures", headers={"Authorization": "Bearer nothing"})
    assert client.post("/sign-out").status_code == 303
    assert [one["who"] for one in lines(book, What.SIGN_IN)] == ["Demo manager"]
    assert [one["who"] for one in lines(book, What.SIGN_OUT)] == ["Demo manager"]
    denied = [(one["who"], one["place"]) for one in lines(book, What.DENIED)]
    assert denied == [
        ("Demo manager", "administration"),
        ("Demo manager", "callback of Administration"),
        ("a stranger", "a key that is none"),
    ]
    recorded.recorded(server).settle(float("inf"))
    assert 9 in [one.get("times") for one in lines(book, What.DENIED)]


def fill(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the ledger on a full disk."""

    def full(_entries: object = ()) -> None:
        raise OSError(28, "No space left on device")

    book.flush()
    monkeypatch.setattr(book._chain, "append", full)
    monkeypatch.setattr(book, "_probe", full)


def test_what_cannot_be_recorded_is_not_given_out(server: Flask, book: Book, monkeypatch: Any) -> None:
    client, one = signed_in(server, Role.ANALYST), campaign_of(server)
    key = server.extensions["reachboard.store"].keys.add("warehouse", "analyst", "a test")[1]
    fill(book, monkeypatch)
    answer = client.get(CSV)
    assert answer.status_code == 503
    assert "cannot be recorded" in answer.text
    asked = server.test_client().get(
        "/api/v1/figures?metrics=sent", headers={"Authorization": f"Bearer {key}"}
    )
    assert asked.status_code == 503
    assert asked.json["type"].endswith("not-recorded")
    panel = json.dumps(ask(server, client, CARDS, {"campaign": one}).json["response"])
    assert "This cannot be recorded just now" in panel
    whole = ask(server, client, "overview-cards", {})
    assert "cannot be recorded" not in json.dumps(whole.json)
    assert server.test_client().post("/sign-in", data={"role": "manager"}).status_code == 503
    monkeypatch.undo()
    book.flush()
    assert "cannot be recorded" not in json.dumps(ask(server, client, CARDS, {"campaign": one}).json)
    assert client.get(CSV).status_code == 200
    assert lines(book, What.VIEW)


def test_a_change_that_cannot_be_recorded_is_undone(server: Flask, book: Book, monkeypatch: Any) -> None:
    store = server.extensions["reachboard.store"]
    fill(book, monkeypatch)

    for change in (
        lambda: store.add_edit("C1", {"name": ["a", "b"]}, "somebody"),
        lambda: store.add_note(None, 20_000, "a note", "somebody"),
        lambda: store.keys.add("k", "analyst", "somebody"),
        lambda: store.set_policy(50, "default", "somebody", "a reason"),
    ):
        with pytest.raises(Unwritable):
            change()
    assert not store.edits()
    assert not store.keys.all()
    assert not store.policies()
    assert not store.notes([], 0, 90_000)


def test_every_store_of_the_product_has_a_ledger() -> None:
    """`Store(...)` is made in one place, with the ledger of the installation."""
    rooms = [
        path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name not in ("tests", "assets")
    ]
    made = [
        path.relative_to(ROOT).as_posix()
        for room in rooms
        for path in room.rglob("*.py")
        if re.search(r"(?<![\w.])Store\(", path.read_text())
    ]
    assert made == ["state/store.py"]
