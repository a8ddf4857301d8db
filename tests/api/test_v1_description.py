"""The description is sound: a validator of OpenAPI and a fuzzer of APIs find nothing, its examples work."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis.config import SchemathesisConfig

from tests.api.conftest import Asker, is_rest

PATH = "/api/v1/openapi.json"
WITH_EXAMPLES = ("/api/v1/figures", "/api/v1/campaigns", "/api/v1/campaigns/{campaign_id}/metrics",
                 "/api/v1/campaigns/summary", "/api/v1/metrics-catalogue", "/api/v1/dimensions",
                 "/api/v1/experiments/{campaign_id}", "/api/v1/live", "/api/v1/alerts",
                 "/api/v1/exports/monthly", "/api/v1/exports/monthly/manifest")  # fmt: skip


@pytest.fixture(scope="module")
def description(analyst: Asker) -> dict[str, Any]:
    return analyst.json(PATH)


def test_anybody_may_read_it_and_it_names_no_value_of_the_plan(
    served: Flask, description: dict[str, Any]
) -> None:
    response = served.test_client().get(PATH)
    assert response.status_code == 200
    assert response.json["paths"].keys() == description["paths"].keys()
    assert "attr." not in response.text
    assert "a1c" not in response.text


def test_every_address_of_the_api_is_described(served: Flask, description: dict[str, Any]) -> None:
    told = {path.replace("{", "<").replace("}", ">") for path in description["paths"]}
    there = {rule.rule for rule in served.url_map.iter_rules() if is_rest(rule)}
    assert there - {PATH} == told


@pytest.mark.parametrize("path", WITH_EXAMPLES)
def test_the_examples_work_and_answer_as_described(served: Flask, analyst: Asker, path: str) -> None:
    secret = sent_by(analyst)
    operation = described(served, secret)[path]["GET"]
    examples = {
        (one["in"], one["name"]): one["example"]
        for one in operation.definition.raw["parameters"]
        if "example" in one
    }
    assert examples or path in ("/api/v1/metrics-catalogue", "/api/v1/dimensions", "/api/v1/live")
    query = {name: text for (place, name), text in examples.items() if place == "query"}
    places = {name: text for (place, name), text in examples.items() if place == "path"}
    response = operation.Case(query=query, path_parameters=places).call_and_validate(headers=secret)
    assert response.status_code == 200


def sent_by(analyst: Asker) -> dict[str, str]:
    """The fuzzer unpacks nothing."""
    return {"Authorization": f"Bearer {analyst.secret}", "Accept-Encoding": "identity"}


def described(served: Flask, secret: dict[str, str]) -> Any:
    def local(environ: dict[str, Any], start: Any) -> Any:
        # The fuzzer's own client does not say from where it asks.
        return served({**environ, "REMOTE_ADDR": "127.0.0.1"}, start)

    return schemathesis.openapi.from_wsgi(PATH, local, headers=secret, config=SchemathesisConfig())


def test_a_fuzzer_finds_nothing(served: Flask, analyst: Asker) -> None:
    secret = sent_by(analyst)
    tested = 0
    for found in described(served, secret).get_all_operations():
        operation = found.ok()
        tested += 1

        @given(case=operation.as_strategy())
        @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        def fuzz(case: Any) -> None:
            case.call_and_validate(headers=secret)

        fuzz()
    assert tested == 12
