"""What of a deck is looked at: its slides as likenesses, its pictures as they are."""

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from crispdeck.deck.scan_json import scan_from_json
from crispdeck.errors import NotFoundError
from crispdeck.picture.thumbnail import thumbnail
from crispdeck.records.people.keys import Scope
from crispdeck.records.shelf.decks import get_deck, get_scan
from crispdeck.services.likenesses import SHOWN_BY_BROWSERS, draw_likeness
from crispdeck.services.results import job_of_deck
from web import answers
from web.auth import caller, needs
from web.engine import engine
from web.routes.decks import THUMBNAIL_AGE_S
from web.schemas.jobs import V1
from web.schemas.requests import LikenessQuery, SlidePath, ThumbnailPath

slides = APIBlueprint(
    "slides", __name__, url_prefix=V1, abp_tags=[Tag(name="decks", description="Whole decks")]
)

SVG = {"content": {"image/svg+xml": {"schema": {"type": "string"}}}}
PICTURE = {"content": {"image/png": {"schema": {"type": "string"}}}}
MAX_SIDE_PX = 8_000
"""Of a picture that is shown as a PNG because no browser knows its format."""


@slides.get("/decks/<id:deck_id>/slides/<int:number>", responses={200: SVG})
@needs(Scope.DECKS)
def slide(path: SlidePath, query: LikenessQuery) -> Response:
    """Get a likeness of a slide as SVG, as the deck came or as a job has left it by now."""
    here = engine()
    deck = get_deck(here.db, caller().tenant_id, path.deck_id)
    job = None if query.job is None else job_of_deck(here, deck, query.job)
    drawn = draw_likeness(here, deck, path.number, job=job, detail=query.detail)
    # What a job has left changes while it works and when originals are asked back.
    return answers.picture(drawn, "image/svg+xml", max_age_s=0 if job else THUMBNAIL_AGE_S)


@slides.get("/decks/<id:deck_id>/pictures/<int:number>", responses={200: PICTURE})
@needs(Scope.DECKS)
def deck_picture(path: ThumbnailPath) -> Response:
    """Get the picture with this number as the deck holds it; a PNG where no browser knows it."""
    deck = get_deck(engine().db, caller().tenant_id, path.deck_id)
    found = scan_from_json(get_scan(engine().db, deck.tenant_id, deck.id))
    if not 1 <= path.number <= len(found.pictures):
        raise NotFoundError(f"The deck has no picture {path.number}.")
    picture = found.pictures[path.number - 1]
    with engine().decks.deck(deck.object_key) as archive:
        blob = archive.read(picture.part)
    if picture.format in SHOWN_BY_BROWSERS:
        return answers.picture(blob, picture.format.content_type, max_age_s=THUMBNAIL_AGE_S)
    shown = thumbnail(blob, max_side_px=MAX_SIDE_PX, max_px=engine().settings.max_output_px)
    return answers.picture(shown, "image/png", max_age_s=THUMBNAIL_AGE_S)
