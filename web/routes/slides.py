"""What of a deck is looked at: its slides as likenesses, its pictures as they are."""

import tempfile
from contextlib import ExitStack
from functools import partial
from typing import BinaryIO, cast

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from crispdeck.deck.scan_json import scan_from_json
from crispdeck.errors import NotFoundError
from crispdeck.records.people.keys import Scope
from crispdeck.records.shelf.decks import get_deck, get_scan
from crispdeck.records.shelf.values import DeckRecord
from web import answers
from web.auth import caller, needs
from web.engine import engine
from web.routes.decks import MAX_SHOWN_SIDE_PX, THUMBNAIL_AGE_S
from web.schemas.jobs import V1
from web.schemas.requests import SlidePath, ThumbnailPath

slides = APIBlueprint(
    "slides", __name__, url_prefix=V1, abp_tags=[Tag(name="decks", description="Whole decks")]
)

SVG = {"content": {"image/svg+xml": {"schema": {"type": "string"}}}}
PICTURE = {"content": {"image/png": {"schema": {"type": "string"}}}}


@slides.get("/decks/<id:deck_id>/slides/<int:number>", responses={200: SVG})
@needs(Scope.DECKS)
def slide(path: SlidePath) -> Response:
    """Get a likeness of a slide as SVG, drawn from its own XML at true places."""
    deck = get_deck(engine().db, caller().tenant_id, path.deck_id)
    opened = partial(engine().decks.file, deck.object_key)
    drawn = engine().untrusted.slide(deck.object_key, opened, path.number, whose=deck.tenant_id)
    return answers.picture(drawn, "image/svg+xml", max_age_s=THUMBNAIL_AGE_S)


@slides.get("/decks/<id:deck_id>/pictures/<int:number>", responses={200: PICTURE})
@needs(Scope.DECKS)
def deck_picture(path: ThumbnailPath) -> Response:
    """Get the picture with this number as the deck holds it; a PNG where no browser knows it."""
    deck = get_deck(engine().db, caller().tenant_id, path.deck_id)
    found = scan_from_json(get_scan(engine().db, deck.tenant_id, deck.id))
    if not 1 <= path.number <= len(found.pictures):
        raise NotFoundError(f"The deck has no picture {path.number}.")
    picture = found.pictures[path.number - 1]
    if picture.format.is_shown_by_browsers:
        return answers.picture_file(
            _part_file(deck, picture.part),
            picture.format.content_type,
            tag=f"{deck.id}-{path.number}-{picture.crc32}",
            max_age_s=THUMBNAIL_AGE_S,
        )
    shown = engine().untrusted.part_small(
        deck.object_key,
        partial(engine().decks.file, deck.object_key),
        picture.part,
        max_side_px=MAX_SHOWN_SIDE_PX,
        whose=deck.tenant_id,
    )
    return answers.picture(shown, "image/png", max_age_s=THUMBNAIL_AGE_S)


def _part_file(deck: DeckRecord, part: str) -> BinaryIO:
    """Unpack a part into a nameless file: it may be half a gigabyte."""
    with ExitStack() as stack:
        file = cast("BinaryIO", stack.enter_context(tempfile.TemporaryFile()))
        with engine().decks.deck(deck.object_key) as archive:
            archive.copy(part, file)
        file.seek(0)
        stack.pop_all()
    return file
