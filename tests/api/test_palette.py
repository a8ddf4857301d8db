"""The search over everything: near misses find, small answers, and nothing that a viewer may not know of."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import shelf
from app.factory import create_app
from config.permissions import PEOPLE, PERMISSIONS, Permission, Role
from config.settings import Settings
from data.viewer import EVERYTHING
from exports.owner import owner_of
from pages.palette import Entry, nearest
from tests.asking import signed_in
from tests.places import LINE, SCOPED


@pytest.fixture(scope="module")
def server(sample: Settings) -> Flask:
    made = create_app(sample.model_copy(update={"demo_lines": (LINE,)}))
    shelf.keeper(made).renew()
    return made


def found(client: FlaskClient, typed: str) -> list[list[str]]:
    answer = client.get("/palette.json", query_string={"q": typed})
    assert answer.status_code == 200
    assert len(answer.data) < 4_000
    rows: list[list[str]] = answer.json
    return rows


def test_pages_campaigns_and_figures_are_found_by_parts_of_their_names(server: Flask) -> None:
    client = signed_in(server, Role.MANAGER)
    cubes = shelf.keeper(server).current()
    assert ["Page", "Overview", "", "/"] in found(client, "")
    assert found(client, "expl")[0] == ["Page", "Explore", "", "/explore"]
    assert ["Figure", "/definitions#metric-click_rate"] in [[r[0], r[3]] for r in found(client, "clck rate")]
    for campaign in list(cubes.campaigns.values())[:6]:
        assert campaign.name in [row[1] for row in found(client, campaign.name)]
        assert f"/campaign?campaign={campaign.id}" in [row[3] for row in found(client, campaign.id)]
    assert found(client, "no such thing at all") == []
    assert found(client, "x" * 500) == []


def test_the_best_come_first_and_no_kind_fills_the_list() -> None:
    named = [Entry("Figure", f"Rate {n}", "", "/") for n in range(20)]
    offered = [*named, Entry("Campaign", "The rate", "", "/"), Entry("Campaign", "Rate", "", "/")]
    rows = nearest("rate", offered)
    assert rows[0].name == "Rate"
    assert sum(row.kind == "Figure" for row in rows) == 5
    assert {row.kind for row in rows} == {"Figure", "Campaign"}


@pytest.mark.parametrize("role", PEOPLE)
def test_a_role_finds_its_own_pages_alone(server: Flask, role: Role) -> None:
    client = signed_in(server, role)
    menu = set(re.findall(r'data-path="([^"]*)"', client.get("/").text))
    pages = {row[3] for letter in "abcdefghilmoprstuvx" for row in found(client, letter) if row[0] == "Page"}
    assert pages <= menu
    assert pages
    assert ("/ledger" in pages) == (Permission.VIEW_LEDGER in PERMISSIONS[role])


def test_a_campaign_out_of_scope_is_never_told(server: Flask) -> None:
    limited = signed_in(server, SCOPED)
    cubes = shelf.keeper(server).current()
    others = [one for one in cubes.campaigns.values() if one.line_of_business != LINE]
    own = [one for one in cubes.campaigns.values() if one.line_of_business == LINE]
    assert others
    assert own
    told = " ".join(str(found(limited, text)) for one in others for text in (one.name, one.id))
    assert [one.name for one in others if f"'{one.name}'" in told] == []
    assert own[0].name in str(found(limited, own[0].name))


def test_a_report_is_found_by_its_id_by_who_may_open_it(server: Flask) -> None:
    analyst = signed_in(server, Role.ANALYST)
    taken = analyst.get("/explore.pdf?metrics=sent")
    (named,) = re.findall(r"rb-\w{5}-\w{5}", taken.headers["Content-Disposition"])
    id = named.upper()
    for typed in (id, named, id.replace("-", " ")):
        assert [row[3] for row in found(analyst, typed) if row[0] == "Report"] == [f"/reports?report={id}"]
    limited = signed_in(server, SCOPED)
    assert [row for row in found(limited, id) if row[0] == "Report"] == []


def test_a_shared_view_is_found_by_who_sees_as_much(server: Flask) -> None:
    store = server.extensions["reachboard.store"]
    view = store.views.save(
        "/explore", "Explore", "metrics=sent", "Zebra", "Somebody", owner_of(EVERYTHING).scope
    )
    assert found(signed_in(server, Role.MANAGER), "zebra") == []
    store.views.share(view.id, "manager", "Somebody")
    row = ["View", "Zebra", "Explore, by Somebody", "/explore?metrics=sent"]
    assert found(signed_in(server, Role.MANAGER), "zebra")[0] == row
    assert found(signed_in(server, Role.ANALYST), "zebra") == []
    store.views.remove(view.id, "Somebody")
    assert found(signed_in(server, Role.MANAGER), "zebra") == []
