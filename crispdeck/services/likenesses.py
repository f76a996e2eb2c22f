"""Slides as they look now or looked when the deck came, drawn as SVG from the deck itself."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from crispdeck.deck.opc.archive import DeckArchive
from crispdeck.errors import BadInputError, DamagedObjectError, ObjectMissingError
from crispdeck.picture.formats import PictureFormat, sniff
from crispdeck.picture.thumbnail import small_copy, thumbnail
from crispdeck.records.shelf.values import DeckRecord
from crispdeck.records.states import JobState, PictureState
from crispdeck.records.work.job import pictures_of
from crispdeck.records.work.values import JobRecord, PictureRecord
from crispdeck.services.platform import Platform
from crispdeck.services.results import read_result
from crispdeck.slides import Likeness, draw_slide

SHOWN_BY_BROWSERS = frozenset(
    {
        *(PictureFormat.PNG, PictureFormat.JPEG, PictureFormat.GIF, PictureFormat.BMP),
        PictureFormat.WEBP,
    }
)

MAX_SIDE_PX = 3_840
"""Of a picture on a full likeness that has to be drawn anew: a 4K screen shows no more."""

FULL_BYTES = 32_000_000
"""Of a full likeness's pictures together, before base64; those beyond are small copies. The
largest slide of the talks in the tests holds 11 MB."""


class Detail(StrEnum):
    """How much of its pictures a likeness holds."""

    SMALL = "small"
    """Small copies: for lists of slides."""
    FULL = "full"
    """Every pixel of the deck, byte for byte where a browser can show it: for the comparison."""


def draw_likeness(
    platform: Platform,
    deck: DeckRecord,
    number: int,
    *,
    job: JobRecord | None = None,
    detail: Detail = Detail.SMALL,
) -> bytes:
    """Draw a slide as SVG.

    Args:
        number: in the order of the show, from 1.
        job: draws the deck as this job has left it by now: from the deck that it made, or, while
            it works or where originals were asked back, from the original with the pictures that
            are sharp. None: as the deck was handed in.
        detail: how much of the pictures is in it.

    Raises:
        NotFoundError: the deck has no such slide.
        DeckRefusedError: the slide cannot be read.
        ObjectMissingError: the deck is gone.
    """
    copies = _Copies(platform.settings.max_output_px, detail)
    if job is not None and job.state is JobState.DONE and job.result_key and not job.kept:
        with platform.decks.deck(job.result_key) as archive:
            return draw_slide(archive, number, copies.of(archive.read))
    sharp = {} if job is None else _sharp_parts(platform, job)
    with platform.decks.deck(deck.object_key) as archive:
        return draw_slide(archive, number, copies.of(_reader(platform, archive, sharp)))


def _sharp_parts(platform: Platform, job: JobRecord) -> dict[str, PictureRecord]:
    rows = pictures_of(platform.db, job.tenant_id, job.id)
    kept = frozenset(job.kept or ())
    return {
        part: row
        for row in rows
        if row.state is PictureState.DONE
        for part in row.parts
        if part not in kept
    }


def _reader(
    platform: Platform, archive: DeckArchive, sharp: Mapping[str, PictureRecord]
) -> Callable[[str], bytes]:
    def read(part: str) -> bytes:
        row = sharp.get(part)
        return archive.read(part) if row is None else read_result(platform.store, row)

    return read


class _Copies:
    """What a likeness holds of each picture, as long as it does not grow too large."""

    def __init__(self, max_px: int, detail: Detail) -> None:
        self._max_px = max_px
        self._left_bytes = FULL_BYTES if detail is Detail.FULL else 0

    def of(self, read: Callable[[str], bytes]) -> Callable[[str], Likeness | None]:
        """Return what `draw_slide` asks for the picture of a part; None where there is none."""

        def likeness(part: str) -> Likeness | None:
            try:
                return self._copy(read(part))
            except (BadInputError, DamagedObjectError, ObjectMissingError):
                return None

        return likeness

    def _copy(self, blob: bytes) -> Likeness:
        if len(blob) > self._left_bytes:
            return Likeness(*small_copy(blob, max_px=self._max_px))
        kind = sniff(blob)
        if kind in SHOWN_BY_BROWSERS:
            full = Likeness(blob, kind.content_type)
        else:
            shown = thumbnail(blob, max_side_px=MAX_SIDE_PX, max_px=self._max_px)
            full = Likeness(shown, "image/png")
        self._left_bytes -= len(full.blob)
        return full
