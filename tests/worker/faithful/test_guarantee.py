"""The bounds hold for whatever a network says, and cost a good network nothing."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from torch import Tensor

from crispdeck.picture.pixels import Pixels
from tests.worker.faithful.pictures import (
    MODES,
    PICTURES,
    Colours,
    as_plane,
    in_mode,
    natural,
    shrunk,
)
from worker.faithful.budget import CONTRAST_SHARE, FREE_LEVELS
from worker.faithful.guarantee import COARSE_ROUNDS, ROUNDS, guarantee
from worker.faithful.kinds import Consistency
from worker.faithful.operators import Operators
from worker.faithful.picture import Settled, settle
from worker.lab.bench.cases import on_white
from worker.networks.planes import split

EXACT, COARSE = Consistency.EXACT, Consistency.LOW_FREQUENCY
BOTH = pytest.mark.parametrize("consistency", list(Consistency))

Hostile = Callable[[tuple[int, ...]], Tensor]


def random(shape: tuple[int, ...]) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(5)) * 3


def white(shape: tuple[int, ...]) -> Tensor:
    return torch.ones(shape)


def huge(shape: tuple[int, ...]) -> Tensor:
    return random(shape) * 1e6


def stripes(shape: tuple[int, ...]) -> Tensor:
    return (torch.arange(shape[-1]) % 2).float().expand(shape).clone()


HOSTILE = pytest.mark.parametrize("hostile", [white, huge, stripes])


def settled(
    picture: Pixels, hostile: Hostile, consistency: Consistency, scale: float = 4
) -> Settled:
    planes = split(picture)
    small = torch.from_numpy(np.stack(planes.pictures)).permute(0, 3, 1, 2)
    size = round(picture.height_px * scale), round(picture.width_px * scale)
    return settle(planes, small, hostile((len(small), 3, *size)), size, consistency)


def assert_bounded(picture: Pixels, made: Pixels, scale: float) -> None:
    """No colour departs from the colours around by more than contrast and free levels allow.

    Written anew, and for the range of colours around rather than for interpolation: whatever
    interpolates may itself overshoot the range by a quarter of the contrast or so.
    """
    source = split(picture).source
    levels = source.colour.astype(np.float64) * 255 / source.max_value
    wide = np.pad(levels, ((2, 2), (2, 2), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(wide, (5, 5), axis=(0, 1))
    low, high = windows.min(axis=(3, 4)), windows.max(axis=(3, 4))
    allowed = (CONTRAST_SHARE + 0.8) * (high - low) + FREE_LEVELS + 1
    rows = np.arange(made.height_px) * picture.height_px // made.height_px
    columns = np.arange(made.width_px) * picture.width_px // made.width_px
    at = np.ix_(rows, columns)
    found = made.colour.astype(np.float64) * 255 / made.max_value
    assert (found >= (low - allowed)[at]).all()
    assert (found <= (high + allowed)[at]).all()


@HOSTILE
@BOTH
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("drawn", PICTURES)
def test_no_network_breaks_the_bounds(
    drawn: str, mode: str, consistency: Consistency, hostile: Hostile
) -> None:
    picture = in_mode(PICTURES[drawn](13, 17), mode)
    made = settled(picture, hostile, consistency)
    assert made.findings.over_budget_levels <= 1
    assert made.findings.alpha_kept
    assert made.findings.failed(made.findings) == ()
    assert_bounded(picture, made.pixels, 4)


@HOSTILE
@pytest.mark.parametrize("scale", [1.5, 2, 3.3, 4])
def test_a_natural_picture_shrinks_back_whatever_the_network(
    hostile: Hostile, scale: float
) -> None:
    picture = Pixels(natural(33, 40))
    exact = settled(picture, hostile, EXACT, scale).findings
    coarse = settled(picture, hostile, COARSE, scale).findings
    assert exact.shrinks_back_db >= 45
    assert exact.colour_shift_levels < 1
    assert coarse.coarse_db >= 30
    assert coarse.colour_shift_levels < 1


@HOSTILE
@pytest.mark.parametrize("drawn", ["checkerboard", "noise"])
def test_what_nothing_shrinks_to_is_held_to_its_coarse_picture(
    drawn: str, hostile: Hostile
) -> None:
    """Such as hinted text: exact agreement would leave interpolation with all its stairs."""
    made = settled(Pixels(PICTURES[drawn](24, 24)), hostile, EXACT)
    assert made.failed == ()
    assert made.findings.consistency is COARSE
    assert made.findings.coarse_db >= 30
    assert made.findings.over_budget_levels <= 1


@HOSTILE
def test_no_network_gets_round_exact_agreement_where_it_can_be_had(hostile: Hostile) -> None:
    assert settled(Pixels(natural(24, 24)), hostile, EXACT).findings.consistency is EXACT


@BOTH
@given(
    height_px=st.integers(1, 16),
    width_px=st.integers(1, 16),
    scale=st.sampled_from([1.5, 2, 4]),
    seed=st.integers(0, 2**31),
    mode=st.sampled_from(MODES),
    drawn=st.sampled_from(sorted(PICTURES)),
    strength=st.sampled_from([0.01, 0.3, 30.0]),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_tiniest_pictures_are_bounded_too(
    consistency: Consistency,
    height_px: int,
    width_px: int,
    scale: float,
    seed: int,
    mode: str,
    drawn: str,
    strength: float,
) -> None:
    def noisy(shape: tuple[int, ...]) -> Tensor:
        return strength * torch.randn(shape, generator=torch.Generator().manual_seed(seed))

    picture = in_mode(PICTURES[drawn](height_px, width_px), mode)
    made = settled(picture, noisy, consistency, scale)
    assert (made.pixels.height_px, made.pixels.width_px) == (
        round(height_px * scale),
        round(width_px * scale),
    )
    assert made.findings.failed(made.findings) == ()
    assert_bounded(picture, made.pixels, scale)


@BOTH
@HOSTILE
def test_flat_stays_exactly_flat(consistency: Consistency, hostile: Hostile) -> None:
    picture = PICTURES["flat"](20, 30)
    picture[:, 20:] = 0
    made = settled(Pixels(picture), hostile, consistency).pixels.colour
    assert (made[:, : 4 * 18] == picture[0, 0]).all()
    assert (made[:, 4 * 22 :] == 0).all()


@BOTH
def test_words_painted_on_an_empty_place_do_not_show(consistency: Consistency) -> None:
    """Painted in at full contrast they come out within the free levels, which nobody sees."""
    small = PICTURES["gradient"](40, 60) // 8 + 100  # almost flat: a step here and there

    def painted(shape: tuple[int, ...]) -> Tensor:
        from tests.worker.faithful.pictures import page_of_words

        words = Image.fromarray(page_of_words("FAKE 2019")).resize((shape[3], shape[2]))
        return torch.from_numpy(np.asarray(words, np.float32) / 255).permute(2, 0, 1)[None]

    plain = np.asarray(Image.fromarray(small).resize((240, 160), Image.Resampling.BICUBIC))
    made = settled(Pixels(small), painted, consistency).pixels.colour
    assert np.abs(made.astype(int) - plain).max() <= FREE_LEVELS + 4


@pytest.mark.parametrize("scale", [2, 4])
def test_the_truth_itself_passes_almost_unchanged(scale: int) -> None:
    """The bounds cost a network that is right next to nothing."""
    rng = np.random.default_rng(2)
    truth = Image.fromarray(rng.integers(0, 256, (40, 40, 3), dtype=np.uint8))
    large = np.asarray(truth.resize((160, 160), Image.Resampling.NEAREST), np.uint8)
    made = as_plane(large)
    kept, _ = guarantee(as_plane(shrunk(large, scale)), made, EXACT, 255)
    assert float((kept - made).square().mean()) < 10 ** (-40 / 10)


def most_levels_off(small: Colours, truth: Colours) -> float:
    """What the bounds do at most to a network that is right everywhere."""
    kept, _ = guarantee(as_plane(small), as_plane(truth), EXACT, 255)
    return float((kept - as_plane(truth)).abs().max()) * 255


def test_no_halo_shows_around_what_was_not_shrunk_like_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Shrunk without ground and laid on white afterwards, a logo has no overshoot at its edges."""
    large = Image.new("RGBA", (480, 480), (56, 194, 95, 255))
    ImageDraw.Draw(large).rectangle((161, 121, 184, 480), (0, 0, 0, 0))
    small, truth = (
        np.asarray(on_white(large.resize((side_px, side_px), Image.Resampling.BICUBIC)), np.uint8)
        for side_px in (120, 480)
    )
    assert most_levels_off(small, truth) <= FREE_LEVELS
    monkeypatch.setattr("worker.faithful.guarantee.LEFT", -1)
    assert most_levels_off(small, truth) > 2 * FREE_LEVELS


@BOTH
def test_tiles_leave_no_seams_that_could_be_seen(
    consistency: Consistency, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = as_plane(natural(90, 70))
    made = torch.randn(3, 360, 280, generator=torch.Generator().manual_seed(1)) * 0.1
    made += Operators(small.shape, made.shape).enlarge(small)
    whole, use = guarantee(small, made, consistency, 255)
    monkeypatch.setattr("worker.faithful.guarantee.TILE_PX", 32)
    tiled, tiled_use = guarantee(small, made, consistency, 255)
    assert tiled_use.clipped == pytest.approx(use.clipped)
    # A tile may need a round less than the whole picture: a fraction of a level, and no line.
    difference = (whole - tiled) * 255
    assert float(difference.square().mean()) < 0.25**2
    at_seams = difference[:, 4 * 30 - 4 : 4 * 30 + 4]
    assert float(at_seams.square().mean()) < 0.25**2


def test_a_grey_picture_gets_no_colour() -> None:
    grey = np.repeat(natural(20, 20)[:, :, :1], 3, axis=2)
    made = settled(Pixels(grey), random, EXACT).pixels.colour
    assert (made == made[:, :, :1]).all()


@HOSTILE
@BOTH
def test_agreement_has_an_end_where_black_and_white_leave_no_room(
    hostile: Hostile, consistency: Consistency, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = []
    shrink = Operators.shrink

    def counted(self: Operators, x: Tensor) -> Tensor:
        rounds.append(x.shape)
        return shrink(self, x)

    monkeypatch.setattr(Operators, "shrink", counted)
    hard = torch.from_numpy(PICTURES["noise"](24, 24)).permute(2, 0, 1).float().div(255).round()
    guarantee(hard, hostile((3, 96, 96)), consistency, 255)
    most = COARSE_ROUNDS + (ROUNDS if consistency is EXACT else 0)
    assert 0 < len(rounds) <= most
