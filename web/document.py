"""The OpenAPI 3.1 document: what flask-openapi3 gathers, with guards and problems added."""

import copy
import re
from typing import Any

from flask_openapi3.models.security_scheme import SecurityScheme
from flask_openapi3.openapi import OpenAPI

from web.auth import Guard, guard_of
from web.problems import PROBLEM_TYPE
from web.schemas.system import PictureVerdict

METHODS = {"get", "post", "put", "patch", "delete"}
SECURITY_SCHEMES: dict[str, SecurityScheme | dict[str, Any]] = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key: cd_<prefix>_<secret>. Each operation names the scopes of which"
        " the key needs one; `admin` stands for all.",
    }
}


def of(app: OpenAPI) -> dict[str, Any]:
    """Return the document of an app whose routes are all registered."""
    found: dict[str, Any] = copy.deepcopy(app.api_doc)
    guards = _guards(app)
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            if method in METHODS:
                _complete(operation, guards[path, method])
    schemas = found["components"]["schemas"]
    # Named by hand where an answer is either a picture or JSON.
    schemas[PictureVerdict.__name__] = PictureVerdict.model_json_schema(
        ref_template="#/components/schemas/{model}"
    )
    for name, schema in list(schemas.items()):
        schemas |= schema.pop("$defs", {})
        schemas[name] = schema
    return found


def _complete(operation: dict[str, Any], guard: Guard) -> None:
    """Say who may call, and that every error is a problem."""
    scopes = sorted(scope.value for scope in guard.any_of)
    operation["security"] = [] if guard.public else [{"key": []}]
    if scopes:
        operation["description"] = " ".join(
            [operation.get("description", ""), f"Scope: {' or '.join(scopes)}."]
        ).strip()
    responses = operation["responses"]
    responses.pop("422", None)
    responses["default"] = {
        "description": "A problem",
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _guards(app: OpenAPI) -> dict[tuple[str, str], Guard]:
    guards = {}
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
        for method in rule.methods or ():
            guards[path, method.lower()] = guard_of(app, rule.endpoint)
    return guards
