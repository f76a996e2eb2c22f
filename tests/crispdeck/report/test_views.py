"""Pictures are shown as on the slide, no larger than needed, with a detail that tells something."""

import io

import pytest
from PIL import Image

from crispdeck.deck.model import Crop, Placement
from crispdeck.report.views import MAX_PX, compare, px_for_each
from tests.crispdeck.report.showing import image_of
from tests.decks.placements import placement


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def placed(width_in: float, height_in: float, crop: Crop = Crop()) -> Placement:  # noqa: B008
    return placement(crop=crop, shown_width_in=width_in, shown_height_in=height_in)


def test_a_negative_crop_adds_clear_margin() -> None:
    blob = png(Image.new("RGB", (100, 100), "red"))
    view, _ = compare(blob, blob, placed(2, 2, Crop(left=-0.5, top=-0.5)))
    shown = image_of(view.before)
    assert shown.size == (150, 150)
    assert shown.getpixel((10, 10)) == (0, 0, 0, 0)
    assert shown.getpixel((140, 140)) == (255, 0, 0, 255)


def test_a_crop_that_leaves_nothing_still_shows_a_pixel() -> None:
    blob = png(Image.new("RGB", (100, 100), "red"))
    view, detail = compare(blob, blob, placed(2, 2, Crop(left=0.6, right=0.6)))
    assert image_of(view.before).width == 1
    assert detail is None


def test_the_detail_is_where_the_edges_are() -> None:
    image = Image.new("RGB", (600, 600), "white")
    image.paste(Image.effect_noise((60, 40), 90).convert("RGB"), (500, 20))
    blob = png(image)
    _, detail = compare(blob, blob, placed(6, 6))
    assert detail is not None
    assert detail.ratio == pytest.approx(16 / 9)
    ink = image_of(detail.before).convert("L").point(lambda level: 255 * (level < 250))
    assert ink.getbbox() is not None
    assert ink.histogram()[255] > 2000


def test_large_pictures_are_shrunk_and_heavy_ones_become_jpegs() -> None:
    noise = Image.effect_noise((2000, 1000), 80).convert("RGB")
    view, _ = compare(png(noise), png(noise), placed(6, 3))
    assert view.after.content_type == "image/jpeg"
    assert view.after.width_px * view.after.height_px <= MAX_PX
    assert len(view.after.blob) < 700_000


def test_the_more_pictures_the_smaller_each_is_shown() -> None:
    sizes = [px_for_each(count) for count in (0, 1, 10, 100, 1000)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == MAX_PX
    assert sizes[-1] >= 60_000
