"""Figures that were told go with their load, and what returns is not told apart from what was told before."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl

from config.settings import Settings
from data.snapshot import Lake
from etl.door import import_file
from etl.refresh import refresh
from etl.undo import undo
from tests.feeds import settings_of

MAPPING = """
[source]
name = "{source}"
kind = "event"
[fields]
event_id = "id"
event = "event"
at = {{ column = "at", type = "datetime" }}
member = "member"
campaign = "campaign"
channel = {{ value = "email" }}
wave = "wave"
"""
START = date(2026, 3, 2)


def bring(settings: Settings, name: str, members: int, source: str = "mail", campaign: str = "c") -> int:
    """A file in which so many members were sent to, on seven days and in two waves."""
    folder = settings.var / "files"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{source}.toml").write_text(MAPPING.format(source=source), encoding="utf-8")
    rows = ["id,event,at,member,campaign,wave"]
    for n in range(members):
        day = START + timedelta(days=n % 7)
        rows.append(f"{name}{n},sent,{day}T15:00:00Z,{source}{n},{campaign},{'one' if n % 2 else 'two'}")
    (folder / f"{name}.csv").write_text("\n".join(rows), encoding="utf-8")
    return import_file(settings, folder / f"{name}.csv", folder / f"{source}.toml").load_id


def late(settings: Settings) -> None:
    """A row much later, so that everything before it is complete."""
    folder = settings.var / "files"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "late.toml").write_text(MAPPING.format(source="late"), encoding="utf-8")
    (folder / "late.csv").write_text(
        "id,event,at,member,campaign,wave\nl,sent,2026-09-01T15:00:00Z,L,later,one\n", encoding="utf-8"
    )
    import_file(settings, folder / "late.csv", folder / "late.toml")


def told(settings: Settings, view: str, column: str = "members_sent") -> dict[str, int]:
    lake = Lake(settings.lake)
    frame = lake.frame("released", lake.latest().versions["released"])
    own = frame.filter((pl.col("view") == view) & (pl.col("campaign") == "c")).drop_nulls(column)
    return dict(own.group_by(pl.col("value").fill_null("")).agg(pl.col(column).sum()).iter_rows())


def test_figures_go_with_their_load_and_return_as_they_were_told(tmp_path: Path) -> None:
    """120 members, then none, then a file with two more: the two are not told."""
    ours = settings_of(tmp_path)
    late(ours)
    first = bring(ours, "a", 120)
    refresh(ours)
    before = {view: told(ours, view) for view in ("operations", "wave")}
    assert sum(before["operations"].values()) == sum(before["wave"].values()) == 120
    undo(ours, first, "Ann")
    refresh(ours)
    assert not told(ours, "operations")
    assert not told(ours, "wave")
    refresh(ours, rebuild=True)
    assert not told(ours, "wave"), "nor does a rebuild tell it"
    bring(ours, "b", 122)
    refresh(ours)
    assert {view: told(ours, view) for view in before} == before
    bring(ours, "d", 40, source="more")
    refresh(ours)
    assert sum(told(ours, "operations").values()) == 162, "enough more are told"


def test_too_few_that_remain_do_not_move_what_was_told(tmp_path: Path) -> None:
    """Were the total told anew, or withdrawn, one would know that few remain."""
    ours = settings_of(tmp_path)
    late(ours)
    most = bring(ours, "a", 60)
    few = bring(ours, "f", 5, source="other")
    refresh(ours)
    assert sum(told(ours, "operations").values()) == 65
    undo(ours, few, "Ann")
    refresh(ours)
    assert sum(told(ours, "operations").values()) == 65
    undo(ours, most, "Ann")
    refresh(ours)
    assert not told(ours, "operations")


def test_a_cut_whose_attributes_were_undone_returns_as_it_was_told(tmp_path: Path) -> None:
    ours = settings_of(tmp_path)
    late(ours)
    bring(ours, "a", 120)
    regions = lambda north: [f"mail{n},{'north' if n < north else 'south'}" for n in range(120)]  # noqa: E731
    first = _members(ours, "m", regions(50))
    refresh(ours)
    before = told(ours, "region")
    assert before == {"north": 50, "south": 70}
    undo(ours, first, "Ann")
    refresh(ours)
    assert not told(ours, "region")
    assert sum(told(ours, "operations").values()) == 120
    _members(ours, "n", regions(52))
    refresh(ours)
    assert told(ours, "region") == before


def _members(settings: Settings, name: str, rows: list[str]) -> int:
    folder = settings.var / "files"
    (folder / "members.toml").write_text(
        '[source]\nname = "members"\nkind = "members"\n[fields]\nmember = "member"\n'
        '[attributes]\nregion = "region"\n',
        encoding="utf-8",
    )
    (folder / f"{name}.csv").write_text("\n".join(["member,region", *rows]), encoding="utf-8")
    return import_file(settings, folder / f"{name}.csv", folder / "members.toml").load_id
