"""Headers, pages and files are not made of what somebody typed: lines that end, tags, formulas, paths."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from flask import Flask

from app import guard as rules
from exports.formats import neutralised
from tests.asking import signed_in

ENDS = ("\r\nX-Evil: 1", "\nSet-Cookie: evil=1", "\r\n\r\n<script>evil()</script>", "\u560a\u560dX-Evil: 1")
NAMES = (
    "next",
    "campaign",
    "program",
    "channel",
    "period",
    "from",
    "to",
    "why",
    "by",
    "metrics",
    "cursor",
    "x",
)


def addresses(server: Flask) -> list[str]:
    """Every address that is read, with what its parts may be."""
    return sorted({rule.rule for rule in server.url_map.iter_rules() if "GET" in (rule.methods or ())})


@pytest.mark.parametrize("end", ENDS)
def test_no_line_that_ends_begins_a_header_of_its_own(server: Flask, end: str) -> None:
    client, typed = signed_in(server, "analyst"), quote(end)
    query = "&".join(f"{name}=a{typed}" for name in NAMES)
    for rule in addresses(server):
        for address in (re.sub(r"<[^>]*>", "x", rule) + f"?{query}", re.sub(r"<[^>]*>", f"x{typed}", rule)):
            with client.get(address) as answer:
                assert answer.status_code < 500, address
                assert "X-Evil" not in answer.headers
                assert "evil" not in answer.headers.get("Set-Cookie", "")
                assert "\n" not in "".join(f"{name}{value}" for name, value in answer.headers)


@pytest.mark.parametrize("end", ENDS)
def test_none_comes_back_from_a_form(server: Flask, end: str) -> None:
    for data in ({"role": "manager", "next": f"/{end}"}, {"role": end}, {"role": "manager", "next": end}):
        answer = server.test_client().post("/sign-in", data=data)
        assert answer.status_code in (303, 400)
        assert re.fullmatch(r"/[!-~]*", answer.headers.get("Location", "/")), "encoded, where it is one"
        assert "X-Evil" not in answer.headers


TAG = "<script>evil()</script>\"'><img src=x onerror=evil()>"


def test_what_is_typed_into_an_address_is_no_part_of_a_document(server: Flask) -> None:
    client = signed_in(server, "analyst")
    for address in ("/", "/campaign", "/compare", "/data", "/definitions", "/sign-in", "/nowhere"):
        for asker in (client, server.test_client()):
            answer = asker.get(f"{address}?{'&'.join(f'{name}={quote(TAG)}' for name in NAMES)}")
            assert "<script>evil" not in answer.text, address
            assert "<img src=x" not in answer.text
    assert "<script>evil" not in client.get(f"/{quote(TAG)}").text
    assert "<script>evil" not in client.post(rules.CALLBACK, json={"output": TAG}).text


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https:evil.example", "/\\evil.example", "/%0aevil", "\t//e"]
)
def test_no_way_back_leads_to_another_site(server: Flask, wanted: str) -> None:
    answer = server.test_client().post("/sign-in", data={"role": "manager", "next": wanted})
    place = answer.headers["Location"]
    assert place.startswith("/")
    assert not place.startswith(("//", "/\\"))


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "|", "%"])
def test_no_cell_of_a_file_is_a_formula(sign: str) -> None:
    import polars as pl

    made = neutralised(pl.DataFrame({"name": [f"{sign}HYPERLINK(1)"]}))
    assert made["name"][0][:1] not in {"=", "+", "-", "@", "\t", "\r"}
