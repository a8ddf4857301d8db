"""Generated files say what the code says."""

from __future__ import annotations

import pytest

from app import docs


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
