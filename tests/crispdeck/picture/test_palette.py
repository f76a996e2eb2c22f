"""A table of 256 colours is used only where the measured error cannot be seen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from crispdeck.picture.palette import MAX_COLOURS, MAX_ERROR, to_palette
from crispdeck.picture.pixels import Pixels


def test_up_to_256_colours_are_kept_exactly() -> None:
    colours = np.random.default_rng(5).integers(0, 256, (16, 16, 3), np.uint8)
    indexed = to_palette(Pixels(colours))
    assert indexed is not None
    np.testing.assert_array_equal(indexed.table[indexed.indices][..., :3], colours)


def test_a_blend_of_two_colours_needs_no_more_than_the_table() -> None:
    share = np.linspace(0, 1, 3000)[:, None]
    line = np.rint(share * (10, 200, 90) + (1 - share) * (240, 30, 60)).astype(np.uint8)
    indexed = to_palette(Pixels(line[None]))
    assert indexed is not None
    error = indexed.table[indexed.indices][..., :3].astype(int) - line
    assert np.abs(error).max() <= MAX_ERROR


def test_too_many_colours_give_none() -> None:
    noise = np.random.default_rng(6).integers(0, 256, (60, 60, 3), np.uint8)
    assert to_palette(Pixels(noise)) is None
    larger = np.random.default_rng(6).integers(0, 256, (90, 90, 3), np.uint8)
    assert to_palette(Pixels(larger)) is None


def test_clear_entries_stand_first_and_share_one_place() -> None:
    colours = np.random.default_rng(7).integers(0, 256, (4, 8, 3), np.uint8)
    alpha = np.zeros((4, 8), np.uint8)
    alpha[:, 4:] = 255
    indexed = to_palette(Pixels(colours, alpha))
    assert indexed is not None
    assert (indexed.table[:, 3] == 0).sum() == 1
    assert indexed.table[0, 3] == 0


@pytest.mark.parametrize("count", [1, 4])
def test_grey_and_ink_have_no_table(count: int) -> None:
    assert to_palette(Pixels(np.zeros((2, 2, count), np.uint8))) is None


def test_16_bits_have_no_table() -> None:
    assert to_palette(Pixels(np.zeros((2, 2, 3), np.uint16))) is None


@given(
    arrays.arrays(np.uint8, (9, 40, 4), elements=st.integers(0, 255)),
    st.sampled_from([1, 6, 40]),
)
def test_nothing_that_is_seen_moves_by_more_than_the_limit(
    rgba: np.ndarray[tuple[int, int, int], np.dtype[np.uint8]], step: int
) -> None:
    rgba = (rgba // step * step).astype(np.uint8)
    alpha = rgba[..., 3].copy()
    indexed = to_palette(Pixels(rgba[..., :3].copy(), alpha))
    if indexed is None:
        return
    again = indexed.table[indexed.indices].astype(int)
    assert len(indexed.table) <= MAX_COLOURS
    assert np.abs(again[..., 3] - alpha).max() <= MAX_ERROR
    for exact in (0, 255):
        np.testing.assert_array_equal(again[..., 3] == exact, alpha == exact)
    seen = alpha > 0
    assert np.abs(again[seen] - rgba[seen]).max(initial=0) <= MAX_ERROR


def test_a_flat_ground_keeps_its_colour_among_a_thousand_others() -> None:
    ground = np.full((120, 120, 3), 255, np.uint8)
    share = np.linspace(0, 1, 1000)
    blend = np.rint(share[:, None] * (10, 200, 90) + (1 - share[:, None]) * (255, 254, 253))
    ground[40:80, 40:65] = blend.reshape(40, 25, 3)
    indexed = to_palette(Pixels(ground))
    assert indexed is not None
    np.testing.assert_array_equal(indexed.table[indexed.indices][2, 2], (255, 255, 255, 255))


def test_the_colours_of_the_source_keep_their_value_on_single_pixels_too() -> None:
    rng = np.random.default_rng(8)
    source = Pixels(rng.integers(0, 256, (4, 25, 3), np.uint8))
    near = source.colour.astype(int)[:, :, None] + rng.integers(-3, 4, (4, 25, 20, 3))
    pixels = np.clip(near, 0, 255).astype(np.uint8).reshape(4, 500, 3)
    pixels[:, ::20] = source.colour
    indexed = to_palette(Pixels(pixels), source)
    assert indexed is not None
    shown = indexed.table[indexed.indices][..., :3]
    np.testing.assert_array_equal(shown[:, ::20], source.colour)
    assert np.abs(shown.astype(int) - pixels).max() <= MAX_ERROR


def test_more_fixed_colours_than_the_table_holds_give_none() -> None:
    flat = np.random.default_rng(9).integers(0, 256, (20, 20, 3), np.uint8)
    assert to_palette(Pixels(flat.repeat(3, axis=0).repeat(3, axis=1))) is None
