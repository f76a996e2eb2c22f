"""The judge learns to tell, and what it has learned is kept."""

import torch

from worker.lab.lineage.architectures.efficientnet import FeatureNetwork
from worker.lab.lineage.losses.adversarial import Adversarial


def made_loss(seed: int) -> Adversarial:
    torch.manual_seed(seed)
    return Adversarial(FeatureNetwork().eval().requires_grad_(False), channels=4).train()


def test_the_judge_learns_to_tell_strong_noise_from_weak() -> None:
    loss = made_loss(1)
    sharp, made = torch.rand(2, 3, 32, 32), 0.45 + torch.rand(2, 3, 32, 32) / 10
    for _ in range(8):
        loss._learn(made, sharp)
    told_sharp, told_made = (float(loss.judge(one).mean().detach()) for one in (sharp, made))
    assert told_sharp > told_made


def test_a_checkpoint_holds_the_judge_and_its_optimizer_and_no_feature_network() -> None:
    loss, other = made_loss(1), made_loss(2)
    x = torch.rand(2, 3, 32, 32)
    loss(x, x.flip(3), x)
    kept = loss.state_dict()
    assert not any("conv_stem" in name for name in kept)
    other.load_state_dict(kept)
    for one, same in zip(loss.judge.parameters(), other.judge.parameters(), strict=True):
        assert torch.equal(one, same)
    assert other.get_extra_state()["state"]


def test_the_enlarged_picture_is_taught() -> None:
    made = torch.rand(2, 3, 32, 32, requires_grad=True)
    made_loss(1)(made, torch.rand(2, 3, 32, 32), made).backward()
    assert made.grad is not None
    assert float(made.grad.abs().sum()) > 0
