"""Jobs over HTTP: started, followed and fetched by their owner, and missing to everybody else."""

from __future__ import annotations

import hashlib
import time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from state.exports import (
    DONE,
    OPEN,
    REMOVED,
)
from tests.asking import signed_in
from tests.places import LINE

PATIENCE = 120.0
CHANNELS = {"page": "overview", "table": "channels", "format": "csv", "period": "all_time"}


@pytest.fixture
def analyst(server: Flask) -> FlaskClient:
    return signed_in(server, "analyst")


def over_http(client: FlaskClient, **form: str) -> dict[str, object]:
    answer = client.post("/exports/jobs", data={**CHANNELS, **form})
    assert answer.status_code == 202, answer.text
    id = answer.json["id"]
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found: dict[str, object] = client.get(f"/exports/jobs/{id}").json
        if found["status"] not in OPEN:
            return found
        time.sleep(0.05)
    raise AssertionError("never ended")


def test_a_job_is_started_followed_and_fetched_by_its_owner_and_missing_to_others(
    server: Flask, analyst: FlaskClient
) -> None:
    job = over_http(analyst, why="Board")
    assert job["status"] == DONE
    address = f"/exports/jobs/{job['id']}"
    file, direct = analyst.get(f"{address}/file"), analyst.get("/overview/channels.csv?period=all_time")
    assert file.get_data() == direct.get_data()
    assert f"filename={job['file_name']}" in file.headers["Content-Disposition"].replace('"', "")
    sidecar = analyst.get(f"{address}/sidecar").json
    assert sidecar["file"]["sha256"] == hashlib.sha256(file.get_data()).hexdigest()
    file.close()
    missing = "/exports/jobs/" + "0" * 32
    for other in ("manager", f"manager:{LINE}"):
        client = signed_in(server, other)
        for method, path in (
            ("GET", ""),
            ("POST", ""),
            ("DELETE", ""),
            ("GET", "/file"),
            ("GET", "/sidecar"),
        ):
            answer, gone = (client.open(of + path, method=method) for of in (address, missing))
            assert (answer.status_code, answer.get_data()) == (404, gone.get_data())
        assert job["id"] not in client.get("/exports/jobs").text
    for stranger, status in (("executive", 404), (None, 401)):
        assert signed_in(server, stranger).get(f"{address}/file").status_code == status
    assert analyst.delete(address).json["status"] == REMOVED
    assert analyst.get(f"{address}/file").status_code == 404


def test_a_permission_that_is_lost_closes_the_download(
    server: Flask, analyst: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from config.permissions import PERMISSIONS, Permission, Role

    job = over_http(analyst, page="data", table="clocks")
    address = f"/exports/jobs/{job['id']}"
    analyst.get(f"{address}/file").close()
    for lost in (Permission.VIEW_DATA, Permission.EXPORT):
        with monkeypatch.context() as patch:
            patch.setitem(PERMISSIONS, Role.ANALYST, PERMISSIONS[Role.ANALYST] - {lost})
            without = signed_in(server, "analyst")
            assert without.get(f"{address}/file").status_code == 404, lost
            assert without.get(f"{address}/sidecar").status_code == 404, lost
    with analyst.get(f"{address}/file") as again:
        assert again.status_code == 200


JUNK = (
    "",
    "x",
    "..",
    "../../secret",
    "%2e%2e",
    "0" * 31,
    "0" * 33,
    "g" * 32,
    "0" * 31 + "/",
    "\u202e",
    "a b",
)


@pytest.mark.parametrize("name", JUNK)
def test_no_name_leads_out_of_the_folder(analyst: FlaskClient, name: str) -> None:
    for path in ("", "/file", "/sidecar"):
        for method in ("GET", "POST", "DELETE"):
            status = analyst.open(f"/exports/jobs/{name}{path}", method=method).status_code
            assert status in ((404, 405, 308, 200) if not name and method == "GET" else (404, 405, 308))
    for field in ("page", "table", "format"):
        assert analyst.post("/exports/jobs", data={**CHANNELS, field: name}).status_code in (400, 404)


def test_a_reason_that_cannot_be_kept_and_unknown_filters_are_refused(analyst: FlaskClient) -> None:
    for form in ({"why": "x" * 201}, {"why": "a\x00b"}, {"channel": "emial"}, {"period": "never"}):
        answer = analyst.post("/exports/jobs", data={**CHANNELS, **form})
        assert answer.status_code == 400, form
        assert answer.json["error"]
    assert analyst.get("/exports/jobs").json["exports"] == []
