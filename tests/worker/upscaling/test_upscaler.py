"""The upscaler on every kind of picture, and what steps in when a network fails."""

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from crispdeck.errors import UpscaleMemoryError, WeightsError
from crispdeck.picture.compression import LOSSLESS, SHRUNK
from crispdeck.picture.interpolate import resize
from crispdeck.picture.pixels import Pixels
from crispdeck.sample.drawings import logo
from crispdeck.settings import Settings
from worker.faithful.kernels import MARGIN_DB, PLAIN_MARGIN_DB
from worker.faithful.kinds import Consistency
from worker.lab.bench.cases import classic_cases
from worker.lab.bench.measuring import compare
from worker.lab.bench.methods import BICUBIC, Ours
from worker.networks.descriptor import NetworkDescriptor
from worker.networks.places import Place
from worker.networks.registry import NETWORKS
from worker.networks.runner import Runner
from worker.networks.weights import trained
from worker.upscaling.conditioning import Source
from worker.upscaling.upscaler import FallbackReason, Upscaler

# One thread: two that share a busy core wait for each other.
FP32 = Settings(device="cpu", dtype="float32", torch_threads=1)
BF16 = replace(FP32, dtype="bfloat16")
DTYPES = pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
BOTH_FORMATS = pytest.mark.parametrize("settings", [FP32, BF16], ids=["float32", "bfloat16"])
CHANNELS = pytest.mark.parametrize("channels", [1, 3, 4])
FOUR_WAYS_ROUND = 4
"""How often the tiniest pictures go through a network, see worker.networks.ensemble."""


@pytest.fixture(scope="module")
def upscaler() -> Upscaler:
    return Upscaler(FP32)


def smooth(
    height_px: int, width_px: int, channels: int = 3, dtype: type = np.uint8, seed: int = 1
) -> Pixels:
    """A random but natural picture: a few random colours, enlarged."""
    rough = np.random.default_rng(seed).integers(0, 256, (6, 6, channels), dtype=np.uint8)
    picture = rough if dtype is np.uint8 else rough.astype(np.uint16) * np.uint16(257)
    return resize(Pixels(picture), width_px, height_px)


def with_disc(pixels: Pixels) -> Pixels:
    """The same picture, clear outside of a disc with a soft edge."""
    y, x = np.mgrid[: pixels.height_px, : pixels.width_px]
    middle_y, middle_x = (pixels.height_px - 1) / 2, (pixels.width_px - 1) / 2
    distance = np.hypot(y - middle_y, x - middle_x)
    unit = np.clip(min(middle_y, middle_x) - 4 - distance, 0, 1)
    alpha = np.rint(unit * pixels.max_value).astype(pixels.colour.dtype)
    return Pixels(pixels.colour, alpha)


def close(one: Pixels, other: Pixels) -> float:
    """The mean difference of visible colour, as a share of white."""
    difference = one.colour.astype(np.float64) - other.colour.astype(np.float64)
    visible = np.ones(difference.shape[:2], bool) if other.alpha is None else other.alpha > 0
    return float(np.abs(difference[visible]).mean() / one.max_value)


@DTYPES
@CHANNELS
@pytest.mark.parametrize("scale", [1.25, 2, 2.5, 3, 4])
def test_every_kind_comes_out_enlarged_and_like_itself(
    upscaler: Upscaler, channels: int, dtype: type, scale: float
) -> None:
    picture = with_disc(smooth(33, 27, channels, dtype))
    (made,) = upscaler.upscale([Source(picture)], scale)
    assert made.pixels.colour.shape == (round(33 * scale), round(27 * scale), channels)
    assert made.pixels.colour.dtype == dtype
    assert made.pixels.alpha is not None
    assert close(resize(made.pixels, 27, 33), picture) < 0.03
    assert made.fallback is None
    assert made.network == NETWORKS["plain-m-x2" if scale <= 2 else "plain-m-x4"].label
    assert (made.scale, made.dtype, made.device) == (scale, "float32", "cpu")
    assert made.seconds > 0


@pytest.mark.parametrize("scale", [0.5, 1, 4.01, float("nan")])
def test_other_scales_are_refused(upscaler: Upscaler, scale: float) -> None:
    with pytest.raises(ValueError, match="scale must be"):
        upscaler.upscale([Source(smooth(8, 8))], scale)


def test_nothing_in_nothing_out(upscaler: Upscaler) -> None:
    assert upscaler.upscale([], 2) == []


def test_a_single_pixel_can_be_enlarged(upscaler: Upscaler) -> None:
    (made,) = upscaler.upscale([Source(Pixels(np.full((1, 1, 3), 128, np.uint8)))], 4)
    assert made.pixels.colour.shape == (4, 4, 3)


def test_sixteen_bits_stay_finer_than_eight(upscaler: Upscaler) -> None:
    (made,) = upscaler.upscale([Source(smooth(24, 24, 3, np.uint16))], 4)
    assert np.unique(made.pixels.colour).size > 1000
    (made8,) = upscaler.upscale([Source(smooth(24, 24, 3, np.uint8))], 4)
    widened = made8.pixels.colour.astype(np.int64) * 257
    assert close(made.pixels, Pixels(widened.astype(np.uint16))) < 0.01


def test_grey_is_what_grey_in_rgb_becomes(upscaler: Upscaler) -> None:
    grey = smooth(30, 30, 1)
    rgb = Pixels(np.repeat(grey.colour.astype(np.uint8), 3, axis=2))
    one, other = upscaler.upscale([Source(grey), Source(rgb)], 4)
    mean = np.rint(other.pixels.colour.mean(axis=2))
    assert np.abs(one.pixels.colour[:, :, 0] - mean).max() <= 1


@BOTH_FORMATS
def test_a_batch_gives_exactly_what_single_calls_give(settings: Settings) -> None:
    upscaler = Upscaler(settings)
    pictures = [smooth(40, 50, seed=seed) for seed in range(5)] + [smooth(20, 31), smooth(50, 40)]
    together = upscaler.upscale([Source(one) for one in pictures], 4)
    for picture, made in zip(pictures, together, strict=True):
        (alone,) = upscaler.upscale([Source(picture)], 4)
        assert np.array_equal(made.pixels.colour, alone.pixels.colour)


def test_pictures_of_one_size_share_a_network_call() -> None:
    sizes: list[tuple[int, ...]] = []
    counting = watched(lambda x: sizes.append(tuple(x.shape)))
    Upscaler(FP32, load=counting).upscale(
        [Source(smooth(20, 20, seed=seed)) for seed in range(3)], 4
    )
    assert sizes == FOUR_WAYS_ROUND * [(3, 3, 20, 20)]


def test_a_call_holds_no_more_pixels_than_set() -> None:
    sizes: list[tuple[int, ...]] = []
    counting = watched(lambda x: sizes.append(tuple(x.shape)))
    small_batches = replace(FP32, batch_px=2 * 20 * 20)
    pictures = [smooth(20, 20, seed=seed) for seed in range(5)]
    Upscaler(small_batches, load=counting).upscale([Source(one) for one in pictures], 4)
    assert [size[0] for size in sizes[::FOUR_WAYS_ROUND]] == [2, 2, 1]
    assert max(size[0] for size in sizes) == 2


@pytest.mark.long
@pytest.mark.parametrize("scale", [2, 3.3, 4])
def test_tiles_leave_no_seams(scale: float) -> None:
    picture = with_disc(smooth(90, 133))
    whole, tiled = whole_and_tiled(picture, scale, FP32)
    assert np.array_equal(whole.colour, tiled.colour)
    assert whole.alpha is not None
    assert tiled.alpha is not None
    assert np.array_equal(whole.alpha, tiled.alpha)


@pytest.mark.long
def test_tiles_in_bfloat16_differ_by_a_level_in_few_places_at_most() -> None:
    """The CPU adds in another order in pictures of another width, and bf16 shows that."""
    whole, tiled = whole_and_tiled(with_disc(smooth(90, 133)), 4, BF16)
    difference = np.abs(whole.colour.astype(int) - tiled.colour)
    assert difference.max() <= 1
    assert np.count_nonzero(difference) < 0.002 * difference.size


def whole_and_tiled(picture: Pixels, scale: float, settings: Settings) -> tuple[Pixels, Pixels]:
    (whole,) = Upscaler(settings).upscale([Source(picture)], scale)
    (tiled,) = Upscaler(settings, tile_px=40).upscale([Source(picture)], scale)
    return whole.pixels, tiled.pixels


@BOTH_FORMATS
@pytest.mark.parametrize("scale", [2, 4])
def test_flat_colours_stay_flat(settings: Settings, scale: int) -> None:
    colours = np.random.default_rng(4).integers(0, 256, (40, 3), dtype=np.uint8)
    colours[:2] = (255,), (0,)
    pictures = [Pixels(np.full((12, 12, 3), colour, np.uint8)) for colour in colours]
    made = Upscaler(settings).upscale([Source(one) for one in pictures], scale)
    for one, colour in zip(made, colours, strict=True):
        assert np.abs(one.pixels.colour.astype(int) - colour).max() <= 1


# --- alpha


@DTYPES
@pytest.mark.parametrize("scale", [1.5, 2, 4])
def test_clear_and_solid_areas_stay_exactly_so(
    upscaler: Upscaler, dtype: type, scale: float
) -> None:
    picture = with_disc(smooth(40, 40, 3, dtype))
    (made,) = upscaler.upscale([Source(picture)], scale)
    alpha = made.pixels.alpha
    assert alpha is not None
    border, middle = round(4 * scale), round(20 * scale)
    assert not alpha[:border].any()
    assert not alpha[:, -border:].any()
    inner = alpha[middle - border : middle + border, middle - border : middle + border]
    assert (inner == np.iinfo(dtype).max).all()
    assert ((alpha > 0) & (alpha < np.iinfo(dtype).max)).any()


@pytest.mark.parametrize("value", [0, 7, 255])
def test_constant_alpha_is_copied(upscaler: Upscaler, value: int) -> None:
    picture = Pixels(smooth(12, 12).colour, np.full((12, 12), value, np.uint8))
    (made,) = upscaler.upscale([Source(picture)], 3)
    assert made.pixels.alpha is not None
    assert made.pixels.alpha.shape == (36, 36)
    assert (made.pixels.alpha == value).all()


@pytest.mark.parametrize("hidden", [0, 255])
def test_hidden_colours_draw_no_fringe(upscaler: Upscaler, hidden: int) -> None:
    """A flat disc over clear black or clear white: whatever can be seen keeps the disc's colour."""
    disc = with_disc(Pixels(np.full((40, 40, 3), (200, 90, 40), np.uint8)))
    assert disc.alpha is not None
    colour = np.where(disc.alpha[:, :, None] > 0, disc.colour, np.uint8(hidden))
    (made,) = upscaler.upscale([Source(Pixels(colour, disc.alpha))], 4)
    assert made.pixels.alpha is not None
    seen = made.pixels.colour[made.pixels.alpha > 0].astype(int)
    assert np.abs(seen - (200, 90, 40)).max() <= 4


# --- when the network fails


class Broken(nn.Module):
    """The trained network with its result passed through `spoil`."""

    def __init__(self, network: nn.Module, spoil: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.network = network
        self.spoil = spoil

    def forward(self, x: Tensor, compression: Tensor) -> Tensor:
        return self.spoil(self.network(x, compression))


def heard_by(hear: Callable[[Tensor, Tensor], None]) -> Callable[[NetworkDescriptor], nn.Module]:
    """The trained networks, which let `hear` know of all that they are given."""

    def load(descriptor: NetworkDescriptor) -> nn.Module:
        network = copy.deepcopy(trained(descriptor))
        network.register_forward_pre_hook(lambda _, inputs: hear(*inputs))
        return network

    return load


def test_the_network_is_told_what_is_known_of_each_picture() -> None:
    told: set[float] = set()
    sources = [
        Source(smooth(80, 90)),
        Source(smooth(80, 90), compression=0.25),
        Source(smooth(80, 90), consistency=Consistency.EXACT),
    ]

    load = heard_by(lambda _, compression: told.update(compression.tolist()))
    Upscaler(FP32, load=load).upscale(sources, 2)
    assert told == {LOSSLESS, 0.25, SHRUNK}


def test_what_only_looks_shrunk_passes_the_network_whole_no_more_often() -> None:
    """That it was drawn shows in a part of it, before the run."""
    seen: list[tuple[int, ...]] = []

    load = heard_by(lambda x, _: seen.append(tuple(x.shape[2:])))
    drawing = Pixels(np.array(logo()))
    passes = []
    for consistency in Consistency:
        (made,) = Upscaler(FP32, load=load).upscale([Source(drawing, 0, consistency)], 4)
        assert made.faithful.consistency is Consistency.LOW_FREQUENCY
        passes.append([shape for shape in seen if shape == (80, 220)])
        seen.clear()
    assert passes[0] == passes[1] != []


def spoiled(spoil: Callable[[Tensor], Tensor]) -> Callable[[NetworkDescriptor], nn.Module]:
    return lambda descriptor: Broken(trained(descriptor), spoil)


def with_nan_in_the_first(out: Tensor) -> Tensor:
    out = out.clone()
    out[0, 0, 3, 3] = torch.nan
    return out


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (with_nan_in_the_first, FallbackReason.NOT_FINITE),
        (lambda out: out / 0, FallbackReason.NOT_FINITE),
        (lambda out: out[:, :, 1:], FallbackReason.WRONG_SIZE),
        (lambda out: out[:, :1], FallbackReason.WRONG_SIZE),
    ],
)
@pytest.mark.parametrize("tile_px", [16, 512])
@pytest.mark.parametrize("scale", [2, 3])
def test_interpolation_steps_in_and_the_result_says_so(
    spoil: Callable[[Tensor], Tensor], reason: FallbackReason, tile_px: int, scale: float
) -> None:
    picture = with_disc(smooth(30, 20))
    upscaler = Upscaler(FP32, tile_px=tile_px, load=spoiled(spoil))
    (made,) = upscaler.upscale([Source(picture)], scale)
    assert (made.fallback, made.network) == (reason, "bicubic")
    assert close(made.pixels, resize(picture, round(20 * scale), round(30 * scale))) < 0.02
    assert made.pixels.alpha is not None
    assert not made.pixels.alpha[:2].any()


def test_one_bad_picture_of_a_batch_does_not_touch_the_others() -> None:
    pictures = [smooth(20, 20, seed=seed) for seed in range(3)]
    made = Upscaler(FP32, load=spoiled(with_nan_in_the_first)).upscale(
        [Source(one) for one in pictures], 4
    )
    sound = Upscaler(FP32).upscale([Source(one) for one in pictures], 4)
    assert [one.fallback for one in made] == [FallbackReason.NOT_FINITE, None, None]
    assert np.array_equal(made[2].pixels.colour, sound[2].pixels.colour)


def test_the_networks_in_memory_are_named_for_operators() -> None:
    upscaler = Upscaler(FP32)
    assert upscaler.loaded() == []
    made = upscaler.upscale([Source(smooth(8, 8))], 4)
    assert upscaler.loaded() == [made[0].network]


def test_wrong_weights_are_an_error_and_not_a_blurred_result(tmp_path: Path) -> None:
    upscaler = Upscaler(FP32, load=lambda descriptor: trained(descriptor, tmp_path))
    with pytest.raises(WeightsError):
        upscaler.upscale([Source(smooth(8, 8))], 4)
    with pytest.raises(WeightsError):
        upscaler.warm()


# --- when memory runs out


class Watched(nn.Module):
    """The trained network, with `watch` called before it: it may count, or raise."""

    def __init__(self, network: nn.Module, watch: Callable[[Tensor], object]) -> None:
        super().__init__()
        self.network = network
        self.watch = watch

    def forward(self, x: Tensor, compression: Tensor) -> Tensor:
        self.watch(x)
        return self.network(x, compression)  # type: ignore[no-any-return]


def watched(watch: Callable[[Tensor], object]) -> Callable[[NetworkDescriptor], nn.Module]:
    return lambda descriptor: Watched(trained(descriptor), watch)


def memory_for(pixels: int, seen: list[tuple[int, ...]]) -> Callable[[Tensor], None]:
    """Run out of memory above so many pixels in one call; notes every call's shape."""

    def watch(x: Tensor) -> None:
        seen.append((x.shape[0], *x.shape[2:]))
        if x.shape[0] * x.shape[2] * x.shape[3] > pixels:
            raise torch.OutOfMemoryError("CUDA out of memory")

    return watch


def test_out_of_memory_makes_smaller_batches_with_the_same_result() -> None:
    seen: list[tuple[int, ...]] = []
    pictures = [smooth(30, 30, seed=seed) for seed in range(8)]
    made = Upscaler(FP32, load=watched(memory_for(2 * 900, seen))).upscale(
        [Source(one) for one in pictures], 4
    )
    assert [shape[0] for shape in seen] == [8, 4, *4 * FOUR_WAYS_ROUND * [2]]
    for one, other in zip(
        made, Upscaler(FP32).upscale([Source(one) for one in pictures], 4), strict=True
    ):
        assert np.array_equal(one.pixels.colour, other.pixels.colour)
        assert one.fallback is None


def test_out_of_memory_then_makes_tiles_with_the_same_result() -> None:
    seen: list[tuple[int, ...]] = []
    picture = smooth(200, 210)
    (made,) = Upscaler(FP32, load=watched(memory_for(120 * 120, seen))).upscale(
        [Source(picture)], 4
    )
    (whole,) = Upscaler(FP32).upscale([Source(picture)], 4)
    assert np.array_equal(made.pixels.colour, whole.pixels.colour)
    assert seen[0] == (1, 200, 210)
    assert max(seen[-1][1:]) < 120


def test_out_of_memory_in_one_place_moves_on_to_the_next() -> None:
    """Two places on the CPU stand for the GPU and the CPU behind it: the path is the same."""

    def watch(x: Tensor) -> None:
        calls.append(tuple(x.shape))
        if len(calls) < 4:
            raise torch.OutOfMemoryError("CUDA out of memory")

    calls: list[tuple[int, ...]] = []
    descriptor = NETWORKS["plain-s-x2"]
    first, second = Place("cpu", "bfloat16"), Place("cpu", "float32")
    runner = Runner(watched(watch)(descriptor), descriptor, [first, second])
    x = torch.rand(2, 3, 80, 80)
    # Two at once, one, one in tiles of 64: all in the first place; then the second.
    made = runner.enlarge(x, torch.zeros(2), tile_px=512, batch=2)
    assert made.place == second
    with torch.inference_mode():
        torch.testing.assert_close(made.planes, trained(descriptor)(x, torch.zeros(2)))


def test_the_result_names_where_it_was_made_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def watch(_x: Tensor) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise torch.OutOfMemoryError("CUDA out of memory")

    calls: list[int] = []
    two = (Place("cpu", "bfloat16"), Place("cpu", "float32"))
    monkeypatch.setattr("worker.upscaling.upscaler.places", lambda *_: two)
    (made,) = Upscaler(FP32, load=watched(watch)).upscale([Source(smooth(20, 20))], 2)
    assert (made.dtype, made.fallback) == ("float32", None)


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory"),
        MemoryError(),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
    ],
)
def test_no_memory_at_all_is_an_error_with_its_reason(error: Exception) -> None:
    def refuse(_x: Tensor) -> None:
        raise error

    with pytest.raises(UpscaleMemoryError, match=r"plain-m-x4@.* ran out of memory for 70 × 90 px"):
        Upscaler(FP32, load=watched(refuse)).upscale([Source(smooth(90, 70))], 4)


def test_torchs_own_cpu_allocator_is_understood() -> None:
    """The real error of a real allocation that cannot be: the words above stay true."""

    def allocate_far_too_much(_x: Tensor) -> None:
        torch.empty(1 << 60, dtype=torch.uint8)

    with pytest.raises(UpscaleMemoryError):
        Upscaler(FP32, load=watched(allocate_far_too_much)).upscale([Source(smooth(9, 9))], 4)


def test_another_error_of_the_network_is_not_taken_for_lack_of_memory() -> None:
    def fail(_x: Tensor) -> None:
        raise RuntimeError("shapes do not match")

    with pytest.raises(RuntimeError, match="shapes do not match"):
        Upscaler(FP32, load=watched(fail)).upscale([Source(smooth(9, 9))], 4)


# --- quality


def gains_db(settings: Settings, folder: Path, limit: int | None = None) -> list[float]:
    """Luma PSNR at ×4 above bicubic, picture by picture, of the classic sets in `folder`."""
    ours = Ours(settings)
    return [
        compare(ours.enlarge(case.small, 4), case)["psnr_db"]
        - compare(BICUBIC.enlarge(case.small, 4), case)["psnr_db"]
        for case in classic_cases(folder, (4,), limit)
        if case.regime == "clean"
    ]


@pytest.mark.long
def test_the_network_beats_bicubic_by_1_db_and_never_loses_to_it(shared_data: Path) -> None:
    """Set5, Set14 and BSD100, in the number format of this machine."""
    gains = gains_db(replace(FP32, dtype="auto"), shared_data / "test")
    assert len(gains) == 119
    assert np.mean(gains) >= 1.0
    assert min(gains) >= -0.1


@pytest.mark.long
def test_both_number_formats_gain_the_same(shared_data: Path) -> None:
    gains = [gains_db(settings, shared_data / "test", 3) for settings in (FP32, BF16)]
    assert len(gains[0]) == 9
    assert gains[0] == pytest.approx(gains[1], abs=0.05)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_cuda_gives_what_the_cpu_gives() -> None:
    picture = with_disc(smooth(60, 70))
    (there,) = Upscaler(replace(FP32, device="cuda")).upscale([Source(picture)], 4)
    (here,) = Upscaler(FP32).upscale([Source(picture)], 4)
    assert there.device == "cuda"
    assert np.abs(there.pixels.colour.astype(int) - here.pixels.colour).max() <= 1


def test_a_drawing_made_small_by_its_means_is_not_held_to_bicubic_agreement(
    upscaler: Upscaler,
) -> None:
    """Exact agreement would sprinkle dots around its letters: no bicubic shrinking made it."""
    large = logo().resize((440, 160), Image.Resampling.LANCZOS)
    drawn, shrunk = (
        Source(Pixels(np.array(image)), consistency=Consistency.EXACT)
        for image in (logo(), large.resize((110, 40), Image.Resampling.BICUBIC))
    )
    of_drawn, of_shrunk = (upscaler.upscale([one], 4)[0] for one in (drawn, shrunk))
    assert of_drawn.faithful.consistency is Consistency.LOW_FREQUENCY
    assert of_drawn.fallback is None
    assert of_shrunk.faithful.consistency is Consistency.EXACT


@pytest.mark.parametrize("is_confident", [True, False])
def test_the_less_its_looks_say_the_more_plainly_a_part_must_speak(
    upscaler: Upscaler, monkeypatch: pytest.MonkeyPatch, is_confident: bool
) -> None:
    between = (MARGIN_DB + PLAIN_MARGIN_DB) / 2
    monkeypatch.setattr(
        "worker.upscaling.upscaler.is_bicubic", lambda _, __, margin_db: margin_db < between
    )
    picture = Source(smooth(80, 90), consistency=Consistency.EXACT, is_confident=is_confident)
    (made,) = upscaler.upscale([picture], 2)
    assert (made.faithful.consistency is Consistency.EXACT) is is_confident


@pytest.mark.long
def test_what_was_shrunk_in_another_way_changes_nothing_for_its_neighbours_in_a_batch(
    upscaler: Upscaler,
) -> None:
    drawn = Source(Pixels(np.array(logo())), consistency=Consistency.EXACT)
    shrunk = Source(smooth(80, 220, channels=4), consistency=Consistency.EXACT)
    alone = [upscaler.upscale([one], 2)[0] for one in (shrunk, drawn, shrunk)]
    together = upscaler.upscale([shrunk, drawn, shrunk], 2)
    for one, same in zip(alone, together, strict=True):
        assert one.faithful.consistency is same.faithful.consistency
        assert np.abs(one.pixels.colour.astype(int) - same.pixels.colour).max() <= 1
