"""A file from the upload page: taken in, guessed at, looked at, loaded by the same engine as an import."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from pathlib import Path

import pytest

from config.settings import Settings
from data.snapshot import Lake
from etl import asked, bring
from etl.bring import Bringing
from etl.door import import_file, quarantine_of
from etl.shelter import Shelter, TooLarge
from etl.sources.problems import IntakeError
from state.desk import UploadRefused
from state.replays import NotNow
from state.store import Store
from state.uploads import Stage

ROWS = """id;what;when;member_id;campaign
1;Send;14/03/2026 09:05;M10001;flu-2026
2;Open;15/03/2026 09:05;M10001;flu-2026
3;Zapped;15/03/2026 09:05;M10002;flu-2026
4;Send;never;M10003;flu-2026
"""


@pytest.fixture
def desk(settings: Settings) -> Bringing:
    return Bringing(settings, Store(settings.state))


def draft(desk: Bringing, id: str, **more: object) -> dict[str, object]:
    """The guess, with the column of events named by hand: no vendor calls it `what`."""
    found = desk.opened(id, "Ann").draft
    columns = [dict(one) for one in found["columns"]]
    for one in columns:
        if one["name"] == "what":
            one |= {"means": "event", "words": {"Send": "sent", "Open": "opened"}}
    return {**found, "columns": columns, "name": "flu_rows", **more}


def test_a_file_is_guessed_looked_at_and_loaded_as_an_import_would(
    desk: Bringing, settings: Settings, tmp_path: Path
) -> None:
    made = desk.receive(io.BytesIO(ROWS.encode()), "C:\\files\\Flu rows.csv", "Ann")
    assert made.name == "Flu rows.csv"
    stored = (settings.uploads / f"{made.id}.sealed").read_bytes()
    assert b"M10001" not in stored, "nothing lies about in the clear"
    opened = desk.opened(made.id, "Ann")
    assert opened.draft["delimiter"] == ";"
    assert opened.draft["kind"] == "event"
    assert {one["name"]: one["means"] for one in opened.draft["columns"]}["when"] in ("", "at")
    columns = draft(desk, made.id)
    for one in columns["columns"]:  # type: ignore[attr-defined]
        if one["name"] == "when":
            one |= {"means": "at", "format": "%d/%m/%Y %H:%M"}
    look = desk.look(made.id, "Ann", columns)
    assert look.problems == ()
    assert (look.rows, look.load, look.refused, look.whole) == (4, 2, 2, True)
    assert ("what", "a value that the mapping does not know", 1, "3") in look.reasons
    assert "M1000" not in json.dumps(asdict(look)), "no value of a row"
    assert Lake(settings.lake).last_seq() == 0, "a look changes nothing"
    desk.check(made.id, "Ann", columns)
    asked.serve(settings)
    (one,) = desk.store.uploads.of("Ann")
    assert (one.state, one.found and one.found["load"]) == (Stage.CHECKED, 2)
    desk.load(made.id, "Ann", columns)
    with pytest.raises(NotNow):
        desk.load(made.id, "Ann", columns)
    asked.serve(settings)
    (one,) = desk.store.uploads.of("Ann")
    assert (one.state, one.done, one.found and one.found["refused"]) == (Stage.LOADED, 100, 2)
    assert not list(settings.uploads.iterdir()), "a loaded file is not kept"
    assert [entry.rows for entry in quarantine_of(settings).entries()] == [2]
    lake = Lake(settings.lake)
    assert lake.frame("loads")["load_id"].to_list() == [one.load_id]
    (tmp_path / "rows.csv").write_text(ROWS)
    again = import_file(settings, tmp_path / "rows.csv", settings.mappings / "flu_rows.toml")
    assert again.before, "the same file by the mapping that was kept is the same load"
    assert again.load_id == one.load_id


def test_the_next_file_of_that_shape_is_recognised(desk: Bringing, settings: Settings) -> None:
    first = desk.receive(io.BytesIO(ROWS.encode()), "a.csv", "Ann")
    settings.mappings.mkdir(parents=True)
    text = desk.look(first.id, "Ann", draft(desk, first.id)).toml
    (settings.mappings / "flu_rows.toml").write_text(text)
    other = desk.receive(io.BytesIO(ROWS.replace("M1", "M2").encode()), "b.csv", "Ann")
    assert desk.opened(other.id, "Ann").known == "flu_rows.toml"
    assert desk.look(other.id, "Ann", {"use": "flu_rows.toml"}).toml == text
    assert desk.look(other.id, "Ann", {"use": "../secret"}).problems, "only a kept mapping"
    strange = desk.receive(io.BytesIO(b"x,y\n1,2\n"), "c.csv", "Ann")
    assert desk.opened(strange.id, "Ann").known == ""


def test_nobody_opens_the_file_of_another(desk: Bringing) -> None:
    made = desk.receive(io.BytesIO(ROWS.encode()), "a.csv", "Ann")
    for id in (made.id, "0" * 32, "../secret", None, 5):
        with pytest.raises(UploadRefused, match="not there any more"):
            desk.opened(id, "Bo")
    assert desk.store.uploads.of("Bo") == []


def test_what_cannot_be_taken_is_said(desk: Bringing, settings: Settings) -> None:
    with pytest.raises(UploadRefused, match="is empty"):
        desk.receive(io.BytesIO(b""), "a.csv", "Ann")
    small = Bringing(settings.model_copy(update={"upload_mb": 1}), desk.store)
    with pytest.raises(UploadRefused, match="larger than 1 MB"):
        small.receive(io.BytesIO(b"x" * 1_000_001), "a.csv", "Ann")
    assert not list(settings.uploads.iterdir())
    workbook = desk.receive(io.BytesIO(b"PK\x03\x04 rest"), "a.xlsx", "Ann")
    with pytest.raises(UploadRefused, match="Excel workbook"):
        desk.opened(workbook.id, "Ann")


@pytest.mark.parametrize("wrong", [{}, {"columns": 5}, {"kind": "x", "columns": []}, {"columns": [5, {}]}])
def test_a_form_that_no_browser_of_ours_sends_is_a_problem_and_no_more(
    desk: Bringing, wrong: dict[str, object]
) -> None:
    made = desk.receive(io.BytesIO(ROWS.encode()), "a.csv", "Ann")
    assert desk.look(made.id, "Ann", wrong).problems
    with pytest.raises(UploadRefused):
        desk.load(made.id, "Ann", wrong)


def test_texts_of_a_form_stay_texts_in_the_mapping(desk: Bringing) -> None:
    made = desk.receive(io.BytesIO(b'"a"" = {x}",what\n1,sent\n'), "a.csv", "Ann")
    found = desk.opened(made.id, "Ann").draft
    columns = [{**one, "means": "campaign"} for one in found["columns"]][:1]
    look = desk.look(made.id, "Ann", {**found, "columns": columns, "campaign": '"]\n[sql]'})
    assert "\n[sql]" not in look.toml


def test_files_that_nobody_loads_go_after_a_day(desk: Bringing, settings: Settings) -> None:
    made = desk.receive(io.BytesIO(ROWS.encode()), "a.csv", "Ann")
    assert bring.purge(settings) == 0
    assert Shelter(settings.uploads, settings.secret()).purge(2**62) == 1
    with pytest.raises(UploadRefused, match="bring it again"):
        desk.opened(made.id, "Ann")


def test_a_large_file_is_kept_and_read_piece_by_piece(settings: Settings) -> None:
    shelter = Shelter(settings.uploads, settings.secret())
    raw = b"0123456789abcdef" * 200_000
    size, _ = shelter.keep("big", io.BytesIO(raw), 10_000_000)
    assert size == len(raw)
    assert shelter.whole("big") == raw
    assert shelter.head("big", 100) == (raw[:100], False)
    path = settings.uploads / "big.sealed"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(IntakeError, match="bring it again"):
        shelter.whole("big")
    with pytest.raises(TooLarge):
        shelter.keep("more", io.BytesIO(raw), 1_000_000)
