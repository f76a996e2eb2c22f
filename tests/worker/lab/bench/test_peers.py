"""Other people's weights: found, run by their own code, told about when they cannot be run."""

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from worker.lab.bench.cases import shrink
from worker.lab.bench.peers import find_peers
from worker.lab.metrics import Picture

pytest.importorskip("ncnn", reason="needs the extra `bench`")


def test_both_formats_are_found_and_the_unknown_is_named(peers: Path) -> None:
    found = find_peers(peers)
    assert {method.label: method.scales for method in found.methods} == {
        "RLFN": {4},
        "nearest": {2, 4},
    }
    assert list(found.left_out) == ["rlfn/model_zoo/other.pth"]
    assert "no recipe" in found.left_out["rlfn/model_zoo/other.pth"]


def test_peers_are_given_and_give_pixels_as_they_are(peers: Path, noise: Picture) -> None:
    small = shrink(noise.repeat(4, axis=0).repeat(4, axis=1), 4, "clean")
    for peer in find_peers(peers).at(4):
        made = peer.enlarge(small, 4)
        assert (made == small.rgb.repeat(4, axis=0).repeat(4, axis=1)).all(), peer.label


def test_a_peer_for_4_serves_2_by_halving(peers: Path, noise: Picture) -> None:
    (peer,) = find_peers(peers).at(2)
    small = shrink(noise, 2, "clean")
    made = peer.enlarge(small, 2)
    assert made.shape == noise.shape
    assert np.abs(made.astype(int) - small.rgb.repeat(2, axis=0).repeat(2, axis=1)).mean() < 12


def test_modules_of_peers_are_forgotten(peers: Path) -> None:
    find_peers(peers)
    assert [name for name in sys.modules if name.split(".")[0] == "model"] == []
    assert str(peers / "rlfn") not in sys.path


def test_other_weights_have_another_digest(peers: Path) -> None:
    before = {one.label: one.digest for one in find_peers(peers).methods}
    torch.save({"gain": torch.zeros(1)}, peers / "rlfn" / "model_zoo" / "rlfn_x4.pth")
    after = {one.label: one.digest for one in find_peers(peers).methods}
    assert after["RLFN"] != before["RLFN"]
    assert after["nearest"] == before["nearest"]


def test_weights_that_hold_code_are_not_run(peers: Path) -> None:
    torch.save({"gain": pytest.fail}, peers / "rlfn" / "model_zoo" / "rlfn_x4.pth")
    found = find_peers(peers)
    assert "RLFN" not in {method.label for method in found.methods}
    assert "UnpicklingError" in found.left_out["rlfn/model_zoo/rlfn_x4.pth"]


def test_broken_files_of_peers_are_named(peers: Path) -> None:
    (peers / "ncnn" / "lost.param").write_text("no network")
    found = find_peers(peers)
    assert "ncnn/lost.param" in found.left_out
    assert "nearest" in {method.label for method in found.methods}
