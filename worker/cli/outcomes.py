"""What became of each deck of a run, for people and for programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from rich.text import Text

from crispdeck.cli.console import error_json, print_json, results, show_error
from crispdeck.deck.model import DeckScan, Reason
from crispdeck.errors import CrispdeckError, UnreadablePictureError
from crispdeck.services.enhance import Enhanced
from crispdeck.words.numbers import count_words, ppi_words, size_words
from crispdeck.words.outcomes import outcome_words


class State(StrEnum):
    """How a deck ended."""

    DONE = "done"
    PLANNED = "planned"
    NOTHING = "nothing_to_do"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One deck and what became of it."""

    path: Path
    state: State
    target: Path | None = None
    """What was or would be written; None where nothing was."""
    report: Path | None = None
    scan: DeckScan | None = None
    done: Enhanced | None = None
    error: CrispdeckError | None = None

    @property
    def unreadable(self) -> list[str]:
        """Parts whose pictures the scan could not read; they are named, and left as they are."""
        pictures = self.scan.pictures if self.scan else ()
        return [each.part for each in pictures if each.reason is Reason.UNREADABLE]

    @property
    def has_failed(self) -> bool:
        """True when the deck, or a picture that should have become sharp, failed."""
        return self.error is not None or bool(
            self.done and any(not picture.is_refusal for picture in self.done.failed)
        )


def show_outcomes(outcomes: Sequence[Outcome], *, as_json: bool) -> None:
    """Print one line for each deck, or one JSON document for all."""
    if as_json:
        print_json({"decks": [_json(outcome) for outcome in outcomes]})
        return
    for outcome in outcomes:
        if outcome.error is not None:
            show_error(outcome.error, str(outcome.path))
        else:
            results().print(_line(outcome), soft_wrap=True)
        for part in outcome.unreadable:
            show_error(
                UnreadablePictureError("Damaged, so it stays as it is."), f"{outcome.path}, {part}"
            )
        for picture in outcome.done.failed if outcome.done else ():
            show_error(picture.error, f"{outcome.path}, {picture.part}")
    if len(outcomes) > 1:
        results().print(_sum(outcomes), soft_wrap=True)
    if not outcomes:
        results().print("No deck found.")


def _line(outcome: Outcome) -> Text:
    line = Text().append(f"{outcome.path.name}: ", "bold")
    if outcome.scan is None or outcome.state is State.NOTHING:
        return line.append(f"nothing is blurred{_unread_words(outcome.scan)}; no file written.")
    low = outcome.scan.low
    if outcome.done is None:
        scales = ", ".join(f"{picture.part.rsplit('/', 1)[-1]} ×{picture.scale}" for picture in low)
        line.append(f"{count_words(len(low), 'picture')} would be made sharp ({scales})")
        return line.append(f" in {outcome.target}.")
    result = outcome.done.result
    line.append(outcome_words(outcome.done.reports()), "bold green")
    if low and result.swapped:
        line.append(f", the worst had {ppi_words(low[0].effective_ppi)} ppi")
    line.append(f"; {size_words(result.bytes_before)} → {size_words(result.bytes_after)}.")
    line.append(f"\n  {outcome.target}")
    return line.append(f"\n  {outcome.report}") if outcome.report else line


def _unread_words(scan: DeckScan | None) -> str:
    """Say how many pictures nobody can judge, for they cannot be read."""
    unread = {Reason.UNREADABLE, Reason.UNSUPPORTED_FORMAT}
    count = sum(picture.reason in unread for picture in scan.pictures) if scan else 0
    return (
        f" as far as can be told, {count_words(count, 'picture')} could not be read"
        if count
        else ""
    )


def _sum(outcomes: Sequence[Outcome]) -> Text:
    counts = {state: sum(outcome.state is state for outcome in outcomes) for state in State}
    reports = [report for outcome in outcomes if outcome.done for report in outcome.done.reports()]
    words = {
        State.DONE: f"done with {outcome_words(reports)}",
        State.PLANNED: "would be written",
        State.NOTHING: "had nothing to do",
        State.FAILED: "failed",
    }
    parts = (f"{count} {words[state]}" for state, count in counts.items() if count)
    return Text(f"{count_words(len(outcomes), 'deck')}: {', '.join(parts)}.", "bold")


def _json(outcome: Outcome) -> dict[str, Any]:
    document: dict[str, Any] = {"deck": str(outcome.path), "state": outcome.state.value}
    if outcome.target:
        document["out"] = str(outcome.target)
    if outcome.report:
        document["report"] = str(outcome.report)
    if outcome.error:
        document["error"] = error_json(outcome.error)
    if outcome.scan and outcome.state is State.PLANNED:
        document["pictures"] = [{"part": p.part, "scale": p.scale} for p in outcome.scan.low]
    if outcome.done:
        document |= _done_json(outcome.done)
    return document


def _done_json(done: Enhanced) -> dict[str, Any]:
    result = done.result
    return {
        "bytes_before": result.bytes_before,
        "bytes_after": result.bytes_after,
        "pictures": [
            {
                "part": part.part,
                "new_part": part.new_part,
                "bytes_before": part.bytes_before,
                "bytes_after": part.bytes_after,
                "upscale": done.upscales.get(part.part, {}),
            }
            for part in result.swapped
        ],
        "left": [{"part": part, "reason": reason.value} for part, reason in result.left],
        "failed": [{"part": p.part, "error": error_json(p.error)} for p in done.failed],
    }
