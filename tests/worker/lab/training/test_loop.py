"""Training learns, ends on time, goes on after a stop, and exports what can be loaded."""

import json
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from worker.lab.training.__main__ import CHECKPOINT_NAME, main
from worker.lab.training.export import export
from worker.lab.training.families import is_held_back
from worker.lab.training.loop import Plan, gate_loss, loss_of, rate_factor, start
from worker.lab.training.muon import orthogonal
from worker.networks.plain import Parts
from worker.networks.registry import TRAINED_FILE, build_for_training
from worker.networks.weights import MANIFEST_NAME, verified_bytes

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
        "--out", str(tmp_path / "out"), "--pages", "0", "--slides", "0", "--threads", "1",
        "--batch", "2", "--small-px", "16", "--seed", "3",
    ]  # fmt: skip


def checkpoint(tmp_path: Path) -> dict[str, object]:
    content: dict[str, object] = torch.load(tmp_path / "out" / CHECKPOINT_NAME, weights_only=True)
    return content


def test_it_learns(tmp_path: Path, arguments: list[str], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    main([*arguments, "--steps", "30"])
    scores = [record.args for record in caplog.records if "over bicubic" in record.msg]
    gains = {args[1:4]: args[5] for args in scores if isinstance(args, tuple)}
    assert len(gains) == 16  # 4 exits, photographs and graphics, clean and as JPEG
    assert cast("float", gains["m-x4", "graphic", "clean"]) > 0


def test_it_goes_on_where_it_stopped(tmp_path: Path, arguments: list[str]) -> None:
    main([*arguments, "--steps", "4"])
    first = checkpoint(tmp_path)
    main([*arguments, "--steps", "7", "--resume"])
    second = checkpoint(tmp_path)
    assert (first["step"], second["step"]) == (4, 7)
    assert second["seconds"] > first["seconds"]  # type: ignore[operator]


def test_gates_alone_leave_the_body_and_its_exits_as_they_were(
    tmp_path: Path, arguments: list[str]
) -> None:
    main([*arguments, "--steps", "2"])
    before = export(tmp_path / "out" / CHECKPOINT_NAME, tmp_path / "weights", version="1")
    main([*arguments, "--steps", "3", "--only-gates", "--start-from", str(before)])
    was, now = load_file(before), checkpoint(tmp_path)["network"]
    weights = cast("dict[str, torch.Tensor]", now)
    moved = {name for name, weight in weights.items() if not torch.equal(was[name], weight.half())}
    assert moved
    assert all(name.startswith("gates.") for name in moved)


def test_the_loss_of_gates_is_less_the_more_is_gained_and_most_where_harm_is_done() -> None:
    # Nowhere near white or black: there, grounds are taken whole, whatever a gate says.
    sharp = 0.3 + 0.4 * torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(5))
    trust = torch.ones(2, 1, 8, 8)

    def loss(*, of_trust: float, right: float) -> float:
        """Of a residual that takes away `right` of the error of interpolation, 0.1."""
        residual = torch.full_like(sharp, -0.1 * right)
        return float(gate_loss(Parts(sharp + 0.1, of_trust * trust, residual), sharp))

    assert loss(of_trust=0, right=-1) == 0
    assert loss(of_trust=1, right=0.5) == pytest.approx(-6.02, abs=0.05)
    # Twice the error of interpolation: its 6 dB count three times.
    assert loss(of_trust=1, right=-1) == pytest.approx(3 * 6.02, abs=0.1)
    # A gate that is shut before half of the error: no gain, and 6 dB that are thrown away.
    assert loss(of_trust=0, right=0.5) == pytest.approx(3 * 6.02, abs=0.2)


def test_without_resume_it_starts_anew(tmp_path: Path, arguments: list[str]) -> None:
    main([*arguments, "--steps", "4"])
    main([*arguments, "--steps", "3"])
    assert checkpoint(tmp_path)["step"] == 3


def test_time_ends_it_too(tmp_path: Path, arguments: list[str]) -> None:
    main([*arguments, "--steps", "1000000", "--minutes", "0.03"])
    assert 1.8 <= checkpoint(tmp_path)["seconds"] < 10  # type: ignore[operator]


def test_the_export_is_the_average_in_half_precision(tmp_path: Path, arguments: list[str]) -> None:
    main([*arguments, "--steps", "3"])
    folder = tmp_path / "weights"
    path = export(tmp_path / "out" / CHECKPOINT_NAME, folder, version="7")
    average: dict[str, torch.Tensor] = checkpoint(tmp_path)["average"]  # type: ignore[assignment]
    assert verified_bytes(folder, path.name)
    network = build_for_training()
    network.load_state_dict(load_file(path))
    for name, weight in network.state_dict().items():
        torch.testing.assert_close(weight, average[name], rtol=1e-3, atol=1e-6)
    entry = json.loads((folder / MANIFEST_NAME).read_text())[TRAINED_FILE]
    assert (entry["version"], entry["steps"]) == ("7", 3)


def test_training_can_start_from_exported_weights(tmp_path: Path, arguments: list[str]) -> None:
    main([*arguments, "--steps", "3"])
    path = export(tmp_path / "out" / CHECKPOINT_NAME, tmp_path / "weights", version="1")
    first = checkpoint(tmp_path)["average"]["head.bias"]  # type: ignore[index]
    main([*arguments, "--steps", "1", "--rate", "1e-9", "--start-from", str(path)])
    second = checkpoint(tmp_path)["average"]["head.bias"]  # type: ignore[index]
    torch.testing.assert_close(first, second, rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("shape", [(4, 9), (9, 4), (64, 576)])
def test_an_orthogonal_update_moves_every_direction_alike(shape: tuple[int, int]) -> None:
    torch.manual_seed(2)
    values = torch.linalg.svdvals(orthogonal(torch.randn(shape)))
    assert 0.6 < float(values.min()) <= float(values.max()) < 1.3


def test_the_rate_is_held_and_then_falls_to_nearly_nothing() -> None:
    rates = np.array([rate_factor(float(share)) for share in np.linspace(0, 1, 500)])
    assert rates[0] == rates[100] == 1
    assert np.all(np.diff(rates[200:]) < 0)
    assert rates[-1] < 0.01


def test_the_loss_minds_edges_more_than_flat_error() -> None:
    sharp = torch.zeros(1, 3, 8, 8)
    flat = torch.full_like(sharp, 0.1)
    striped = flat.clone()
    striped[..., ::2] *= -1
    assert loss_of(striped, sharp) > loss_of(flat, sharp) > loss_of(sharp, sharp)


def test_every_weight_is_moved_by_exactly_one_optimizer() -> None:
    network = build_for_training()
    state = start(network, Plan(steps=1, minutes=1))
    moved = [id(w) for one in state.optimizers for g in one.param_groups for w in g["params"]]
    assert sorted(moved) == sorted(id(weight) for weight in network.parameters())


def test_the_average_starts_as_the_network_and_is_apart_from_it() -> None:
    network = build_for_training()
    state = start(network, Plan(steps=1, minutes=1))
    for mean, weight in zip(state.average.parameters(), network.parameters(), strict=True):
        assert torch.equal(mean, weight)
        assert mean.data_ptr() != weight.data_ptr()
