"""SAN's covariance, its square root, and its look within quarters."""

import torch

from worker.lab.lineage.architectures.san import RegionNonLocal, _covariance, _root


def test_the_covariance_is_torchs_own() -> None:
    x = torch.rand(1, 4, 5, 6, generator=torch.Generator().manual_seed(1))
    expected = torch.cov(x[0].flatten(1), correction=0)
    torch.testing.assert_close(_covariance(x)[0], expected)


def test_the_root_times_itself_is_the_covariance_again() -> None:
    x = torch.rand(2, 4, 9, 9, generator=torch.Generator().manual_seed(2))
    covariance = _covariance(x)
    root = _root(covariance)
    # Five iterations come near, no more.
    torch.testing.assert_close(root @ root, covariance, atol=2e-3, rtol=0)


def test_a_flat_picture_has_a_finite_root() -> None:
    assert bool(_root(_covariance(torch.full((1, 4, 3, 3), 0.5))).isfinite().all())


def test_a_quarter_does_not_hang_on_the_others() -> None:
    torch.manual_seed(3)
    look = RegionNonLocal(8, 2)
    torch.nn.init.normal_(look.back.weight)
    x = torch.rand(1, 8, 6, 6)
    other = x.clone()
    other[:, :, 3:, 3:] += 1
    with torch.inference_mode():
        one, two = look(x), look(other)
    assert torch.equal(one[:, :, :3, :3], two[:, :, :3, :3])
    assert not torch.equal(one[:, :, 3:, 3:], two[:, :, 3:, 3:])
