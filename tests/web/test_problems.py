"""Every error has one shape, and says no more than it should."""

import io
import json

import pytest
from flask.testing import FlaskClient

from crispdeck.errors import RecordsError
from tests.web.conftest import Headers, Web, send_deck
from web.problems import PROBLEM_TYPE, all_kinds

MEMBERS = {
    "type",
    "title",
    "status",
    "detail",
    "instance",
    "code",
    "errors",
    "retryable",
    "request_id",
}


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "code"),
    [
        ("GET", "/nowhere", {}, 404, "not_found"),
        ("GET", "/api/v1/decks/not-an-id", {}, 404, "not_found"),
        ("GET", f"/api/v1/decks/{'0' * 32}", {}, 404, "not_found"),
        ("PUT", "/api/v1/decks", {}, 405, "method_not_allowed"),
        ("POST", "/api/v1/decks", {"json": {}}, 415, "media_type_unsupported"),
        ("POST", "/api/v1/decks", {"data": {"deck": "text"}}, 415, "media_type_unsupported"),
        (
            "POST",
            "/api/v1/decks",
            {"data": {"deck": "text"}, "content_type": "multipart/form-data"},
            422,
            "request_invalid",
        ),
        ("GET", "/api/v1/decks?limit=0", {}, 422, "request_invalid"),
        ("GET", "/api/v1/decks?after=%00", {}, 422, "request_invalid"),
        ("GET", "/api/v1/decks?typo=1", {}, 422, "request_invalid"),
        ("POST", "/api/v1/pictures?shown_width_in=nan", {"data": b"x"}, 415, None),
        (
            "POST",
            "/api/v1/pictures?shown_width_in=nan",
            {"data": b"x", "content_type": "image/png"},
            422,
            "request_invalid",
        ),
        (
            "POST",
            "/api/v1/keys",
            {"data": "{", "content_type": "application/json"},
            400,
            "request_malformed",
        ),
        ("POST", "/api/v1/keys", {"json": {"name": "", "scopes": []}}, 422, "request_invalid"),
    ],
)
def test_a_bad_request_is_a_problem_with_its_code(
    web: Web, method: str, path: str, options: dict[str, object], status: int, code: str | None
) -> None:
    answer = web.client.open(path, method=method, headers=web.key, **options)  # type: ignore[arg-type]
    assert answer.status_code == status, answer.text
    assert answer.content_type == PROBLEM_TYPE
    problem = answer.get_json()
    assert set(problem) == MEMBERS
    assert problem["status"] == status
    assert problem["instance"] == path.split("?", maxsplit=1)[0]
    assert problem["request_id"] == answer.headers["X-Request-Id"]
    assert code is None or problem["code"] == code


def test_every_field_that_does_not_fit_is_named(web: Web) -> None:
    answer = web.client.post(
        f"/api/v1/decks/{send_deck(web)}/jobs",
        headers=web.key,
        json={"target_ppi": -1, "max_scale": 3, "colour": "red"},
    )
    fields = {item["field"] for item in answer.get_json()["errors"]}
    assert fields == {"target_ppi", "max_scale", "colour"}


def test_the_method_that_would_fit_is_named(web: Web) -> None:
    answer = web.client.delete("/api/v1/limits", headers=web.key)
    assert "GET" in answer.headers["Allow"]


def test_a_body_over_the_limit_is_refused_before_it_is_read(web: Web) -> None:
    answer = web.client.post(
        "/api/v1/keys", headers=web.key, data=b" " * (2 << 20), content_type="application/json"
    )
    assert (answer.status_code, answer.get_json()["code"]) == (413, "request_too_large")


def test_a_body_that_hides_its_length_is_cut_off_at_the_limit(web: Web) -> None:
    answer = web.client.post(
        "/api/v1/pictures",
        headers=web.key | {"Transfer-Encoding": "chunked"},
        input_stream=io.BytesIO(b"\x89PNG" * (6 << 20)),
        content_type="image/png",
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert (answer.status_code, answer.get_json()["code"]) == (413, "request_too_large")


def broken(web: Web, error: Exception) -> FlaskClient:
    """Add a route that raises."""

    def view() -> str:
        raise error

    web.app.add_url_rule("/broken", "system.healthz2", view)
    return web.app.test_client()


def test_a_bug_is_500_without_its_words(web: Web, caplog: pytest.LogCaptureFixture) -> None:
    answer = broken(web, ValueError("password=hunter2")).get("/broken", headers=web.key)
    assert (answer.status_code, answer.get_json()["code"]) == (500, "internal_error")
    assert "hunter2" not in answer.text
    assert "hunter2" in caplog.text


def test_what_is_away_is_503_with_when_to_try_again(web: Web) -> None:
    client = broken(web, RecordsError("postgres at 10.0.0.7 refused"))
    answer = client.get("/broken", headers=web.key)
    assert (answer.status_code, answer.get_json()["code"]) == (503, "records_unavailable")
    assert answer.get_json()["retryable"] is True
    assert int(answer.headers["Retry-After"]) > 0
    assert "10.0.0.7" not in answer.text


def test_the_type_of_a_problem_can_be_looked_up(web: Web) -> None:
    problem = web.client.get("/api/v1/whoami").get_json()
    kind = web.client.get(problem["type"]).get_json()
    assert kind == {
        "code": "unauthenticated",
        "status": 401,
        "title": problem["title"],
        "retryable": False,
    }
    listed = web.client.get("/api/v1/problems").get_json()["items"]
    assert {item["code"] for item in listed} == {kind.code for kind in all_kinds()}


def test_a_request_id_is_taken_from_the_caller_only_if_it_is_harmless(web: Web) -> None:
    def sent(value: str) -> str:
        key: Headers = web.key | {"X-Request-Id": value}
        return web.client.get("/api/v1/whoami", headers=key).headers["X-Request-Id"]

    assert sent("trace-1234567") == "trace-1234567"
    assert sent('x"} {"forged": 1') != 'x"} {"forged": 1'


def test_each_request_leaves_one_line_of_json_without_its_query(
    web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", "crispdeck.access"):
        web.client.get("/api/v1/decks?limit=7", headers=web.key)
    (record,) = [r for r in caplog.records if r.name == "crispdeck.access"]
    line = json.loads(record.getMessage())
    assert (line["path"], line["status"], line["tenant"]) == ("/api/v1/decks", 200, web.tenant_id)
    assert "limit=7" not in record.getMessage()


@pytest.mark.parametrize("path", ["/", "/api/v1/whoami", "/nowhere", "/healthz"])
def test_every_answer_carries_the_security_headers(web: Web, path: str) -> None:
    headers = web.client.get(path, headers=web.key).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in headers


def test_answers_of_the_api_are_not_kept_by_caches(web: Web) -> None:
    answer = web.client.get("/api/v1/whoami", headers=web.key)
    assert answer.headers["Cache-Control"] == "private, no-store"
