"""Enhance decks one after another; what goes wrong with one is said and leaves the others alone."""

from dataclasses import dataclass, replace
from pathlib import Path

from crispdeck.cli.decks import as_crispdeck_error, open_local, originals_folder
from crispdeck.cli.files import drafted, refuse_existing
from crispdeck.cli.progress import Progress
from crispdeck.deck.model import DeckScan
from crispdeck.deck.opc.archive import DeckArchive, DeckLimits, open_deck
from crispdeck.deck.originals import OriginalsStore
from crispdeck.deck.scan import scan
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.errors import CrispdeckError
from crispdeck.picture.sharpened import Sharpened
from crispdeck.report.build import Enhancement, build_report
from crispdeck.report.writers import write_report
from crispdeck.services.enhance import Enhanced, OriginalFinder, Results, enhance
from crispdeck.services.originals.finding import find_original
from crispdeck.services.originals.library import Library
from crispdeck.settings import Settings
from worker.cli.outcomes import Outcome, State


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One deck: where it comes from, where it and its report go."""

    path: Path
    target: Path
    report: Path | None


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """What holds for all decks of a run."""

    settings: Settings
    options: ScanOptions
    allow_signed: bool
    overwrite: bool
    dry_run: bool
    originals: bool = False
    """Look for true originals, in the deck itself and in the library."""


class DeckRun:
    """A run over several decks that share their results."""

    def __init__(
        self, run: RunOptions, results: Results, progress: Progress, library: Library | None = None
    ) -> None:
        self._options = run
        self._library = library or Library(run.settings)
        self._results = results
        self._progress = progress
        self._originals = OriginalsStore(originals_folder(run.settings))

    def enhance(self, plan: Plan) -> Outcome:
        """Enhance one deck and say what became of it; never raises for the deck's own sake."""
        with self._progress.deck(plan.path.name):
            try:
                return self._enhance(plan)
            except (CrispdeckError, OSError) as error:
                return Outcome(path=plan.path, state=State.FAILED, error=as_crispdeck_error(error))

    def _enhance(self, plan: Plan) -> Outcome:
        run = self._options
        with open_local(plan.path, run.settings, allow_signed=run.allow_signed) as deck:
            found = scan(deck, run.options)
            if not found.low:
                return Outcome(path=plan.path, state=State.NOTHING, scan=found)
            for target in filter(None, (plan.target, plan.report)):
                refuse_existing(target, overwrite=run.overwrite)
            if run.dry_run:
                return Outcome(path=plan.path, state=State.PLANNED, target=plan.target, scan=found)
            self._progress.pictures(len(found.low))
            with drafted(plan.target, overwrite=run.overwrite) as draft:
                done = enhance(
                    deck,
                    found,
                    self._results,
                    self._originals,
                    draft.file,
                    self._progress.picture,
                    self._finder(deck, plan.path.name) if run.originals else None,
                )
            if plan.report is not None:
                self._write_report(plan, plan.report, Work(deck, found, done))
        return Outcome(
            path=plan.path,
            state=State.DONE,
            target=plan.target,
            report=plan.report,
            scan=found,
            done=done,
        )

    def _finder(self, deck: DeckArchive, name: str) -> OriginalFinder:
        """Look in the library and in the deck itself; the deck is read when the first one asks."""
        own: list[Library] = []

        def find(blob: bytes, most_factor: float) -> Sharpened | None:
            if not own:
                own.append(Library(self._options.settings))
                own[0].add_deck(deck, name)
            candidates = [*self._library.candidates(blob), *own[0].candidates(blob)]
            return find_original(blob, candidates, most_factor, self._options.settings)

        return find

    def _write_report(self, plan: Plan, target: Path, work: "Work") -> None:
        with open_deck(
            plan.target, limits=_limits_of_result(self._options.settings), allow_signed=True
        ) as enhanced:
            report = build_report(
                plan.path.name.encode(errors="replace").decode(),
                Enhancement(work.deck, enhanced, work.scan, work.done.result, work.done.upscales),
            )
        with drafted(target, overwrite=self._options.overwrite) as draft:
            write_report(report, target.suffix.lower().lstrip("."), draft.file)


@dataclass(frozen=True)
class Work:
    """A deck, what was found in it and what was done."""

    deck: DeckArchive
    scan: DeckScan
    done: Enhanced


def _limits_of_result(settings: Settings) -> DeckLimits:
    """Allow for the growth that a swap allows: the deck that was written is our own."""
    limits = DeckLimits.of(settings)
    return replace(
        limits, deck_bytes=limits.deck_bytes * 5, unpacked_bytes=limits.unpacked_bytes * 5
    )
