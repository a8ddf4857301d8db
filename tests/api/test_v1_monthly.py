"""The monthly export by the API: one table in three forms, and the same figures as everywhere."""

from __future__ import annotations

import io
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from flask import Flask

from config.settings import Settings
from data.cubes import Cubes
from data.viewer import EVERYTHING
from ledger.index import index_of
from reports.__main__ import main
from reports.manifest import name_of
from reports.monthly_export import COLUMNS, KEY, lately, written
from state.keys import Keys
from tests.api.conftest import Asker

PATH = "/api/v1/exports/monthly"
CUTS = "segment,wave"


@pytest.fixture(scope="module")
def month(cubes: Cubes) -> str:
    return written(lately(3, EVERYTHING, cubes)[0])


@pytest.fixture(scope="module")
def table(analyst: Asker, month: str) -> pl.DataFrame:
    answer = analyst(f"{PATH}?month={month}&format=csv&cut={CUTS}")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return pl.read_csv(answer.data, schema_overrides=COLUMNS)


def paged(analyst: Asker, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    following: str | None = address
    while following:
        body = analyst.json(following)
        found, following = [*found, *body["rows"]], body["next"]
        assert body["count"] >= len(found)
    return found


def test_csv_parquet_and_json_hold_the_same_rows(analyst: Asker, table: pl.DataFrame, month: str) -> None:
    address = f"{PATH}?month={month}&cut={CUTS}"
    packed = analyst(address, Accept="application/vnd.apache.parquet")
    rows = paged(analyst, f"{address}&format=json&limit=700")
    assert len(rows) > 700, "it came in pages"
    told = pl.DataFrame(rows, schema=COLUMNS, infer_schema_length=None)
    assert table.height > 300
    assert table.columns == list(COLUMNS)
    assert table.equals(pl.read_parquet(io.BytesIO(packed.data)))
    assert table.equals(told)
    assert not table.select(KEY).is_duplicated().any()


def test_it_tells_what_figures_tell(analyst: Asker, table: pl.DataFrame, month: str) -> None:
    metrics = "sent,delivered_rate,members_responded,opt_outs,assigned,outcome_rate,reach"
    span = f"start_date={month}-01&end_date={pl.Series([f'{month}-01']).str.to_date().dt.month_end()[0]}"
    own = {tuple(row[name] for name in KEY): row for row in table.iter_rows(named=True)}
    seen = 0
    for by, cut in (("campaign,channel", None), ("campaign", None), ("campaign,channel,segment", "segment")):
        for row in analyst.json(f"/api/v1/figures?metrics={metrics}&by={by}&{span}&limit=10000")["rows"]:
            key = row["key"]
            for metric, value in row["values"].items():
                told = own.get((month, key["campaign"], key.get("channel"), cut, key.get("segment"), metric))
                if told is None:
                    assert cut or by == "campaign" or value["status"] == "not available"
                    continue
                seen += 1
                shared = ("value", "numerator", "denominator", "status", "approximate", "complete")
                assert [told[name] for name in shared] == [value[name] for name in shared]
                assert (told["reason"] or "") == value["reason"]
    assert seen > 50


def test_what_is_withheld_is_empty_and_flagged_and_never_0(table: pl.DataFrame) -> None:
    hidden = table.filter(pl.col("suppressed"))
    assert hidden.height > 20
    assert set(hidden["status"]) == {"withheld"}
    assert hidden.select("value", "numerator", "denominator").null_count().row(0) == (hidden.height,) * 3
    assert hidden["reason"].null_count() == 0
    assert not table.filter(~pl.col("suppressed"))["status"].is_in(["withheld"]).any()


def test_rows_that_add_up_give_the_month(analyst: Asker, table: pl.DataFrame, month: str) -> None:
    own = table.filter(pl.col("cut").is_null(), pl.col("metric") == "sent", pl.col("additive"))
    span = f"start_date={month}-01&end_date={pl.Series([f'{month}-01']).str.to_date().dt.month_end()[0]}"
    told = analyst.json(f"/api/v1/campaigns/summary?metrics=sent&{span}")["values"]["sent"]["value"]
    assert own["value"].sum() == told > 0
    never = table.filter(pl.col("metric").is_in(["reach", "delivered_rate", "outcome_rate"]))
    assert not never["additive"].any()
    waves = table.filter(pl.col("cut") == "wave", pl.col("unit") == "mbr")
    assert waves.height
    assert not waves["additive"].any(), "a member may stand in several waves"


def test_the_manifest_is_of_the_very_files(analyst: Asker, month: str, tmp_path: Path) -> None:
    address = f"month={month}&cut={CUTS}"
    body = analyst(f"{PATH}/manifest?{address}")
    told = body.get_json()
    for file in told["files"]:
        answer = analyst(f"{PATH}?{address}&format={file['format']}")
        assert f'filename="{file["name"]}"' in answer.headers["Content-Disposition"]
        assert (len(answer.data), sha256(answer.data).hexdigest()) == (file["bytes"], file["sha256"])
        (tmp_path / file["name"]).write_bytes(answer.data)
    assert [file["format"] for file in told["files"]] == ["csv", "parquet"]
    assert {file["rows"] for file in told["files"]} == {told["rows"]}
    path = tmp_path / name_of(month)
    path.write_bytes(body.data)
    assert main(["verify", str(path)]) == 0


def test_an_answer_stands_until_the_next_snapshot(analyst: Asker, month: str) -> None:
    for address in (f"{PATH}?month={month}&format=csv&cut=none", f"{PATH}/manifest?month={month}&cut=none"):
        tag = analyst(address).headers["ETag"]
        again = analyst(address, If_None_Match=tag)
        assert (again.status_code, again.data) == (304, b"")
    other = analyst(f"{PATH}?month={month}&format=parquet&cut=none", If_None_Match=tag)
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("", 400, "Name the month: month=2026-10."),
        ("?month=2026-13", 400, "written like 2026-11, not '2026-13'"),
        ("?month=November", 400, "written like 2026-11"),
        ("?month=2099-01", 404, "lies after the data, which go to"),
        ("?month=1999-01", 404, "lies before the data. Ask for"),
        ("?month={month}&cut=segmnt", 404, "Did you mean 'segment'? Or ask for none."),
        ("?month={month}&format=xml", 400, "There is no format 'xml'."),
        ("?month={month}&month={month}&cut=none", 400, "month stands twice"),
        ("?month={month}&cut=none&cursor=abc", 404, "This cursor belongs to no answer"),
    ],
)
def test_a_mistake_is_told_with_what_to_do_next(
    analyst: Asker, month: str, query: str, status: int, words: str
) -> None:
    answer = analyst(PATH + query.format(month=month))
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert words in json.loads(answer.data)["detail"]


def test_a_limited_key_gets_its_campaigns_alone(
    served: Flask, keys: Keys, cubes: Cubes, table: pl.DataFrame, month: str
) -> None:
    program = table.group_by("program").len().sort("len")["program"][0]
    secret = keys.add("of-one-program", "analyst", "a test", programs=[program])[1]
    asker = Asker(served, secret)
    own = pl.read_csv(asker(f"{PATH}?month={month}&format=csv&cut={CUTS}").data, schema_overrides=COLUMNS)
    assert set(own["program"]) == {program}
    assert own.equals(table.filter(pl.col("program") == program))
    told = asker.json(f"{PATH}/manifest?month={month}&cut=none")
    assert told["scope"] == {"programs": [program], "lines_of_business": None}


def test_it_takes_the_permission_and_is_written_into_the_ledger(
    served: Flask, own: Settings, keys: Keys, analyst: Asker, month: str
) -> None:
    officer = Asker(served, keys.add("officer-script", "privacy_officer", "a test")[1])
    assert officer(f"{PATH}?month={month}").status_code == 403
    assert served.test_client().get(f"{PATH}?month={month}").status_code == 401
    many = len(pl.read_csv(analyst(f"{PATH}?month={month}&format=csv&cut=none").data))
    index = index_of(own)
    index.follow()
    last = index.since("export", 0)[-1]
    assert (last["place"], last["rows"]) == ("api/monthly", many)
    assert last["about"]["format"] == "csv"
    assert f"month={month}" in last["filters"]
