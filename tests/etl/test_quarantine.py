"""The quarantine: unreadable without the secret, expiring, and mended rows stay the rows they were."""

from __future__ import annotations

import csv
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from data.identify import Pseudonyms
from etl.intake import Batch, IntakeError
from etl.quarantine import DAY_US, Quarantine
from etl.sources.toml import load_mapping

Intake = Callable[..., Batch]
ZONE = "America/New_York"
MAPPING = """
[source]
name = "log"
kind = "event"
[file]
delimiter = ";"
[fields]
event = "event"
at = { column = "at", format = "%d-%m-%Y" }
member = "member"
campaign = "campaign"
[key]
none = true
"""
ROWS = """event;at;member;campaign
sent;01-03-2026;A;flu
snt;01-03-2026;B;"flu; 2026"
sent;2026-03-01;C;flu
sent;01-03-2026;D
opened;01-03-2026;E;flu
"""
LOAD = -42


@pytest.fixture
def quarantine(tmp_path: Path) -> Quarantine:
    return Quarantine(tmp_path / "quarantine", b"the secret of the plan", keep_days=30)


@pytest.fixture
def kept(quarantine: Quarantine, intake: Intake) -> Quarantine:
    assert quarantine.write(LOAD, intake(MAPPING, ROWS), now_us=1_000) == 3
    return quarantine


def mended(tmp_path: Path, old: str, new: str):  # type: ignore[no-untyped-def]
    assert old in MAPPING
    (tmp_path / "mended.toml").write_text(MAPPING.replace(old, new))
    return load_mapping(tmp_path / "mended.toml")


def test_rows_come_back_as_they_were_written(kept: Quarantine) -> None:
    rows = kept.rows(LOAD)
    assert rows["row"].to_list() == [2, 3, 4]
    assert rows["raw"].to_list() == [
        'snt;01-03-2026;B;"flu; 2026"\n',
        "sent;2026-03-01;C;flu\n",
        "sent;01-03-2026;D\n",
    ]


def test_an_entry_tells_where_from_and_why(kept: Quarantine) -> None:
    (entry,) = kept.entries()
    assert (entry.load_id, entry.source, entry.file_name, entry.rows) == (LOAD, "log", "rows.csv", 3)
    assert entry.reasons == {
        'event: a value that the mapping does not know; near "sent"': 1,
        "at: not a date and time in the format %d-%m-%Y": 1,
        "row: 3 fields where the header has 4": 1,
    }


def test_nothing_is_readable_without_the_secret(kept: Quarantine, tmp_path: Path) -> None:
    (path,) = kept.folder.iterdir()
    raw = path.read_bytes()
    for word in (b"flu", b"rows.csv", b"log", b"2026"):
        assert word not in raw
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(IntakeError, match="damaged, or was written under another secret"):
        Quarantine(kept.folder, b"another secret").entries()
    path.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    with pytest.raises(IntakeError, match="damaged"):
        kept.rows(LOAD)


def test_a_clean_load_leaves_no_file(quarantine: Quarantine, intake: Intake) -> None:
    assert quarantine.write(LOAD, intake(MAPPING, "\n".join(ROWS.splitlines()[:2])), now_us=1_000) == 0
    assert quarantine.entries() == []


def test_rows_expire(kept: Quarantine) -> None:
    assert kept.purge(1_000 + 30 * DAY_US - 1) == []
    assert kept.purge(1_000 + 30 * DAY_US) == [LOAD]
    assert kept.entries() == []


def test_rows_are_taken_out_one_by_one(kept: Quarantine) -> None:
    assert kept.remove(LOAD, [2, 4]) == 1
    assert kept.entry(LOAD).rows == 1
    assert kept.remove(LOAD, [3]) == 0
    with pytest.raises(IntakeError, match="has no refused rows"):
        kept.rows(LOAD)


def test_a_mended_mapping_reads_the_rows_it_was_meant_for(
    kept: Quarantine, tmp_path: Path, pseudonyms: Pseudonyms, accounted: Callable[[Batch], Batch]
) -> None:
    mapping = mended(tmp_path, '"%d-%m-%Y"', '["%d-%m-%Y", "iso"]')
    batch = kept.replay_batch(LOAD, mapping, pseudonyms, ZONE)
    assert batch.rows_in == 3
    assert batch.tables["events"]["row"].to_list() == [3]
    assert batch.refused["row"].to_list() == [2, 4]


def test_a_replayed_row_has_the_identity_it_would_have_had(
    kept: Quarantine, tmp_path: Path, pseudonyms: Pseudonyms, intake: Intake
) -> None:
    mapping = mended(tmp_path, '"%d-%m-%Y"', '["%d-%m-%Y", "iso"]')
    replayed = kept.replay_batch(LOAD, mapping, pseudonyms, ZONE).tables["events"]
    whole = intake(MAPPING.replace('"%d-%m-%Y"', '["%d-%m-%Y", "iso"]'), ROWS).tables["events"]
    assert replayed.equals(whole.filter(whole["row"] == 3))


def test_what_is_refused_again_can_be_replayed_again(
    kept: Quarantine, tmp_path: Path, pseudonyms: Pseudonyms, intake: Intake
) -> None:
    first = kept.replay_batch(LOAD, mended(tmp_path, '"%d-%m-%Y"', '["%d-%m-%Y", "iso"]'), pseudonyms, ZONE)
    kept.write(7, first, now_us=2_000)
    kept.remove(LOAD, [2, 3, 4])
    mapping = mended(tmp_path, 'event = "event"', 'event = { column = "event", map = { snt = "sent" } }')
    second = kept.replay_batch(7, mapping, pseudonyms, ZONE)
    whole = intake(
        MAPPING.replace('event = "event"', 'event = { column = "event", map = { snt = "sent" } }'), ROWS
    )
    events = whole.tables["events"]
    assert second.tables["events"].equals(events.filter(events["row"] == 2))
    assert second.sha256 != first.sha256


def test_corrected_rows_are_replayed(
    kept: Quarantine, tmp_path: Path, pseudonyms: Pseudonyms, accounted: Callable[[Batch], Batch]
) -> None:
    path = tmp_path / "refused.csv"
    assert kept.export(LOAD, path) == 3
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open(newline="") as source:
        rows = list(csv.reader(source))
    assert rows[0] == ["_row", "_column", "_reason", "event", "at", "member", "campaign"]
    assert rows[1][3:] == ["snt", "01-03-2026", "B", "flu; 2026"]
    rows[1][3], rows[2][4], rows[3] = "sent", "01-03-2026", [*rows[3], "a1c"]
    with path.open("w", newline="") as out:
        csv.writer(out).writerows(rows)
    batch = kept.replay_batch(LOAD, mended(tmp_path, "none", "none"), pseudonyms, ZONE, path)
    assert batch.refused.height == 0
    assert batch.tables["events"]["campaign"].to_list() == ["flu; 2026", "flu", "a1c"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", '"_row" is missing'),
        ("_row,_column,_reason,event,at,membr,campaign\n", '"member" is missing; did you mean "membr"'),
        ("_row,_column,_reason,event,at,member,campaign\n9,,,sent,,,\n", '_row "9" is not in the quarantine'),
        ("_row,_column,_reason,event,at,member,campaign\n2,,,a,,,\n2,,,b,,,\n", "_row 2 stands twice"),
    ],
)
def test_a_corrected_file_that_is_not_the_exported_one_is_an_error(
    kept: Quarantine, tmp_path: Path, pseudonyms: Pseudonyms, text: str, said: str
) -> None:
    (tmp_path / "c.csv").write_text(text)
    with pytest.raises(IntakeError, match=said):
        kept.replay_batch(LOAD, mended(tmp_path, "none", "none"), pseudonyms, ZONE, tmp_path / "c.csv")


def test_rows_of_another_source_are_not_replayed(
    kept: Quarantine, tmp_path: Path, pseudonyms: Pseudonyms
) -> None:
    with pytest.raises(IntakeError, match='of the source "log", the mapping is of "other"'):
        kept.replay_batch(LOAD, mended(tmp_path, '"log"', '"other"'), pseudonyms, ZONE)


def test_campaign_records_are_replayed_too(
    quarantine: Quarantine, intake: Intake, tmp_path: Path, pseudonyms: Pseudonyms
) -> None:
    mapping = '[source]\nname = "c"\nkind = "campaigns"\n'
    batch = intake(mapping, '[[campaign]]\nid = "a"\nlag = 3\nstart = 2026-03-01\n', file="c.toml")
    quarantine.write(LOAD, batch, now_us=0)
    path = tmp_path / "refused.csv"
    quarantine.export(LOAD, path)
    path.write_text(path.read_text().replace("lag", "lag_days"))
    loaded = load_mapping(tmp_path / "mapping.toml")
    again = quarantine.replay_batch(LOAD, loaded, pseudonyms, ZONE, path)
    assert again.tables["campaigns"]["lag_days"].to_list() == [3]
