"""The file of a target: what docs say works, and what is wrong is said with the near miss."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.settings import ROOT
from reports.transfer.problems import TargetError
from reports.transfer.targets import Timing, load

PAGE = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
SFTP = '[folder]\nat = "sftp://u@host/p"\nhost_key = "ssh-ed25519 AAAA"\nkey_file = "/k"\n'


def test_the_docs_have_a_target_of_each_kind_that_can_be_read(tmp_path: Path) -> None:
    shown = []
    for text in re.findall(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL):
        if "[target]" not in text:
            continue
        path = tmp_path / "warehouse.toml"
        path.write_text(text)
        found = load(path)
        shown.append(found.shown)
        assert found.schedule.words == "every day at 05:30"
    assert shown == [
        "sftp://sftp.plan.example/incoming/outreach", "s3://plan-reporting/outreach",
        "REACHBOARD_SQL_WAREHOUSE outreach_monthly",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[target]\nmonths = 13", "needs a section [folder] or [sql]"),
        ('[sql]\ndatabase = "a"\n[folder]\nat = "/srv"', "and one of them alone"),
        ('[folder]\nat = "/srv"\nhostkey = "x"', '[folder] hostkey: no such key; did you mean "host_key"?'),
        ('[foldr]\nat = "/srv"', '[foldr]: no such section; did you mean "folder"?'),
        ('[folder]\nat = "srv/reports"', '[folder] at: must be a place such as "/srv/reports"'),
        ('[folder]\nat = "ftp://host/x"', "[folder] at: must be a place"),
        ('[folder]\nat = "sftp://u:word@host/x"', "[folder] at: holds a secret; name it as token"),
        ('[folder]\nat = "sftp://host/x"', "[folder] at: names no user"),
        ('[folder]\nat = "sftp://u@host/x"', "[folder]: sftp:// needs host_key"),
        ('[folder]\nat = "s3://b"\nendpoint = "http://s3.example.org"', "endpoint: must begin with https://"),
        (SFTP + '[schedule]\nat = "25:00"', "[schedule] at: String should match"),
        (SFTP + '[target]\nformats = ["xls"]', "[target] formats 0: Input should be 'csv', 'parquet' or"),
        (SFTP + "[target]\nmonths = 0", "[target] months: Input should be greater than or equal to 1"),
        ('[sql]\ndatabase = "a"\ntable = "x; drop"', "[sql] table: String should match"),
        ("[target", "not valid TOML"),
    ],
)
def test_what_is_wrong_in_it_is_said(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "warehouse.toml"
    path.write_text(text)
    with pytest.raises(TargetError) as refused:
        load(path)
    assert words in str(refused.value)
    assert "word@" not in str(refused.value)
    assert str(refused.value).startswith("warehouse.toml: ")


def test_every_mistake_is_told_at_once_and_the_name_is_plain(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.toml"
    path.write_text('[folder]\nat = "/srv"\nfoo = 1\n[schedule]\nfailures = 0\n')
    with pytest.raises(TargetError) as refused:
        load(path)
    assert len(str(refused.value).splitlines()) == 2
    other = tmp_path / "Ware house.toml"
    other.write_text('[folder]\nat = "/srv"\n')
    with pytest.raises(TargetError, match="name it in lower-case letters"):
        load(other)


@pytest.mark.parametrize(
    ("now", "next_"),
    [
        ("2026-11-20T09:00", "2026-11-20T10:30"),
        ("2026-11-20T10:30", "2026-11-21T10:30"),
        ("2026-11-21T03:00", "2026-11-21T10:30"),
        ("2026-03-07T12:00", "2026-03-08T09:30"),
    ],
)
def test_it_is_due_at_a_time_of_day_of_the_plan(now: str, next_: str) -> None:
    def us(text: str) -> int:
        return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1_000_000)

    assert Timing(at="05:30").next_us(us(now), "America/New_York") == us(next_)
