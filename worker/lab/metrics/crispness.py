"""How crisp a picture looks beside the original: edges, thin lines, local contrast; no torch.

PSNR rewards softness, so it is not enough. Everything is measured where the original says that
there is an edge, a line or texture; a picture cannot win by having fewer of them. The profiles
run along rows and columns; positions and widths are in pixels of the enlarged picture.

Edge widths go back to P. Marziliano et al., A no-reference perceptual blur metric (ICIP 2002); here
there is a reference, so the edges are its own, and a width is that from 10 to 90 % of the step.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from worker.lab.metrics.fidelity import Picture, Plane, luma

STRONG_STEP = 48.0
"""Levels of luma (16..235) between the two sides of an edge or a line that counts."""
LONGEST_EDGE_PX = 6
"""A rise that is longer in the original is a soft one by intent."""
SAME_LEVEL = 0.15
"""Share of a line's contrast by which its surroundings may vary."""
PLATEAU = 0.5
"""Levels per pixel below which a rise has ended."""
LOST_SHARE = 0.25
"""An edge with less of its true step left than this is lost."""
MOST_PROFILES = 4000
"""More edges of one picture say nothing more; every n-th is taken."""
TEXTURE_STD = 6.0  # levels of 255; below it a block is ground, and the ratio of two noises. A guess

Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Crispness:
    """One picture beside its original.

    Attributes:
        edges: how many strong edges were found in the original.
        lost_edges: share of them, 0 to 1, with less than a quarter of the true step left.
        edge_width_px: mean 10 to 90 % rise of the others, each between its own two levels.
        true_edge_width_px: the same in the original.
        lines: how many thin lines stand alone in the original.
        line_weight: mean ink of a line (its integral over the ground, light or dark) as a
            multiple of the original's; above 1 lines are fatter or bolder than they were.
        line_weight_error: mean of |line weight - 1|.
        local_contrast: mean standard deviation in small blocks that hold something, as a multiple
            of the original's; below 1 is softer, above 1 has texture that was not there.

    Means are nan where the original has nothing to measure.
    """

    edges: int
    lost_edges: float
    edge_width_px: float
    true_edge_width_px: float
    lines: int
    line_weight: float
    line_weight_error: float
    local_contrast: float


def crispness(upscaled: Picture, truth: Picture, scale: int) -> Crispness:
    """Compare an enlarged picture (H, W, 3) with the original of the same size.

    Raises:
        ValueError: they differ in shape.
    """
    if upscaled.shape != truth.shape:
        raise ValueError(f"pictures differ in shape: {upscaled.shape} and {truth.shape}")
    ours, true = luma(upscaled), luma(truth)
    widths, true_widths, weights = [], [], []
    for plane, true_plane in ((ours, true), (ours.T, true.T)):
        edges = _strong_edges(true_plane)
        widths.append(_rise_widths(plane, edges, scale))
        true_widths.append(_rise_widths(true_plane, edges, scale))
        weights.append(_line_weights(plane, true_plane, scale))
    ink, rises = np.concatenate(weights), np.concatenate(widths)
    lost = np.isnan(rises)
    return Crispness(
        edges=len(rises),
        lost_edges=_mean(lost.astype(np.float64)),
        edge_width_px=_mean(rises[~lost]),
        true_edge_width_px=_mean(np.concatenate(true_widths)),
        lines=len(ink),
        line_weight=_mean(ink),
        line_weight_error=_mean(np.abs(ink - 1)),
        local_contrast=_local_contrast(ours, true, 2 * scale),
    )


@dataclass(frozen=True)
class _Edges:
    """Edges crossed along rows: row, column of the steepest step, and +1 rising or -1 falling."""

    rows: Indices
    columns: Indices
    signs: Plane
    steps: Plane


def _strong_edges(plane: Plane) -> _Edges:
    """Find where a row rises or falls by STRONG_STEP within LONGEST_EDGE_PX, straight across."""
    rows, starts, ends = _monotone_runs(plane)
    steps = plane[rows, ends] - plane[rows, starts]
    strong = (np.abs(steps) >= STRONG_STEP) & (ends - starts <= LONGEST_EDGE_PX)
    rows, starts, ends, steps = rows[strong], starts[strong], ends[strong], steps[strong]
    columns = _steepest(plane, rows, starts, ends)
    straight = _runs_straight(plane, rows, columns)
    every = max(1, math.ceil(np.count_nonzero(straight) / MOST_PROFILES))
    rows, columns = rows[straight][::every], columns[straight][::every]
    steps = steps[straight][::every]
    return _Edges(rows, columns, np.sign(steps), np.abs(steps))


def _monotone_runs(plane: Plane) -> tuple[Indices, Indices, Indices]:
    """Rows, first and last columns of the longest stretches that only rise or only fall."""
    slopes = np.diff(plane, axis=1)
    signs = np.where(np.abs(slopes) > PLATEAU, np.sign(slopes), 0)
    before = np.pad(signs, ((0, 0), (1, 0)))[:, :-1]
    after = np.pad(signs, ((0, 0), (0, 1)))[:, 1:]
    rows, starts = np.nonzero((signs != 0) & (signs != before))
    _, ends = np.nonzero((signs != 0) & (signs != after))
    return rows, starts, ends + 1


def _steepest(plane: Plane, rows: Indices, starts: Indices, ends: Indices) -> Indices:
    """Column left of the steepest step of each run."""
    offsets = np.arange(LONGEST_EDGE_PX)
    columns = np.minimum(starts[:, None] + offsets, ends[:, None] - 1)
    slopes = np.abs(plane[rows[:, None], columns + 1] - plane[rows[:, None], columns])
    best: Indices = columns[np.arange(len(rows)), slopes.argmax(axis=1)]
    return best


def _runs_straight(plane: Plane, rows: Indices, columns: Indices) -> NDArray[np.bool_]:
    """Keep edges that the row crosses at a right angle, more or less: not corners, not slants."""
    above, below = np.maximum(rows - 1, 0), np.minimum(rows + 1, plane.shape[0] - 1)
    across = np.abs(plane[rows, columns + 1] - plane[rows, columns])
    along = np.zeros_like(across)
    for side in (0, 1):
        middle = plane[rows, columns + side]
        for neighbour in (above, below):
            along = np.maximum(along, np.abs(plane[neighbour, columns + side] - middle))
    return along <= 0.25 * across


def _rise_widths(plane: Plane, edges: _Edges, scale: int) -> Plane:
    """Measure the 10 to 90 % rise of each edge in `plane`, sub-pixel; nan where it is lost."""
    half_px = 3 * scale
    profiles = _profiles(plane, edges, half_px)
    rises = np.diff(profiles, axis=1)
    # The steepest step of an enlarged picture may lie some pixels beside the true one.
    near = slice(half_px - scale, half_px + scale + 1)
    peaks = rises[:, near].argmax(axis=1) + half_px - scale
    columns = np.arange(rises.shape[1])
    ended = rises <= PLATEAU
    left = np.where(ended & (columns < peaks[:, None]), columns + 1, 0).max(axis=1)
    right = np.where(ended & (columns > peaks[:, None]), columns, rises.shape[1]).min(axis=1)
    number = np.arange(len(profiles))
    low, high = profiles[number, left], profiles[number, right]
    step = high - low
    widths = _crossing(profiles, left, low + 0.9 * step) - _crossing(
        profiles, left, low + 0.1 * step
    )
    lost = step < LOST_SHARE * edges.steps
    return np.asarray(np.where(lost, np.nan, widths))


def _profiles(plane: Plane, edges: _Edges, half_px: int) -> Plane:
    """Windows (N, 2 × half + 2) along the rows around each edge, turned so that all rise."""
    offsets = np.arange(-half_px, half_px + 2)
    columns = np.clip(edges.columns[:, None] + offsets, 0, plane.shape[1] - 1)
    return np.asarray(plane[edges.rows[:, None], columns] * edges.signs[:, None])


def _crossing(profiles: Plane, left: Indices, level: Plane) -> Plane:
    """Where each profile first reaches `level` right of `left`, linear between pixels."""
    columns = np.arange(profiles.shape[1])
    reached = (profiles >= level[:, None]) & (columns > left[:, None])
    after = np.where(reached.any(axis=1), reached.argmax(axis=1), profiles.shape[1] - 1)
    number = np.arange(len(profiles))
    low, high = profiles[number, after - 1], profiles[number, after]
    gap = np.where(high > low, high - low, 1)
    return np.asarray(after - 1 + np.clip((level - low) / gap, 0, 1))


def _line_weights(plane: Plane, truth: Plane, scale: int) -> Plane:
    """Ink of every thin line that stands alone in `truth`, as a multiple of the true ink."""
    # Room for the blur of the line itself, and none for the blur of what stands beside it.
    margin_px = 3 * scale
    centres, signs, contrasts, grounds = _thin_lines(truth, scale, margin_px)
    half_px = 5 * scale // 2
    rows, columns = centres
    around = np.clip(columns[:, None] + np.arange(-half_px, half_px + 1), 0, truth.shape[1] - 1)
    every = max(1, math.ceil(len(rows) / MOST_PROFILES))
    ink, true_ink = (
        ((p[rows[:, None], around] - grounds[:, None]) * signs[:, None]).sum(axis=1)[::every]
        for p in (plane, truth)
    )
    return np.asarray(ink / np.maximum(true_ink, contrasts[::every] / 2))


def _thin_lines(
    truth: Plane, scale: int, margin_px: int
) -> tuple[tuple[Indices, Indices], Plane, Plane, Plane]:
    """Find pixels of lines at most `scale` px wide between flat grounds of one level."""
    half_px = scale + margin_px
    width_px = truth.shape[1]
    if width_px <= 2 * half_px:
        nothing = np.zeros(0)
        return (np.zeros(0, np.intp), np.zeros(0, np.intp)), nothing, nothing, nothing
    windows = np.lib.stride_tricks.sliding_window_view(truth, 2 * half_px + 1, axis=1)
    middle = windows[:, :, half_px]
    grounds = np.concatenate([windows[:, :, :margin_px], windows[:, :, -margin_px:]], axis=2)
    ground = grounds.mean(axis=2)
    contrast = np.abs(middle - ground)
    flat = (np.ptp(grounds, axis=2) <= SAME_LEVEL * contrast) & (contrast >= STRONG_STEP)
    # One window per line: the pixel that differs most, the first of equal ones.
    left, right = (np.abs(windows[:, :, half_px + step] - ground) for step in (-1, 1))
    flat &= (contrast > left) & (contrast >= right)
    rows, columns = np.nonzero(flat)
    sign = np.sign(middle - ground)[flat]
    return (rows, columns + half_px), sign, contrast[flat], ground[flat]


def _local_contrast(plane: Plane, truth: Plane, block_px: int) -> float:
    """Mean ratio of the standard deviations in blocks where the original has something."""
    true_std, std = (_block_std(p, block_px) for p in (truth, plane))
    holds = true_std >= TEXTURE_STD
    return _mean(std[holds] / true_std[holds])


def _block_std(plane: Plane, block_px: int) -> Plane:
    height_px, width_px = (side // block_px * block_px for side in plane.shape)
    blocks = plane[:height_px, :width_px].reshape(
        height_px // block_px, block_px, width_px // block_px, block_px
    )
    return np.asarray(blocks.std(axis=(1, 3)))


def _mean(values: Plane) -> float:
    return float(values.mean()) if values.size else math.nan
