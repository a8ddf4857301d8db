"""The list of one's exports: whatever has a file stands in it, and it stays short."""

from __future__ import annotations

import pytest

from pages import exports_list
from pages.exports_list import SHOWN, listed, size_words
from state.exports import CANCELLED, DONE, DOWNLOAD, FAILED, JOB, RUNNING, Export


def export(number: int, kind: str = DOWNLOAD, status: str = DONE, **more: object) -> Export:
    values = {
        "number": number, "id": f"{number:032x}", "kind": kind, "by": "Ann", "role": "analyst", "scope": "{}",
        "permissions": [], "words": "", "page": "overview", "name": "channels", "title": f"Table {number}.",
        "query": {}, "format": "csv", "reason": "", "snapshot": 1, "status": status, "made_us": 1, **more,
    }  # fmt: skip
    return Export(**values)  # type: ignore[arg-type]


def words(exports: list[Export]) -> str:
    return "".join(str(one.to_plotly_json()) for one in listed(exports, "UTC"))


def test_what_has_a_file_is_shown_however_old_and_the_rest_is_counted() -> None:
    old = export(1, JOB, DONE, expires_us=2)
    many = [*(export(n) for n in range(60, 1, -1)), old]
    said = words(many)
    assert "Table 1." in said
    assert "Table 60." in said
    assert said.count("Strong('Overview: Table ") == SHOWN
    assert f"{len(many) - SHOWN} more without a file" in said
    assert "more without a file" not in words(many[-SHOWN:])


@pytest.mark.parametrize(
    ("one", "sign"),
    [
        (export(1, JOB, RUNNING, total=200, rows=50), "25 % · 50 of 200 rows"),
        (export(1, JOB, RUNNING, total=200, rows=200), "99 %"),
        (export(1, JOB, FAILED, said="Start it again."), "Start again"),
        (export(1, JOB, CANCELLED), "cancelled"),
        (export(1, DOWNLOAD, CANCELLED), "broken off"),
        (export(1, DOWNLOAD, DONE, rows=1, bytes=10), "1 row · 10 bytes"),
    ],
)
def test_each_state_says_what_it_is(one: Export, sign: str) -> None:
    assert sign in words([one])
    assert exports_list.NOTHING in words([])


def test_sizes_are_written_as_people_read_them() -> None:
    assert [size_words(n) for n in (999, 1_400, 15_525_474, 2_100_000_000)] == [
        "999 bytes", "1.4 kB", "15.5 MB", "2.1 GB",
    ]  # fmt: skip
