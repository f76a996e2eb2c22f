"""/keys and /audit: an administrator's view of the own tenant."""

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from crispdeck.records.people import audit
from crispdeck.records.people.keys import Scope, issue_key, list_keys, revoke_key
from web import answers
from web.auth import caller, needs, note
from web.engine import engine
from web.schemas.jobs import V1
from web.schemas.requests import KeyPath, PageQuery
from web.schemas.system import AuditPage, KeyList, KeyOut, KeyRequest, NewKey

keys = APIBlueprint(
    "keys", __name__, url_prefix=V1, abp_tags=[Tag(name="admin", description="Keys and audit")]
)


@keys.get("/keys", responses={200: KeyList})
@needs(Scope.ADMIN)
def all_keys() -> Response:
    """List the keys of the tenant, without their secrets."""
    found = list_keys(engine().db, caller().tenant_id)
    return answers.answer(KeyList(items=[KeyOut.of(key) for key in found]))


@keys.post("/keys", responses={201: NewKey})
@needs(Scope.ADMIN)
def create_key(body: KeyRequest) -> Response:
    """Issue a key; it is shown in this answer and never again."""
    here = engine()
    issued = issue_key(
        here.db, caller().tenant_id, map(Scope, body.scopes), body.name, expires_at=body.expires_at
    )
    scopes = sorted(set(body.scopes))
    note("key.issue", issued.id, name=body.name, scopes=scopes)
    return answers.answer(NewKey.of(issued), 201)


@keys.delete("/keys/<id:key_id>", responses={204: None})
@needs(Scope.ADMIN)
def remove_key(path: KeyPath) -> Response:
    """Make a key invalid."""
    revoke_key(engine().db, caller().tenant_id, path.key_id)
    note("key.revoke", path.key_id)
    return Response(status=204)


@keys.get("/audit", responses={200: AuditPage})
@needs(Scope.ADMIN)
def audit_log(query: PageQuery) -> Response:
    """List what administrators of the tenant did, newest first."""
    page = audit.list_audit(
        engine().db, after=query.after, limit=query.limit, tenant_id=caller().tenant_id
    )
    return answers.answer(AuditPage.of(page))
