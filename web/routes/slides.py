"""What of a deck is looked at: its slides as likenesses, its pictures as they are."""

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from crispdeck.deck.opc.archive import DeckArchive
from crispdeck.deck.scan_json import scan_from_json
from crispdeck.errors import BadInputError, NotFoundError
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.thumbnail import small_copy, thumbnail
from crispdeck.records.people.keys import Scope
from crispdeck.records.shelf.decks import get_deck, get_scan
from crispdeck.slides import Likeness, draw_slide
from web import answers
from web.auth import caller, needs
from web.engine import engine
from web.routes.decks import THUMBNAIL_AGE_S
from web.schemas.jobs import V1
from web.schemas.requests import SlidePath, ThumbnailPath

slides = APIBlueprint(
    "slides", __name__, url_prefix=V1, abp_tags=[Tag(name="decks", description="Whole decks")]
)

SVG = {"content": {"image/svg+xml": {"schema": {"type": "string"}}}}
PICTURE = {"content": {"image/png": {"schema": {"type": "string"}}}}
SHOWN_BY_BROWSERS = {
    *(PictureFormat.PNG, PictureFormat.JPEG, PictureFormat.GIF, PictureFormat.BMP),
    PictureFormat.WEBP,
}
MAX_SIDE_PX = 8_000
"""Of a picture that is shown as a PNG because no browser knows its format."""


@slides.get("/decks/<id:deck_id>/slides/<int:number>", responses={200: SVG})
@needs(Scope.DECKS)
def slide(path: SlidePath) -> Response:
    """Get a likeness of a slide as SVG, drawn from its own XML at true places."""
    deck = get_deck(engine().db, caller().tenant_id, path.deck_id)
    with engine().decks.deck(deck.object_key) as archive:
        drawn = draw_slide(archive, path.number, lambda part: _likeness(archive, part))
    return answers.picture(drawn, "image/svg+xml", max_age_s=THUMBNAIL_AGE_S)


def _likeness(archive: DeckArchive, part: str) -> Likeness | None:
    try:
        return Likeness(*small_copy(archive.read(part), max_px=engine().settings.max_output_px))
    except BadInputError:
        return None


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
