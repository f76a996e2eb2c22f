"""Render decks with LibreOffice and poppler and compare the pages outside the pictures."""

import math
import posixpath
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
from lxml import etree
from numpy.typing import NDArray
from PIL import Image

from crispdeck.deck.model import DeckScan, Placement, PlacementKind

RENDER_PPI = 50
_PROGRAMS = {"soffice": "libreoffice-impress", "pdftoppm": "poppler-utils"}
_MARGIN_PX = 2
"""Smoothing carries a changed picture's edge over its box."""

Levels = NDArray[np.int16]


def require_programs() -> None:
    """Raise when a program is missing: a silent skip would hide that nothing was looked at."""
    missing = [package for name, package in _PROGRAMS.items() if shutil.which(name) is None]
    if missing:
        raise RuntimeError(f"Rendering needs: apt-get install {' '.join(missing)}")


def start_conversion(decks: Sequence[Path], out: Path, profile: Path) -> subprocess.Popen[bytes]:
    """Start one LibreOffice that turns all decks into PDFs in `out`."""
    out.mkdir(parents=True)
    return subprocess.Popen(
        [
            "soffice",
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(out),
            *map(str, decks),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def pages(pdf: Path, ppi: int = RENDER_PPI) -> Iterator[Levels]:
    """Yield every page of a PDF as (H, W, 3) levels of 0 to 255."""
    folder = pdf.with_suffix("")
    folder.mkdir()
    subprocess.run(
        ["pdftoppm", "-r", str(ppi), str(pdf), str(folder / "page")], check=True, timeout=120
    )
    for path in sorted(folder.iterdir()):
        with Image.open(path) as image:
            yield np.asarray(image.convert("RGB")).astype(np.int16)
    shutil.rmtree(folder)


def shown_slides(deck: BinaryIO) -> list[int]:
    """Return the numbers of the slides that LibreOffice prints: it leaves hidden ones out."""
    with zipfile.ZipFile(deck) as archive:
        rels = etree.fromstring(archive.read("ppt/_rels/presentation.xml.rels"))
        targets = {rel.get("Id"): str(rel.get("Target")) for rel in rels.iterchildren("*")}
        show = etree.fromstring(archive.read("ppt/presentation.xml"))
        ids = [
            next(str(v) for k, v in slide.attrib.items() if "relationships}" in str(k))
            for listed in show.iterchildren("{*}sldIdLst")
            for slide in listed
        ]
        slides = [
            etree.fromstring(archive.read(posixpath.normpath(posixpath.join("ppt", targets[i]))))
            for i in ids
        ]
    return [n for n, slide in enumerate(slides, start=1) if slide.get("show") not in {"0", "false"}]


def outside(
    shape: tuple[int, ...], scan: DeckScan, slide: int, parts: set[str]
) -> NDArray[np.bool_]:
    """Return True where a page shows none of these pictures."""
    mask = np.ones(shape[:2], dtype=np.bool_)
    for placement in scan.placements:
        if placement.slide == slide and placement.part in parts:
            mask[_box(placement, shape)] = False
    return mask


def _box(placement: Placement, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Return the bounding box in pixels, after rotation; the whole page where it is unknown."""
    if placement.kind is PlacementKind.BACKGROUND:
        return np.s_[:, :]
    left, top = placement.left_in, placement.top_in
    width, height = placement.shown_width_in, placement.shown_height_in
    if left is None or top is None or width is None or height is None:
        return np.s_[:, :]
    angle = math.radians(placement.rotation_deg)
    half_x = (abs(width * math.cos(angle)) + abs(height * math.sin(angle))) / 2
    half_y = (abs(width * math.sin(angle)) + abs(height * math.cos(angle))) / 2
    rows = _span(top + height / 2, half_y, shape[0])
    return rows, _span(left + width / 2, half_x, shape[1])


def _span(middle_in: float, half_in: float, most_px: int) -> slice:
    start = math.floor((middle_in - half_in) * RENDER_PPI) - _MARGIN_PX
    end = math.ceil((middle_in + half_in) * RENDER_PPI) + _MARGIN_PX
    return slice(min(max(start, 0), most_px), min(max(end, 0), most_px))


def block_means(
    page: Levels, ppi: int, placement: Placement, across: int, down: int
) -> NDArray[np.float64]:
    """Return the mean colours (down, across, 3) of equal blocks of a picture that is not turned."""
    left, top = (placement.left_in or 0.0) * ppi, (placement.top_in or 0.0) * ppi
    width = (placement.shown_width_in or 0.0) * ppi
    height = (placement.shown_height_in or 0.0) * ppi
    sums = np.zeros((page.shape[0] + 1, page.shape[1] + 1, 3))
    sums[1:, 1:] = page.cumsum(0).cumsum(1)
    rows = _between(sums, np.clip(top + height * np.arange(down + 1) / down, 0, page.shape[0]))
    edges = np.clip(left + width * np.arange(across + 1) / across, 0, page.shape[1])
    grid = _between(rows.transpose(1, 0, 2), edges).transpose(1, 0, 2)
    blocks = np.diff(np.diff(grid, axis=0), axis=1)
    return np.asarray(blocks / (width / across * height / down))


def _between(sums: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Interpolate running sums along the first axis: pixels at an edge count by their share."""
    low = np.minimum(at.astype(int), len(sums) - 2)
    share = (at - low)[:, None, None]
    return np.asarray(sums[low] * (1 - share) + sums[low + 1] * share)
