"""Drop folders here, by SFTP and in S3: whole files once, wrong ones not at all, with the reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from etl.__main__ import main
from etl.land import Landed
from etl.pull import foresee_pull
from etl.refresh import refresh
from etl.undo import undo
from tests.crashes import Crash, allow
from tests.drops import SUM, Drop, checksum, csv, old, packed
from tests.feeds import SECRET


def test_every_file_is_taken_once_packed_or_not_and_a_renamed_one_is_known(drop: Drop) -> None:
    drop.put("a.csv", csv(range(10)))
    drop.put("b.csv.gz", packed(csv(range(10, 30))))
    drop.put("readme.txt", b"no data")
    assert drop.rows() == {"a.csv": 10, "b.csv.gz": 20}
    assert drop.look() == {}
    drop.put("renamed.csv", csv(range(10)))
    drop.put("again.csv.gz", packed(csv(range(10))))
    drop.remove("a.csv")
    assert drop.look() == {}, "known by its content"
    drop.put("c.csv", csv(range(25, 40)))
    landed = drop.look()["c.csv"]
    assert isinstance(landed, Landed)
    assert (landed.loaded, landed.already_present) == (10, 5)
    assert drop.events() == 40
    assert drop.lake.frame("loads").height == 3


def test_a_file_waits_for_its_companion_and_a_wrong_checksum_loads_nothing(drop: Drop) -> None:
    drop.maps(SUM)
    good, bad = csv(range(10)), csv(range(10, 20))
    drop.put("good.csv", good)
    drop.put("bad.csv", bad)
    drop.put("bad.csv.sha256", checksum(b"another"))
    assert drop.look() == {
        "good.csv": "waits for good.csv.sha256",
        "bad.csv": "its SHA-256 is not the one that came with it",
    }
    assert drop.lake.frame("loads").is_empty()
    drop.put("good.csv.sha256", checksum(good).upper())
    found = drop.look()
    assert isinstance(found["good.csv"], Landed)
    assert found["bad.csv"] == "its SHA-256 is not the one that came with it", "it stands until it is mended"
    drop.put("bad.csv.sha256", checksum(bad) + b"more")
    assert drop.rows() == {"bad.csv": 10}
    assert drop.events() == 20


def test_a_wrong_count_refuses_the_file_as_a_whole(drop: Drop) -> None:
    drop.maps('stable = 0\ncount = "{stem}.count"')
    drop.put("a.csv.gz", packed(csv(range(10))))
    drop.put("a.count", b"11 rows\n")
    assert drop.look() == {"a.csv.gz": "has 10 rows, and the count that came with it says 11"}
    assert drop.lake.frame("loads").is_empty()
    drop.put("a.count", b"10")
    assert drop.rows() == {"a.csv.gz": 10}


def test_a_manifest_says_it_for_all_files(drop: Drop) -> None:
    drop.maps('stable = 0\nmanifest = "manifest.json"')
    one, two, three = csv(range(5)), csv(range(5, 9)), csv(range(9, 12))
    for name, content in (("1.csv", one), ("2.csv", two), ("3.csv", three)):
        drop.put(name, content)
    listed = [
        {"name": "1.csv", "sha256": checksum(one).decode()[:64], "rows": 5, "bytes": len(one)},
        {"file": "2.csv", "bytes": len(two) + 1},
    ]
    drop.put("manifest.json", json.dumps({"files": listed}).encode())
    found = drop.look()
    assert isinstance(found.pop("1.csv"), Landed)
    assert found == {
        "2.csv": f"has {len(two)} bytes, and its manifest says {len(two) + 1}",
        "3.csv": "waits until manifest.json names it",
    }
    drop.put(
        "manifest.json", json.dumps([*listed[:1], {"name": "2.csv", "rows": 4}, {"name": "3.csv"}]).encode()
    )
    found = drop.look()
    assert isinstance(found["2.csv"], Landed)
    assert found["3.csv"] == "manifest.json says neither a checksum, a count of rows nor a size"


@pytest.mark.parametrize(
    ("proof", "companion", "words"),
    [
        ("sha256", b"no checksum", "holds no SHA-256"),
        ("count", b"ten", "holds no count of rows"),
        ("manifest", b"{", "is no JSON"),
        ("manifest", b"[1]", "lists no files"),
        ("manifest", b'{"rows": -1}', "holds no whole number as rows"),
        ("manifest", b'{"sha256": "12"}', "holds no SHA-256 for it"),
    ],
)
def test_a_companion_that_says_nothing_is_told(local: Drop, proof: str, companion: bytes, words: str) -> None:
    local.maps(f'stable = 0\n{proof} = "{{file}}.{proof}"')
    local.put("a.csv", csv(range(3)))
    local.put(f"a.csv.{proof}", companion)
    assert words in str(local.look()["a.csv"])
    assert local.lake.frame("loads").is_empty()


def test_a_file_that_still_grows_is_left_alone(local: Drop, tmp_path: Path) -> None:
    local.maps("stable = 30")
    local.put("a.csv", csv(range(10)))
    assert local.look() == {"a.csv": "waits until it has not changed for 30 seconds"}
    old(tmp_path / "drop" / "a.csv", 31)
    assert local.rows() == {"a.csv": 10}
    local.maps('stable = 30\nsha256 = "{file}.sha256"')
    local.put("b.csv", csv(range(10))[:-20])
    local.put("b.csv.sha256", checksum(csv(range(10, 20))))
    assert local.look() == {"b.csv": "is still written"}, "the checksum came first; a.csv is there already"
    local.put("b.csv", csv(range(10, 20)))
    assert local.rows() == {"b.csv": 10}


def test_a_marker_is_enough(local: Drop) -> None:
    local.maps('ready = "{stem}.done"')
    local.put("a.csv", csv(range(10)))
    assert local.look() == {"a.csv": "waits for a.done"}
    local.put("a.done", b"")
    assert local.rows() == {"a.csv": 10}


def test_what_is_wrong_with_one_file_keeps_no_other_back(local: Drop, tmp_path: Path) -> None:
    local.put("1.csv", b"id,what\n1,sent\n")
    local.put("2.csv.gz", packed(csv(range(3)))[:-4])
    local.put("3.csv.gz", b"\x1f\x8b garbage")
    local.put("4.csv", b"")
    local.put("5\n.csv", csv(range(3)))
    local.put("6.csv", csv(range(3), "snt") + csv(range(3, 5)).split(b"\n", 1)[1])
    (tmp_path / "drop" / "7.csv").symlink_to("/etc/passwd")
    found = local.look()
    assert "has no column" in str(found["1.csv"])
    assert "cut short" in str(found["2.csv.gz"])
    assert "damaged" in str(found["3.csv.gz"])
    assert "is empty" in str(found["4.csv"])
    assert "cannot be shown; rename it" in str(found["'5\\n.csv'"])
    landed = found["6.csv"]
    assert isinstance(landed, Landed)
    assert (landed.loaded, landed.refused) == (2, 3), "single rows are refused alone, as ever"
    assert "7.csv" not in found
    local.mapping.write_text(
        local.mapping.read_text()
        .replace('at = "at"\n', "")
        .replace('member = "member"', 'message_id = "id"')
        .replace('campaign = "campaign"\n', "")
    )
    assert isinstance(local.look()["1.csv"], Landed), "a mended mapping reads what it can now"


def test_too_large_a_file_is_refused_also_where_it_is_packed(local: Drop) -> None:
    local.maps("stable = 0\nmost_mb = 1")
    local.put("a.csv", b"x" * (1 << 20) + b"y")
    local.put("b.csv.gz", packed(b"0" * (8 << 20)))
    found = local.look()
    assert "more than 1 MB" in str(found["a.csv"])
    assert "unpacks to more than 1 MB" in str(found["b.csv.gz"])


def test_losing_what_was_found_before_loses_and_doubles_nothing(drop: Drop) -> None:
    drop.put("a.csv", csv(range(10)))
    drop.look()
    for path in (drop.settings.lake / "_pulls").glob("*.json"):
        path.write_text("{ broken")
    assert drop.look() == {}
    assert drop.events() == 10
    assert isinstance(drop.look(anew=True)["a.csv"], Landed)
    assert drop.events() == 10


def test_a_file_whose_load_was_undone_comes_back_by_a_mended_mapping_alone(local: Drop) -> None:
    local.put("a.csv", csv(range(10), "snt"))
    landed = local.look()["a.csv"]
    assert isinstance(landed, Landed)
    undo(local.settings, landed.load_id, "somebody")
    assert local.look() == {}
    spelt = '{ column = "what", map = { snt = "sent" } }'
    local.mapping.write_text(local.mapping.read_text().replace('"what"', spelt))
    again = local.look()["a.csv"]
    assert isinstance(again, Landed)
    assert (again.loaded, again.refused) == (10, 0)


@pytest.mark.slow
def test_a_crash_at_any_write_neither_loses_nor_doubles(local: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(3):
        local.put(f"{n}.csv", csv(range(n * 100, n * 100 + 100)))
    crashes = 0
    for allowed in range(20):
        try:
            with monkeypatch.context() as patched:
                allow(patched, allowed)
                local.look()
        except Crash:
            crashes += 1
        else:
            break
    local.look()
    refresh(local.settings)
    assert crashes >= 3
    assert local.events() == 300
    assert local.lake.frame("loads")["loaded"].to_list() == [100, 100, 100]


Break = Callable[[Drop], None]


def test_a_dry_run_shows_the_first_file_and_changes_nothing(local: Drop) -> None:
    local.maps(SUM)
    local.put("0.csv", csv(range(5)))
    local.put("a.csv", csv(range(10)))
    local.put("a.csv.sha256", checksum(csv(range(10))))
    said = foresee_pull(local.settings, local.mapping)
    assert said is not None
    assert "0.csv: waits for 0.csv.sha256" in said
    assert "10 rows in: 10 to load" in said
    assert not (local.settings.lake / "_pulls" / "dropped.files.json").exists()
    assert local.lake.frame("loads").is_empty()


def test_the_command_takes_files_and_says_what_it_did_not(
    local: Drop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REACHBOARD_VAR", str(local.settings.var))
    monkeypatch.setenv("REACHBOARD_SECRET_KEY", SECRET)
    local.maps(SUM)
    local.put("a.csv", csv(range(10)))
    local.put("a.csv.sha256", checksum(csv(range(10))))
    local.put("b.csv", csv(range(10, 20)))
    local.put("b.csv.sha256", checksum(b""))
    assert main(["pull", str(local.mapping)]) == 0
    said = capsys.readouterr().out
    assert "a.csv: 10 rows in = 10 loaded" in said
    assert "b.csv: nothing of it is loaded: its SHA-256 is not the one that came with it" in said
