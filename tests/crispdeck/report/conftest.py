"""A small deck of every case that a report tells, made sharp by plain interpolation."""

import io
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pptx import Presentation
from pptx.util import Inches

from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.scan import scan
from crispdeck.deck.swap import Replacement, swap
from crispdeck.picture.interpolate import resize
from crispdeck.picture.reading import decode
from crispdeck.picture.writing import encode
from crispdeck.report.build import Enhancement, build_report
from crispdeck.report.model import Report
from tests.crispdeck.picture.provenance.made_pictures import enlarged, texture


def picture(kind: str, width_px: int, height_px: int, seed: int) -> io.BytesIO:
    """Return a file of coarse coloured blocks: edges enough, and no two alike."""
    blocks = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), np.uint8)
    image = Image.fromarray(blocks).resize((width_px, height_px), Image.Resampling.NEAREST)
    out = io.BytesIO()
    image.save(out, kind)
    out.seek(0)
    return out


@pytest.fixture(scope="session")
def blurred_deck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Slide 1: PNG cropped by half, JPEG. Slide 2: GIF, a sharp PNG, the PNG again, smaller."""
    deck = Presentation()
    first, second = (deck.slides.add_slide(deck.slide_layouts[6]) for _ in range(2))
    logo = picture("PNG", 160, 120, 1)
    cropped = first.shapes.add_picture(logo, Inches(1), Inches(1), Inches(2), Inches(3))
    cropped.crop_left = 0.5
    cropped.name = "Logo <b>& co</b>"
    cropped._element.nvPicPr.cNvPr.set("descr", 'A "logo"')
    photo = picture("JPEG", 160, 120, 2)
    first.shapes.add_picture(photo, Inches(4), Inches(1), Inches(4), Inches(3))
    old = picture("GIF", 80, 60, 3)
    second.shapes.add_picture(old, Inches(1), Inches(1), Inches(2), Inches(1.5))
    sharp = picture("PNG", 800, 600, 4)
    second.shapes.add_picture(sharp, Inches(4), Inches(1), Inches(2), Inches(1.5))
    logo.seek(0)
    second.shapes.add_picture(logo, Inches(7), Inches(1), Inches(1.6), Inches(1.2))
    path = tmp_path_factory.mktemp("deck") / "talk.pptx"
    deck.save(str(path))
    return path


@pytest.fixture(scope="session")
def enlarged_deck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One picture, 640 × 480, that somebody made of 160 × 120 pixels."""
    deck = Presentation()
    blown_up, out = enlarged(texture(160, 120), 4, Image.Resampling.BICUBIC), io.BytesIO()
    blown_up.save(out, "PNG")
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    slide.shapes.add_picture(out, Inches(1), Inches(1), Inches(4), Inches(3))
    path = tmp_path_factory.mktemp("deck") / "enlarged.pptx"
    deck.save(str(path))
    return path


@pytest.fixture(scope="session")
def report(blurred_deck: Path) -> Report:
    return reported(blurred_deck)


@pytest.fixture(scope="session")
def enlarged_report(enlarged_deck: Path) -> Report:
    return reported(enlarged_deck)


def reported(path: Path) -> Report:
    out = io.BytesIO()
    with ExitStack() as stack:
        deck = stack.enter_context(open_deck(path))
        found = scan(deck)
        replacements = []
        for low in found.low:
            source = decode(deck.read(low.part), max_px=10**6)
            size = (source.pixels.width_px * 2, source.pixels.height_px * 2)
            made = encode(resize(source.pixels, *size), source, scale=2)
            replacements.append(
                Replacement(
                    part=low.part,
                    format=made.format,
                    size_bytes=len(made.blob),
                    load=lambda blob=made.blob: blob,  # type: ignore[misc]
                )
            )
        result = swap(deck, found, replacements, out)
        enhanced = stack.enter_context(open_deck(out.getvalue()))
        measured = {
            "consistency": "exact",
            "shrinks_back_db": 58.2,
            "coarse_db": 70.0,
            "colour_shift_levels": 0.21,
            "budget_share_clipped": 0.0123,
        }
        how = {"network": "plain-x2@1", "fallback": None, "faithful": measured}
        upscales = {low.part: how for low in found.low}
        work = Enhancement(deck, enhanced, found, result, upscales)
        return build_report("Talk & more.pptx", work)
