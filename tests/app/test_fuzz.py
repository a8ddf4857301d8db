"""Any callback with any values and types: an answer or a refusal, never a failure, never a trace of one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from app import shelf
from app.bodies import DEEPEST
from app.factory import create_app
from app.guard import CALLBACK
from app.pages import PAGES
from config.permissions import PEOPLE, Permission, Role
from config.settings import Settings
from tests.asking import SHOW, call, fire, guard_of, request_of, show, signed_in
from tests.places import QUERIES, values_of

JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 7, 10**18, -(2**63), 0.5, 1e300, "", "x", "-", "NaN", "\x00", "\u202e",
    "\U0001f600", "x" * 20_000, "<img src=x onerror=alert(1)>", "../../etc/passwd", "1' OR '1'='1",
    "{{7*7}}", "%s%n", "2026-13-45", "0000-00-00", "0001-01-01", "__proto__", "constructor", [], [None], [[]],
    ["x", 1, {}],
    [{"a": "b"}] * 50, {}, {"by": 7}, {"by": "-" * 99, "page": -5}, {"by": ["sent"], "page": 1e18},
    {"__proto__": {"x": 1}, "constructor": "y"}, {"path": {}, "search": []}, {"id": "x", "value": [None]},
    {"search": "?from=9999-12-31&to=0001-01-01"}, {"from": "0001-01-01", "to": "9999-12-31"},
    {"campaign": "x," * 3000}, {"campaign": 7, "period": None, "attr.": "x"}, {"period": "no"},
    {"from": "1970-01-01", "to": "2199-12-31"}, {"from": "2026-02-30", "to": ""},
    {"attr.region": "North,\x00"},
    {"attr.\x1f": "\x1f", "wave": "\x1f"}, {"sort": "-" * 500, "page": "1e9"}, {"": "", " ": " "},
)  # fmt: skip


@pytest.fixture(scope="module")
def server(sample: Settings, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    state = tmp_path_factory.mktemp("fuzz") / "state.db"
    made = create_app(sample.model_copy(update={"state_url": SecretStr(f"sqlite:///{state}")}))
    shelf.keeper(made).renew()
    return made


@pytest.fixture
def client(server: Flask) -> FlaskClient:
    return signed_in(server, Role.MANAGER)


def served() -> list[str]:
    """The outputs of all callbacks that the server answers, without making a server."""
    settings = Settings(var=Path("var"), secret_key=SecretStr("x" * 40))
    guard = guard_of(create_app(settings))
    return [name for name, wire in guard.wires.items() if wire["clientside_function"] is None]


SERVED = served()


def rounds(wire: dict[str, Any], home: str) -> Iterator[dict[str, Any]]:
    """Bodies in which every value is junk, and bodies in which one alone is."""
    ends = [f"{end['id']}.{end['property']}" for kind in ("inputs", "state") for end in wire[kind]]
    for place in range(len(JUNK)):
        yield request_of(wire, {end: JUNK[(place + turn) % len(JUNK)] for turn, end in enumerate(ends)})
    for turn, end in enumerate(ends):
        for place in range(turn % 4, len(JUNK), 4):
            yield request_of(wire, {**values_of(home), end: JUNK[place]}, changedPropIds=[])


@pytest.mark.parametrize("output", SERVED)
def test_no_value_and_no_type_breaks_a_callback(
    server: Flask, output: str, caplog: pytest.LogCaptureFixture
) -> None:
    guard = guard_of(server)
    able = next(role for role in PEOPLE if all(need in held(role) for need in guard.needed[output]))
    client = signed_in(server, able)
    for body in rounds(guard.wires[output], guard.homes[output]):
        answer = call(client, body)
        ends = [str(end)[:120] for end in (*body["inputs"], *body["state"])]
        assert answer.status_code in (200, 204, 400), (answer.status_code, ends)
        assert [record.getMessage() for record in caplog.records] == [], ends
        assert "Traceback" not in answer.text
        assert "Something failed" not in answer.text, ends


def held(role: Role) -> frozenset[Permission]:
    from config.permissions import PERMISSIONS

    return PERMISSIONS[role]


@pytest.mark.parametrize("path", [wires.page.path for wires in PAGES])
def test_no_parameter_breaks_a_page(client: FlaskClient, server: Flask, path: str, caplog: Any) -> None:
    known = [part.split("=")[0] for part in QUERIES[path].split("&") if part]
    names = [*known, "period", "compare", "from", "to", "campaign", "channel", "program", "attr.region"]
    names += ["wave", "arm", "outcome", "sort", "viewer", "cubes", "self", "query", "_viewer", "attr.", "%00"]
    texts = [one for one in JUNK if isinstance(one, str)]
    for place, name in enumerate(names):
        for text in texts[place % 3 :: 3]:
            shown = show(server, client, path, f"?{QUERIES[path]}&{name}={text}")
            assert shown.status_code == 200
            assert "could not be shown" not in shown.text, (name, text[:80])
    assert [record.getMessage() for record in caplog.records] == []


def broken(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A body with one thing that no browser of ours sends."""
    first = body["inputs"][0]
    yield {**body, "more": 1}
    yield {**body, "__proto__": {}}
    yield {**body, "inputs": []}
    yield {**body, "inputs": [*body["inputs"], first]}
    yield {**body, "inputs": {"0": first}}
    yield {**body, "inputs": [None, *body["inputs"][1:]]}
    yield {**body, "inputs": [{**first, "id": "elsewhere"}, *body["inputs"][1:]]}
    yield {**body, "inputs": [{**first, "id": {"type": "x"}}, *body["inputs"][1:]]}
    yield {**body, "inputs": [{**first, "id": ["x"]}, *body["inputs"][1:]]}
    yield {**body, "inputs": [{**first, "property": "elsewhere"}, *body["inputs"][1:]]}
    yield {**body, "inputs": [{**first, "property": None}, *body["inputs"][1:]]}
    yield {**body, "inputs": [{**first, "path": ["x"]}, *body["inputs"][1:]]}
    yield {**body, "inputs": [[first], *body["inputs"][1:]]}
    yield {**body, "state": [first, *body["state"]]}
    yield {**body, "state": None}
    yield {**body, "outputs": []}
    yield {**body, "outputs": {"id": "elsewhere", "property": "children"}}
    yield {**body, "outputs": [body["outputs"], body["outputs"]]}
    yield {**body, "outputs": None}
    yield {**body, "changedPropIds": "x"}
    yield {**body, "changedPropIds": [7]}
    yield {**body, "changedPropIds": ["elsewhere.value"]}
    yield {**body, "changedPropIds": ["{.value"]}
    yield {**body, "changedPropIds": ["nothing"]}
    yield {**body, "parsedChangedPropsIds": {}}
    deep: Any = 1
    for _ in range(DEEPEST):
        deep = [deep]
    yield {**body, "inputs": [{**first, "value": deep}, *body["inputs"][1:]]}


@pytest.mark.parametrize("output", SERVED)
def test_a_body_that_differs_from_the_declared_ends_is_refused(server: Flask, output: str) -> None:
    guard = guard_of(server)
    able = next(role for role in PEOPLE if all(need in held(role) for need in guard.needed[output]))
    client = signed_in(server, able)
    wire = guard.wires[output]
    if not wire["inputs"] or wire["inputs"][0]["id"].startswith("{"):
        pytest.skip("its first end is a pattern")
    good = request_of(wire, values_of(guard.homes[output]))
    assert call(client, good).status_code in (200, 204)
    for place, bad in enumerate(broken(good)):
        assert call(client, bad).status_code == 400, place


@pytest.mark.parametrize(
    "value",
    [b"NaN", b"Infinity", b"-Infinity", b"1e999", b'"\\ud800"', b"[" * 90_000 + b"]" * 90_000, b"9" * 5000],
)
def test_json_that_no_browser_writes_is_refused(client: FlaskClient, server: Flask, value: bytes) -> None:
    import json

    body = json.dumps(request_of(guard_of(server).wires[SHOW], {"frame-address.search": "@"})).encode()
    sent = body.replace(b'"@"', value)
    assert sent != body
    answer = client.post(CALLBACK, data=sent, content_type="application/json")
    assert answer.status_code == 400


def test_a_request_with_a_jobs_or_sockets_parameters_is_answered_as_any_other(
    client: FlaskClient, server: Flask
) -> None:
    body = request_of(guard_of(server).wires[SHOW], {"frame-address.pathname": "/"})
    plain = call(client, body)
    for query in ("cacheKey=x", "job=1", "oldJob=1&cancelJob=2", "endId=forged", "progressDefault=1"):
        answer = client.post(f"{CALLBACK}?{query}", json=body)
        assert (answer.status_code, answer.get_data()) == (plain.status_code, plain.get_data())
    assert fire(server, client, SHOW, {"frame-address.pathname": "/"}).get_data() == plain.get_data()
