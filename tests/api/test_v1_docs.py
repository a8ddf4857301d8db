"""What docs/api.md says to ask is answered as it says."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from config.settings import ROOT
from tests.api.conftest import Asker, is_rest

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
ASKED = re.findall(r"^GET (\S+)$", PAGE, re.MULTILINE)
PROBLEMS = re.findall(r"^\| (\d{3}) \| .* \| `(/\S+)` \|$", PAGE, re.MULTILINE)
NAMED = re.findall(r"^\| `(/api/v1/\S+)` \|", PAGE, re.MULTILINE)


@pytest.mark.parametrize("address", ASKED)
def test_an_example_is_answered_with_rows_or_values(analyst: Asker, address: str) -> None:
    body = analyst.json(address)
    assert body.get("rows") or body.get("values") or body.get("campaigns")


@pytest.mark.parametrize(("status", "address"), PROBLEMS)
def test_a_mistake_is_told_as_it_says(analyst: Asker, status: str, address: str) -> None:
    assert analyst(address).status_code == int(status)


def test_every_address_stands_on_the_page(served: Flask) -> None:
    there = {rule.rule for rule in served.url_map.iter_rules() if is_rest(rule)}
    assert {name.replace("{", "<").replace("}", ">") for name in NAMED} == there
    assert len(ASKED) > 5
    assert len(PROBLEMS) == 3


def test_every_field_of_an_answer_stands_on_the_page(analyst: Asker) -> None:
    body = analyst.json(ASKED[0])
    fields = {*body, *body["rows"][0], *next(iter(body["rows"][0]["values"].values()))} - {"synthetic"}
    assert [name for name in fields if f"`{name}`" not in PAGE] == []
