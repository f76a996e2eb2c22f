"""How much larger files get: blurred pictures of decks, upscaled once, written in each way.

Says also how far what is written lies from what was made.
"""

import hashlib
import io
import math
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.scan import scan
from crispdeck.errors import CrispdeckError, DeckRefusedError
from crispdeck.picture import writing
from crispdeck.picture.decoded import DecodedPicture
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.interpolate import resize
from crispdeck.picture.pixels import Pixels
from crispdeck.picture.reading import decode
from crispdeck.services.equal_pictures import group_equal
from crispdeck.settings import Settings
from worker.upscaling.pipeline import PixelLimits, enlarge, finished, open_picture
from worker.upscaling.upscaler import Upscaler

DECKS = {".pptx", ".ppsx", ".potx"}
WAYS = ("before", "now", "with oxipng")
OLD_JPEG_QUALITY = 92  # the least of version 0.1
MAX_PX = 64_000_000  # as many as may come out of an upscale


@dataclass(frozen=True)
class Growth:
    """One picture.

    Attributes:
        format: of the result.
        bytes_before: of the source.
        bytes_after: of the result, in each of the ways that are there.
        shrunk_db: PSNR of what is written against what was made, both shrunk to the source's size.
    """

    deck: str
    format: PictureFormat
    bytes_before: int
    bytes_after: dict[str, int]
    shrunk_db: float

    def factor(self, way: str) -> float:
        """By how much the file grew."""
        return self.bytes_after[way] / self.bytes_before


def growths(
    folder: Path,
    settings: Settings,
    every: int = 1,
    tell: Callable[[str], None] = lambda _: None,
) -> Iterator[Growth]:
    """Measure every n-th distinct picture that the scan of a deck in `folder` calls blurred."""
    upscaler, limits = Upscaler(settings), PixelLimits.of(settings)
    seen: set[tuple[str, int]] = set()
    for deck, blob, scale in _pictures(folder):
        key = hashlib.sha256(blob).hexdigest(), scale
        if key in seen:
            continue
        seen.add(key)
        if len(seen) % every:
            continue
        tell(f"{deck}, {len(blob)} bytes, ×{scale}")
        opened = open_picture(blob, scale, limits)
        (made,) = enlarge([opened], upscaler, settings.crispness)
        if isinstance(opened, CrispdeckError) or isinstance(made, CrispdeckError):
            continue
        yield _growth(deck, blob, opened.source, finished(opened, made), scale)


def _pictures(folder: Path) -> Iterator[tuple[str, bytes, int]]:
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in DECKS:
            continue
        try:
            with open_deck(path, allow_signed=True) as deck:
                groups, _ = group_equal(deck, scan(deck).low)
                for group in groups:
                    yield path.name, deck.read(group.pictures[0].part), group.scale
        except DeckRefusedError:
            continue


def _growth(deck: str, blob: bytes, source: DecodedPicture, pixels: Pixels, scale: int) -> Growth:
    sizes = {"before": len(_as_before(pixels, source, scale))}
    searcher, writing.oxipng = writing.oxipng, None
    try:
        now = writing.encode(pixels, source, scale=scale, thin=True)
    finally:
        writing.oxipng = searcher
    sizes["now"] = len(now.blob)
    if searcher is not None:
        sizes["with oxipng"] = len(writing.encode(pixels, source, scale=scale, thin=True).blob)
    written = decode(now.blob, max_px=MAX_PX).pixels
    return Growth(deck, now.format, len(blob), sizes, _shrunk_db(pixels, written, source.pixels))


def _as_before(pixels: Pixels, source: DecodedPicture, scale: int) -> bytes:
    """Write as was done up to version 0.1: no sample moves, JPEG at 92 or better, baseline."""
    if source.info.format is not PictureFormat.JPEG or pixels.colour.shape[2] != 3:
        return writing.encode(pixels, source, scale=scale).blob
    out = io.BytesIO()
    quality = max(OLD_JPEG_QUALITY, source.jpeg_quality or 0)
    Image.fromarray(pixels.colour).save(out, "JPEG", quality=quality, subsampling=0, optimize=True)
    return out.getvalue()


def _shrunk_db(made: Pixels, written: Pixels, small: Pixels) -> float:
    """Compare colours only; grey that is written as one channel stands for three."""
    size = small.width_px, small.height_px
    one, other = (resize(Pixels(each.colour), *size) for each in (made, written))
    error = one.colour.astype(np.float64) - other.colour
    mean = float(np.square(error / one.max_value).mean())
    return min(99.0, -10 * math.log10(mean)) if mean > 0 else 99.0


def table(found: Sequence[Growth]) -> Iterable[str]:
    """Write a row for each kind of file: median and 90th percentile of the growth in each way."""
    ways = [way for way in WAYS if way in found[0].bytes_after] if found else []
    heads = [f"{way}: median, p90, bytes" for way in ways]
    yield f"| result | pictures | {' | '.join(heads)} | least agreement |"
    yield "|---|---:|" + "---:|" * (len(ways) + 1)
    for name in ("png", "jpeg", "all"):
        those = [one for one in found if name in ("all", one.format.value)]
        if not those:
            continue
        cells = [_cell(those, way) for way in ways]
        worst = min(one.shrunk_db for one in those)
        yield f"| {name} | {len(those)} | {' | '.join(cells)} | {worst:.1f} dB |"


def _cell(those: Sequence[Growth], way: str) -> str:
    factors = sorted(one.factor(way) for one in those)
    p90 = factors[min(len(factors) - 1, int(0.9 * len(factors)))]
    total = sum(one.bytes_after[way] for one in those) / sum(one.bytes_before for one in those)
    return f"{statistics.median(factors):.2f}, {p90:.2f}, {total:.2f}"
