"""/downloads: links that a browser follows by itself, with its own bar and straight to the disk."""

from flask import Response, current_app, g
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from crispdeck.errors import InvalidRequestError, UnauthenticatedError
from crispdeck.records.people.download_links import sign_download, signer_of
from crispdeck.records.people.keys import Scope
from crispdeck.records.shelf.decks import get_deck
from crispdeck.records.work.batch_contents import read_contents
from crispdeck.services.reports import report_file
from crispdeck.services.results import finished_job
from web import answers
from web.auth import caller, check_scopes, guard_of, needs, public
from web.engine import engine
from web.routes.batches import give_zip
from web.routes.decks import FILE, give_enhanced, give_report
from web.schemas.downloads import (
    DownloadChoice,
    DownloadKind,
    DownloadLink,
    DownloadPath,
    DownloadQuery,
    DownloadRequest,
    target_of,
)
from web.schemas.jobs import V1

downloads = APIBlueprint(
    "downloads",
    __name__,
    url_prefix=V1,
    abp_tags=[Tag(name="downloads", description="Results by plain links")],
)


@downloads.post("/downloads", responses={201: DownloadLink})
@needs(Scope.DECKS)
def make_link(body: DownloadRequest) -> Response:
    """Make a link to a deck, a report or a zip that needs no key for the next minutes.

    What could go wrong is told here; a report that nobody has made yet is made first.
    """
    here, tenant_id = engine(), caller().tenant_id
    if body.kind is DownloadKind.ZIP:
        read_contents(here.db, tenant_id, body.id)
    else:
        deck = get_deck(here.db, tenant_id, body.id)
        job = finished_job(here, deck, body.job)
        if body.kind is DownloadKind.REPORT:
            report_file(here, deck, job, _report(body))[0].close()
    target = target_of(body.kind, body.id, body)
    signature, expires_at = sign_download(here.db, caller(), target)
    link = DownloadLink(url=f"{target}&signature={signature}", expires_at=expires_at)
    return answers.answer(link, 201)


@downloads.get("/downloads/<kind>/<id:id>", responses={200: FILE, 303: None})
@public
def download(path: DownloadPath, query: DownloadQuery) -> Response:
    """Follow a link that POST /downloads made."""
    here = engine()
    g.caller = signer_of(here.db, query.signature, target_of(path.kind, path.id, query))
    if g.caller is None:
        raise UnauthenticatedError("This link is too old or not complete. Ask for a new one.")
    check_scopes(guard_of(current_app, "downloads.make_link"), g.caller)
    tenant_id = g.caller.tenant_id
    if path.kind is DownloadKind.ZIP:
        report = "html" if query.report == "json" else query.report
        return give_zip(read_contents(here.db, tenant_id, path.id), report)
    deck = get_deck(here.db, tenant_id, path.id)
    job = finished_job(here, deck, query.job)
    if path.kind is DownloadKind.REPORT:
        return give_report(deck, job, _report(query))
    return give_enhanced(deck, job, redirects=True)


def _report(choice: DownloadChoice) -> str:
    if choice.report == "none":
        raise InvalidRequestError("Say which report.", fields={"report": "html, pptx or json"})
    return choice.report
