"""The README's own file: its blocks, imported as they stand."""

from __future__ import annotations

import re
from pathlib import Path

from config.settings import ROOT, Settings
from data.snapshot import Lake
from etl.__main__ import main


def _block(kind: str) -> str:
    found = re.search(rf"```{kind}\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert found, kind
    return found.group(1)


def test_the_readme_s_own_file_is_imported(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("REACHBOARD_VAR", str(tmp_path / "var"))
    (tmp_path / "visits.csv").write_text(_block("csv"), encoding="utf-8")
    (tmp_path / "visits.toml").write_text(_block("toml"), encoding="utf-8")
    words = ["import", str(tmp_path / "visits.csv"), "--mapping", str(tmp_path / "visits.toml")]

    assert main(words) == 0
    assert (
        "3 rows in = 3 loaded + 0 already present + 0 skipped by rule + 0 refused" in capsys.readouterr().out
    )

    assert main(words) == 0
    assert "3 rows in = 0 loaded + 3 already present" in capsys.readouterr().out
    messages = Lake(Settings(var=tmp_path / "var").lake).frame("messages")
    assert messages.select("campaign", "channel", "linked").rows() == [("flu-2026", "email", True)]
    assert messages["clicked_us"].null_count() == 0
