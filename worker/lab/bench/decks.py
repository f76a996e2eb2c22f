"""Scan every deck of a folder and print verdicts, reasons and refusals as a page of Markdown.

crispdeck bench decks ../shared/data/decks > docs/corpus.md
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crispdeck.deck.model import DeckScan, Reason, Verdict
from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.scan import scan
from crispdeck.errors import DeckRefusedError

COMMAND = "crispdeck bench decks ../shared/data/decks > docs/corpus.md"
_OPTIONS = "low below 110 ppi, target 220 ppi, at most ×4."


@dataclass
class Corpus:
    """What a folder of decks was found to hold."""

    scans: dict[str, DeckScan] = field(default_factory=dict)
    refusals: dict[str, DeckRefusedError] = field(default_factory=dict)


def scan_folder(folder: Path) -> Corpus:
    """Scan every file in a folder and below; names are relative to it."""
    corpus = Corpus()
    for path in sorted(path for path in folder.rglob("*.p*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        try:
            with open_deck(path, allow_signed=True) as deck:
                corpus.scans[name] = scan(deck)
        except DeckRefusedError as error:
            corpus.refusals[name] = error
    return corpus


def corpus_page(corpus: Corpus) -> str:
    """Write the page."""
    decks = len(corpus.scans) + len(corpus.refusals)
    sections = [
        "# What a scan says of real decks",
        f"Made by `{COMMAND}`; do not edit.",
        f"{decks} files: {len(corpus.scans)} scanned, {len(corpus.refusals)} refused; {_OPTIONS}",
        "## Verdicts and reasons",
        _table(("verdict", "reason", "placements", "pictures", "decks"), _verdict_rows(corpus)),
        "## Refusals",
        _table(("file", "code", "sentence"), _refusal_rows(corpus)),
        "## Decks",
        _table(
            ("file", "kind", "slides", "placements", "pictures", "low", "worst ppi", "unreadable"),
            (_deck_row(name, found) for name, found in corpus.scans.items()),
        ),
    ]
    return "\n\n".join(sections) + "\n"


def _verdict_rows(corpus: Corpus) -> Iterable[Sequence[object]]:
    placements: Counter[Reason | None] = Counter()
    pictures: Counter[Reason | None] = Counter()
    decks: Counter[Reason | None] = Counter()
    for found in corpus.scans.values():
        placements.update(one.reason for one in found.placements)
        pictures.update(one.reason for one in found.pictures)
        decks.update({one.reason for one in found.placements})
    for reason, count in placements.most_common():
        verdict = Verdict.LOW if reason is None else Verdict.LEFT
        yield verdict, reason or "", count, pictures[reason], decks[reason]
    yield "all", "", placements.total(), pictures.total(), len(corpus.scans)


def _refusal_rows(corpus: Corpus) -> Iterable[Sequence[object]]:
    for name, error in corpus.refusals.items():
        yield name, f"`{error.code}`", error.message


def _deck_row(name: str, found: DeckScan) -> Sequence[object]:
    low = found.low
    return (
        name,
        found.kind + (", strict" if found.strict else "") + (", signed" if found.signed else ""),
        found.slides,
        len(found.placements),
        len(found.pictures),
        len(low),
        f"{low[0].effective_ppi:.0f}" if low else "",
        ", ".join(found.unreadable_parts),
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
