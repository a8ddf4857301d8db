"""What the browser gets from others is what the list says, with its licence, and asks no other host."""

from __future__ import annotations

import gzip
import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any

import brotli
import pytest
from plotly.offline import get_plotlyjs_version

from config.settings import ROOT

ASSETS = ROOT / "assets"
LISTED = tomllib.loads((ASSETS / "vendor.toml").read_text())["asset"]
each = pytest.mark.parametrize("asset", LISTED, ids=[asset["package"] for asset in LISTED])


def target(asset: dict[str, Any]) -> Path:
    return (ASSETS / asset["to"]).resolve()


@each
def test_file_has_its_sum(asset: dict[str, Any]) -> None:
    assert hashlib.sha256(target(asset).read_bytes()).hexdigest() == asset["sha256"], "run `make vendor`"


@each
def test_licence_is_kept(asset: dict[str, Any]) -> None:
    folder = ASSETS / "licences" if target(asset).is_relative_to(ASSETS) else target(asset).parent
    licence = (folder / (asset["package"].strip("@").replace("/", "-") + ".txt")).read_text()
    words = {
        "MIT": "Permission is hereby granted",
        "OFL-1.1": "SIL Open Font License",
        "MPL-2.0": "Mozilla Public",
    }
    assert words[asset["licence"]].lower() in licence.lower()


def test_charts_are_drawn_by_the_version_that_plotly_expects() -> None:
    (charts,) = (asset for asset in LISTED if asset["package"].startswith("plotly.js"))
    assert charts["version"] == get_plotlyjs_version()
    assert f"v{get_plotlyjs_version()}".encode() in target(charts).read_bytes()[:300]


@each
def test_compressed_forms_hold_the_same_bytes(asset: dict[str, Any]) -> None:
    if not asset.get("compress"):
        pytest.skip("compressed when it is sent")
    plain = target(asset)
    assert brotli.decompress(plain.with_name(plain.name + ".br").read_bytes()) == plain.read_bytes()
    assert gzip.decompress(plain.with_name(plain.name + ".gz").read_bytes()) == plain.read_bytes()


@pytest.mark.parametrize("sheet", sorted(ASSETS.rglob("*.css")), ids=lambda path: path.name)
def test_style_sheets_ask_for_nothing_from_elsewhere(sheet: Path) -> None:
    text = sheet.read_text(encoding="utf-8")
    assert "sourceMappingURL" not in text
    assert not re.search(r"@import", text)
    outside = [url for url in re.findall(r"""url\(["']?([^"')]+)""", text) if not url.startswith("data:")]
    assert [url for url in outside if not (sheet.parent / url).is_file()] == []
