"""Plots of what was measured, by matplotlib (extra `bench`); measures nothing."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from worker.lab.bench.methods import BICUBIC
from worker.lab.bench.speed import Timing
from worker.lab.bench.tables import Group, Row

OURS, OTHERS = "#0f766e", ("#64748b", "#b45309", "#7c3aed", "#be123c", "#0369a1", "#4d7c0f")
mpl.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False})


def draw(found: Sequence[Row], timings: Sequence[Timing], out: Path) -> list[Path]:
    """Draw what there are figures for into the folder `out`; return the files."""
    scales = sorted({row.group.scale for row in found}, reverse=True)
    drawn = [
        *(_draw_gains(found, scale, out) for scale in scales),
        *(_draw_crispness(found, scale, out) for scale in scales),
        *(_draw_speed(timings, scale, out) for scale in {one.scale for one in timings}),
    ]
    return [path for path in drawn if path is not None]


def _draw_gains(found: Sequence[Row], scale: int, out: Path) -> Path | None:
    """Bars: PSNR above bicubic, by set."""
    cells = {(r.group, r.method): r for r in found if r.group.scale == scale}
    groups = [g for g in dict.fromkeys(g for g, _ in cells) if (g, BICUBIC.label) in cells]
    methods = [m for m in dict.fromkeys(m for _, m in cells) if m != BICUBIC.label]
    if not groups or not methods:
        return None
    height = 0.8 / len(methods)
    figure = Figure(figsize=(8, 0.9 + len(groups) * 0.16 * (len(methods) + 1.5)), layout="tight")
    axes = figure.subplots()
    colours = _colours(found)
    for number, method in enumerate(methods):
        gains = [_gain(cells, group, method) for group in groups]
        places = [place + number * height for place in range(len(groups))]
        axes.barh(places, gains, height, label=method, color=colours[method])
    axes.set_yticks(
        [place + 0.4 - height / 2 for place in range(len(groups))], [g.title for g in groups]
    )
    axes.invert_yaxis()
    axes.axvline(0, color="#111827", linewidth=0.8)
    axes.set_xlabel(f"×{scale}: PSNR-Y above bicubic, dB")
    axes.legend(frameon=False, fontsize=8)
    return _saved(figure, out / f"gain-x{scale}.png")


def _gain(cells: dict[tuple[Group, str], Row], group: Group, method: str) -> float:
    row = cells.get((group, method))
    if row is None:
        return 0.0
    return row.figures["psnr_db"] - cells[group, BICUBIC.label].figures["psnr_db"]


def _draw_crispness(found: Sequence[Row], scale: int, out: Path) -> Path | None:
    """Points: edge width against line weight on flat pictures, with the truth as a cross."""
    of_sets = [r for r in found if r.group.scale == scale and "line_weight" in r.figures]
    flat = [r for r in of_sets if r.group.set == "decks" or r.group.group == "all flat"]
    groups = list(dict.fromkeys(r.group for r in flat or of_sets))[:4]
    if not groups:
        return None
    figure = Figure(figsize=(4 * len(groups), 3.6), layout="tight")
    all_axes = figure.subplots(1, len(groups), squeeze=False)[0]
    colours = _colours(found)
    for axes, group in zip(all_axes, groups, strict=True):
        in_group = [r for r in of_sets if r.group == group and "edge_width_px" in r.figures]
        for row in in_group:
            _point(
                axes, row.figures["line_weight"], row.figures["edge_width_px"], row.method, colours
            )
        axes.plot(1, in_group[0].figures["true_edge_width_px"], "x", color="#111827")
        axes.annotate("truth", (1, in_group[0].figures["true_edge_width_px"]), fontsize=7)
        axes.set_title(f"×{scale}, {group.title}", fontsize=9)
        axes.set_xlabel("line weight, × truth")
        axes.set_ylabel("edge width, px")
        axes.set_ylim(bottom=0)
        axes.margins(x=0.2)
    return _saved(figure, out / f"crispness-x{scale}.png")


def _draw_speed(timings: Sequence[Timing], scale: int, out: Path) -> Path | None:
    """Lines: milliseconds by side, both logarithmic."""
    at_scale = [one for one in timings if one.scale == scale]
    colours = _colours(at_scale)
    figure = Figure(figsize=(6, 4), layout="tight")
    axes = figure.subplots()
    for method in dict.fromkeys(one.method for one in at_scale):
        line = [one for one in at_scale if one.method == method]
        sides, times = [one.side_px for one in line], [one.median_ms for one in line]
        axes.loglog(sides, times, "o-", label=method, color=colours[method])
    sides = sorted({one.side_px for one in at_scale})
    axes.set_xticks(sides, [f"{side}²" for side in sides])
    axes.minorticks_off()
    axes.set_xlabel(f"small picture, px, enlarged ×{scale}")
    axes.set_ylabel("median, ms")
    axes.grid(visible=True, axis="y", color="#e5e7eb")
    axes.legend(frameon=False, fontsize=8)
    return _saved(figure, out / f"speed-x{scale}.png")


def _point(axes: Axes, x: float, y: float, name: str, colours: dict[str, str]) -> None:
    axes.plot(x, y, "o", color=colours[name])
    axes.annotate(name, (x, y), fontsize=7, xytext=(4, 4), textcoords="offset points")


def _colours(found: Sequence[Row] | Sequence[Timing]) -> dict[str, str]:
    kinds = {one.method: one.kind for one in found}
    others = [name for name, kind in kinds.items() if kind != "ours"]
    ours = [name for name, kind in kinds.items() if kind == "ours"]
    greens = (OURS, "#14b8a6", "#5eead4", "#99f6e4")
    return {
        **{name: OTHERS[number % len(OTHERS)] for number, name in enumerate(others)},
        **{name: greens[number % len(greens)] for number, name in enumerate(ours)},
    }


def _saved(figure: Figure, path: Path) -> Path:
    figure.savefig(path, dpi=120)
    return path
