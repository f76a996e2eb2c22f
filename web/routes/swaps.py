"""/swaps, /reverts, /originals: for slides that are open in somebody's PowerPoint right now."""

from typing import BinaryIO, cast

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from crispdeck.deck.names import DECK_TYPES, deck_type
from crispdeck.records.people.keys import Scope
from crispdeck.records.shelf.originals import known_originals
from crispdeck.services.open_slides import (
    Rewritten,
    original_small,
    revertable,
    swap_back,
    swap_in,
)
from web import answers
from web.auth import caller, needs
from web.bodies import takes
from web.engine import engine
from web.routes.decks import THUMBNAIL_AGE_S, THUMBNAIL_PX
from web.schemas.addin import (
    KeptOriginal,
    KeptOriginals,
    LookQuery,
    OriginalPath,
    OriginalsRequest,
    RevertableList,
    RevertableOut,
    RevertQuery,
    SwapQuery,
)
from web.schemas.decks import DeckForm
from web.schemas.jobs import V1

swaps = APIBlueprint(
    "swaps", __name__, url_prefix=V1, abp_tags=[Tag(name="swaps", description="Open slides")]
)

DECK = {
    "description": "The deck; `Crispdeck-Swapped` says how many pictures changed",
    "content": {
        DECK_TYPES[".pptx"]: {"schema": {"type": "string", "format": "binary"}},
    },
}


SMALL = {"content": {"image/png": {"schema": {"type": "string"}}}}


@swaps.post("/swaps", responses={200: DECK})
@needs(Scope.DECKS)
@takes("multipart/form-data", limit="max_deck_bytes")
def create_swap(query: SwapQuery, form: DeckForm) -> Response:
    """Put the finished pictures of some jobs into a deck, wherever their originals are found.

    The deck may have been edited since: pictures are known by their content. It is not kept; the
    originals are, so that `POST /reverts` can put them back.
    """
    upload = cast("BinaryIO", form.deck.stream)
    options = query.options(engine().settings)
    rewritten = swap_in(
        engine(),
        caller().tenant_id,
        upload,
        query.job,
        options,
        allow_signed=query.allow_signed,
    )
    return _deck(rewritten, form.deck.filename or "")


@swaps.post("/reverts", responses={200: DECK})
@needs(Scope.DECKS)
@takes("multipart/form-data", limit="max_deck_bytes")
def create_revert(query: RevertQuery, form: DeckForm) -> Response:
    """Put the original bytes back into a deck that was swapped, however it was edited since."""
    upload = cast("BinaryIO", form.deck.stream)
    rewritten = swap_back(
        engine(),
        caller().tenant_id,
        upload,
        None if query.sha256 is None else set(query.sha256),
        allow_signed=query.allow_signed,
    )
    return _deck(rewritten, form.deck.filename or "")


@swaps.post("/reverts/look", responses={200: RevertableList})
@needs(Scope.DECKS)
@takes("multipart/form-data", limit="max_deck_bytes")
def look_before_revert(query: LookQuery, form: DeckForm) -> Response:
    """List the pictures of a deck that can get their originals back; the deck is not kept."""
    upload = cast("BinaryIO", form.deck.stream)
    found = revertable(engine(), caller().tenant_id, upload, allow_signed=query.allow_signed)
    return answers.answer(RevertableList(items=[RevertableOut.of(one, V1) for one in found]))


@swaps.get("/originals/<sha256>/thumbnail", responses={200: SMALL})
@needs(Scope.DECKS)
def original_thumbnail(path: OriginalPath) -> Response:
    """Get a small PNG of what a picture, by the SHA-256 of its present bytes, has replaced."""
    small = original_small(engine(), caller().tenant_id, path.sha256, max_side_px=THUMBNAIL_PX)
    return answers.picture(small, "image/png", max_age_s=THUMBNAIL_AGE_S)


def _deck(rewritten: Rewritten, name: str) -> Response:
    response = answers.download(
        rewritten.file,
        rewritten.result.bytes_after,
        name=name or "slide.pptx",
        media_type=deck_type(name),
    )
    response.headers["Crispdeck-Swapped"] = str(len(rewritten.result.swapped))
    return response


@swaps.post("/originals/known", responses={200: KeptOriginals})
@needs(Scope.DECKS)
def known(body: OriginalsRequest) -> Response:
    """Say for which of these pictures an original is kept, and until when."""
    found = known_originals(engine().db, caller().tenant_id, set(body.sha256))
    items = [KeptOriginal(sha256=sha256, expires_at=until) for sha256, until in found.items()]
    return answers.answer(KeptOriginals(items=items))
