"""Pulls of a REST source from a real server: every page once, whatever breaks off, and no secret told."""

from __future__ import annotations

import json
import random
import re
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.snapshot import Lake
from etl.commit import LakeBusy
from etl.door import quarantine_of, replay
from etl.intake import IntakeError, MappingError
from etl.pull import foresee_pull, pull
from etl.pull.patience import NotNow
from etl.refresh import refresh
from etl.sources.toml import load_mapping
from tests.crashes import Crash, allow
from tests.feeds import settings_of
from tests.lakes import differences, state
from tests.rests import PAGINGS, SINCE, Api, record
from tests.web import TOKEN, Trouble


@pytest.mark.parametrize("kind", PAGINGS)
@pytest.mark.parametrize("packed", [False, True])
def test_every_way_of_paging_reads_every_record_once(kind: str, packed: bool, source: Api) -> None:
    source.maps(kind, SINCE)
    source.service.packed = packed
    source.service.records = [record(n) for n in range(1, 236)]
    landed = source.pull()
    assert [one.loaded for one in landed] == [100, 100, 35]
    assert source.events() == 235
    assert source.pull() == []
    source.service.records += [record(n) for n in range(236, 240)]
    assert [one.rows_in for one in source.pull()] == [4], "the overlap is read again, and counted once"
    assert source.events() == 239
    assert source.service.asked[0]["since"] == "2026-01-01T00:00:00Z"
    assert source.service.asked[-1].get("since", "").startswith("2026-03-01T03:50") or kind == "x"


def test_ndjson_and_a_body_that_asks(source: Api) -> None:
    source.maps("ndjson", f'format = "ndjson"\npaging = {{ kind = "page", param = "page" }}\n{SINCE}', "")
    source.service.records = [record(n) for n in range(25)]
    assert sum(one.loaded for one in source.pull()) == 25
    source.maps("token", f'method = "POST"\nbody = {{ paging = {{ x = 1 }}, status = "final" }}\n{SINCE}')
    text = source.mapping.read_text().replace('param = "cursor"', 'param = "paging.cursor"')
    source.mapping.write_text(text)
    source.service.asked.clear()
    source.service.records += [record(n) for n in range(25, 50)]
    assert sum(one.loaded for one in source.pull()) == 25
    assert [one.get("cursor") for one in source.service.asked] == [None, "10", "20", "30"]
    assert source.service.asked[0]["status"] == "final"


def test_a_source_without_since_is_read_whole_and_lands_what_is_new(source: Api) -> None:
    source.service.records = [record(n) for n in range(230)]
    source.pull()
    again = source.pull()
    assert all(one.before for one in again)
    assert source.lake.frame("loads").height == 3
    source.service.records[3] = record(1_003)
    changed = source.pull()
    assert [one.loaded for one in changed] == [1, 0, 0]
    source.service.records[5] = record(1_005)
    assert [one.loaded for one in source.pull()] == [1, 0, 0], "a pull begins with the first page again"
    assert source.events() == 232


@pytest.mark.parametrize("kind", PAGINGS)
def test_trouble_on_the_way_costs_no_row_and_doubles_none(kind: str, source: Api) -> None:
    source.maps(kind, SINCE + "tries = 4")
    source.service.records = [record(n) for n in range(120)]
    source.service.trouble = {
        1: Trouble(429, {"Retry-After": "0"}), 2: Trouble(500), 4: Trouble(drop=True), 5: Trouble(503),
        7: Trouble(502), 8: Trouble(drop=True), 9: Trouble(408),
    }  # fmt: skip
    assert sum(one.loaded for one in source.pull()) == 120
    assert source.events() == 120


def test_a_pull_goes_on_at_the_page_where_it_broke_off(source: Api) -> None:
    source.maps("next", SINCE + "tries = 2")
    source.service.records = [record(n) for n in range(250)]
    source.service.trouble = {18: Trouble(500), 19: Trouble(500)}
    with pytest.raises(NotNow, match=r"fails on its side \(500\) \(2 times in a row\)"):
        source.pull()
    assert source.events() == 170, "what came before is landed"
    asked = len(source.service.asked)
    assert sum(one.rows_in for one in source.pull()) == 80
    assert source.service.asked[asked]["cursor"] == "170"
    assert source.events() == 250
    position = source.lake.frame("loads").sort("seq")["position"].to_list()
    assert all("cursor" not in text and "secret-page" not in text for text in position)


def test_a_page_that_is_forgotten_meanwhile_is_asked_for_from_the_first(source: Api) -> None:
    source.maps("next", SINCE + "tries = 1")
    source.service.records = [record(n) for n in range(150)]
    source.service.trouble = {13: Trouble(500)}
    with pytest.raises(IntakeError):
        source.pull()
    source.service.forgets = True
    source.service.size = 1_000
    assert sum(one.loaded for one in source.pull()) == 30
    assert source.events() == 150


@pytest.mark.slow
@pytest.mark.parametrize("since", ["", SINCE], ids=["whole", "since"])
def test_a_crash_at_any_write_neither_loses_nor_doubles(
    since: str, source: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.maps("token", since)
    source.service.records = [record(n, n // 30, "snt" if n % 7 == 0 else "sent") for n in range(1, 301)]
    crashes = 0
    for allowed in range(20):
        try:
            with monkeypatch.context() as patched:
                allow(patched, allowed)
                source.pull()
        except Crash:
            crashes += 1
        else:
            break
    source.pull()
    refresh(source.settings)
    assert crashes >= 4
    assert source.events() == 300 - 300 // 7
    loads = source.lake.frame("loads")
    assert (loads["loaded"].sum(), loads["refused"].sum()) == (300 - 300 // 7, 300 // 7)
    assert sum(one.rows for one in quarantine_of(source.settings).entries()) == 300 // 7
    calm = Api(source.service, settings_of(tmp_path / "calm", tokens={"api": TOKEN}))
    calm.maps("token", since)
    calm.pull()
    refresh(calm.settings)
    assert not differences(state(source.settings), state(calm.settings))


def test_random_breaks_and_new_rows_come_to_every_row_once(source: Api) -> None:
    rng = random.Random(9)
    for _ in range(8):
        known = len(source.service.records)
        source.service.records += [record(known + n, known // 3 + n // 4) for n in range(rng.randint(0, 90))]
        source.maps("token", SINCE + f"tries = 1\nbatch = {rng.choice([100, 120])}")
        source.mapping.write_text(source.mapping.read_text().replace("batch = 100\n", "", 1))
        asked = len(source.service.asked)
        source.service.trouble = {asked + rng.randint(1, 8): Trouble(500)}
        try:
            source.pull()
        except IntakeError:
            continue
    source.service.trouble = {}
    source.pull()
    assert source.events() == len(source.service.records)
    loads = source.lake.frame("loads")
    assert loads["loaded"].sum() == len(source.service.records)


def test_wrong_records_are_refused_once_alone_and_can_be_replayed(source: Api) -> None:
    source.maps("next", SINCE)
    lone = {**record(4), "campaign": "\ud800"}
    source.service.records = [record(1), "no object", record(2, what="snt"), lone, {}, record(3)]  # type: ignore[list-item]
    source.service.page = lambda _: ({"data": {"items": source.service.records}}, {})  # type: ignore[method-assign]
    (landed,) = source.pull()
    assert (landed.rows_in, landed.loaded, landed.refused) == (6, 2, 4)
    source.service.records.append(record(5))
    (later,) = source.pull()
    assert (later.rows_in, later.refused) == (1, 0), "what was refused is not refused again"
    (entry,) = quarantine_of(source.settings).entries()
    mended = source.mapping.read_text().replace(
        'event = "what"', 'event = { column = "what", map = { snt = "sent" } }'
    )
    source.mapping.write_text(mended)
    done = replay(source.settings, entry.load_id, source.mapping)
    assert done.loaded == 1


def test_a_clock_that_is_wrong_carries_nothing_past_what_is_to_come(source: Api) -> None:
    source.maps("next", SINCE)
    source.service.records = [record(1), {**record(2), "changed": "9999-01-01T00:00:00Z"}]
    source.pull()
    (told,) = source.lake.frame("loads")["position"]
    assert json.loads(told)["reached"] < "2100"
    source.service.records.append({**record(3), "changed": datetime.now(UTC).isoformat()})
    assert sum(one.loaded for one in source.pull()) == 1


def test_what_the_answer_lacks_is_said(source: Api) -> None:
    source.service.records = [record(1)]
    source.maps("next", records="data.itms")
    with pytest.raises(IntakeError, match=r'no list at "data.itms"; check .rest. records'):
        source.pull()
    source.maps("next", SINCE.replace('"changed"', '"chnged"'))
    with pytest.raises(
        IntakeError, match=r'no record has a date or time in "chnged".*did you mean "changed"'
    ):
        source.pull()
    source.service.records = [{"a": 1}]
    source.maps("next")
    with pytest.raises(IntakeError, match=r"a record of .rest. has none of the columns"):
        source.pull()
    source.service.always = Trouble(200, {}, b"<html>")
    with pytest.raises(IntakeError, match="no JSON"):
        source.pull()


def test_a_wrong_rest_section_is_told_whole(source: Api) -> None:
    more = """
headers = { Authorization = "Bearer x", Host = "y" }
methd = "GET"
body = { a = 1 }
auth = "header"
tries = 0
paging = { kind = "token", size = 3 }
since = { param = "since" }
"""
    source.maps("none", more)
    text = source.mapping.read_text().replace('token = "api"', 'token = "A secret!"')
    text = text.replace(source.service.url, "http://me:word@host/x?key=word") + "[sql]\n[key]\nnone = true\n"
    source.mapping.write_text(text + '[file]\ndelimiter = ";"\n')
    with pytest.raises(MappingError) as error:
        load_mapping(source.mapping)
    said = str(error.value)
    for words in (
        '[rest] methd: no such key; did you mean "method"?',
        "[rest] url: holds a name or a password; name a token instead",
        "[rest] token: names a secret by lower-case letters",
        '[rest] headers.Authorization: is a secret; name it as token = "..."',
        "[rest] headers.Host: is written by the request itself",
        '[rest] body: is sent by method = "POST" alone',
        "[rest] auth_name: needs the name of the header that takes the token",
        "[rest] tries: must be a whole number from 1 to 20",
        "[rest] paging at: needs to say where in the answer the token stands",
        "[rest] paging param: needs the name of the parameter",
        "[rest] paging size: and size_param go together",
        "[rest] since field: needs a text",
        "[rest] since start: needs the value to begin with",
        "a mapping pulls from one place",
        "[file] delimiter: is of a file",
    ):
        assert words in said, said
    for url, words in (
        ("http://example.org/x", "must begin with https://"),
        ("https://example.org/x?a=1", 'ends before "?"'),
        ("ftp://example.org", "must be an address"),
    ):
        source.maps()
        source.mapping.write_text(source.mapping.read_text().replace(source.service.url, url))
        with pytest.raises(MappingError, match=re.escape(words)):
            load_mapping(source.mapping)


def test_pages_that_go_in_circles_are_left(source: Api) -> None:
    source.service.records = [record(n) for n in range(30)]
    for kind, wrong in (("page", 'param = "pge"'), ("token", 'param = "pge"')):
        source.maps(kind)
        text = source.mapping.read_text()
        source.mapping.write_text(text.replace('param = "page"', wrong).replace('param = "cursor"', wrong))
        with pytest.raises(IntakeError, match="pages go in circles"):
            source.pull()


def test_a_dry_run_shows_the_first_records_and_changes_nothing(source: Api) -> None:
    source.service.records = [record(n) for n in range(130)]
    said = foresee_pull(source.settings, source.mapping)
    assert said is not None
    assert "100 rows in: 100 to load" in said
    assert "the pull reads on" in said
    assert 'note: no record has "note"; it is empty in all of them' in said
    assert source.lake.frame("loads").is_empty()


def test_two_sources_are_pulled_at_once_and_one_is_not_pulled_twice(source: Api, tmp_path: Path) -> None:
    source.service.records = [record(n) for n in range(250)]
    running = pull(source.settings, source.mapping)
    next(running)
    with pytest.raises(LakeBusy, match="Another pull is under way"):
        next(pull(source.settings, source.mapping, wait=False))
    other = tmp_path / "other.toml"
    other.write_text(source.mapping.read_text().replace("api_events", "other_events"))
    done: list[int] = []
    thread = threading.Thread(
        target=lambda: done.extend(one.landed.loaded for one in pull(source.settings, other))
    )
    thread.start()
    thread.join(30)
    assert sum(done) == 250
    running.close()
    assert Lake(source.settings.lake).frame("events").height == 350
