"""Every page, callback, file and route, fired for every role: the answers are those of the table."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.files import ENDPOINTS
from app import shelf
from app.factory import create_app
from app.matrix import Kind, Line, lines
from app.pages import PAGES
from config.permissions import PEOPLE, PERMISSIONS, Role
from config.settings import Settings
from pages.registry import NEEDS, TABLES
from pages.table import ListTable
from tests.asking import fire, guard_of, secret_wires, show, signed_in
from tests.places import CAMPAIGN, LINE, SCOPED, query_of, values_of

WHO: list[str | None] = [None, *PEOPLE, SCOPED]
FILLED = {
    "id": "0" * 32,
    "campaign_id": CAMPAIGN,
    "name": "nothing",
    "filename": "20-frame.css",
    "package_name": "dash",
    "fingerprinted_path": "nothing.js",
}


# Tables of one thing, which the address has to name.
NAMED = {("data", "lineage"), ("data", "touched"), ("data", "bridge"), ("reports", "moved")}


@pytest.fixture(scope="module")
def server(sample: Settings) -> Flask:
    made = create_app(sample.model_copy(update={"demo_lines": (LINE,)}), [*PAGES, secret_wires()])
    shelf.keeper(made).renew()
    return made


def role_of(who: str | None) -> Role | None:
    return None if who is None else Role(who.partition(":")[0])


def known(server: Flask, who: str | None, anew: bool = False) -> FlaskClient:
    """A browser of somebody; the same one again, but for what may sign it out."""
    held: dict[str | None, FlaskClient] = server.extensions.setdefault("tests.browsers", {})
    if anew or who not in held:
        client = signed_in(server, who)
        return client if anew else held.setdefault(who, client)
    return held[who]


def answers(server: Flask, line: Line, who: str | None) -> Iterator[int]:
    """The statuses of a line for somebody; of a route, one per method."""
    client = known(server, who, anew=line.name.startswith("/sign"))
    if line.kind is Kind.CALLBACK:
        yield fire(server, client, line.name, values_of(line.where)).status_code
        return
    query = f"?{query_of(line.name)}" if line.kind in (Kind.PAGE, Kind.FILE) else ""
    address = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: FILLED[found[1]], line.name) + query
    for method in line.where.split(", ") if line.kind is Kind.ROUTE else ["GET", "HEAD"]:
        with client.open(address, method=method) as response:
            yield response.status_code


@pytest.mark.parametrize("who", WHO, ids=str)
@pytest.mark.parametrize("kind", Kind)
def test_no_answer_deviates_from_the_permission_table(server: Flask, kind: Kind, who: str | None) -> None:
    told = [line for line in lines(server) if line.kind is kind]
    assert told
    deviations = [
        (line.name, status, sorted(line.statuses(role_of(who))))
        for line in told
        for status in answers(server, line, who)
        if status not in line.statuses(role_of(who)) | may_also_be(line, who)
    ]
    assert deviations == []


def may_also_be(line: Line, who: str | None) -> set[int]:
    """What an allowed request may be told instead: an empty body or a name that is not there; and a limited
    viewer gets no list of loads and the like, which tell of everybody's campaigns.
    """
    if not line.allows(role_of(who)):
        return set()
    if line.kind is Kind.FILE:
        page, table = line.name.split(".")[0].split("/")[1:]
        of_another = who == SCOPED and isinstance(TABLES[page][table], ListTable)
        return {404} if of_another or (page, table) in NAMED else set()
    return {400, 404} if line.kind is Kind.ROUTE else set()


def test_the_matrix_names_all_there_is(server: Flask) -> None:
    told = {(line.kind, line.name) for line in lines(server)}
    guard = guard_of(server)
    dashboard = server.extensions["dashboard"]
    assert {name for kind, name in told if kind is Kind.PAGE} == {page.path for page in guard.listed}
    assert {name for kind, name in told if kind is Kind.CALLBACK} == set(dashboard.callback_map)
    routes = {rule.rule for rule in server.url_map.iter_rules()}
    files = {rule.rule for rule in server.url_map.iter_rules() if rule.endpoint in ENDPOINTS}
    assert routes - {name for _, name in told} <= {"/", "/<path:path>", *files}
    assert {name for kind, name in told if kind is Kind.FILE} == {
        f"/{page}/{table}.{end}"
        for page, tables in TABLES.items()
        for table in tables
        for end in ("csv", "csv.json", "parquet", "parquet.json", "xlsx", "xlsx.json")
    }
    assert set(TABLES) <= {page.name for page in guard.listed}
    own = {page.name: page.needs for page in guard.listed}
    assert {page: own[page] for page in NEEDS} == NEEDS
    assert NEEDS.keys() == TABLES.keys()


@pytest.mark.parametrize("who", WHO[1:], ids=str)
def test_a_forbidden_page_and_file_look_exactly_like_missing_ones(server: Flask, who: str) -> None:
    client, role = signed_in(server, who), role_of(who)
    missing, gone = client.get("/no-such-page"), client.get("/overview/no-such-file.csv")
    nowhere = show(server, client, "/no-such-page").get_data()
    for line in lines(server):
        if line.allows(role) or line.kind not in (Kind.PAGE, Kind.FILE):
            continue
        answer = client.get(line.name)
        alike = missing if line.kind is Kind.PAGE else gone
        assert (answer.status_code, answer.get_data()) == (404, alike.get_data()), line.name
        assert _without_size(answer) == _without_size(alike)
        if line.kind is Kind.PAGE:
            assert show(server, client, line.name).get_data() == nowhere


def _without_size(answer: object) -> dict[str, str]:
    own = ("Date", "Session-Left", "X-Request-ID")
    return {name: value for name, value in answer.headers if name not in own}  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", PEOPLE)
def test_menu_and_dependencies_name_what_the_table_allows_and_no_more(server: Flask, role: Role) -> None:
    client = signed_in(server, role)
    menu = set(re.findall(r'data-path="([^"]*)"', client.get("/").text))
    offered = {spec["output"] for spec in client.get("/_dash-dependencies").json}
    told = lines(server)
    assert menu == {
        line.name for line in told if line.kind is Kind.PAGE and line.allows(role) and _linked(server, line)
    }
    wanted = {line.name for line in told if line.kind is Kind.CALLBACK and line.needs <= PERMISSIONS[role]}  # type: ignore[operator]
    assert offered == wanted


def _linked(server: Flask, line: Line) -> bool:
    return bool(guard_of(server).pages[line.name].icon)
