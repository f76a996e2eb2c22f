"""Tables for the terminal; reads scans, decides nothing."""

import shlex
from collections import Counter
from pathlib import Path

from rich import box
from rich.table import Table
from rich.text import Text

from crispdeck.deck.model import DeckScan, PicturePart, Placement, Verdict
from crispdeck.words.numbers import count_words, ppi_words
from crispdeck.words.outcomes import enlarged_words
from crispdeck.words.places import places_words
from crispdeck.words.reasons import reason_words
from crispdeck.words.sharpness import sharpness_words


def new_table(title: str = "") -> Table:
    """Return an empty table in the style of all tables here."""
    return Table(
        title=Text(title, "bold") if title else None,
        title_justify="left",
        box=box.SIMPLE_HEAD,
        header_style="bold",
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )


def scan_table(title: str, found: DeckScan) -> Table:
    """Return one row for each picture: the blurred ones first, worst on top."""
    table = new_table(title)
    table.add_column("Where", no_wrap=True)
    table.add_column("Picture", no_wrap=True, overflow="ellipsis", max_width=20)
    table.add_column("Format", no_wrap=True)
    table.add_column("Pixels", justify="right", no_wrap=True)
    table.add_column("Shown (in)", justify="right", no_wrap=True)
    table.add_column("ppi", justify="right", no_wrap=True)
    table.add_column("As sharp as full HD", no_wrap=True)
    table.add_column("Verdict", overflow="fold", min_width=20)
    placements = {placement.id: placement for placement in found.placements}
    left = [picture for picture in found.pictures if picture.verdict is not Verdict.LOW]
    for picture in (*found.low, *left):
        uses = [placements[key] for key in picture.placements]
        table.add_row(*_cells(picture, uses), style=None if picture in found.low else "dim")
    return table


def _cells(picture: PicturePart, uses: list[Placement]) -> list[Text]:
    worst = min(uses, key=lambda use: (use.effective_ppi is None, use.effective_ppi), default=None)
    is_low = picture.verdict is Verdict.LOW
    verdict = _verdict(picture)
    size = f"{picture.width_px} × {picture.height_px}" if picture.width_px else "–"
    shown = "–"
    if worst and worst.shown_width_in and worst.shown_height_in:
        shown = f"{worst.shown_width_in:.1f} × {worst.shown_height_in:.1f}"
    return [
        Text(places_words(uses)),
        Text((worst.shape_name if worst else "") or picture.part.rsplit("/", 1)[-1]),
        Text(picture.format.value),
        Text(size),
        Text(shown),
        Text(ppi_words(worst.effective_ppi if worst else None), "bold red" if is_low else ""),
        Text(_share(worst.sharpness_hd if worst else None)),
        Text(verdict, "red" if is_low else ""),
    ]


def _verdict(picture: PicturePart) -> str:
    words = "blurred" if picture.verdict is Verdict.LOW else reason_words(picture.reason)
    if picture.true_width_px:
        words += f": {enlarged_words(picture)}"
    return f"{words}, ×{picture.scale}" if picture.scale else words


def _share(sharpness: float | None) -> str:
    """Leave out what the column's heading says."""
    words = sharpness_words(sharpness)
    return words if words.startswith("just") else words.removesuffix(" as sharp")


def scan_summary(path: Path, found: DeckScan) -> Text:
    """Return the line under the table: how many are blurred, why the others are left alone."""
    low, others = len(found.low), len(found.pictures) - len(found.low)
    name = path.name
    text = Text().append(f"{name}: ", "bold")
    if not found.pictures:
        return text.append("no pictures.")
    text.append(f"{count_words(len(found.pictures), 'picture')}, ")
    text.append(f"{low} blurred", "bold red" if low else "bold green")
    text.append(f", {others} left alone")
    if others:
        counts = Counter(p.reason for p in found.pictures if p.verdict is not Verdict.LOW)
        words = (f"{count} × {reason_words(reason)}" for reason, count in counts.most_common(3))
        more = "; …" if len(counts) > 3 else ""
        text.append(f" ({'; '.join(words)}{more})")
    text.append(".")
    if low:
        text.append(f" Make {'it' if low == 1 else 'them'} sharp: ")
        text.append(f"crispdeck enhance {shlex.quote(str(path))}", "bold")
    return text
