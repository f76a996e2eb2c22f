"""Which patch of the reference is most like each patch of the picture, in bounded memory.

Z. Zhang et al., SRNTT, CVPR 2019, and F. Yang et al., TTSR, CVPR 2020: 3 × 3 patches of features,
compared by their cosine; the best one's features are carried over at three sizes, overlaps
averaged. Both hold the whole matrix of cosines: 6.4 GB for 200 × 200 pixels and a reference of
800 × 800. Here it is gone through in blocks.
"""

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, pad, pixel_shuffle, pixel_unshuffle, unfold

VALUES_AT_ONCE = 1 << 22
"""Of cosines, and of either side laid out as patches: 16 MB each in float32."""
LEAST_NORM = 1e-6  # of a patch: one of nothing but zeros must not divide by zero
OFFSETS = tuple((down, across) for down in (-1, 0, 1) for across in (-1, 0, 1))
"""Of the nine places of a patch from its middle: rows and columns."""


class Matches(NamedTuple):
    """For each place of the picture (h, w) the best place of the reference.

    Attributes:
        place: (N, h, w), row × width + column in the reference.
        score: (N, 1, h, w), the cosine, -1 to 1; carries gradients.
    """

    place: Tensor
    score: Tensor


def best_matches(query: Tensor, keys: Tensor) -> Matches:
    """Find the most similar patch of `keys` (N, C, H, W) for each of `query` (N, C, h, w)."""
    with torch.autocast(query.device.type, enabled=False):
        asked, known = query.float(), keys.float()
        with torch.no_grad():
            pairs = zip(asked, known, _norms(known), strict=True)
            index = torch.stack([_search(*pair) for pair in pairs])
        return Matches(index, _cosines(asked, known, index))


def transfer(values: Tensor, index: Tensor, scale: int) -> Tensor:
    """Carry patches of the reference to where they match, and average where they overlap.

    Args:
        values: (N, C, scale × H, scale × W), features of the reference at a finer size.
        index: (N, h, w) of `Matches`, in places of H × W.
        scale: 1, 2 or 4.

    Returns:
        (N, C, scale × h, scale × w). What would come from outside the reference counts nothing;
        in TTSR's own code zeros come from there, and borders fade.
    """
    blocks = pixel_unshuffle(values, scale)
    total = torch.zeros((), device=values.device)
    count = torch.zeros((), device=values.device)
    for offset in OFFSETS:
        found, known = _moved(blocks, index, offset)
        # The patch of p covers p + offset: what belongs there is brought to it.
        total = total + _shifted(found * known, offset)
        count = count + _shifted(known, offset)
    return pixel_shuffle(total / count.clamp_min(1), scale)


def _norms(x: Tensor) -> Tensor:
    """Give the norm of the patch around each place: (N, 1, H, W)."""
    sums = avg_pool2d(x.square().sum(dim=1, keepdim=True), 3, 1, 1) * 9
    return sums.sqrt().clamp_min(LEAST_NORM)


def _search(asked: Tensor, known: Tensor, norms: Tensor) -> Tensor:
    """Find the index (h, w) for one picture (C, h, w) in one reference (C, H, W)."""
    found = []
    for query, _ in _patches(asked):
        best = torch.full((query.shape[1],), -torch.inf)
        index = torch.zeros(query.shape[1], dtype=torch.long)
        for keys, first in _patches(known):
            lengths = norms.flatten()[first : first + keys.shape[1]]
            # The asker's own norm changes no order.
            for start in range(0, query.shape[1], step := _at_once(keys.shape[1])):
                part = slice(start, start + step)
                top, where = ((query[:, part].T @ keys) / lengths).max(dim=1)
                better = top > best[part]
                best[part] = torch.where(better, top, best[part])
                index[part] = torch.where(better, where + first, index[part])
        found.append(index)
    return torch.cat(found).view(asked.shape[1:])


def _at_once(size: int) -> int:
    return max(1, VALUES_AT_ONCE // size)


def _patches(x: Tensor) -> Iterator[tuple[Tensor, int]]:
    """Lay `x` (C, H, W) out as patches (9 C, places), some rows at a time, with the first place."""
    channels, height, width = x.shape
    padded = pad(x, (1, 1, 1, 1))
    rows = max(1, _at_once(9 * channels * width))
    for top in range(0, height, rows):
        part = padded[:, top : min(top + rows, height) + 2]
        yield unfold(part[None], 3)[0], top * width


def _cosines(asked: Tensor, known: Tensor, index: Tensor) -> Tensor:
    """Compare each patch with the one that was found for it: (N, 1, h, w)."""
    product = torch.zeros((), device=asked.device)
    for offset in OFFSETS:
        found, inside = _moved(known, index, offset)
        back = (-offset[0], -offset[1])
        product = product + (_shifted(asked, back) * found * inside).sum(dim=1, keepdim=True)
    lengths, _ = _moved(_norms(known), index, (0, 0))
    return product / (_norms(asked) * lengths)


def _moved(x: Tensor, index: Tensor, offset: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Give `x` (N, C, H, W) at `offset` from each place of `index`, and whether it is inside."""
    height, width = x.shape[2:]
    row = index // width + offset[0]
    column = index % width + offset[1]
    inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
    flat = (row.clamp(0, height - 1) * width + column.clamp(0, width - 1)).flatten(1)
    found = x.flatten(2).gather(2, flat[:, None].expand(-1, x.shape[1], -1))
    shape = (x.shape[0], -1, *index.shape[1:])
    return found.view(shape), inside[:, None].to(x.dtype)


def _shifted(x: Tensor, offset: tuple[int, int]) -> Tensor:
    """Move `x` (N, C, h, w) by `offset`; what comes in from outside is zero."""
    height, width = x.shape[2:]
    padded = pad(x, (1, 1, 1, 1))
    top, left = 1 - offset[0], 1 - offset[1]
    return padded[:, :, top : top + height, left : left + width]
