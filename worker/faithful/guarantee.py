"""Bring what a network made into the bounds that hold for any network; no picture formats.

There are two convex sets: what stays within the detail budget, and what agrees with the small
picture. Projecting onto one and the other in turn nears what both allow (L. M. Bregman, The method
of successive projection for finding a common point of convex sets, 1965). The last step is always
the clip, so that the budget is hard; how well it agrees then is measured.

The second projection is back-projection (M. Irani and S. Peleg, Improving resolution by image
registration, CVGIP 1991) with an exact inverse in place of their kernel (operators.py): a
disagreement is gone after one step, but for what is clipped, and not after many.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import softshrink

from worker.faithful.budget import FREE_LEVELS, Budget, budget, fitting, in_rows, spread
from worker.faithful.crispness import steepened
from worker.faithful.extremes import extremes_around
from worker.faithful.kinds import Consistency
from worker.faithful.operators import Operators
from worker.faithful.support import drawn, support
from worker.networks.tiles import Span, spans

ROUNDS = 3  # projections that may bring exact agreement: the first does most; a guess
COARSE_ROUNDS = 8
"""A low-pass nears its aim more slowly; most pictures need none."""

TILE_PX = 256
"""Side of a tile of the small picture: matrices of this size are cheap beside a network."""

CONTEXT_PX = 12
"""Around a tile: what `restore` carries falls to a fifth with every small pixel."""

COLOUR_TOLERANCE = 0.5 / 255
"""Coarse differences up to half a level stay: half of what would count as a shift."""

AGREES = 0.25 / 255
"""What is left of a disagreement that makes another round needless: as a root mean square where
the agreement is exact, at most where it is coarse and any place may show a tint."""

NOTICED = 1 / 255  # from which a clipped sample counts in `Use.clipped`: one level of 255

DOUBTED = 4 / 255
"""A disagreement as large as this is taken away by a third only; larger ones hardly at all."""

LEFT = 1.1 / 255
"""The most, as a root mean square, that may be left for doubt: 47 dB."""

MEANT_CLIPPED = 8 / 255
"""What comes out within this of white or black is meant to be it. On 20 pages of text as JPEG 50 to
90 the ground was 5.0 levels off white where it was pulled to the small picture everywhere, 2.9
with 2 levels here, 2.4 with 8, and 2.3 in what the network alone had made."""

RINGING = 32 / 255
"""So far from white or black JPEG's ringing may have brought a ground that was it. Below white it
shows and above it is cut off, so that a ground beside letters is darker than it was, on average."""


@dataclass(frozen=True)
class Use:
    """How much of the budget was used.

    Attributes:
        most: the largest departure from interpolation, as a share of its bound.
        clipped: the share of samples at which the network wanted over a level more.
        over: the most by which a sample lies outside its bound after rounding; 1 is white.
    """

    most: float = 0.0
    clipped: float = 0.0
    over: float = 0.0


@torch.inference_mode()
def guarantee(
    small: Tensor, upscaled: Tensor, consistency: Consistency, top: int, crispness: float = 0.0
) -> tuple[Tensor, Use]:
    """Give what is near `upscaled` and faithful to `small`, as multiples of 1 / `top`.

    Args:
        small: (C, h, w) in 0..1.
        upscaled: (C, H, W), contiguous, any finite values.
        consistency: what the two must agree in.
        top: the highest integer that samples are rounded to, 255 or 65535.
        crispness: 0 to 1, how much steeper edges become within the bounds.
    """
    scale = upscaled.shape[1] / small.shape[1]
    exact_rounds = ROUNDS if consistency is Consistency.EXACT else 0
    tiles = list(_tiles(small.shape, upscaled.shape))
    uses, out = [], torch.empty(0)
    supported = support(small)
    edged = crispness * drawn(small) if crispness > 0 else torch.zeros(())
    for tile in tiles:
        part, wanted = small[tile.seen], upscaled[tile.seen_large].clamp(0, 1)
        operators = Operators(part.shape, wanted.shape, part.device)
        bounds = budget(part, _base(part, operators))
        if crispness > 0:
            wanted = steepened(wanted, operators.blend(edged[tile.seen]), scale)
        _toward(wanted, part, bounds, operators, supported[tile.seen], exact=exact_rounds > 0)
        kept = bounds.clip(wanted)
        missed = torch.sub(kept, wanted).abs_() > NOTICED
        clipped = float(missed[tile.kept_inside].count_nonzero())
        _agree(part, kept, bounds, operators, exact_rounds, COARSE_ROUNDS)
        kept.mul_(top).round_().div_(top)
        uses.append(_use(kept, bounds, clipped))
        if len(tiles) == 1:
            out = kept
        else:
            out = out if out.numel() else torch.empty_like(upscaled)
            out[tile.kept_large] = kept[tile.kept_inside]
    return out, Use(
        most=max(use.most for use in uses),
        clipped=sum(use.clipped for use in uses) / upscaled.numel(),
        over=max(use.over for use in uses),
    )


@torch.inference_mode()
def interpolated(small: Tensor, size: torch.Size) -> Tensor:
    """Enlarge `small` (C, h, w) to `size` (…, H, W) with no network at all, consistently."""
    large = small.new_zeros((small.shape[0], *size[-2:]))
    for tile in _tiles(small.shape, large.shape):
        part = small[tile.seen]
        operators = Operators(part.shape, large[tile.seen_large].shape, part.device)
        bounds = budget(part, _base(part, operators))
        kept = bounds.base.clone()
        _agree(part, kept, bounds, operators, exact_rounds=ROUNDS, doubt=False)
        large[tile.kept_large] = kept[tile.kept_inside]
    return large


def _toward(
    wanted: Tensor,
    small: Tensor,
    bounds: Budget,
    operators: Operators,
    share: Tensor,
    *,
    exact: bool,
) -> None:
    """Take only `share` (1, h, w) of what `wanted` adds to interpolation; in place.

    Where no exact agreement is promised that is plain interpolation: consistent one would bring
    back the noise of JPEG.
    """
    if bool((share < 1).any()):
        plain = bounds.base if exact else operators.enlarge(small).clamp_(0, 1)
        wanted.sub_(plain).mul_(operators.blend(share)).add_(plain)


def _base(small: Tensor, operators: Operators) -> Tensor:
    """Enlarge plainly; shrinks back exactly but for what has to be cut off at black and white."""
    return operators.restore(small).clamp_(0, 1)


def _agree(
    small: Tensor,
    kept: Tensor,
    bounds: Budget,
    operators: Operators,
    exact_rounds: int,
    coarse_rounds: int = 0,
    *,
    doubt: bool = True,
) -> None:
    """Take away in what `kept` differs from `small`, as far as the bounds allow; in place."""
    trust, clipped = torch.ones(()), None
    for done in range(exact_rounds + coarse_rounds):
        # Whoever shrank the picture had to cut off at black and white too.
        shrunk = operators.shrink(kept).clamp_(0, 1)
        clipped = clipped or _Clipped.of(small, shrunk)
        missing = small - shrunk
        if doubt and exact_rounds and done == 0:
            trust = _trust(missing)
        if done < exact_rounds and _root_mean_square(missing) >= AGREES:
            kept += operators.restore(missing * trust)
        else:
            # Where much is clipped, exact rounds leave a tint behind that coarse ones take away.
            coarse = _coarse(clipped.released(missing), operators)
            if not bool(coarse.any()):
                return
            kept += clipped.released(operators.enlarge(coarse))
        bounds.clip_(kept)


@dataclass(frozen=True, eq=False)
class _Clipped:
    """How far a step may go so that white ground is not darkened nor black ground lightened.

    Attributes:
        least, most: (C, h, w), 0 where ground is to stay white or black, else without limit.
        some: whether there is any such ground.
    """

    least: Tensor
    most: Tensor
    some: bool

    @classmethod
    def of(cls, small: Tensor, shrunk: Tensor) -> "_Clipped":
        """Compare `small` with what was made of it, shrunk."""
        white = (shrunk >= 1 - MEANT_CLIPPED) & (small >= 1 - RINGING)
        black = (shrunk <= MEANT_CLIPPED) & (small <= RINGING)
        return cls(
            least=torch.zeros_like(small).masked_fill_(~white, -torch.inf),
            most=torch.zeros_like(small).masked_fill_(~black, torch.inf),
            some=bool(white.any()) or bool(black.any()),
        )

    def released(self, step: Tensor) -> Tensor:
        """Leave out what would darken white or lighten black ground, at either size."""
        if not self.some:
            return step
        least, most = (fitting(limit, step.shape) for limit in (self.least, self.most))
        limits = spread(least, step), spread(most, step)
        return torch.clamp(in_rows(step, least), *limits).view(step.shape)


def _trust(missing: Tensor) -> Tensor:
    """Say how much of each disagreement (C, h, w) is to be taken away: (1, h, w) in 0..1.

    Where a network that is right nearly everywhere is far off, it drew a line in another place, or
    the picture was not shrunk there as it was elsewhere (a logo without ground, laid on white
    afterwards). What would take such a disagreement away are halos and rings in flat ground. So
    large ones count less, unless too much would be left (Welsch's weights: P. W. Holland and R. E.
    Welsch, Robust regression using iteratively reweighted least-squares, 1977).
    """
    _, most = extremes_around(missing.abs().amax(dim=0, keepdim=True), 1)
    trust = torch.exp(-(most / DOUBTED).square())
    is_little = _root_mean_square(missing * (1 - trust)) <= LEFT
    return trust if is_little else torch.ones_like(trust)


def _root_mean_square(x: Tensor) -> float:
    return float(x.square().mean().sqrt())


def _coarse(missing: Tensor, operators: Operators) -> Tensor:
    """Find what to enlarge and add so that little of what is coarse in `missing` stays.

    All rounds but the first work on the small picture, where they cost next to nothing.
    """
    found = torch.zeros_like(missing)
    coarse = operators.blur(missing)
    for _ in range(COARSE_ROUNDS):
        step = softshrink(coarse, COLOUR_TOLERANCE)
        if float(step.abs().max()) < AGREES:
            break
        found += step
        coarse = coarse - operators.blur_there_and_back(step)
    return found


def _use(kept: Tensor, bounds: Budget, clipped: float) -> Use:
    used = bounds.most_used(kept)
    return Use(
        most=float((used / bounds.bound.clamp(min=FREE_LEVELS / 255)).max()),
        clipped=clipped,
        over=float((used - bounds.bound).max()),
    )


Slices = tuple[slice, ...]


@dataclass(frozen=True)
class _Tile:
    """Where a tile and its context lie; `kept_inside` is `kept_large` as `seen_large` sees it."""

    seen: Slices
    seen_large: Slices
    kept_large: Slices
    kept_inside: Slices


def _tiles(small: torch.Size, large: torch.Size) -> Iterator[_Tile]:
    """Cut a large picture up; one that is not enlarged by a whole number stays in one piece."""
    scale = large[1] // small[1]
    whole = large[1:] == (small[1] * scale, small[2] * scale)
    tile_px = TILE_PX if whole else max(small)
    for rows in spans(small[1], tile_px, CONTEXT_PX):
        for columns in spans(small[2], tile_px, CONTEXT_PX):
            if whole:
                yield _tile(rows, columns, scale)
            else:
                everything = (slice(None),) * 3
                yield _Tile(everything, everything, everything, everything)


def _tile(rows: Span, columns: Span, scale: int) -> _Tile:
    both = rows, columns
    every = slice(None)
    seen = [slice(span.seen_from, span.seen_to) for span in both]
    seen_large = [slice(span.seen_from * scale, span.seen_to * scale) for span in both]
    kept_large = [slice(span.start * scale, span.end * scale) for span in both]
    kept = [
        slice((span.start - span.seen_from) * scale, (span.end - span.seen_from) * scale)
        for span in both
    ]
    return _Tile(
        seen=(every, *seen),
        seen_large=(every, *seen_large),
        kept_large=(every, *kept_large),
        kept_inside=(every, *kept),
    )
