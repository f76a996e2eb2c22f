"""The sample deck's slides, one for each way in which decks use pictures."""

import datetime as dt
import io
import zipfile
from typing import Any, BinaryIO

from PIL import Image
from pptx.util import Inches

from crispdeck.sample import drawings, photos
from crispdeck.sample.canvas import AMBER, BLUE, GREEN, RED, saved
from crispdeck.sample.slides import ELLIPSE, RECTANGLE, ROUNDED, SampleSlides
from crispdeck.sample.vector import metafile

_MADE = (2026, 1, 1)  # written into the deck, so that it is the same whenever it is made


def write_sample_deck(out: BinaryIO) -> None:
    """Write the sample deck; the same bytes on every run of the same libraries.

    Most pictures are too small for their place; each slide's title says what it shows.
    """
    slides = SampleSlides()
    photo = saved(photos.landscape(), "jpeg", quality=88)
    _background(slides)
    _screenshot(slides)
    _program(slides)
    _charts(slides)
    _logo(slides)
    _photograph(slides, photo)
    _cropped(slides, photo)
    _old_formats(slides)
    _depths(slides)
    _groups(slides)
    _placeholder(slides)
    _fills(slides, photo)
    _left_alone(slides, photo)
    _save(slides.presentation, out)


def _background(slides: SampleSlides) -> None:
    slides.opening(
        "A deck with blurred pictures",
        "Pictures of every kind, most of them too small for their place. "
        "This slide's background is one.",
        saved(photos.backdrop(), "jpeg", quality=90),
    )


def _screenshot(slides: SampleSlides) -> None:
    slide = slides.slide(
        "A screenshot", "480 × 300 pixels on eight inches: every letter is blurred."
    )
    blob = saved(drawings.window(), "png")
    slides.picture(slide, blob, (2.67, 1.9, 8.0, 5.0), "A list of orders in a program's window")


def _program(slides: SampleSlides) -> None:
    slide = slides.slide("A program, pasted as a picture", "A PNG with a palette of 64 colours.")
    blob = saved(drawings.program().quantize(64, dither=Image.Dither.NONE), "png")
    slides.picture(slide, blob, (1.7, 2.2, 10.0, 4.42), "Nine lines of Python")


def _charts(slides: SampleSlides) -> None:
    slide = slides.slide(
        "Charts", "Pasted as pictures, in RGB and with a resolution tag of 96 dpi."
    )
    bars = saved(drawings.chart(), "png", dpi=(96, 96))
    slides.picture(slide, bars, (0.6, 2.1, 6.8, 4.08), "Visitors by month, a bar chart")
    ring = saved(drawings.shares(), "png", dpi=(96, 96))
    slides.picture(slide, ring, (7.7, 2.4, 5.1, 3.4), "Kinds of pictures, a pie chart")


def _logo(slides: SampleSlides) -> None:
    slide = slides.slide(
        "A logo with a clear ground", "One picture, shown large, and small on colour."
    )
    blob = saved(drawings.logo(), "png")
    slides.picture(slide, blob, (0.9, 2.6, 6.6, 2.4), "Logo of Hexagon field studies")
    for number, colour in enumerate(("FDE68A", "BBF7D0", "E5E7EB")):
        slides.band(slide.shapes, RECTANGLE, (8.2, 2.2 + 1.5 * number, 4.3, 1.3), colour)
        box = (8.9, 2.4 + 1.5 * number, 2.475, 0.9)
        slides.picture(slide, blob, box, "Logo of Hexagon field studies, small")


def _photograph(slides: SampleSlides, photo: bytes) -> None:
    slide = slides.slide("A photograph", "A JPEG of 420 × 280 pixels, as the web gives them.")
    slides.picture(slide, photo, (2.7, 1.8, 7.95, 5.3), "Hills and a lake in the evening")


def _cropped(slides: SampleSlides, photo: bytes) -> None:
    slide = slides.slide(
        "The same photograph, cropped",
        "One file in the deck, three views: what is cut off stays in it.",
    )
    crops = (
        ((0.6, 2.0, 5.6, 4.2), (0.5, 0.1, 0.1, 0.45), "The sun over the hills"),
        ((6.5, 2.0, 3.0, 4.2), (0.1, 0.3, 0.65, 0.17), "A hillside"),
        ((9.8, 2.0, 3.0, 2.0), (0.3, 0.75, 0.2, 0.0), "The lake"),
    )
    for box, crop, meaning in crops:
        picture = slides.picture(slide, photo, box, meaning, meaning)
        picture.crop_left, picture.crop_top, picture.crop_right, picture.crop_bottom = crop


def _old_formats(slides: SampleSlides) -> None:
    slide = slides.slide(
        "Old formats: GIF, BMP and TIFF", "They come back as PNG; nothing is lost."
    )
    gif = saved(drawings.map_sheet().quantize(32, dither=Image.Dither.NONE), "gif")
    bmp = saved(drawings.diagram(), "bmp")
    tiff = saved(drawings.shares(), "tiff", compression="tiff_lzw")
    slides.picture(slide, gif, (0.5, 2.5, 4.2, 2.908), "Map of a harbour town", "GIF, 32 colours")
    slides.picture(slide, bmp, (4.9, 2.7, 4.1, 2.278), "From deck to deck, a diagram", "BMP")
    slides.picture(slide, tiff, (9.1, 2.6, 3.9, 2.6), "Kinds of pictures, a pie chart", "TIFF")


def _depths(slides: SampleSlides) -> None:
    slide = slides.slide(
        "Grey, 16 bits, four inks", "Each keeps its kind: no colour and no depth is lost."
    )
    small = photos.landscape().resize((240, 160), Image.Resampling.BOX)
    grey = saved(small.convert("L"), "png")
    deep = saved(Image.fromarray(photos.cells()), "png")
    inks = saved(small.convert("CMYK"), "jpeg", quality=92)
    slides.picture(slide, grey, (0.5, 2.4, 4.05, 2.7), "Hills in grey", "PNG, 8-bit grey")
    slides.picture(slide, deep, (4.75, 2.25, 3.8, 2.85), "Cells, computed", "PNG, 16-bit grey")
    slides.picture(slide, inks, (8.75, 2.4, 4.05, 2.7), "Hills in print colours", "JPEG, CMYK")


def _groups(slides: SampleSlides) -> None:
    slide = slides.slide("Pictures in groups", "Groups in a group, scaled and turned.")
    outer = slide.shapes.add_group_shape()
    marks = (("A", BLUE), ("B", GREEN), ("C", AMBER), ("D", RED))
    for number, (label, colour) in enumerate(marks):
        inner = outer.shapes.add_group_shape()
        blob = saved(drawings.badge(label, colour), "png")
        box = (1.0 + 1.6 * number, 2.0, 1.2, 1.2)
        slides.picture_in(inner.shapes, slide, blob, box, f"Sign {label}")
        slides.band(inner.shapes, ROUNDED, (1.1 + 1.6 * number, 3.3, 1.0, 0.14), colour[1:])
        inner.rotation = (0, 12, -12, 0)[number]
    # The group's own box differs from that of its children: all in it is shown 1.9 times as large.
    sides = map(Inches, (0.8, 2.6, 11.4, 2.74))
    outer.left, outer.top, outer.width, outer.height = sides


def _placeholder(slides: SampleSlides) -> None:
    slides.placeholder_slide(
        "A picture in a placeholder",
        "Its size stands on the layout, not on the slide.",
        saved(drawings.diagram(), "png"),
        "From deck to deck, a diagram",
    )


def _fills(slides: SampleSlides, photo: bytes) -> None:
    slide = slides.slide(
        "Pictures as fills", "Stretched fills become sharp; a tiled pattern stays as it is."
    )
    slides.filled(slide, ELLIPSE, (0.7, 2.1, 5.4, 3.6), photo)
    chart = saved(drawings.chart(), "png", dpi=(96, 96))
    slides.filled(slide, ROUNDED, (6.5, 2.1, 6.0, 3.6), chart)
    pattern = saved(drawings.tile(), "png")
    slides.filled(slide, RECTANGLE, (0.7, 6.2, 8.6, 0.9), pattern, tile=True)
    slides.picture(slide, pattern, (10.6, 5.95, 1.2, 1.2), "One tile of the pattern")


def _left_alone(slides: SampleSlides, photo: bytes) -> None:
    slide = slides.slide("Left alone, for good reasons", "Each with its reason in the report.")
    sharp = saved(drawings.diagram(4), "png", optimize=True)
    slides.picture(slide, sharp, (0.6, 2.1, 5.4, 3.0), "A sharp diagram", "Sharp already")
    frames = drawings.turning()
    wheel = saved(frames[0], "gif", save_all=True, append_images=frames[1:], duration=90, loop=0)
    slides.picture(slide, wheel, (6.6, 2.0, 1.8, 1.8), "A wheel that turns", "Animated")
    drawn = slides.picture(slide, wheel, (9.0, 2.0, 3.6, 2.7), "House and sun", "Drawn, no pixels")
    slides.metafile(slide, drawn, metafile())
    box = (6.6, 4.75, 2.1, 1.4)
    linked = slides.picture(slide, photo, box, "A linked photograph", "Linked to a file")
    slides.link(slide, linked, "evening.jpg")
    icon = saved(drawings.badge("i", BLUE, 48), "png")
    slides.picture(slide, icon, (9.1, 5.55, 0.6, 0.6), "A sign")
    slides.words(slide, "Shown small", (9.0, 6.2, 2, 0.4))


def _save(presentation: Any, out: BinaryIO) -> None:
    """Save with one date everywhere: python-pptx writes the time of day into the zip."""
    about = presentation.core_properties
    about.title, about.author = "A deck with blurred pictures", "Crispdeck"
    about.created = about.modified = dt.datetime(*_MADE)  # noqa: DTZ001 - OPC wants none
    about.last_modified_by, about.revision = "Crispdeck", 1
    buffer = io.BytesIO()
    presentation.save(buffer)
    with zipfile.ZipFile(buffer) as dated, zipfile.ZipFile(out, "w") as undated:
        for name in dated.namelist():
            item = zipfile.ZipInfo(name, (*_MADE, 0, 0, 0))
            undated.writestr(item, dated.read(name), zipfile.ZIP_DEFLATED)
