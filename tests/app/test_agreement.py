"""Every figure is the same on screen, on paper, in files, mails and by the API: all metrics, by chance."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import shelf
from config.permissions import PERMISSIONS, Role
from data.answer import Released, Status
from data.filters import parse
from data.metrics import METRICS
from data.periods import day_date
from data.viewer import Viewer
from documents.model import Figures, Table
from documents.plain import ROWS
from documents.plain import text as mail
from pages.explore_asked import asked
from pages.explore_document import document
from tests.asking import fire, signed_in
from tests.documents.test_pdf import read, squeezed
from tests.places import CAMPAIGN, OTHER
from ui.numbers import written

TOGETHER = 3
CUTS = ("", "channel", "month", "program", "region", "variant", "campaign")
NARROWED: tuple[dict[str, str], ...] = (
    {"period": "all_time"},
    {"period": "last_6_months"},
    {"period": "last_3_months", "channel": "email"},
    {"from": "2026-02-01", "to": "2026-07-31"},
    {"period": "all_time", "campaign": f"{CAMPAIGN},{OTHER}"},
    {"period": "all_time", "program": "Flu shot", "channel": "sms,email"},
    {"period": "last_12_months", "attr.region": "South,North"},
)
WHO = Viewer("x", Role.ANALYST, frozenset(PERMISSIONS[Role.ANALYST]))
SCREEN = "..explore-table.children...explore-table-panel.hidden.."


def questions() -> list[dict[str, str]]:
    """Every metric once, a few at a time, each time cut and narrowed by chance (the same on every day)."""
    chance = random.Random(9)
    names = chance.sample(sorted(METRICS), len(METRICS))
    parts = [names[place : place + TOGETHER] for place in range(0, len(names), TOGETHER)]
    return [
        {**chance.choice(NARROWED), "compare": "none", "metrics": ",".join(part), "by": chance.choice(CUTS)}
        for part in parts
    ]


@pytest.fixture(scope="module")
def server(own_server: Flask) -> Flask:
    return own_server


@pytest.fixture(scope="module")
def analyst(server: Flask) -> FlaskClient:
    return signed_in(server, Role.ANALYST)


def texts(part: Any) -> Iterator[str]:
    """Every text that components show."""
    if isinstance(part, dict):
        for name, one in part.items():
            if name in ("children", "props", "response") or isinstance(one, (dict, list)):
                yield from texts(one)
    elif isinstance(part, list):
        for one in part:
            yield from texts(one)
    elif isinstance(part, str):
        yield part


def api_of(client: FlaskClient, question: dict[str, str], server: Flask) -> list[dict[str, Any]]:
    """The rows by the API, whose addresses name the days instead of a period."""
    cubes = shelf.keeper(server).current()
    filters, problems = parse(question, cubes, WHO)
    assert problems == []
    span = filters.days(cubes)
    own = {name: text for name, text in question.items() if name not in ("period", "from", "to", "compare")}
    if span is not None:
        own |= {"start_date": day_date(span[0]).isoformat(), "end_date": day_date(span[1]).isoformat()}
    answer = client.get("/api/v1/figures", query_string={n: t for n, t in own.items() if t})
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.get_json()["rows"]
    return rows


def test_the_questions_are_of_every_metric_and_most_have_answers(server: Flask, analyst: FlaskClient) -> None:
    assert {name for one in questions() for name in one["metrics"].split(",")} == set(METRICS)
    told = [bool(api_of(analyst, question, server)) for question in questions()]
    assert sum(told) > len(told) / 2


def number(text: str) -> float | None:
    return float(text) if text else None


@pytest.mark.parametrize(
    "question", questions(), ids=lambda one: f"{one['metrics']} by {one['by'] or 'nothing'}"
)
def test_one_question_has_one_answer(question: dict[str, str], server: Flask, analyst: FlaskClient) -> None:
    by = [question["by"]] if question["by"] else []
    rows = api_of(analyst, question, server)
    api = {
        (*row["key"].values(), name): (value["value"], value["status"], value["reason"])
        for row in rows
        for name, value in row["values"].items()
    }
    table = list(csv.DictReader(io.StringIO(analyst.get(f"/explore/figures.csv?{urlencode(question)}").text)))
    files = {
        (*(row[cut] or None for cut in by), row["metric"]): (
            number(row["value"]),
            row["status"],
            row["reason"],
        )
        for row in table
    }
    assert files == api
    _spreadsheet(analyst.get(f"/explore/figures.xlsx?{urlencode(question)}").data, table)
    expected = Counter(
        written(Released(value, Status(status), approximate=_about(rows, key)), METRICS[key[-1]])
        for key, (value, status, _) in api.items()
    )
    _screen(server, analyst, question, expected)
    paper = squeezed(
        "".join(
            page.extract_text()
            for page in read(analyst.get(f"/explore.pdf?{urlencode(question)}").data).pages
        )
    )
    assert [text for text in expected if squeezed(text) not in paper] == []
    _mail(server, question, expected)


def _about(rows: list[dict[str, Any]], key: tuple[Any, ...]) -> bool:
    row = next(one for one in rows if (*one["key"].values(),) == key[:-1])
    return bool(row["values"][key[-1]]["approximate"])


def _spreadsheet(file: bytes, table: list[dict[str, str]]) -> None:
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    root = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(file)).read("xl/worksheets/sheet1.xml"))
    column = chr(ord("A") + list(table[0]).index("value")) if table else "A"
    cells = {cell.attrib["r"]: "".join(cell.itertext()) for cell in root.iter(f"{space}c")}
    told = [number(cells.get(f"{column}{place}", "")) for place in range(2, len(table) + 2)]
    for one, row in zip(told, table, strict=True):  # a spreadsheet keeps 16 digits
        assert (one is None) == (not row["value"])
        assert one is None or one == pytest.approx(float(row["value"]), rel=1e-14)


def _screen(server: Flask, client: FlaskClient, question: dict[str, str], expected: Counter[str]) -> None:
    answer = fire(server, client, SCREEN, {"filters-query.data": question, "frame-snapshot.data": 1})
    assert answer.status_code == 200
    shown = Counter(texts(answer.get_json()))
    assert {text: n for text, n in expected.items() if shown[text] < n} == {}


def _mail(server: Flask, question: dict[str, str], expected: Counter[str]) -> None:
    """The text of a mail has the figures, and of a long table its first rows."""
    cubes = shelf.keeper(server).current()
    made = document(asked(question, WHO, cubes), WHO, cubes)
    told = squeezed(mail(made))
    for block in made.blocks:
        values = [one.value for one in block.items] if isinstance(block, Figures) else []
        if isinstance(block, Table):
            values = [value for row in block.rows[:ROWS] for value in row.values]
        shown = [value.text for value in values if value.metric in question["metrics"].split(",")]
        assert [text for text in shown if squeezed(text) not in told] == []
        assert set(shown) <= set(expected) or isinstance(block, Table), "a total is of its own"
