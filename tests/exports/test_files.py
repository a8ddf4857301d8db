"""Every table as a file in every format: the same values, the sidecar's checksum, a line in the ledger."""

from __future__ import annotations

import csv
import hashlib
import io
from urllib.parse import unquote

import polars as pl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import shelf
from app.factory import create_app
from config.settings import Settings
from data.cubes import Cubes
from data.filters import parse
from data.measure import measure
from data.metrics import DEFINITIONS_VERSION, METRICS
from data.runs import RunRecord
from data.viewer import EVERYTHING
from etl import runs
from exports.formats import FORMATS, TooMuch, Written
from pages.registry import TABLES
from state.exports import CANCELLED, DONE, DOWNLOAD, FAILED, Ledger
from state.store import Store
from tests.asking import signed_in
from tests.places import query_of

EVERY = [(page, table) for page, tables in TABLES.items() for table in tables]


@pytest.fixture
def analyst(server: Flask) -> FlaskClient:
    return signed_in(server, "analyst")


def told(server: Flask) -> Ledger:
    store: Store = server.extensions["reachboard.store"]
    return Ledger(store.database)


def csv_rows(file: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode(), newline="")))


def test_every_table_is_the_same_in_every_format(server: Flask) -> None:
    """As who may see everything may see it: no role holds both export and all pages."""
    client, compared = signed_in(server, "analyst"), 0
    for page, table in EVERY:
        if page == "privacy":
            continue
        address, query = f"/{page}/{table}", query_of(f"/{page}/{table}.csv")
        files = {end: client.get(f"{address}.{end}?{query}") for end in FORMATS}
        statuses = {answer.status_code for answer in files.values()}
        if statuses == {404}:
            continue  # it wants a parameter of its own
        assert statuses == {200}, address
        compared += 1
        heading, *rows = csv_rows(files["csv"].get_data())
        frame = pl.read_parquet(files["parquet"].get_data())
        assert frame.columns == heading, address
        for row, texts in zip(frame.iter_rows(), rows, strict=True):
            assert all(_says(text, one) for text, one in zip(texts, row, strict=True)), (address, row, texts)
        sheet = files["xlsx"].get_data() if frame.height < 3_000 else b""
        files["xlsx"].close()
        if frame.height < 3_000:  # the facts as a spreadsheet are read in test_formats and by the jobs
            _same_sheet(sheet, frame)
    assert compared > 30


def _says(text: str, one: object) -> bool:
    """Whether a cell of a CSV reads back as the very same value; whole numbers have no point."""
    if isinstance(one, float):
        return float(text or "nan") == one and ("." not in text) is one.is_integer()
    if isinstance(one, bool):
        return text == str(one).lower()
    return text == ("" if one is None else str(one))


def _same_sheet(file: bytes, frame: pl.DataFrame) -> None:
    import zipfile
    from xml.etree import ElementTree

    root = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(file)).read("xl/worksheets/sheet1.xml"))
    rows = [row for row in root.iter() if row.tag.endswith("}row")]
    assert len(rows) == frame.height + 1
    assert not [cell for cell in root.iter() if cell.tag.endswith("}f")]
    filled = sum(1 for cell in root.iter() if cell.tag.endswith("}c"))
    assert filled == len(frame.columns) + sum(
        frame.height - frame[name].null_count() for name in frame.columns
    )


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("table", ["overview/campaigns", "exports/facts"])
def test_a_sidecar_tells_the_checksum_of_the_very_bytes(
    analyst: FlaskClient, table: str, format: str
) -> None:
    query = "?period=all_time&attr.region=North&why=To%20compare"
    answer = analyst.get(f"/{table}.{format}{query}")
    file = answer.get_data()
    link = answer.headers["Link"].split(";")[0].strip("<>")
    sidecar = analyst.get(link).json
    assert sidecar["file"]["sha256"] == hashlib.sha256(file).hexdigest()
    assert sidecar["file"]["bytes"] == len(file)
    assert sidecar["file"]["name"] in answer.headers["Content-Disposition"]
    assert "North" not in sidecar["file"]["name"] + sidecar["report"]
    assert sidecar["filters"] == unquote(answer.headers["X-Reachboard-Filters"])
    assert "North" in sidecar["filters"]
    facts = table == "exports/facts"  # too many for a report to keep: the same ID for the same bytes
    assert sidecar["report"].startswith("exports-facts-" if facts else "RB-")
    assert answer.headers.get("X-Reachboard-Report") == (None if facts else sidecar["report"])
    assert sidecar["reopens"] == (None if facts else f"/reports?report={sidecar['report']}")
    assert (sidecar["why"], sidecar["by"]["role"]) == ("To compare", "analyst")
    assert sidecar["definitions"] == DEFINITIONS_VERSION
    assert str(sidecar["snapshot"]["number"]) == answer.headers["X-Reachboard-Snapshot"]
    assert sidecar["release"]["threshold"] >= 11
    assert sidecar["metrics"]
    assert all(one["meaning"] for one in sidecar["metrics"].values())
    if format == "csv":
        heading, *rows = csv_rows(file)
        assert [one["name"] for one in sidecar["columns"]] == heading
        assert sidecar["file"]["rows"] == len(rows)
        at = heading.index("measure" if "measure" in heading else "metric")
        known = {row[at] for row in rows}
        assert known <= sidecar["metrics"].keys()


def test_the_facts_as_csv_added_up_are_the_screen(analyst: FlaskClient, cubes: Cubes) -> None:
    """From the bytes alone, as an analyst would: the file's own numbers against those of the page."""
    query = {"period": "all_time", "channel": "email"}
    heading, *lines = csv_rows(analyst.get("/exports/facts.csv", query_string=query).get_data())
    rows = [dict(zip(heading, line, strict=True)) for line in lines]
    filters, _ = parse(query, cubes, EVERYTHING)
    for name in ("sent", "delivered", "clicked", "conversions", "members_delivered"):
        column = METRICS[name].numerator
        mine = [
            int(row["value"]) for row in rows
            if row["additive"] == "true" and row["view"] == "operations" and row["measure"] == column
            and row["value"]
        ]  # fmt: skip
        assert sum(mine) == measure([name], (), filters, EVERYTHING, cubes).one(name).numerator
    hidden = [row for row in rows if row["suppressed"] == "true"]
    assert hidden
    assert {row["value"] for row in hidden} == {""}
    assert all(row["reason"] for row in hidden)


def test_every_download_is_in_the_ledger(server: Flask, analyst: FlaskClient) -> None:
    file = analyst.get("/overview/channels.xlsx?period=all_time&why=Audit").get_data()
    (one,) = told(server).every()
    assert (one.kind, one.status, one.format, one.reason) == (DOWNLOAD, DONE, "xlsx", "Audit")
    assert (one.by, one.role, one.title) == ("Demo analyst", "analyst", "By channel")
    assert (one.bytes, one.sha256) == (len(file), hashlib.sha256(file).hexdigest())
    assert one.words.startswith("all time")
    assert one.rows > 0


def test_what_leaves_nothing_is_not_in_the_ledger(server: Flask, analyst: FlaskClient) -> None:
    analyst.head("/overview/channels.csv")
    analyst.get("/overview/channels.csv.json")
    analyst.get("/overview/nothing.csv")
    analyst.get("/overview/channels.csv?channel=emial")
    analyst.get(f"/overview/channels.csv?why={'x' * 300}")
    signed_in(server, "executive").get("/overview/channels.csv")
    assert told(server).every() == []


def test_a_download_that_the_reader_leaves_is_written_down_as_such(
    server: Flask, analyst: FlaskClient
) -> None:
    answer = analyst.get("/exports/facts.csv?period=all_time", buffered=False)
    stream = iter(answer.response)
    next(stream)
    assert told(server).every()[0].status == "running"
    answer.close()
    (one,) = told(server).every()
    assert (one.status, one.sha256) == (CANCELLED, None)


def test_a_download_that_breaks_is_written_down_as_failed(
    server: Flask, analyst: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from api import files

    def broken(_sheet: object, _format: str, written: Written):  # type: ignore[no-untyped-def]
        yield written.add(b"a\r\n")
        raise OSError("disk")

    monkeypatch.setattr(files, "pieces", broken)
    with pytest.raises(OSError, match="disk"):
        analyst.get("/overview/channels.csv").get_data()
    assert told(server).every()[0].status == FAILED


def test_what_no_format_can_hold_is_refused_in_words(
    analyst: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from exports import formats

    monkeypatch.setattr(formats, "ROWS_OF_A_SHEET", 2)
    answer = analyst.get("/overview/channels.xlsx")
    assert answer.status_code == 400
    assert "Take CSV or Parquet" in answer.text
    assert analyst.get("/overview/channels.csv").status_code == 200
    assert issubclass(TooMuch, ValueError)


def test_a_stream_is_neither_held_back_nor_packed(analyst: FlaskClient) -> None:
    answer = analyst.get(
        "/exports/facts.csv?period=all_time", headers={"Accept-Encoding": "br, gzip"}, buffered=False
    )
    assert "Content-Encoding" not in answer.headers
    assert "Content-Length" not in answer.headers
    first = next(iter(answer.response))
    assert first.startswith(b"schema,snapshot,additive,view,")
    assert first.count(b"\n") == 1
    answer.close()


def test_only_three_formats_have_an_address(analyst: FlaskClient) -> None:
    for end in ("json", "tsv", "xls", "CSV", "csv.gz", "parquet.txt", "csv.json.json"):
        assert analyst.get(f"/overview/channels.{end}").status_code == 404, end


def test_a_list_of_runs_can_be_taken_once_there_are_some(settings: Settings) -> None:
    """Its own snapshot stands beside that of the file."""
    runs.add(settings.lake, RunRecord(1_790_000_000_000_000, 2.0, "scheduled", "published", "Done.", 7))
    server = create_app(settings)
    shelf.keeper(server).renew()
    heading, row = csv_rows(signed_in(server, "analyst").get("/data/runs.csv").get_data())
    assert dict(zip(heading, row, strict=True)) | {"snapshot": "0", "run_snapshot": "7"} == dict(
        zip(heading, row, strict=True)
    )
