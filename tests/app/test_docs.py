"""Generated files say what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app import docs
from config.settings import ROOT


@pytest.mark.parametrize("name", docs.GENERATED)
def test_generated_file_is_up_to_date(name: str) -> None:
    assert name not in docs.stale(), f"{name} is out of date: run `make docs` and commit it"


def test_writing_settles(tmp_path, monkeypatch) -> None:
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr(docs, "ROOT", tmp_path)
    assert docs.write_all() == list(docs.GENERATED)
    assert docs.stale() == []
    (tmp_path / "docs/settings.md").write_text("edited by hand")
    assert docs.stale() == ["docs/settings.md"]


def test_every_test_that_the_security_page_names_is_there() -> None:
    named = re.findall(r"(\w+\.py)?::(test_\w+)", (ROOT / "docs/security.md").read_text())
    files = re.findall(r"\btest_\w+\.py", (ROOT / "docs/security.md").read_text())
    there = list(Path(__file__).parents[1].rglob("test_*.py"))
    text = "".join(path.read_text() for path in there)
    assert len(named) > 20
    assert set(files) <= {path.name for path in there}
    assert [test for _, test in named if f"def {test}(" not in text] == []
