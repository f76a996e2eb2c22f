"""What the media parts of a deck hold, from their first bytes, each part looked at once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from crispdeck.deck.model import Reason
from crispdeck.deck.opc.archive import DeckArchive
from crispdeck.errors import MalformedDeckError, UnreadablePictureError, UnsupportedPictureError
from crispdeck.picture.formats import SNIFF_BYTES, PictureFormat, sniff
from crispdeck.picture.info import PictureInfo
from crispdeck.picture.inspect import inspect

MAX_DRAWING_BYTES = 8 * 2**20
"""Unpacked; larger ones are not looked through: a bitmap that is shown small has fewer bytes."""


@dataclass(frozen=True, slots=True)
class Medium:
    """One media part: what it is, and why it cannot be upscaled where it cannot."""

    format: PictureFormat
    width_px: int | None = None
    height_px: int | None = None
    reason: Reason | None = None


class MediaReader:
    """Measures media parts on demand; memory does not grow with their size."""

    def __init__(self, deck: DeckArchive) -> None:
        self._deck = deck
        self._known: dict[str, Medium] = {}

    def measure(self, part: str) -> Medium:
        """Return what a part holds.

        Raises:
            UnsafeDeckError: it holds more than the zip declares.
        """
        if part not in self._known:
            self._known[part] = self._measure(part)
        return self._known[part]

    def _drawing(self, part: str, found: PictureFormat) -> Medium:
        # Here, since it loads numpy: a scan of headers alone has no need of it.
        from crispdeck.picture.drawings import find_bitmap

        if self._deck.size_bytes(part) > MAX_DRAWING_BYTES:
            return Medium(found, reason=Reason.VECTOR)
        drawn = find_bitmap(self._deck.read(part), found, max_bytes=MAX_DRAWING_BYTES)
        if drawn is None:
            return Medium(found, reason=Reason.VECTOR)
        inner = _medium(drawn.inspect, found)
        if inner.width_px is None:
            return Medium(found, reason=Reason.VECTOR)
        return replace(inner, reason=inner.reason or (None if drawn.put else Reason.DRAWN_BITMAP))

    def _measure(self, part: str) -> Medium:
        try:
            with self._deck.open(part) as stream:
                found = sniff(stream.read(SNIFF_BYTES))
                stream.seek(0)
                if found.is_raster:
                    return _medium(partial(inspect, stream), found)
            return self._drawing(part, found) if found.is_vector else _no_pixels(found)
        except MalformedDeckError:
            return Medium(PictureFormat.UNKNOWN, reason=Reason.UNREADABLE)


def _medium(measure: Callable[[], PictureInfo], found: PictureFormat) -> Medium:
    try:
        info = measure()
    except UnreadablePictureError:
        return Medium(found, reason=Reason.UNREADABLE)
    except UnsupportedPictureError:
        return Medium(found, reason=Reason.UNSUPPORTED_FORMAT)
    reason = Reason.ANIMATED if info.frames > 1 else None
    return Medium(found, info.width_px, info.height_px, reason)


def _no_pixels(found: PictureFormat) -> Medium:
    is_unknown = found is PictureFormat.UNKNOWN
    return Medium(found, reason=Reason.UNREADABLE if is_unknown else Reason.UNSUPPORTED_FORMAT)
