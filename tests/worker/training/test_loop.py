"""Training learns, ends on time, goes on after a stop, and exports what can be loaded."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from worker.networks.plain import interpolate_bicubic
from worker.networks.registry import NETWORKS
from worker.networks.weights import MANIFEST_NAME, trained
from worker.training.__main__ import main, start_from_x4
from worker.training.corpus import is_held_back
from worker.training.export import export
from worker.training.loop import Plan, loss_of, rate_factor, start

HELD_BACK = next(f"{n}.png" for n in range(1000) if is_held_back(f"{n}.png"))


@pytest.fixture
def arguments(tmp_path: Path) -> list[str]:
    for name in ("photos", "graphics"):
        (tmp_path / name).mkdir()
        for number, file in enumerate(["a.png", "b.png", "c.png", HELD_BACK]):
            rough = np.random.default_rng(number).integers(0, 256, (16, 16, 3), dtype=np.uint8)
            picture = Image.fromarray(rough).resize((160, 160), Image.Resampling.NEAREST)
            picture.save(tmp_path / name / file)
    return [
        "--photos", str(tmp_path / "photos"), "--graphics", str(tmp_path / "graphics"),
        "--out", str(tmp_path / "out"), "--pages", "0", "--threads", "1",
        "--batch", "2", "--small-px", "16", "--seed", "3",
    ]  # fmt: skip


def checkpoint(tmp_path: Path, scale: int = 4) -> dict[str, object]:
    content: dict[str, object] = torch.load(tmp_path / "out" / f"x{scale}.pt", weights_only=True)
    return content


def test_it_learns(tmp_path: Path, arguments: list[str], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    main([*arguments, "--steps", "30"])
    gains = [record.args[3] for record in caplog.records if "over bicubic" in record.msg]  # type: ignore[index]
    assert len(gains) == 2
    assert all(gain > 0 for gain in gains)  # type: ignore[operator]


def test_it_goes_on_where_it_stopped(tmp_path: Path, arguments: list[str]) -> None:
    main([*arguments, "--steps", "4"])
    first = checkpoint(tmp_path)
    main([*arguments, "--steps", "7", "--resume"])
    second = checkpoint(tmp_path)
    assert (first["step"], second["step"]) == (4, 7)
    assert second["seconds"] > first["seconds"]  # type: ignore[operator]


def test_without_resume_it_starts_anew(tmp_path: Path, arguments: list[str]) -> None:
    main([*arguments, "--steps", "4"])
    main([*arguments, "--steps", "3"])
    assert checkpoint(tmp_path)["step"] == 3


def test_time_ends_it_too(tmp_path: Path, arguments: list[str]) -> None:
    main([*arguments, "--steps", "1000000", "--minutes", "0.03"])
    assert 1.8 <= checkpoint(tmp_path)["seconds"] < 10  # type: ignore[operator]


def test_the_export_loads_and_is_the_average(tmp_path: Path, arguments: list[str]) -> None:
    main([*arguments, "--steps", "3"])
    descriptor = NETWORKS["plain-x4"]
    folder = tmp_path / "weights"
    export(tmp_path / "out" / "x4.pt", descriptor, folder)
    network = trained(descriptor, folder)
    average: dict[str, torch.Tensor] = checkpoint(tmp_path)["average"]  # type: ignore[assignment]
    for name, weight in network.state_dict().items():
        assert torch.equal(weight, average[name])
    entry = json.loads((folder / MANIFEST_NAME).read_text())["plain-x4.safetensors"]
    assert (entry["network"], entry["steps"]) == (descriptor.label, 3)


def test_x2_starts_as_x4_shrunk_by_two(tmp_path: Path, arguments: list[str]) -> None:
    main([*arguments, "--steps", "3"])
    twice, four_times = NETWORKS["plain-x2"].build(), NETWORKS["plain-x4"].build()
    start_from_x4(twice, tmp_path / "out" / "x4.pt")
    average: dict[str, torch.Tensor] = checkpoint(tmp_path)["average"]  # type: ignore[assignment]
    four_times.load_state_dict(average)
    x = torch.rand(1, 3, 9, 7)
    with torch.inference_mode():
        shrunk = torch.nn.functional.avg_pool2d(four_times(x) - interpolate_bicubic(x, 4), 2)
        torch.testing.assert_close(twice(x) - interpolate_bicubic(x, 2), shrunk)


def test_the_rate_rises_at_first_and_then_falls_to_nearly_nothing() -> None:
    shares = np.linspace(0, 1, 500)
    rates = [rate_factor(float(share)) for share in shares]
    highest = int(np.argmax(rates))
    assert shares[highest] <= 0.012
    assert rates[highest] == pytest.approx(1, abs=0.001)
    assert np.all(np.diff(rates[highest:]) < 0)
    assert rates[-1] < 0.01


def test_the_loss_minds_edges_more_than_flat_error() -> None:
    sharp = torch.zeros(1, 3, 8, 8)
    flat = torch.full_like(sharp, 0.1)
    striped = flat.clone()
    striped[..., ::2] *= -1
    assert loss_of(striped, sharp) > loss_of(flat, sharp) > loss_of(sharp, sharp)


def test_the_average_starts_as_the_network_and_is_apart_from_it() -> None:
    network = NETWORKS["plain-x2"].build()
    state = start(network, Plan(scale=2, steps=1, minutes=1))
    for mean, weight in zip(state.average.parameters(), network.parameters(), strict=True):
        assert torch.equal(mean, weight)
        assert mean.data_ptr() != weight.data_ptr()
