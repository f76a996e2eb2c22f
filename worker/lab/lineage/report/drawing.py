"""The plot of quality against time, and the contact sheet; measures nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from PIL import Image, ImageDraw, ImageFont

from worker.lab.bench.deck_pictures import fullest_window
from worker.lab.metrics import Picture

WINDOW_PX = 176  # side of a window on the sheet; chosen by eye
GAP_PX, HEAD_PX = 8, 24  # chosen by eye
INK, PAPER = "#1f2937", "#ffffff"
OURS, OTHERS = "#0f766e", "#64748b"


@dataclass(frozen=True)
class Point:
    """One method on the plot."""

    label: str
    ms: float
    gain_db: float
    is_ours: bool


def plot(points: Sequence[Point], title: str, path: Path) -> None:
    """Draw gain over bicubic against milliseconds, which are logarithmic."""
    mpl.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False})
    figure = Figure(figsize=(8, 4.6), layout="tight")
    axes = figure.subplots()
    for point in points:
        axes.semilogx(point.ms, point.gain_db, "o", color=OURS if point.is_ours else OTHERS)
        axes.annotate(
            point.label,
            (point.ms, point.gain_db),
            fontsize=8,
            xytext=(5, 4),
            textcoords="offset points",
        )
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_xlabel("ms of one core, 128 × 128 to 512 × 512, float32")
    axes.set_ylabel("PSNR-Y above bicubic, dB")
    axes.set_title(title, fontsize=9)
    axes.margins(x=0.25, y=0.2)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)


@dataclass(frozen=True)
class Strip:
    """One picture as every method shows it."""

    caption: str
    panels: Sequence[tuple[str, Picture]] = field(repr=False)


def sheet(strips: Sequence[Strip], path: Path) -> None:
    """Draw a column for each method and a row for each picture, windows at 100 %."""
    heads = list(dict.fromkeys(name for strip in strips for name, _ in strip.panels))
    step = WINDOW_PX + GAP_PX
    size = (GAP_PX + len(heads) * step, HEAD_PX + len(strips) * (step + HEAD_PX))
    made = Image.new("RGB", size, PAPER)
    pen = ImageDraw.Draw(made)
    for column, head in enumerate(heads):
        pen.text((GAP_PX + column * step, 5), head, fill=INK, font=ImageFont.load_default(13))
    for number, strip in enumerate(strips):
        top = HEAD_PX + number * (step + HEAD_PX)
        for name, picture in strip.panels:
            left = GAP_PX + heads.index(name) * step
            made.paste(Image.fromarray(picture), (left, top))
        pen.text(
            (GAP_PX, top + WINDOW_PX + 3), strip.caption, fill=INK, font=ImageFont.load_default(12)
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    made.save(path, "JPEG", quality=88, subsampling=0, optimize=True)


def window_of(truth: Picture) -> tuple[slice, slice]:
    """Say which part of a truth is shown: the fullest."""
    height, width = (min(WINDOW_PX, side) for side in truth.shape[:2])
    part = fullest_window(truth, height, width)
    return part.rows, part.columns


def cut(picture: Picture, window: tuple[slice, slice]) -> Picture:
    """Cut the window out."""
    return np.ascontiguousarray(picture[window])
