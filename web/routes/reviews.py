"""Review links: made by whoever has a key, and followed by whoever has the link alone."""

from flask import Response, url_for
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from crispdeck.deck.scan_json import scan_from_json
from crispdeck.errors import NotFoundError
from crispdeck.records.people.keys import Scope, revoke_key
from crispdeck.records.shelf.decks import get_scan
from crispdeck.records.shelf.reviews import list_reviews, say_verdict, verdicts_of
from crispdeck.records.work.job import get_job, keep_originals, pictures_of
from crispdeck.services.likenesses import draw_likeness
from crispdeck.services.reviews import make_review, reviewed_batch, reviewed_deck
from web import answers
from web.auth import caller, needs, note
from web.engine import engine
from web.routes.slides import SVG
from web.schemas.batches import BatchPath
from web.schemas.decks import DeckOut
from web.schemas.jobs import V1, JobDetail, KeptRequest
from web.schemas.requests import DeckPath, LikenessQuery, SlidePath
from web.schemas.reviews import (
    ReviewedBatch,
    ReviewedDeck,
    ReviewedWork,
    ReviewLink,
    ReviewList,
    ReviewOut,
    ReviewPath,
    ReviewRequest,
    VerdictOut,
    VerdictRequest,
)

reviews = APIBlueprint(
    "reviews",
    __name__,
    url_prefix=V1,
    abp_tags=[Tag(name="reviews", description="Before and after for somebody without a key")],
)


@reviews.post("/batches/<id:batch_id>/reviews", responses={201: ReviewLink})
@needs(Scope.DECKS)
def new_review(path: BatchPath, body: ReviewRequest) -> Response:
    """Make a link by which a colleague without a key sees before and after of this batch alone."""
    who = caller()
    issued, expires_at = make_review(
        engine(),
        who.tenant_id,
        path.batch_id,
        name=body.name,
        days=body.days,
        parent_id=who.key_id,
    )
    note("review.share", issued.id, batch=path.batch_id, name=body.name)
    address = url_for("page.review", _external=True)
    link = ReviewLink(id=issued.id, url=f"{address}#{issued.key}", expires_at=expires_at)
    return answers.answer(link, 201)


@reviews.get("/batches/<id:batch_id>/reviews", responses={200: ReviewList})
@needs(Scope.DECKS)
def batch_reviews(path: BatchPath) -> Response:
    """List the links to a batch, and what was said through each."""
    found = list_reviews(engine().db, caller().tenant_id, path.batch_id)
    return answers.answer(ReviewList(items=[ReviewOut.of(each) for each in found]))


@reviews.delete("/batches/<id:batch_id>/reviews/<id:review_id>", responses={204: None})
@needs(Scope.DECKS)
def withdraw_review(path: ReviewPath) -> Response:
    """Withdraw a link; what was said through it stays."""
    db, tenant_id = engine().db, caller().tenant_id
    known = {each.id for each in list_reviews(db, tenant_id, path.batch_id)}
    if path.review_id not in known:
        raise NotFoundError(f"There is no review {path.review_id}.")
    revoke_key(db, tenant_id, path.review_id)
    note("review.withdraw", path.review_id, batch=path.batch_id)
    return Response(status=204)


@reviews.get("/review", responses={200: ReviewedBatch})
@needs(Scope.REVIEW)
def review_batch() -> Response:
    """List the decks that this link opens, and what was said of each."""
    here, who = engine(), caller()
    contents, done = reviewed_batch(here, who.tenant_id, who.key_id)
    said = {each.deck_id: VerdictOut.of(each) for each in verdicts_of(here.db, who.key_id)}
    decks = [ReviewedDeck.of(each.deck, each.job, said.get(each.deck.id)) for each in done]
    return answers.answer(ReviewedBatch(expires_at=contents.batch.expires_at, decks=decks))


@reviews.get("/review/decks/<id:deck_id>", responses={200: ReviewedWork})
@needs(Scope.REVIEW)
def review_deck(path: DeckPath) -> Response:
    """Look at a deck and what was made of it."""
    return _work(path.deck_id)


def _work(deck_id: str) -> Response:
    here, who = engine(), caller()
    found = reviewed_deck(here, who.tenant_id, who.key_id, deck_id)
    scan = scan_from_json(get_scan(here.db, who.tenant_id, deck_id))
    job = get_job(here.db, who.tenant_id, found.job.id)
    pictures = pictures_of(here.db, who.tenant_id, job.id)
    return answers.answer(
        ReviewedWork(
            deck=DeckOut.with_scan(found.deck, scan), job=JobDetail.with_pictures(job, pictures)
        )
    )


@reviews.get("/review/decks/<id:deck_id>/slides/<int:number>", responses={200: SVG})
@needs(Scope.REVIEW)
def review_slide(path: SlidePath, query: LikenessQuery) -> Response:
    """Get a likeness of a slide before, or with `job` after."""
    here, who = engine(), caller()
    found = reviewed_deck(here, who.tenant_id, who.key_id, path.deck_id)
    if query.job not in {None, found.job.id}:
        raise NotFoundError(f"There is no job {query.job}.")
    job = found.job if query.job else None
    drawn = draw_likeness(here, found.deck, path.number, job=job, detail=query.detail)
    return answers.picture(drawn, "image/svg+xml")


@reviews.put("/review/decks/<id:deck_id>/kept", responses={200: ReviewedWork})
@needs(Scope.REVIEW)
def review_kept(path: DeckPath, body: KeptRequest) -> Response:
    """Keep the originals of some pictures, or of none any more."""
    here, who = engine(), caller()
    found = reviewed_deck(here, who.tenant_id, who.key_id, path.deck_id)
    keep_originals(here.db, who.tenant_id, found.job.id, body.parts)
    note("review.keep_originals", path.deck_id, parts=len(body.parts))
    return _work(path.deck_id)


@reviews.put("/review/decks/<id:deck_id>/verdict", responses={204: None})
@needs(Scope.REVIEW)
def review_verdict(path: DeckPath, body: VerdictRequest) -> Response:
    """Say what one thinks of a deck; said again, the last word counts."""
    here, who = engine(), caller()
    reviewed_deck(here, who.tenant_id, who.key_id, path.deck_id)
    said = body.model_dump()
    say_verdict(here.db, who.key_id, path.deck_id, **said)
    note("review.verdict", path.deck_id, is_accepted=body.is_accepted)
    return Response(status=204)
