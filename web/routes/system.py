"""Health, metrics, limits, and the API's own document."""

import hmac
from collections.abc import Callable
from dataclasses import asdict

from flask import Response, current_app, jsonify, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from flask_openapi3.openapi import OpenAPI

from crispdeck.errors import CrispdeckError, NotFoundError, UnauthenticatedError
from crispdeck.records.figures.totals import open_jobs
from crispdeck.records.people.tenants import stored_bytes
from web import answers, document
from web.auth import caller, needs, public
from web.engine import engine
from web.limits import STREAMS_PER_TENANT, remaining
from web.metrics import RequestMetrics
from web.prefer import MAX_WAIT_S
from web.problems import all_kinds, title_of
from web.schemas.jobs import V1
from web.schemas.requests import ProblemPath
from web.schemas.system import Health, Limits, ProblemKind, ProblemKinds, Who

READY_S = 1.0
"""An answer of /readyz counts for so long: it writes and deletes an object, for anybody."""
METRICS_S = 5.0
"""Prometheus asks every 15 seconds or more; the rows need not be counted for anybody else."""

system = APIBlueprint("system", __name__, abp_tags=[Tag(name="system", description="The service")])


@system.get("/healthz", doc_ui=False)
@public
def healthz() -> Response:
    """Say that the process lives."""
    return answers.answer(Health(status="alive"))


@system.get("/readyz", doc_ui=False)
@public
def readyz() -> Response:
    """Say if every part that a request needs answers, and which does not."""
    parts = engine().answers.get("readyz", READY_S, _parts)
    ready = set(parts.values()) == {"ok"}
    health = Health(status="ready" if ready else "not ready", parts=parts)
    return answers.answer(health, 200 if ready else 503)


def _parts() -> dict[str, str]:
    here = engine()
    return {
        "records": _state(here.db.ping),
        "storage": _state(here.store.ping),
        "queue": _state(here.queue.ping),
    }


def _state(ping: Callable[[], None]) -> str:
    try:
        ping()
    except CrispdeckError as error:
        return error.code
    return "ok"


@system.get("/metrics", doc_ui=False)
@public
def metrics() -> Response:
    """Give the figures to Prometheus; they name no tenant."""
    key = engine().settings.metrics_key
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if key and not hmac.compare_digest(given.encode(), key.encode()):
        raise UnauthenticatedError("Send CRISPDECK_METRICS_KEY as a bearer token.")
    requests: RequestMetrics = current_app.extensions["crispdeck_metrics"]
    db = engine().db
    text, media_type = engine().answers.get("metrics", METRICS_S, lambda: requests.exposition(db))
    return Response(text, content_type=media_type)


@system.get("/api/openapi.json", doc_ui=False)
@public
def openapi_document() -> Response:
    """Give the OpenAPI 3.1 document."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    assert isinstance(app, OpenAPI)  # noqa: S101 - create_app makes no other
    return jsonify(document.of(app))


@system.get(f"{V1}/whoami", responses={200: Who})
@needs()
def whoami() -> Response:
    """Say what this key is good for."""
    return answers.answer(Who.of(caller()))


@system.get(f"{V1}/limits", responses={200: Limits})
@needs()
def limits() -> Response:
    """Say what may be sent, and what is left."""
    here, tenant_id = engine(), caller().tenant_id
    settings, counts = here.settings, remaining()
    same = (
        *("max_deck_bytes", "max_deck_entries", "max_picture_bytes", "max_input_px"),
        "max_output_px",
    )
    found = Limits(
        **{name: getattr(settings, name) for name in same},
        **asdict(here.allowances(tenant_id)),
        requests_left=counts[1] if counts else None,
        open_jobs=open_jobs(here.db, tenant_id),
        storage_bytes=stored_bytes(here.db, tenant_id),
        max_wait_s=MAX_WAIT_S,
        max_streams=STREAMS_PER_TENANT,
    )
    return answers.answer(found)


@system.get(f"{V1}/problems", responses={200: ProblemKinds})
@public
def problem_kinds() -> Response:
    """List the kinds of problems that an answer can be."""
    return answers.answer(ProblemKinds(items=[_kind(kind) for kind in all_kinds()]))


@system.get(f"{V1}/problems/<code>", responses={200: ProblemKind})
@public
def problem_kind(path: ProblemPath) -> Response:
    """Explain one kind of problem: where `type` points to."""
    for kind in all_kinds():
        if kind.code == path.code:
            return answers.answer(_kind(kind))
    raise NotFoundError(f"No kind of problem is called {path.code}.")


def _kind(kind: type[CrispdeckError]) -> ProblemKind:
    return ProblemKind(
        code=kind.code, status=kind.status, title=title_of(kind), retryable=kind.retryable
    )
