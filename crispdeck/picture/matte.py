"""Hard alpha taken for what it was: a picture on a ground whose colour was made clear.

A logo drawn against white whose white was made clear has stairs in its alpha, and in its rim
colours that are half white. Enlarged apart, both stay. So the ground, here called matte, is found
and put back, the whole is enlarged as one opaque picture, and then un-mixed: to alpha that is soft
and colours that have no white in them (the compositing equation of Porter & Duff, 1984, solved for
alpha where the two colours are known; Smith & Blinn, "Blue Screen Matting", 1996).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from crispdeck.picture.interpolate import resize
from crispdeck.picture.pixels import Pixels, Samples

Plane = NDArray[np.float32]

_OUTSIDE_PX = 2
"""How far outside of what is visible a network may draw an edge."""

_REACH_PX = 3
"""How far from a pixel of the rim its solid colour is looked for: behind the rim."""

_ON_LINE = 12 / 255
"""How far a colour may lie from the line between matte and solid colour and count as their mix:
rounding, dither and a palette's error."""

_MIXED_SHARE = 0.85
"""Below this mean share of solid colour the rim is a mix with the matte. Of edges drawn with
antialiasing it is about a half; a rim without any has the colours of what lies behind it: 1."""

_FAINT = 0.5
"""A mixed pixel with less of the solid colour than this may have another one behind it: an edge
covers up to two pixels, and between two strokes there may be no exactly clear one."""

_NOTCH = 0.3
"""A pixel within reach of the rim with less of the solid colour than this is a piece of ground."""

_MAX_STEPS_IN = 4
"""How many pixels deep such places are followed."""

_FAR = 0.25
"""The least distance (in 0..1, the largest of the channels) between a matte and the rim where the
rim does not tell: far enough to tell the two apart after enlargement."""

_ROWS_AT_ONCE = 128  # bounds the floats held of a large picture; a guess


@dataclass(frozen=True, eq=False)
class Matted:
    """A picture of hard alpha, put on its matte.

    Attributes:
        opaque: the picture on the matte, without alpha.
        matte: (C) float32 in 0..1.
        solid: (H, W, C) float32 in 0..1, the colour that each pixel would have without any matte.
        alpha: (H, W) float32 in 0..1, how much of the solid colour is in each pixel.
        rim: (H, W) bool, the pixels in which the two may be mixed; all others are clear or solid.
    """

    opaque: Pixels
    matte: Plane
    solid: Plane
    alpha: Plane
    rim: NDArray[np.bool_]

    def unmix(self, enlarged: Pixels) -> Pixels:
        """Take the matte out of the opaque picture, enlarged: soft alpha, straight colours.

        Put back on the matte it is `enlarged` again, to a level of rounding. What was clear with
        all its neighbours stays exactly clear, what was solid so stays exactly solid.
        """
        size = enlarged.width_px, enlarged.height_px
        solid = _resized(self.solid, size)
        rows, columns = (
            (np.arange(there) * here) // there
            for there, here in zip(enlarged.colour.shape, self.alpha.shape, strict=False)
        )
        top = np.float32(enlarged.max_value)
        colour = np.empty_like(enlarged.colour)
        alpha = np.empty(enlarged.colour.shape[:2], enlarged.colour.dtype)
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            band = slice(start, start + _ROWS_AT_ONCE)
            small = np.ix_(rows[band], columns)
            seen = enlarged.colour[band].astype(np.float32) / top
            share = _share(seen, solid[band], self.matte)
            share = np.where(self.rim[small], share, self.alpha[small])
            # Rounded first, so that colour makes up for what alpha loses.
            alpha[band] = np.rint(share * top)
            share = alpha[band][..., None].astype(np.float32) / top
            # The compositing equation, solved for the solid colour; where nothing is solid any
            # would do.
            own = (seen - (1 - share) * self.matte) / np.maximum(share, 1 / top)
            own = np.where(share > 0, own, solid[band])
            colour[band] = np.rint(np.clip(own, 0, 1) * top)
        return Pixels(colour, alpha)


def on_matte(pixels: Pixels) -> Matted | None:
    """Put a picture of hard alpha on its matte; None where alpha is soft, or there is none."""
    if pixels.alpha is None or pixels.colour.shape[2] not in {1, 3}:
        return None
    # Soft alpha is a picture of its own and needs none of this.
    visible = pixels.alpha > 0
    if visible.all() or not visible.any() or not (pixels.alpha[visible] == pixels.max_value).all():
        return None
    colour = pixels.colour.astype(np.float32) / np.float32(pixels.max_value)
    edge = visible & _near(~visible, 1)
    if not edge.any():
        return None
    matte, is_mixed = _find_matte(colour, visible, edge)
    on = np.where(visible[..., None], colour, matte)
    mixed, solid = edge, on.copy()
    alpha = visible.astype(np.float32)
    if is_mixed:
        mixed, solid = _mixed(on, visible, edge, matte)
        alpha = np.where(mixed, _share(on, solid, matte), alpha)
    solid = _spread(np.where(visible[..., None], solid, 0), visible)
    rim = mixed | (~visible & _near(visible, _OUTSIDE_PX))
    opaque = np.rint(on * pixels.max_value).astype(pixels.colour.dtype)
    return Matted(Pixels(cast("Samples", opaque)), matte, solid, alpha, rim)


def _find_matte(
    colour: Plane, visible: NDArray[np.bool_], edge: NDArray[np.bool_]
) -> tuple[Plane, bool]:
    """Find the ground's colour, and whether the rim is mixed with it.

    The candidates are the colour that lies under what is clear, white, black, where the lines
    from solid colours through their mixes meet, and the rim's colour that is the farthest from
    what is behind it. Taken is the one that the rim's colours fit best, an earlier one if it fits
    about as well.
    """
    # Many programs keep the ground's colour under what they make clear.
    stored = _most_frequent(colour[~visible & _near(visible, 1)])
    inner = _inner_colours(colour, visible, edge)
    rim = colour[edge]
    channels = colour.shape[2]
    candidates = [stored, np.ones(channels, np.float32), np.zeros(channels, np.float32)]
    met = _meeting_point(rim, inner)
    candidates += [_farthest(rim, inner)] if met is None else [met, _farthest(rim, inner)]
    best: tuple[float, Plane] | None = None
    for candidate in candidates:
        misfit, share = _fit(rim, inner, candidate)
        # A ground on which the whole rim is solid explains everything and nothing.
        if share < _MIXED_SHARE and (best is None or misfit < best[0] - _ON_LINE / 4):
            best = misfit, candidate
    if best is not None and best[0] <= _ON_LINE:
        return best[1], True
    # Nothing is mixed: any ground will do from which the rim can be told.
    distances = [np.abs(rim - c).max(axis=1) for c in candidates[:3]]
    clear_of = [float(np.quantile(d, 0.1)) for d in distances]
    first = next((n for n, far in enumerate(clear_of) if far >= _FAR), int(np.argmax(clear_of)))
    return candidates[first], False


def _fit(rim: Plane, inner: Plane, matte: Plane) -> tuple[float, float]:
    """Say how far rim colours lie from the lines to a matte, and how solid they are on it."""
    way = inner - matte
    length = np.square(way).sum(axis=1)
    tells = length > _FAR**2
    if not tells.any():
        return float("inf"), 1.0
    share = ((rim - matte) * way).sum(axis=1)[tells] / length[tells]
    share = np.clip(share, 0, 1)
    misfit = np.abs(rim[tells] - (matte + share[:, None] * way[tells])).max(axis=1)
    return float(np.mean(np.minimum(misfit, 0.25))), float(share.mean())


def _farthest(rim: Plane, inner: Plane) -> Plane:
    """Give the rim's colour that is the farthest from the solid one: nearly the matte itself."""
    found: Plane = rim[np.abs(rim - inner).max(axis=1).argmax()]
    return found


def _meeting_point(rim: Plane, inner: Plane) -> Plane | None:
    """Find the point nearest to all lines from inner colours through rim colours."""
    way = inner - rim
    length = np.linalg.norm(way, axis=1)
    far = length > 0.1
    if np.count_nonzero(far) < 8:
        return None
    along = way[far] / length[far, None]
    # The sum of (I - dd') over the lines; its inverse solves for the point.
    across = np.eye(rim.shape[1]) - along[:, :, None] * along[:, None, :]
    total = across.sum(axis=0)
    # Lines that are nearly parallel meet anywhere.
    if np.linalg.cond(total) > 50:
        return None
    point = np.linalg.solve(total, np.einsum("nij,nj->i", across, rim[far]))
    return np.clip(point, 0, 1).astype(np.float32)


def _inner_colours(colour: Plane, visible: NDArray[np.bool_], edge: NDArray[np.bool_]) -> Plane:
    """Give for each edge pixel the colour that lies deepest inside within reach.

    Of several of one depth it is the one that differs from the edge pixel the most.
    """
    depth = np.zeros(visible.shape, np.float32)
    for distance_px in range(_REACH_PX + 1):
        depth += visible & ~_near(~visible, distance_px)
    rows, columns = np.nonzero(edge)
    own = colour[rows, columns]
    best, highest = own.copy(), depth[rows, columns]
    with_depth = np.dstack((colour, depth))
    for other, seen in _neighbours(with_depth, visible, rows, columns):
        rank = other[:, -1] + np.abs(other[:, :-1] - own).max(axis=1) / 2
        better = seen & (rank > highest)
        best[better], highest[better] = other[better, :-1], rank[better]
    return best


def _mixed(
    colour: Plane, visible: NDArray[np.bool_], edge: NDArray[np.bool_], matte: Plane
) -> tuple[NDArray[np.bool_], Plane]:
    """Follow the mixed pixels inwards; return where they are, and all solid colours."""
    reachable = visible & _near(~visible, _REACH_PX)
    solid = _solid_colours(colour, visible, reachable, matte)
    # A notch between two strokes may hold ground without being open to it.
    mixed = edge | (reachable & (_share(colour, solid, matte) < _NOTCH))
    solid = _solid_colours(colour, visible, mixed, matte)
    for _ in range(_MAX_STEPS_IN):
        faint = mixed & (_share(colour, solid, matte) < _FAINT)
        deeper = mixed | (visible & _near(faint, 1))
        if np.array_equal(deeper, mixed):
            break
        mixed = deeper
        solid = _solid_colours(colour, visible, mixed, matte)
    return mixed, solid


def _solid_colours(
    colour: Plane, visible: NDArray[np.bool_], rim: NDArray[np.bool_], matte: Plane
) -> Plane:
    """Give each rim pixel the farthest colour behind it on the line from the matte through it."""
    solid = colour.copy()
    rows, columns = np.nonzero(rim)
    own = colour[rows, columns]
    best, farthest = own.copy(), np.square(own - matte).sum(axis=1)
    for other, seen in _neighbours(colour, visible, rows, columns):
        way = other - matte
        length = np.square(way).sum(axis=1)
        share = np.clip(((own - matte) * way).sum(axis=1) / np.maximum(length, 1e-6), 0, 1)
        misfit = np.abs(own - (matte + share[:, None] * way)).max(axis=1)
        better = seen & (misfit <= _ON_LINE) & (length > farthest)
        best[better], farthest[better] = other[better], length[better]
    solid[rows, columns] = best
    return solid


def _neighbours(
    colour: Plane, visible: NDArray[np.bool_], rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> Iterator[tuple[Plane, NDArray[np.bool_]]]:
    """Yield the colours at each offset within reach, and which of them are visible."""
    height, width = visible.shape
    for down in range(-_REACH_PX, _REACH_PX + 1):
        for across in range(-_REACH_PX, _REACH_PX + 1):
            there = rows + down, columns + across
            inside = (there[0] >= 0) & (there[0] < height) & (there[1] >= 0) & (there[1] < width)
            at = np.clip(there[0], 0, height - 1), np.clip(there[1], 0, width - 1)
            yield colour[at], inside & visible[at]


def _share(seen: Plane, solid: Plane, matte: Plane) -> Plane:
    """Say how much of `solid` is in colours that are mixed with `matte`, 0 to 1."""
    way = solid - matte
    length = np.square(way).sum(axis=-1)
    share = ((seen - matte) * way).sum(axis=-1) / np.maximum(length, 1e-6)
    return np.where(length < 1e-4, 1, np.clip(share, 0, 1)).astype(np.float32)


def _spread(colour: Plane, known: NDArray[np.bool_]) -> Plane:
    """Continue known colours into their surroundings, each pixel the mean of those around it."""
    colour = colour.astype(np.float32)
    for _ in range(2 * _OUTSIDE_PX):
        weights = _sum_around(known[..., None].astype(np.float32))
        mean = _sum_around(np.where(known[..., None], colour, 0)) / np.maximum(weights, 1)
        reached = ~known & (weights[..., 0] > 0)
        colour[reached] = mean[reached]
        known = known | reached
    return colour


def _sum_around(plane: Plane) -> Plane:
    height, width = plane.shape[:2]
    padded = np.pad(plane, ((1, 1), (1, 1), (0, 0)))
    rows = padded[:height] + padded[1:-1] + padded[2:]
    total: Plane = rows[:, :width] + rows[:, 1:-1] + rows[:, 2:]
    return total


def _near(mask: NDArray[np.bool_], distance_px: int) -> NDArray[np.bool_]:
    """Say where a mask is at most so many pixels away, diagonals counted as one."""
    grown = mask
    for _ in range(distance_px):
        grown = _sum_around(grown[..., None].astype(np.float32))[..., 0] > 0
    return grown


def _most_frequent(colours: Plane) -> Plane:
    values, counts = np.unique(colours, axis=0, return_counts=True)
    found: Plane = values[counts.argmax()].astype(np.float32)
    return found


def _resized(plane: Plane, size: tuple[int, int]) -> Plane:
    # 16 bits, since `resize` works on integers, so that the unmixing loses nothing to rounding.
    samples = np.rint(np.clip(plane, 0, 1) * 65535).astype(np.uint16)
    larger = resize(Pixels(cast("Samples", samples)), *size).colour
    return larger.astype(np.float32) / np.float32(65535)
