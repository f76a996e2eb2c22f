"""Edge width, line weight and local contrast move the way that the eye says they should."""

import math
from dataclasses import astuple

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from worker.lab.metrics import Crispness, Picture, crispness


def drawing(lines_px: int = 2) -> Image.Image:
    """A box and some lines that stand alone, black on white."""
    image = Image.new("RGB", (200, 160), "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((20, 20, 90, 140), fill="black")
    for top in range(20, 150, 40):
        pen.rectangle((120, top, 190, top + lines_px - 1), fill="black")
    return image


def measured(image: Image.Image, truth: Image.Image | None = None) -> Crispness:
    return crispness(np.asarray(image), np.asarray(truth or drawing()), 4)


def blurred(sigma_px: float) -> Image.Image:
    return drawing().filter(ImageFilter.GaussianBlur(sigma_px))


def test_the_truth_beside_itself_is_right_in_everything() -> None:
    found = measured(drawing())
    assert found.edges > 100
    assert found.lines > 100
    assert found.edge_width_px == found.true_edge_width_px == pytest.approx(0.8)
    assert found.lost_edges == 0
    assert (found.line_weight, found.line_weight_error, found.local_contrast) == (1, 0, 1)


def test_an_edge_blurred_by_a_gaussian_has_the_width_of_the_closed_form() -> None:
    """10 to 90 % of an error function are 2.563 sigma."""
    step = Image.new("RGB", (120, 80), "white")
    step.paste("black", (0, 0, 60, 80))
    y = np.linspace(-59.5, 59.5, 120)
    sigma_px = 2.0
    rise = np.array([0.5 * (1 + math.erf(x / sigma_px / math.sqrt(2))) for x in y])
    soft = np.rint(np.broadcast_to(255 * rise[None, :, None], (80, 120, 3))).astype(np.uint8)
    found = crispness(soft, np.asarray(step), 4)
    assert found.edge_width_px == pytest.approx(2.563 * sigma_px, rel=0.05)


def test_edges_grow_wider_with_blur_and_are_lost_in_the_end() -> None:
    found = [measured(blurred(sigma_px)) for sigma_px in (0.5, 1, 1.5, 2.5, 4)]
    widths = [one.edge_width_px for one in found]
    lost = [one.lost_edges for one in found]
    assert widths == sorted(widths)
    assert lost == sorted(lost)
    assert lost[0] == 0
    assert lost[-1] > 0.2


def test_local_contrast_falls_with_blur_and_rises_with_made_up_texture() -> None:
    contrasts = [measured(blurred(sigma_px)).local_contrast for sigma_px in (0.5, 1, 2, 4)]
    assert contrasts == sorted(contrasts, reverse=True)
    assert contrasts[0] < 1
    grey = np.random.default_rng(1).integers(100, 156, (160, 200, 1)).repeat(3, axis=2)
    truth = grey.astype(np.uint8)
    louder = np.clip(128 + 1.5 * (grey - 128.0), 0, 255).astype(np.uint8)
    assert crispness(louder, truth, 4).local_contrast == pytest.approx(1.5, abs=0.05)


@pytest.mark.parametrize(("lines_px", "weight"), [(1, 0.5), (2, 1.0), (3, 1.5), (4, 2.0)])
def test_line_weight_is_the_share_of_ink(lines_px: int, weight: float) -> None:
    found = measured(drawing(lines_px))
    assert found.line_weight == pytest.approx(weight, abs=0.05)
    assert found.line_weight_error == pytest.approx(abs(weight - 1), abs=0.05)


def test_light_lines_on_dark_count_like_dark_ones_on_light() -> None:
    def inverted(image: Image.Image) -> Image.Image:
        return Image.eval(image, lambda level: 255 - level)

    found = measured(inverted(drawing(3)), inverted(drawing()))
    assert found.line_weight == pytest.approx(1.5, abs=0.05)


def test_blur_alone_makes_lines_neither_thin_nor_fat() -> None:
    assert measured(blurred(1.5)).line_weight == pytest.approx(1, abs=0.05)


def test_rows_and_columns_are_treated_alike() -> None:
    turned = drawing().transpose(Image.Transpose.ROTATE_90)
    soft = blurred(1.5).transpose(Image.Transpose.ROTATE_90)
    assert astuple(measured(soft, turned)) == pytest.approx(astuple(measured(blurred(1.5))))


def test_sharpening_is_seen_as_crisper_than_blur() -> None:
    soft = blurred(1.5)
    sharpened = soft.filter(ImageFilter.UnsharpMask(2, 200))
    assert measured(sharpened).edge_width_px < measured(soft).edge_width_px


@pytest.mark.parametrize("side_px", [1, 2, 7, 24])
def test_a_flat_or_tiny_picture_has_nothing_to_measure(side_px: int) -> None:
    flat: Picture = np.full((side_px, side_px, 3), 90, np.uint8)
    found = crispness(flat, flat, 4)
    assert (found.edges, found.lines) == (0, 0)
    assert math.isnan(found.edge_width_px)
    assert math.isnan(found.line_weight)
    assert math.isnan(found.local_contrast)


def test_pictures_of_different_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in shape"):
        crispness(np.zeros((8, 8, 3), np.uint8), np.zeros((8, 9, 3), np.uint8), 2)
