"""Enhance a deck with plain interpolation in the network's place, and compare what came of it."""

import io
import struct
import zipfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from crispdeck.deck.model import DeckScan
from crispdeck.deck.opc.archive import DeckArchive, open_deck
from crispdeck.deck.scan import scan
from crispdeck.deck.swap import Replacement, SwapOptions, SwapResult, swap
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.errors import PictureRefusedError
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.interpolate import resize
from crispdeck.picture.reading import decode
from crispdeck.picture.writing import encode

EVERYTHING = ScanOptions(low_ppi=150.0)


@dataclass(frozen=True)
class Enhanced:
    """A deck before and after."""

    before: bytes
    after: bytes
    scan: DeckScan
    result: SwapResult

    @property
    def changed_names(self) -> set[str]:
        """The entries whose compressed bytes or headers differ, or that are new or gone."""
        old, new = raw_entries(self.before), raw_entries(self.after)
        return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


def enlarged(blob: bytes, scale: int = 2) -> tuple[bytes, PictureFormat]:
    """Return a picture at a multiple of its size, through the product's own codec."""
    source = decode(blob, max_px=16_000_000)
    pixels = source.pixels
    larger = resize(pixels, pixels.width_px * scale, pixels.height_px * scale)
    made = encode(larger, source, scale=scale)
    return made.blob, made.format


def replacement(
    deck: DeckArchive,
    part: str,
    placements: frozenset[str] | None = None,
    enlarge: Callable[[bytes], tuple[bytes, PictureFormat]] = enlarged,
) -> Replacement:
    """Return a replacement for one picture."""
    blob, picture_format = enlarge(deck.read(part))
    return Replacement(
        part=part,
        format=picture_format,
        size_bytes=len(blob),
        load=partial(bytes, blob),
        placements=placements,
    )


def enhance(
    deck: bytes | Path,
    *,
    parts: Collection[str] | None = None,
    placements: frozenset[str] | None = None,
    options: ScanOptions | None = None,
    budget: SwapOptions | None = None,
) -> Enhanced:
    """Scan a deck and swap its low pictures, or those named, for enlarged ones."""
    before = deck if isinstance(deck, bytes) else deck.read_bytes()
    out = io.BytesIO()
    with open_deck(before, allow_signed=True) as archive:
        found = scan(archive, options or ScanOptions())
        chosen = [p.part for p in found.low if p.scale] if parts is None else parts
        replacements = []
        for part in chosen:
            try:
                replacements.append(replacement(archive, part, placements))
            except PictureRefusedError:
                continue
        result = swap(archive, found, replacements, out, budget)
    return Enhanced(before, out.getvalue(), found, result)


def raw_entries(deck: bytes) -> dict[str, tuple[bytes, ...]]:
    """Return each entry's local header and compressed bytes, and what the directory says of it."""
    found: dict[str, tuple[bytes, ...]] = {}
    with zipfile.ZipFile(io.BytesIO(deck)) as archive:
        for item in archive.infolist():
            start = item.header_offset
            name_size, extra_size = struct.unpack_from("<2H", deck, start + 26)
            data = start + 30 + name_size + extra_size
            about = repr((item.date_time, item.flag_bits, item.compress_type, item.external_attr))
            found[item.filename] = (
                deck[start:data],
                deck[data : data + item.compress_size],
                about.encode() + item.extra + item.comment,
            )
    return found
