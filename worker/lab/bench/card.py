"""Puts measured tables into the model card, between marks that stay; measures nothing."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from crispdeck.errors import BadInputError
from worker.lab.bench import harm, speed, tables
from worker.lab.bench.harm import Harm
from worker.lab.bench.speed import Timing
from worker.lab.bench.tables import Row

_CARD_METRICS = frozenset(
    {
        "psnr_db",
        "ssim",
        "gmsd",
        "words_agreement",
        "words_invented",
        "edge_width_px",
        "line_weight_error",
        "local_contrast",
        "fell_back",
        "failed",
    }
)
_CARD_GROUPS = frozenset({"all flat", "all photographs"})


def fill(
    card: Path,
    found: Sequence[Row],
    timings: Sequence[Timing],
    heading: str,
    harms: Sequence[Harm] = (),
) -> None:
    """Replace the text between `<!-- quality -->` and `<!-- end of quality -->`, and of speed.

    Of the validation set only the means over all flat classes and all photographs are shown, of
    the guard set what comes out worse than by interpolation;
    what was not measured in this run stays as it is.

    Raises:
        BadInputError: the card has not both marks.
    """
    parts: dict[str, str] = {}
    shown = [row for row in found if _is_shown(row)]
    if shown:
        metrics = [metric for metric in tables.METRICS if metric.name in _CARD_METRICS]
        parts["quality"] = (
            f"On {heading}\n\n{harm.markdown(harms)}{tables.markdown(shown, metrics)}"
        )
    if timings:
        parts["speed"] = f"On {heading}\n\n{speed.markdown(timings)}"
    card.write_text(with_parts(card.read_text(encoding="utf-8"), parts), encoding="utf-8")


def with_parts(text: str, parts: Mapping[str, str]) -> str:
    """Return `text` with each named part replaced."""
    for name, part in parts.items():
        marked = re.compile(f"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
        if not marked.search(text):
            raise BadInputError(
                f"The card has no lines <!-- {name} --> and <!-- end of {name} --> to fill between."
            )
        text = marked.sub(lambda found, part=part: f"{found[1]}{part}{found[2]}", text)  # type: ignore[misc]
    return text


def _is_shown(row: Row) -> bool:
    return row.group.group == row.group.set or row.group.group in _CARD_GROUPS
