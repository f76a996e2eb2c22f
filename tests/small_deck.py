"""A deck with dozens of small blurred pictures, each different, and the check of its way back."""

import io
import struct
import zipfile
from collections.abc import Mapping

import numpy as np
from PIL import Image
from pptx import Presentation
from pptx.util import Inches

PICTURES_PER_SLIDE = 6
SHOWN_IN = 4.0


def picture_blob(seed: int, side_px: int) -> bytes:
    """A PNG that no other seed makes: soft colours under a few hard edges."""
    generator = np.random.default_rng(seed)
    coarse = generator.integers(0, 256, (6, 6, 3), dtype=np.uint8)
    picture = Image.fromarray(coarse).resize((side_px, side_px), Image.Resampling.BICUBIC)
    pixels = np.asarray(picture).copy()
    for _ in range(4):
        left, top = generator.integers(0, side_px - 8, 2)
        pixels[top : top + 6, left:] = generator.integers(0, 256, 3, dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def deck_of(pictures: list[bytes], shown_in: list[float] | None = None) -> bytes:
    """A .pptx that shows each picture once, so many inches wide (4 unless told)."""
    widths_in = shown_in or [SHOWN_IN] * len(pictures)
    presentation = Presentation()
    presentation.slide_width = Inches(40 / 3)  # as PowerPoint makes them today
    for at, blob in enumerate(pictures):
        if at % PICTURES_PER_SLIDE == 0:
            slide = presentation.slides.add_slide(presentation.slide_layouts[6])
        slide.shapes.add_picture(io.BytesIO(blob), Inches(0.1 * (at % 6)), 0, Inches(widths_in[at]))
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()


def with_part(deck: bytes, part: str, blob: bytes) -> bytes:
    """Give the deck with other bytes in one part; python-pptx itself stores equal pictures once."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(deck)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, blob if entry.filename == part else old.read(entry))
    return out.getvalue()


def changed_parts(before: bytes, after: bytes) -> set[str]:
    """The entries whose stored bytes differ; the list of entries must be the same."""
    old, new = _stored(before), _stored(after)
    assert list(old) == list(new), "the entries of the deck are not the same"
    return {name for name in old if old[name] != new[name]}


def _stored(deck: bytes) -> Mapping[str, tuple[bytes, int, int]]:
    """Name → (bytes as they lie in the zip, method, CRC), in the order of the directory."""
    with zipfile.ZipFile(io.BytesIO(deck)) as archive:
        return {
            entry.filename: (_raw(deck, entry), entry.compress_type, entry.CRC)
            for entry in archive.infolist()
        }


def _raw(deck: bytes, entry: zipfile.ZipInfo) -> bytes:
    # A local header is 30 bytes, then its name and its own extra field (APPNOTE 4.3.7).
    name_bytes, extra_bytes = struct.unpack_from("<HH", deck, entry.header_offset + 26)
    start = entry.header_offset + 30 + name_bytes + extra_bytes
    return deck[start : start + entry.compress_size]
