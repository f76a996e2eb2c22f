"""What other programs write is decoded as ImageMagick shows it, and goes out as it came in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from crispdeck.errors import UnsupportedPictureError
from crispdeck.picture.decoded import DecodedPicture
from crispdeck.picture.pixels import Pixels
from crispdeck.picture.reading import decode
from crispdeck.picture.writing import encode
from tests.crispdeck.picture.written_corpus import (
    of_magick,
    of_office,
    of_pillow,
    scene,
    shown_by_magick,
)

pytestmark = [pytest.mark.render, pytest.mark.timeout(600)]

MAX_PX = 10_000_000
LEVEL = 257
"""One of 255 levels, in 16 bits."""

REFUSED = re.compile(
    r"tif-GrayscaleMatte-(1|16)-|tif-PaletteMatte-1-|tif-(TrueColor|TrueColorMatte)-1-"
    r"|tif-ColorSeparation-1-|tif-ColorSeparationMatte-|jp2-TrueColor-16-"
)
"""Kinds that are named as not supported; see docs/formats.md."""

NO_REFERENCE = re.compile(r"magick-\d+-png-PaletteMatte-1-|office-bmp|\.avif$")
"""What ImageMagick 6 writes with an entry that is missing, or does not read, or reads without
alpha and with other chroma."""

ALPHA_DOES_NOT_COUNT = re.compile(r"\.bmp$|alpha_unspecified|alpha=unspecified")
"""Shown opaque by Windows, LibreOffice and PowerPoint."""

COLOUR_LEVELS = {"JPEG": 3.0, "CMYK": 2.0}
"""How far a decoder may be from another one; all else by less than a level: 16 bits that come down
to 8 may be rounded or cut off."""


@dataclass
class Compared:
    """What became of many files."""

    same: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)


def compared(paths: Iterable[Path], folder: Path) -> Compared:
    """Compare our pixels with ImageMagick's, and with our own after a way through a file."""
    files = list(paths)
    shown_by_magick(files, folder)
    inks = [one for one in files if re.search("CMYK|ColorSeparation", one.name)]
    shown_by_magick(inks, folder, inks=True)
    found = Compared()
    for path in files:
        try:
            source = decode(path.read_bytes(), max_px=MAX_PX)
        except UnsupportedPictureError:
            found.refused.append(path.name)
            continue
        fault = _fault(path, source, folder) or _moved(source)
        if fault:
            found.wrong[path.name] = fault
        else:
            found.same.append(path.name)
    return found


def _fault(path: Path, source: DecodedPicture, folder: Path) -> str:
    if NO_REFERENCE.search(path.name):
        return ""
    pixels = source.pixels
    kind = "cmyk" if pixels.colour.shape[2] == 4 else "rgba"
    raw = np.fromfile(folder / f"{path.stem}.{kind}", "<u2")
    shown = raw.reshape(pixels.height_px, pixels.width_px, 4)
    mine = _levels(pixels.colour, pixels)
    if kind == "cmyk":
        return _apart(mine, shown, COLOUR_LEVELS["JPEG"])
    alpha = _alpha(pixels)
    if not ALPHA_DOES_NOT_COUNT.search(path.name):
        off = np.abs(alpha - shown[..., 3]).max() / LEVEL
        if off > 0.6:
            return f"alpha is {off:.1f} levels off"
    seen = (shown[..., 3] > 0) & (alpha > 0)
    limit = 1.0 if source.lossless else COLOUR_LEVELS["JPEG"]
    limit = max(limit, COLOUR_LEVELS.get(source.info.mode, 0))
    rgb = np.broadcast_to(mine, (*mine.shape[:2], 3))
    return _apart(rgb[seen], shown[..., :3][seen], limit)


def _apart(mine: NDArray[np.int_], shown: NDArray[np.uint16], limit: float) -> str:
    off = np.abs(mine - shown).max(initial=0) / LEVEL
    return f"colour is {off:.1f} levels off" if off > limit else ""


def _moved(source: DecodedPicture) -> str:
    """Say what a re-encode without a network changes of a lossless picture."""
    if not source.lossless:
        return ""
    again = decode(encode(source.pixels, source, scale=1).blob, max_px=MAX_PX).pixels
    before, after = source.pixels, again
    if not np.array_equal(_alpha(before), _alpha(after)):
        return "alpha moves on the way out"
    seen = _alpha(before) > 0
    shape = (*before.colour.shape[:2], 3)
    old = np.broadcast_to(_levels(before.colour, before), shape)[seen]
    new = np.broadcast_to(_levels(after.colour, after), shape)[seen]
    return "" if np.array_equal(old, new) else "colour moves on the way out"


def _levels(samples: NDArray[np.uint8] | NDArray[np.uint16], pixels: Pixels) -> NDArray[np.int_]:
    return samples.astype(int) * (1 if pixels.max_value > 255 else LEVEL)


def _alpha(pixels: Pixels) -> NDArray[np.int_]:
    if pixels.alpha is None:
        return np.full(pixels.colour.shape[:2], 65535)
    return _levels(pixels.alpha, pixels)


def test_what_pillow_writes(tmp_path: Path) -> None:
    found = compared(of_pillow(tmp_path), tmp_path)
    assert (found.wrong, found.refused) == ({}, [])
    assert len(found.same) >= 117


def test_what_imagemagick_writes(tmp_path: Path) -> None:
    found = compared(of_magick(tmp_path), tmp_path)
    assert found.wrong == {}
    assert [name for name in found.refused if not REFUSED.search(name)] == []
    assert len(found.same) >= 180


def test_what_libreoffice_writes(tmp_path: Path) -> None:
    folder = tmp_path / "written"
    folder.mkdir()
    written = list(of_office(folder, tmp_path / "profile"))
    drawn = [path for path in written if path.suffix in {".emf", ".wmf"}]
    found = compared([path for path in written if path not in drawn], folder)
    assert (found.wrong, found.refused) == ({}, [])
    assert len(found.same) >= 5
    # Its metafiles hold the picture as it was, pixel for pixel.
    for path in drawn:
        pixels = decode(path.read_bytes(), max_px=MAX_PX).pixels
        np.testing.assert_array_equal(pixels.colour, np.asarray(scene().convert("RGB")))
    assert len(drawn) == 2
