"""/pairings: a code on this screen becomes a key in the task pane."""

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from crispdeck.records.people import audit
from crispdeck.records.people.keys import Scope
from crispdeck.records.people.pairings import finish_pairing, start_pairing
from web import answers
from web.auth import caller, needs, public
from web.engine import engine
from web.schemas.addin import PairingOut, PairingRequest, PairingWays
from web.schemas.jobs import V1
from web.schemas.system import NewKey

pairings = APIBlueprint(
    "pairings", __name__, url_prefix=V1, abp_tags=[Tag(name="pairings", description="First keys")]
)


@pairings.get("/pairings/ways", responses={200: PairingWays})
@public
def ways() -> Response:
    """Say how a task pane may be connected here, besides by a code."""
    return answers.answer(PairingWays(sign_in=bool(engine().settings.oidc_pane_tenants)))


@pairings.post("/pairings", responses={201: PairingOut})
@needs(Scope.DECKS, Scope.PICTURES, Scope.CONNECT)
def create_pairing() -> Response:
    """Make a code that is good once, for ten minutes; it stands for a key for decks and pictures.

    The new key may do no more than the caller's, and ends no later. A key of the scope `connect`
    makes such codes and does nothing else.
    """
    here, who = engine(), caller()
    code = start_pairing(here.db, who)
    audit.record(
        here.db,
        actor=who.key_id,
        action="pairing.start",
        target=who.key_id,
        tenant_id=who.tenant_id,
    )
    return answers.answer(PairingOut.of(code), 201)


@pairings.post("/pairings/exchange", responses={201: NewKey})
@public
def exchange(body: PairingRequest) -> Response:
    """Exchange a code for a key; it is shown in this answer and never again."""
    db = engine().db
    paired = finish_pairing(db, body.code, body.name)
    audit.record(
        db,
        actor=paired.maker_id,
        action="pairing.exchange",
        target=paired.issued.id,
        data={"name": body.name.replace("\x00", "")},
        tenant_id=paired.tenant_id,
    )
    return answers.answer(NewKey.of(paired.issued), 201)
