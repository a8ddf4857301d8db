"""What a print says is kept under an ID: its tables, for whom the page is; and a file's sidecar names one."""

from __future__ import annotations

import pytest
from flask import Flask

from documents.model import Table
from reports.issue import as_told
from state.store import Store
from tests.asking import signed_in
from tests.places import CAMPAIGN


@pytest.fixture(scope="module")
def server(own_server: Flask) -> Flask:
    return own_server


def printed(server: Flask, who: str, path: object, search: object = "") -> tuple[int, str]:
    answer = signed_in(server, who).post("/reports/prints", json={"path": path, "search": search})
    return answer.status_code, answer.json["id"] if answer.status_code == 200 else ""


def test_a_print_keeps_the_tables_of_its_page_in_its_state(server: Flask, store: Store) -> None:
    status, id = printed(server, "executive", "/campaign", f"?campaign={CAMPAIGN}&period=all_time")
    report = store.reports.get(id)
    assert status == 200
    assert report is not None
    told = as_told(report, store)
    assert (told.kind, told.page, told.title) == ("print", "campaign", "Campaigns")
    assert {"steps", "channels"} <= {block.name for block in told.blocks if isinstance(block, Table)}
    assert told.query["campaign"] == CAMPAIGN
    assert printed(server, "executive", "/campaign", f"?campaign={CAMPAIGN}&period=all_time") == (200, id)
    assert printed(server, "executive", "/campaign", f"?campaign={CAMPAIGN}")[1] != id
    assert printed(server, "manager", "/campaign", f"?campaign={CAMPAIGN}&period=all_time")[1] != id


def test_the_executive_page_and_a_reopened_report_have_their_ids(server: Flask, store: Store) -> None:
    status, id = printed(server, "executive", "/reports/executive")
    assert status == 200
    report = store.reports.get(id)
    assert report is not None
    assert as_told(report, store).page == "executive"
    assert printed(server, "executive", "/reports", f"?report={id}") == (200, id)
    assert printed(server, "executive", "/reports") == (204, "")


@pytest.mark.parametrize("path", ["/data", "/ledger", "/nowhere", None, ["/"], "https://elsewhere.example/"])
def test_no_id_for_a_page_that_is_not_the_viewers(server: Flask, path: object) -> None:
    assert printed(server, "executive", path) == (404, "")


def test_a_page_without_figures_has_none_and_rubbish_is_refused(server: Flask) -> None:
    assert printed(server, "administrator", "/administration")[0] == 204
    client = signed_in(server, "executive")
    assert client.post("/reports/prints", data=b"{").status_code == 404
    assert client.post("/reports/prints", json=[1]).status_code == 404
    assert client.get("/reports/prints").status_code in (404, 405)
    assert server.test_client().post("/reports/prints", json={"path": "/"}).status_code == 401
