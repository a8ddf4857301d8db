"""What a pull takes from a server: so much time, size and pace; and where its token goes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from etl.intake import IntakeError
from etl.pull import pull
from etl.pull.patience import NotNow
from tests.feeds import settings_of
from tests.rests import SINCE, Api, record
from tests.web import TOKEN, Trouble, serving


def test_retry_after_is_waited_for_and_one_beyond_patience_is_left_to_the_schedule(source: Api) -> None:
    source.service.records = [record(1)]
    source.service.trouble = {1: Trouble(429, {"Retry-After": "1"})}
    began = time.monotonic()
    assert sum(one.loaded for one in source.pull()) == 1
    assert time.monotonic() - began >= 1
    source.service.always = Trouble(429, {"Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"})
    asked = len(source.service.asked)
    with pytest.raises(NotNow, match="asked too often") as failure:
        source.pull()
    assert failure.value.seconds > 60
    assert len(source.service.asked) == asked + 1, "it is not asked again"


def test_the_rate_is_kept(source: Api) -> None:
    source.mapping.write_text(source.mapping.read_text().replace("rate = 1000", "rate = 20"))
    source.service.records = [record(n) for n in range(100)]
    began = time.monotonic()
    source.pull()
    assert time.monotonic() - began >= 9 / 20


def test_a_server_that_drips_or_stalls_is_left_in_time(source: Api) -> None:
    source.mapping.write_text(
        source.mapping.read_text().replace("wait = 0.01", "wait = 0.01\ntimeout = 1\ntries = 1")
    )
    source.service.always = Trouble(500, stall=5)
    began = time.monotonic()
    with pytest.raises(NotNow, match="did not answer in time"):
        source.pull()
    assert time.monotonic() - began < 4


def test_too_long_an_answer_is_refused_also_where_it_is_packed(source: Api) -> None:
    source.mapping.write_text(source.mapping.read_text().replace("wait = 0.01", "wait = 0.01\nmost_mb = 1"))
    source.service.always = Trouble(200, {}, b"[" + b" " * (3 << 20) + b"]")
    for packed in (False, True):
        source.service.packed = packed
        with pytest.raises(IntakeError, match="more than 1 MB at once"):
            source.pull()


def test_no_token_leaves_for_another_server(source: Api) -> None:
    with serving() as other:
        source.service.records = [record(n) for n in range(20)]
        source.service.elsewhere = other.url
        with pytest.raises(IntakeError, match=r"leads to another server than that of .rest. url"):
            source.pull()
        source.service.always = Trouble(302, {"Location": other.url})
        with pytest.raises(IntakeError, match="sends us on to another server"):
            source.pull()
        assert other.asked == []
    source.service.always = None
    source.service.elsewhere = ""
    source.service.trouble = {len(source.service.asked) + 1: Trouble(307, {"Location": "/v1/moved?since=2"})}
    assert sum(one.rows_in for one in source.pull()) == 20
    assert "/v1/moved" in [one["path"] for one in source.service.asked], "on the same server it is followed"


@pytest.mark.parametrize("auth", ["bearer", "basic", "header", "query"])
def test_the_token_goes_where_the_mapping_says_and_nowhere_else(
    auth: str, source: Api, capfd: pytest.CaptureFixture[str]
) -> None:
    named = '\nauth_name = "X-Api-Key"' if auth in ("header", "query") else ""
    source.maps("next", f'auth = "{auth}"{named}\ntries = 1\n{SINCE}')
    source.service.records = [record(n) for n in range(20)]
    source.pull()
    for asked, headers in zip(source.service.asked, source.service.headers, strict=True):
        found = {**headers, **asked}
        want = {"bearer": f"Bearer {TOKEN}", "header": TOKEN, "query": TOKEN}.get(auth, "Basic aHVzaC1")
        name = "Authorization" if auth in ("bearer", "basic") else "X-Api-Key"
        assert found[name].startswith(want)
        assert (TOKEN in str(asked)) == (auth == "query")
    source.service.always = Trouble(401)
    with pytest.raises(IntakeError, match=r"does not accept the token \(401\)") as failure:
        source.pull()
    written = "".join(
        path.read_text(errors="replace") for path in source.settings.var.rglob("*") if path.is_file()
    )
    for place in (str(failure.value), "".join(capfd.readouterr()), written):
        assert TOKEN not in place
        assert "secret words of a body" not in place
        assert "since=" not in place


def test_a_token_may_stand_in_a_file_that_is_read_each_time(source: Api, tmp_path: Path) -> None:
    held = tmp_path / "token"
    other = source.settings.model_copy(
        update={"tokens": settings_of(tmp_path, tokens={"api": f"file:{held}"}).tokens}
    )
    with pytest.raises(IntakeError, match="REACHBOARD_TOKEN_API: the file that it names cannot be read"):
        next(pull(other, source.mapping))
    for text in ("first-token\n", "second-token\nmore"):
        held.write_text(text)
        list(pull(other, source.mapping))
        assert source.service.headers[-1]["Authorization"] == f"Bearer {text.split()[0]}"
    held.write_text("\n")
    with pytest.raises(IntakeError, match="no token of ASCII letters"):
        next(pull(other, source.mapping))
    none = source.settings.model_copy(update={"tokens": {}})
    with pytest.raises(IntakeError, match="REACHBOARD_TOKEN_API is not set"):
        next(pull(none, source.mapping))
