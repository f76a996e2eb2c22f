"""Every row of the lineage keeps the promises of its descriptor, in a thin size or its own."""

from importlib import import_module

import pytest
import torch
from torch import Tensor, nn

from crispdeck.errors import PictureTooLargeError
from crispdeck.picture.pixels import Pixels
from crispdeck.settings import Settings
from tests.worker.lab.lineage.thin import SHAPES, thin, tiny
from worker.lab.lineage.registration import descriptor_of
from worker.lab.lineage.rows import ROWS, SCALE, Row, to_train
from worker.networks.places import Place
from worker.networks.runner import Runner
from worker.networks.tiles import enlarge_in_tiles
from worker.upscaling.conditioning import Source
from worker.upscaling.upscaler import Upscaler

EVERY_ROW = pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
EVERY_SHAPE = pytest.mark.parametrize("row", SHAPES.values(), ids=SHAPES.keys())
TILED = [row for row in SHAPES.values() if row.reach_px is not None]
WHOLE = [row for row in SHAPES.values() if row.reach_px is None]
SLOW = {"rdn", "srdensenet"}
"""Their reach, in floating point of 64 bits, takes seconds."""


def by_name(row: Row) -> str:
    return row.name


CPU = Place("cpu", "float32")


def enlarged(network: nn.Module, x: Tensor) -> Tensor:
    with torch.inference_mode():
        out: Tensor = network(x, torch.zeros(len(x)))
        return out


def empty(row: Row) -> nn.Module:
    """The network in its full size, without memory for its weights."""
    with torch.device("meta"):
        return row.build()


@EVERY_ROW
def test_the_count_of_parameters_is_true(row: Row) -> None:
    assert sum(weight.numel() for weight in empty(row).parameters()) == row.parameters


@pytest.mark.parametrize(
    "row", [row for row in ROWS.values() if row.published], ids=lambda row: row.name
)
def test_parameters_are_those_of_the_paper_within_a_hundredth(row: Row) -> None:
    """Or within what rounding did to the published figure."""
    assert row.published is not None
    left_out = row.published.of.split(", ") if row.published.of not in {"all", "kernels"} else []
    counted = sum(
        weight.numel()
        for name, weight in empty(row).named_parameters()
        if name.split(".")[1] not in left_out
        and (row.published.of != "kernels" or weight.ndim == 4)
    )
    allowed = max(row.published.parameters / 100, row.published.unit / 2)
    assert abs(counted - row.published.parameters) <= allowed


@pytest.mark.parametrize(
    "row", [row for row in ROWS.values() if not row.published], ids=lambda row: row.name
)
def test_a_row_without_a_published_count_is_narrow_or_says_that_it_is_a_reconstruction(
    row: Row,
) -> None:
    network = row.build(**tiny(row))
    body = network if row.has_reference else network.get_submodule("body")
    text = import_module(type(body).__module__).__doc__ or ""
    assert row.narrow_of in ROWS or "reconstruction" in " ".join(text.split())


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, marks=pytest.mark.long if row.name in SLOW else (), id=row.name)
        for row in ROWS.values()
        if row.reach_px is not None
    ],
)
def test_the_reach_is_true(row: Row) -> None:
    """What the middle's output hangs on reaches just so far; one row of pixels says it quickly."""
    reach_px = row.reach_px or 0
    network = row.build(**thin(row)).double().eval()
    for weight in network.parameters():
        # Positive, so that nothing cancels and no ReLU is shut; means, so that nothing overflows.
        fan_in = weight[0].numel() if weight.ndim == 4 else 1
        torch.nn.init.constant_(weight, 1.0 / fan_in)
    middle_px = reach_px + 3
    x = torch.full((1, 3, 1, 2 * middle_px + 1), 0.9, dtype=torch.float64, requires_grad=True)
    out = network(x, torch.zeros(1))
    out[..., middle_px * SCALE : (middle_px + 1) * SCALE].sum().backward()
    assert x.grad is not None
    (seen,) = torch.nonzero(x.grad.abs().sum((0, 1, 2)), as_tuple=True)
    assert int((seen - middle_px).abs().max()) == reach_px


@EVERY_SHAPE
def test_any_size_comes_out_scaled(row: Row) -> None:
    torch.manual_seed(1)
    network = row.build(**tiny(row)).eval()
    for size in ((1, 1), (1, 7), (5, 3), (16, 9), (300, 7)):
        out = enlarged(network, torch.rand(1, 3, *size))
        assert out.shape == (1, 3, size[0] * SCALE, size[1] * SCALE)
        assert out.dtype == torch.float32
        assert bool(out.isfinite().all())


@EVERY_SHAPE
def test_the_same_picture_gives_the_same_result_alone_and_in_a_batch(row: Row) -> None:
    torch.manual_seed(2)
    network = row.build(**tiny(row)).eval()
    x = torch.rand(2, 3, 9, 12)
    first, again = enlarged(network, x), enlarged(network, x)
    assert torch.equal(first, again)
    torch.testing.assert_close(enlarged(network, x[:1]), first[:1], atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("row", TILED, ids=by_name)
def test_tiles_leave_no_seams(row: Row) -> None:
    torch.manual_seed(3)
    network = row.build(**tiny(row)).eval()
    x = torch.rand(1, 3, 6, 2 * (row.reach_px or 0) + 40)
    tiled = enlarge_in_tiles(
        lambda part: enlarged(network, part),
        x,
        scale=SCALE,
        tile_px=32,
        reach_px=row.reach_px or 0,
    )
    torch.testing.assert_close(tiled, enlarged(network, x), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("row", WHOLE, ids=by_name)
def test_what_looks_at_whole_pictures_refuses_to_be_tiled(row: Row) -> None:
    runner = Runner(row.build(**tiny(row)).eval(), descriptor_of(row), [CPU])
    x = torch.rand(1, 3, 5, 20)
    assert runner.enlarge(x, torch.zeros(1), tile_px=20, batch=1).planes.shape[3] == 20 * SCALE
    with pytest.raises(PictureTooLargeError, match="whole pictures"):
        runner.enlarge(x, torch.zeros(1), tile_px=19, batch=1)


@EVERY_SHAPE
def test_bfloat16_differs_little_where_it_is_borne_and_is_not_used_elsewhere(row: Row) -> None:
    torch.manual_seed(4)
    network, descriptor = row.build(**tiny(row)).eval(), descriptor_of(row)
    x = torch.rand(1, 3, 12, 12)
    exact, coarse = (
        Runner(network, descriptor, [place]).enlarge(x, torch.zeros(1), tile_px=64, batch=1)
        for place in (CPU, Place("cpu", "bfloat16"))
    )
    assert coarse.place.dtype == ("bfloat16" if "bfloat16" in row.dtypes else "float32")
    assert float((exact.planes - coarse.planes).abs().mean()) < 1 / 255


@EVERY_SHAPE
def test_whatever_it_makes_is_brought_into_the_bounds(row: Row) -> None:
    torch.manual_seed(5)
    network = row.build(**tiny(row)).eval()
    picture = Pixels((torch.rand(10, 14, 3) * 255).byte().numpy())
    upscaler = Upscaler(
        Settings(device="cpu", dtype="float32", torch_threads=1),
        choose=lambda *_: descriptor_of(row),
        load=lambda _: network,
    )
    (made,) = upscaler.upscale([Source(picture)], SCALE)
    assert made.chosen == descriptor_of(row).label
    assert (made.pixels.width_px, made.pixels.height_px) == (14 * SCALE, 10 * SCALE)
    assert made.faithful.over_budget_levels <= 1


def test_what_two_cores_cannot_train_is_trained_in_a_narrower_size() -> None:
    names = {row.name for row in to_train()}
    assert set(ROWS) - names == {"landmark", "edsr", "rdn", "rcan", "san", "ttsr"}
    assert all(row.parameters < 4_000_000 for row in to_train())


def test_no_row_is_trained_before_the_one_that_it_starts_from() -> None:
    names = [row.name for row in to_train()]
    assert names[:2] == ["fsrcnn", "espcn"]
    for row in to_train():
        if row.recipe.starts_from:
            assert names.index(row.recipe.starts_from) < names.index(row.name)


@pytest.mark.long
@pytest.mark.parametrize("name", ["edsr", "rdn", "rcan", "san", "ttsr"])
def test_the_published_size_runs_forward(name: str) -> None:
    torch.manual_seed(6)
    out = enlarged(ROWS[name].build().eval(), torch.rand(1, 3, 8, 8))
    assert out.shape == (1, 3, 32, 32)
    assert bool(out.isfinite().all())
