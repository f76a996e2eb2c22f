"""docs/lineage.md as text: tables of what is known and what is not yet; measures nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from worker.lab.bench.tables import METRICS, markdown
from worker.lab.bench.tables import Row as Means
from worker.lab.lineage.report.costs import SIDES_PX, Cost
from worker.lab.lineage.rows import ROWS, Row, to_train
from worker.lab.lineage.store import entry_of, folder_of_row

NOT_YET = "–"
COUNTED = {"all": "", "kernels": "kernels alone: "}
"""What a published count counts, in words."""
SETS = ("Set5", "Set14", "BSD100")
SHOWN = frozenset({"psnr_db", "ssim", "gmsd", "words_agreement", "edge_width_px"})

HEAD = """\
# The lineage: super-resolution from 2013 to 2020, under one budget

<!-- Written by `crispdeck bench lineage`; what is changed by hand is lost with its next run. -->

Where an upscaler stands is best seen beside those it comes from. These networks are built from
their papers, each in its own shape, and trained by Crispdeck's own training on Crispdeck's own
data; then all are measured on the same pictures. They are in the laboratory
(`worker/lab/lineage/`), in no image, and Crispdeck uses none of them, but for those who ask
([why so](adr/0011-networks-by-name.md)):

```bash
crispdeck train --network espcn --budget 25min --corpus CORPUS   # of the processor, in all runs
crispdeck upscale slide.png --network espcn --scale 4 -o big/    # within the bounds of everything
crispdeck bench lineage --corpus CORPUS --budget 25min           # trains, measures, writes this
```

**What is alike for all:** pictures and crops (the seed {seed}; 8 crops of 32 × 32 small pixels a
step, made small as [training-data.md](training-data.md) says, so not by bicubic alone), Adam, the
fall of its rate, the mean of the weights, and the budget: **{budget:g} minutes of the processor**,
over all threads, making the crops included. Each paper's own are shape, loss and input; the highest
rate is a guess for each. Papers train for days on other data, with other optimizers. So these rows
say what each *shape* learns in so many minutes, and nothing of what its authors reached: that
stands in a column of its own.

All enlarge ×4. Luminance networks leave colour to interpolation. Measured bare: without
Crispdeck's bounds, ensemble and crispness; the column *Crispdeck* is what users get.
"""


@dataclass(frozen=True)
class Found:
    """All that a run has found out.

    Attributes:
        heading: of the machine.
        budget: processor minutes that a row shall have.
        means: quality by set and method.
        multiplications: by row, for each small pixel.
        costs: by row, as far as measured.
        references: by row, mean PSNR with each kind of reference; and of bicubic.
        plot, sheet: names of the pictures beside the page, or None.
    """

    heading: str
    budget: float
    seed: int
    means: Sequence[Means]
    multiplications: Mapping[str, float]
    costs: Mapping[str, Sequence[Cost]]
    references: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    plot: str | None = None
    sheet: str | None = None


def page(found: Found) -> str:
    """Write all of it."""
    parts = [
        HEAD.format(seed=found.seed, budget=found.budget),
        "## What each brought, and what it has had\n\n" + _training(found),
        "## Shape and cost\n\n" + _shapes(found),
        "## Quality\n\n" + _quality(found),
        "## Beside what was published\n\n" + _published(found),
        "## With a reference\n\n" + _references(found),
        _pictures(found),
    ]
    return "\n".join(parts)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    rule = ["---"] * left + ["---:"] * (len(head) - left)
    lines = [head, rule, *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _minutes(row: Row) -> float:
    entry = entry_of(row.name, folder_of_row(row.name))
    return 0.0 if entry is None else float(entry["processor_minutes"])


def _had(row: Row, budget: float) -> str:
    entry = entry_of(row.name, folder_of_row(row.name))
    if not row.parameters:
        return "nothing to learn"
    if entry is None:
        narrow = [one.title for one in ROWS.values() if one.narrow_of == row.name]
        return f"not trained; see {narrow[0]}" if narrow else "not yet trained"
    minutes, steps = float(entry["processor_minutes"]), int(entry["steps"])
    short = "" if minutes >= budget else ", **not yet its budget**"
    return f"{minutes:g} min, {steps:,} steps{short}"


def _training(found: Found) -> str:
    rows = [
        [
            row.title,
            str(row.year),
            row.paper,
            row.idea,
            row.recipe.loss if row.parameters else "none",
            _had(row, found.budget),
        ]
        for row in sorted(ROWS.values(), key=lambda row: row.year)
    ]
    minutes = [_minutes(row) for row in to_train()]
    done = sum(1 for one in minutes if one >= found.budget)
    begun = sum(1 for one in minutes if 0 < one < found.budget)
    return (
        f"Of {len(minutes)} rows that two cores can train, **{done} have had their budget so"
        f" far**, {begun} a part of it, the others nothing; {sum(minutes):.0f} processor minutes"
        " in all. What is not trained is not measured, and only built, counted and tested.\n\n"
        + _table(["network", "year", "paper", "what it brought", "loss", "trained for"], rows, 6)
        + "\nThe feature network of the last losses is EfficientNet-lite0 (the extra `lineage`,"
        " Apache 2.0), in place of VGG, whose weights cannot be had where nothing is downloaded.\n"
    )


def _input(row: Row) -> str:
    if row.has_reference:
        return "RGB and a reference"
    kind = "luminance" if row.luminance else "RGB"
    return f"{kind}, interpolated" if row.before else kind


def _shapes(found: Found) -> str:
    rows = []
    for row in sorted(ROWS.values(), key=lambda row: row.year):
        costs = {cost.side_px: cost for cost in found.costs.get(row.name, ())}
        published = "reconstruction" if row.narrow_of is None else "narrow"
        if row.published is not None:
            counted = COUNTED.get(row.published.of, f"without {row.published.of}: ")
            published = f"{counted}{row.published.parameters:,} ({row.published.source})"
        multiplied = found.multiplications.get(row.name)
        rows.append(
            [
                row.title,
                _input(row),
                f"{row.parameters:,}",
                published,
                NOT_YET if multiplied is None else f"{multiplied / 1e6:,.3g} M",
                NOT_YET if row.reach_px is None else str(row.reach_px),
                "exact" if row.reach_px is not None else "refused",
                "bf16" if "bfloat16" in row.dtypes else "float32",
                *(f"{costs[side].ms:,.0f}" if side in costs else NOT_YET for side in SIDES_PX),
                *(f"{costs[side].peak_mib:,.0f}" if side in costs else NOT_YET for side in (128,)),
            ]
        )
    head = ["network", "input", "parameters", "published", "× a small pixel", "reach, px", "tiles",
            "down to", *(f"ms {side}²" for side in SIDES_PX), "MiB 128²"]  # fmt: skip
    return _table(head, rows) + (
        f"\n{found.heading} Milliseconds are of one core's own time in float32, one run each, and"
        f" MiB what it took beyond the loaded network. {NOT_YET} under ms: not measured yet, or"
        " too slow for it. *Reach* is how far a network sees; one that looks at whole pictures"
        " is not cut into tiles, and takes at most 512 pixels a side. Multiplications are those of"
        " convolutions; a search in a reference comes on top.\n"
    )


def _quality(found: Found) -> str:
    if not found.means:
        return "Nothing measured yet.\n"
    metrics = [metric for metric in METRICS if metric.name in SHOWN]
    return markdown([row for row in found.means if _is_shown(row)], metrics)


def _is_shown(row: Means) -> bool:
    return row.group.group == row.group.set or row.group.group.startswith("all")


def _published(found: Found) -> str:
    ours = {
        (row.method, row.group.set): row.figures["psnr_db"]
        for row in found.means
        if row.group.regime == "clean" and row.group.set in SETS
    }
    rows = []
    for row in sorted(ROWS.values(), key=lambda row: row.year):
        if not row.psnr_db:
            continue
        cells = [row.title, row.psnr_source]
        for name in SETS:
            here = ours.get((row.title, name))
            cells += [f"{row.psnr_db[name]:.2f}", NOT_YET if here is None else f"{here:.2f}"]
        rows.append(cells)
    head = ["network", "read in"]
    head += [f"{name} {whose}" for name in SETS for whose in ("published", "here")]
    return (
        _table(head, rows, 2)
        + "\nPSNR-Y in dB, ×4, clean. Published: trained for days by others.\n"
    )


def _references(found: Found) -> str:
    if not found.references:
        return "Nothing measured yet.\n"
    kinds = ("none", "good", "similar", "unrelated")
    rows = [
        [name, *(f"{figures[kind]:.2f}" if kind in figures else NOT_YET for kind in kinds)]
        for name, figures in found.references.items()
    ]
    return _table(["network", *(f"{kind}" for kind in kinds)], rows) + (
        "\nPSNR-Y in dB of the classic sets' pictures, ×4, clean. *Good*: the truth itself, moved,"
        " turned by up to 3 degrees, scaled by up to 8 % and in slightly other light. *Similar*:"
        " its mirror image, up to a quarter larger or smaller and recoloured. *Unrelated*: the"
        " next picture. Real references are none of these; real originals are found and proven"
        " by Crispdeck in another way ([what is proof](adr/0010-what-is-proof.md)).\n"
    )


def _pictures(found: Found) -> str:
    parts = []
    if found.plot:
        parts.append(
            f"## Quality against time\n\n![Gain over bicubic against time]({found.plot})\n"
        )
    if found.sheet:
        ideas = "\n".join(
            f"- **{row.title}** ({row.year}). {row.idea}"
            for row in sorted(ROWS.values(), key=lambda row: row.year)
            if row.narrow_of is None and (_minutes(row) or not row.parameters)
        )
        parts.append(
            "## To look at\n\nThe fullest window of each, one pixel of the result to one here."
            f"\n\n![Pictures as each network shows them]({found.sheet})\n\n{ideas}\n"
        )
    return "\n".join(parts)
