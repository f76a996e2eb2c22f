"""The result holds the original's own pixels, in the frame of the small picture."""

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("cv2")

from crispdeck.picture.matching.proof import Proof, prove
from crispdeck.picture.matching.rendering import most_size_px, rendered
from crispdeck.picture.pixels import Pixels
from tests.crispdeck.picture.matching.test_proof import page

ORIGINAL = np.asarray(page())


def proof_of(small: Image.Image) -> Proof:
    """The proof that the page is the original."""
    found = prove(np.asarray(small), ORIGINAL)
    assert isinstance(found, Proof)
    return found


def test_a_crop_on_whole_pixels_is_taken_over_pixel_by_pixel() -> None:
    crop = page().crop((100, 60, 600, 360))
    proof = proof_of(crop.resize((250, 150), Image.Resampling.BICUBIC))
    size_px = most_size_px(proof, 4)
    assert size_px == (500, 300)
    result = rendered(Pixels(ORIGINAL), proof, size_px)
    assert np.array_equal(result.colour, np.asarray(crop))


def test_no_more_pixels_are_made_than_are_asked_for() -> None:
    proof = proof_of(page().resize((160, 100), Image.Resampling.BICUBIC))
    assert most_size_px(proof, 2.5) == (400, 250)
    assert most_size_px(proof, 9) == (640, 400)


def test_turned_originals_come_out_as_the_small_picture_lies() -> None:
    small = page().transpose(Image.Transpose.ROTATE_90).resize((200, 320), Image.Resampling.BICUBIC)
    proof = proof_of(small)
    result = rendered(Pixels(ORIGINAL), proof, most_size_px(proof, 2))
    assert np.array_equal(result.colour, np.rot90(ORIGINAL))


def test_colours_are_matched_only_where_the_proof_says_so() -> None:
    small = page().resize((320, 200), Image.Resampling.BICUBIC)
    assert proof_of(small).colour is None
    darker = small.point(lambda x: x * 0.93)
    proof = proof_of(darker)
    result = rendered(Pixels(ORIGINAL), proof, (640, 400))
    assert result.colour.mean() == pytest.approx(0.93 * ORIGINAL.mean(), abs=0.5)


def test_alpha_and_sixteen_bits_are_resampled_too() -> None:
    proof = proof_of(page().resize((160, 100), Image.Resampling.BICUBIC))
    deep = ORIGINAL.astype(np.uint16) * 257
    result = rendered(Pixels(deep, deep[..., 0].copy()), proof, (320, 200))
    assert result.colour.dtype == np.uint16
    assert result.alpha is not None
    assert np.array_equal(result.alpha, result.colour[..., 0])
