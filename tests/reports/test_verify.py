"""What a receiver is told of the files beside a manifest, whatever happened to them on the way."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from config.settings import ROOT
from data.metrics import DEFINITIONS_VERSION
from reports.__main__ import main
from reports.manifest import Manifest, checksum
from reports.monthly_export import COLUMNS, SCHEMA, Monthly, written
from reports.monthly_files import KINDS, laid
from reports.verify import verified


def made(folder: Path, month: int = 202610, rows: int = 7) -> Path:
    """A month's files and manifest, as a receiver has them; the path of the manifest."""
    row = {
        "schema": SCHEMA, "snapshot": 3, "definitions": DEFINITIONS_VERSION, "month": written(month),
        "campaign": "flu", "campaign_name": 'Flu, "2026"', "channel": "email", "unit": "msg",
        "additive": True, "approximate": False, "status": "released", "suppressed": False, "complete": True,
    }  # fmt: skip
    table = [{**row, "metric": f"m{n}", "value": 100.0 + n, "reason": "two\nlines"} for n in range(rows)]
    frame = pl.DataFrame(table, schema=COLUMNS)
    one = Monthly(month, (), 3, frame, f"{month}" * 10)
    files = tuple(laid(one, list(KINDS), folder))
    manifest = Manifest(written(month), 3, DEFINITIONS_VERSION, one.content, rows, files)
    path = folder / manifest.name
    path.write_bytes(manifest.dumped())
    return path


def of(path: Path, kind: str) -> Path:
    return next(path.parent.glob(f"*{path.name[19:26]}*.{kind}"))


def test_what_came_whole_verifies_without_lake_settings_or_network(tmp_path: Path) -> None:
    path = made(tmp_path)
    broken = {"REACHBOARD_PORT": "none", "REACHBOARD_VAR": "/nowhere", "PATH": ""}
    command = [sys.executable, "-m", "reports", "verify", str(path)]
    told = subprocess.run(command, cwd=ROOT, env=broken, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout == f"{path.name}: as it was sent: 3 files of 7 rows each, 2026-10, snapshot 3.\n"


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def missing(path: Path) -> None:
    path.unlink()


def extra_row(path: Path) -> None:
    lines = path.read_bytes().split(b"\r\n")
    path.write_bytes(b"\r\n".join([*lines[:2], lines[1], *lines[2:]]))


def one_less(path: Path) -> None:
    rows = pl.read_parquet(path).head(6)
    rows.write_parquet(path)


def another_month(path: Path) -> None:
    other = path.parent / "other"
    other.mkdir()
    path.write_bytes(of(made(other, 202611), path.suffix[1:]).read_bytes())


@pytest.mark.parametrize(
    ("kind", "spoil", "words"),
    [
        ("csv", flip, "its bytes were changed"),
        ("parquet", flip, "its bytes were changed"),
        ("json", flip, "its bytes were changed"),
        ("csv", cut, "is cut off"),
        ("parquet", cut, "cannot be read as parquet"),
        ("json", cut, "cannot be read as json"),
        ("csv", missing, "is missing beside the manifest"),
        ("csv", extra_row, "1 row too many: it holds 8, and the manifest says 7"),
        ("parquet", one_less, "1 row missing: it holds 6, and the manifest says 7"),
        ("csv", another_month, "its rows are of month 2026-11, and the manifest says 2026-10"),
        ("json", another_month, "its rows are of month 2026-11"),
    ],
)
def test_every_kind_of_harm_is_found_and_said(
    tmp_path: Path, kind: str, spoil: Callable[[Path], None], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = made(tmp_path)
    file = of(path, kind)
    spoil(file)
    assert main(["verify", str(path)]) == 1
    told = capsys.readouterr().err
    assert f"{file.name}: " in told
    assert words in told
    assert "fetch" in told, "it says what to do next"
    assert "Load nothing of it." in told
    others = [one.name for one in tmp_path.iterdir() if one not in (file, path)]
    assert not [name for name in others if f"{name}: " in told], "nothing else is blamed"


def test_files_that_changed_places_are_both_found(tmp_path: Path) -> None:
    path = made(tmp_path)
    one, two = of(path, "csv"), of(path, "json")
    held = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(held)
    wrong = verified(path)[1]
    assert {line.split(":")[0] for line in wrong} == {one.name, two.name}


def test_a_manifest_that_was_changed_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = made(tmp_path)
    body = json.loads(path.read_text())
    path.write_text(json.dumps({**body, "rows": 8}))
    assert main(["verify", str(path)]) == 1
    assert "it is not as it was written" in capsys.readouterr().err
    for text in ("", "{}", "[1]", '{"files": [{}]}'):
        path.write_text(text)
        assert verified(path)[1] == [f"{path.name}: it is no manifest of a monthly export; fetch it again"]
    later = {**body, "manifest": "reachboard-monthly/9"}
    path.write_text(json.dumps({**later, "sha256": checksum(later)}))
    assert "update one of them" in verified(path)[1][0]
    assert "No such file" in verified(tmp_path / "none.manifest.json")[1][0]


def test_a_manifest_never_leads_out_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("not for it")
    folder = tmp_path / "in"
    folder.mkdir()
    path = made(folder)
    body = json.loads(path.read_text())
    body["files"][0]["name"] = "../secret"
    path.write_text(json.dumps({**body, "sha256": checksum(body)}))
    assert "names a file outside its folder" in verified(path)[1][0]
