"""The OpenAPI document: valid, complete, and true about keys and problems."""

import re
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.web.conftest import Web
from web.auth import guard_of

TOUR = Path(__file__).parents[2] / "docs" / "api.md"


@pytest.fixture
def document(web: Web) -> dict[str, Any]:
    found: dict[str, Any] = web.client.get("/api/openapi.json").get_json()
    return found


def test_the_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_every_route_of_the_api_is_in_the_document(web: Web, document: dict[str, Any]) -> None:
    served = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in web.app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1")
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}
    }
    described = {
        (path, method) for path, methods in document["paths"].items() for method in methods
    }
    assert described == served


def test_every_operation_says_if_it_needs_a_key_and_that_errors_are_problems(
    web: Web, document: dict[str, Any]
) -> None:
    rules = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower()): rule.endpoint
        for rule in web.app.url_map.iter_rules()
        for method in rule.methods or set()
    }
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            guard = guard_of(web.app, rules[path, method])
            assert operation["security"] == ([] if guard.public else [{"key": []}])
            problem = operation["responses"]["default"]["content"]["application/problem+json"]
            assert problem["schema"]["$ref"].endswith("/Problem")


def test_no_two_operations_share_an_id(document: dict[str, Any]) -> None:
    ids = [
        operation["operationId"]
        for methods in document["paths"].values()
        for operation in methods.values()
    ]
    assert len(ids) == len(set(ids))


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for found in re.findall(r"'\$ref': '#/components/schemas/([^']+)'", str(document)):
        assert found in document["components"]["schemas"], found


def test_headers_that_change_an_answer_are_named(document: dict[str, Any]) -> None:
    parameters = document["paths"]["/api/v1/pictures"]["post"]["parameters"]
    headers = {item["name"] for item in parameters if item["in"] == "header"}
    assert headers == {"Idempotency-Key", "Prefer"}


def test_the_tour_names_only_what_is_there(document: dict[str, Any]) -> None:
    paths = re.findall(r"(?:\$CRISPDECK|(?:GET|POST|PUT|DELETE) )(/[\w/{}$]+)", TOUR.read_text())
    named = {re.sub(r"\{\w+\}|\$\w+", "{}", path) for path in paths}
    served = {re.sub(r"\{\w+\}", "{}", path).removeprefix("/api/v1") for path in document["paths"]}
    assert len(named) > 25
    assert named <= served
