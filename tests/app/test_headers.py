"""Headers: the content policy everywhere, nothing stored but static files, and those packed."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable

import brotli
import pytest
from flask.testing import FlaskClient

from app.files import PLOTLY, PLOTLY_ADDRESS, asset
from config.permissions import Role

Browse = Callable[[Role | None], FlaskClient]
ADDRESSES = ["/", "/vault", "/nowhere", "/sign-in", "/api/health", "/_dash-layout", asset("frame.js")]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("role", [None, Role.EXECUTIVE])
def test_every_answer_carries_the_policy(browse: Browse, address: str, role: Role | None) -> None:
    with browse(role).get(address) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "http" not in policy
        assert "unsafe-eval" not in policy
        assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert ("no-store" in answer.headers["Cache-Control"]) == (not address.startswith("/assets"))


def test_every_inline_script_is_in_the_policy(browse: Browse) -> None:
    answer = browse(Role.MANAGER).get("/")
    inline = re.findall(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>(.*?)</script>", answer.text, re.S
    )
    assert inline
    for script in inline:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/", "/sign-in", "/nowhere"])
def test_a_document_names_no_other_host_and_no_inline_style(browse: Browse, address: str) -> None:
    text = browse(Role.MANAGER).get(address).text
    assert not re.findall(r"""(?:src|href|action)=["'](?:https?:)?//""", text)
    assert not re.findall(r"\sstyle=|<style|\son\w+=", text)


def test_plotly_is_the_smaller_bundle_and_packed(browse: Browse) -> None:
    client = browse(None)
    with (
        client.get(PLOTLY_ADDRESS) as plain,
        client.get(PLOTLY_ADDRESS, headers={"Accept-Encoding": "br"}) as packed,
    ):
        assert plain.data == PLOTLY.read_bytes()
        assert packed.headers["Content-Encoding"] == "br"
        assert brotli.decompress(packed.data) == plain.data


def test_static_files_are_packed_and_kept_for_ever(browse: Browse) -> None:
    client = browse(None)
    with client.get(asset("20-frame.css"), headers={"Accept-Encoding": "gzip, br"}) as answer:
        assert answer.headers["Content-Encoding"] == "br"
        assert "immutable" in answer.headers["Cache-Control"]
        assert b".top" in brotli.decompress(answer.data)


def test_a_browser_that_cannot_unpack_gets_it_plain(browse: Browse) -> None:
    with browse(None).get(asset("20-frame.css")) as answer:
        assert "Content-Encoding" not in answer.headers
        assert b".top" in answer.data


@pytest.mark.parametrize("name", ["../app/factory.py", "..%2fpyproject.toml", "nothing.css"])
def test_no_file_outside_the_folder_is_served(browse: Browse, name: str) -> None:
    assert browse(None).get(f"/assets/{name}").status_code in (303, 404)
