"""The search in blocks finds what the whole matrix would, and carries over what lies there."""

import pytest
import torch
from torch import Tensor
from torch.nn.functional import normalize, unfold

from worker.lab.lineage.references import search
from worker.lab.lineage.references.search import best_matches, transfer


def features(n: int, height: int, width: int, seed: int) -> Tensor:
    return torch.rand(n, 5, height, width, generator=torch.Generator().manual_seed(seed))


def whole_matrix(query: Tensor, keys: Tensor) -> tuple[Tensor, Tensor]:
    """Best cosine and its place, as TTSR's and SRNTT's own code find them."""
    ours, theirs = (normalize(unfold(one, 3, padding=1), dim=1) for one in (query, keys))
    best = (theirs.mT @ ours).max(dim=1)
    shape = (len(query), *query.shape[2:])
    return best.values.view(shape), best.indices.view(shape)


@pytest.mark.parametrize("at_once", [1, 300, 1 << 22])
def test_blocks_find_what_the_whole_matrix_would(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "VALUES_AT_ONCE", at_once)
    query, keys = features(2, 5, 7, 1), features(2, 6, 4, 2)
    score, index = whole_matrix(query, keys)
    found = best_matches(query, keys)
    assert torch.equal(found.place, index)
    torch.testing.assert_close(found.score[:, 0], score)


def test_the_score_teaches_both_sides() -> None:
    query, keys = features(1, 4, 4, 3).requires_grad_(), features(1, 4, 4, 4).requires_grad_()
    best_matches(query, keys).score.sum().backward()  # type: ignore[no-untyped-call]
    assert query.grad is not None
    assert keys.grad is not None
    assert float(query.grad.abs().sum()) > 0
    assert float(keys.grad.abs().sum()) > 0


@pytest.mark.parametrize("scale", [1, 2, 4])
def test_a_picture_that_is_its_own_reference_comes_back_whole(scale: int) -> None:
    keys = features(1, 6, 8, 5)
    values = features(1, 6 * scale, 8 * scale, 6)
    index = best_matches(keys, keys).place
    assert torch.equal(index.flatten(), torch.arange(48))
    torch.testing.assert_close(transfer(values, index, scale), values)


def test_a_moved_picture_is_moved_back() -> None:
    keys = features(1, 9, 9, 7)
    index = best_matches(keys[:, :, 2:8, 3:8], keys).place
    inner = index[0, 1:-1, 1:-1]
    rows, columns = torch.meshgrid(torch.arange(3, 7), torch.arange(4, 7), indexing="ij")
    assert torch.equal(inner, rows * 9 + columns)
    carried = transfer(keys, index, 1)
    torch.testing.assert_close(carried[:, :, 2:-2, 2:-2], keys[:, :, 4:6, 5:6])


def test_memory_is_bounded_for_a_large_reference() -> None:
    """A block is never larger than what is allowed, whatever the sizes."""
    x = torch.zeros(16, 400, 300)
    sizes = [patches.numel() for patches, _ in search._patches(x)]
    assert max(sizes) <= max(search.VALUES_AT_ONCE, 9 * 16 * 300)
    assert sum(sizes) == 9 * 16 * 400 * 300
