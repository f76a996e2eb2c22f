"""A folder whose decks are enhanced as they come; each version of a deck once."""

import hashlib
import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from crispdeck.cli.decks import as_crispdeck_error
from crispdeck.cli.files import Source, find_sources, output_for
from crispdeck.cli.progress import Progress
from crispdeck.cli.settling import Settling, Stamp
from crispdeck.cli.watch_journal import FOLDER, Entry, Journal
from crispdeck.deck.names import CRISP, DECK_SUFFIXES
from crispdeck.errors import BadInputError, CrispdeckError, OutputExistsError
from crispdeck.services.enhance import Results, Sharpener
from crispdeck.words.watching import (
    changed_meanwhile_words,
    failed_note,
    failed_pictures_note,
    foreign_words,
    own_fault_words,
    unchanged_note,
)
from worker.cli.deck_run import DeckRun, Plan, RunOptions
from worker.cli.outcomes import Outcome, State

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
"""At a version of a deck where Crispdeck or the drive was at fault; as many as a picture's, plus
two, since a network drive may be away for an hour. A guess."""
FIRST_PAUSE_S = 30.0
"""Before the second attempt; each further pause is four times as long: 0.5, 2, 8, 32 minutes."""

_FAILED = ".failed.txt"
_UNCHANGED = ".unchanged.txt"


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What is watched, and where results go.

    Attributes:
        out: None: beside each deck, marked (talk.crisp.pptx).
        report: html, pptx or json; None: none is written.
    """

    folder: Path
    out: Path | None
    report: str | None

    @property
    def results(self) -> Path:
        """The folder below which results appear."""
        return self.out or self.folder


@dataclass
class _Attempts:
    """At one version of a deck that failed by no fault of its own."""

    count: int = 0
    not_before_s: float = 0.0


class WatchedFolder:
    """Looks, and enhances what has stopped changing."""

    def __init__(
        self,
        watched: Watched,
        run: RunOptions,
        journal: Journal,
        sharpen: Sharpener,
        settling: Settling,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._watched = watched
        self._run = run
        self._journal = journal
        self._sharpen = sharpen
        self._settling = settling
        self._clock = clock
        self._attempts: dict[str, _Attempts] = {}

    def look(self) -> Iterator[Outcome]:
        """Take one look and enhance what is due, deck by deck; yield what each came to.

        Raises:
            OSError: the watched folder or that of the results cannot be reached.
        """
        os.scandir(self._watched.folder).close()  # a drive that is away is no empty folder
        self._journal.finish_promises()
        due = list(self._due())
        if not due:
            return
        with tempfile.TemporaryDirectory(prefix="crispdeck-") as scratch:
            results = Results(Path(scratch), self._sharpen)
            with Progress(len(due)) as progress:
                deck_run = DeckRun(self._run, results, progress)
                for source, stamp in due:
                    outcome = self._enhance(deck_run, source, stamp)
                    if outcome is not None:
                        yield outcome

    def _due(self) -> Iterator[tuple[Source, Stamp]]:
        for source, stamp in self._settling.settled(self._sources()):
            name = source.inside.as_posix()
            entry = self._journal.get(name)
            if entry and entry.stamp == stamp:
                if entry.final:
                    continue
                tried = self._attempts.get(name, _Attempts())
                if self._clock() < tried.not_before_s:
                    continue
            else:
                self._attempts.pop(name, None)
            yield source, stamp

    def _sources(self) -> list[Source]:
        """List the decks of the folder; results and what is on its way are none."""
        own = {self._watched.folder / FOLDER, self._watched.results / FOLDER}
        if self._watched.out is not None:
            own.add(self._watched.out)
        own = {path.resolve() for path in own}
        return [
            source
            for source in find_sources([self._watched.folder], DECK_SUFFIXES)
            if own.isdisjoint(source.path.resolve().parents)
        ]

    def _enhance(self, deck_run: DeckRun, source: Source, stamp: Stamp) -> Outcome | None:
        """Enhance one deck and let its files appear; None where nothing had to be done."""
        name = source.inside.as_posix()
        known = self._journal.get(name)
        try:
            digest = _digest(source.path)
        except OSError as error:
            return self._failed(source, stamp, "", as_crispdeck_error(error))
        if known and known.sha256 == digest and known.final:
            self._journal.restamp(known, stamp)
            return None
        with self._journal.staging() as stage:
            kind = self._watched.report
            report = stage / f"report.{kind}" if kind else None
            outcome = self._run_deck(
                deck_run, Plan(path=source.path, target=stage / "deck", report=report)
            )
            if not _is_still(source.path, stamp):
                log.info("%s: %s", name, changed_meanwhile_words())
                return None
            if outcome.error is not None:
                return self._failed(source, stamp, digest, outcome.error)
            return self._appear(source, _entry(name, digest, stamp, outcome), outcome, stage)

    def _run_deck(self, deck_run: DeckRun, plan: Plan) -> Outcome:
        try:
            return deck_run.enhance(plan)
        except Exception:  # a deck that finds a fault of ours must not end the watch
            log.exception("%s", plan.path)
            error = CrispdeckError(own_fault_words())
            return Outcome(path=plan.path, state=State.FAILED, error=error)

    def _appear(self, source: Source, entry: Entry, outcome: Outcome, stage: Path) -> Outcome:
        """Name every file that appears, the deck last: whoever sees it sees its report."""
        target = self._target(source)
        notes = {suffix: _beside(target, suffix) for suffix in (_FAILED, _UNCHANGED)}
        moves: dict[Path, Path] = {}
        if outcome.state is State.NOTHING:
            note = stage / "unchanged"
            note.write_text(unchanged_note(source.path.name), encoding="utf-8")
            moves[note] = notes.pop(_UNCHANGED)
        elif outcome.done is not None:
            try:
                moves |= self._results(source, outcome, stage)
            except OutputExistsError as error:
                return self._failed(source, entry.stamp, entry.sha256, error)
            if outcome.done.failed:
                note = stage / "failed"
                pictures = ((each.part, each.error) for each in outcome.done.failed)
                note.write_text(failed_pictures_note(source.path.name, pictures), encoding="utf-8")
                moves = {note: notes.pop(_FAILED), **moves}
        self._journal.commit(entry, stage, moves, list(notes.values()))
        if outcome.state is State.NOTHING:
            return outcome
        report = self._report(target) if outcome.report else None
        return replace(outcome, target=target, report=report)

    def _results(self, source: Source, outcome: Outcome, stage: Path) -> dict[Path, Path]:
        """Pair staged results with their names.

        Raises:
            OutputExistsError: somebody else's file has that name.
        """
        target, moves = self._target(source), {}
        if outcome.report is not None:
            moves[outcome.report] = self._report(target)
        moves[stage / "deck"] = target
        for path in moves.values():
            is_foreign = path.exists() and not self._journal.is_ours(source.inside.as_posix(), path)
            if is_foreign and not self._run.overwrite:
                raise OutputExistsError(foreign_words(str(path)))
        return moves

    def _failed(self, source: Source, stamp: Stamp, digest: str, error: CrispdeckError) -> Outcome:
        """Say why in a file beside, and when it is tried again."""
        name = source.inside.as_posix()
        tried = self._attempts.setdefault(name, _Attempts())
        tried.not_before_s = self._clock() + FIRST_PAUSE_S * 4**tried.count
        tried.count += 1
        is_own_fault = isinstance(error, BadInputError | OutputExistsError)
        final = is_own_fault or tried.count >= MOST_ATTEMPTS
        entry = Entry(
            deck=name,
            sha256=digest,
            size_bytes=stamp.size_bytes,
            mtime_ns=stamp.mtime_ns,
            state=State.FAILED.value,
            final=final,
        )
        target = self._target(source)
        with self._journal.staging() as stage:
            note = stage / "note"
            note.write_text(failed_note(source.path.name, error, again=not final), encoding="utf-8")
            self._journal.commit(
                entry, stage, {note: _beside(target, _FAILED)}, [_beside(target, _UNCHANGED)]
            )
        return Outcome(path=source.path, state=State.FAILED, error=error)

    def _target(self, source: Source) -> Path:
        return output_for(source, self._watched.out, many=True, mark=CRISP)

    def _report(self, target: Path) -> Path:
        return _beside(target, f".report.{self._watched.report}")


def _entry(name: str, digest: str, stamp: Stamp, outcome: Outcome) -> Entry:
    return Entry(
        deck=name,
        sha256=digest,
        size_bytes=stamp.size_bytes,
        mtime_ns=stamp.mtime_ns,
        state=outcome.state.value,
    )


def _beside(target: Path, suffix: str) -> Path:
    """Keep the deck's own suffix: talk.pptx and talk.potx have a report each."""
    return target.with_name(target.name + suffix)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_still(path: Path, stamp: Stamp) -> bool:
    try:
        return Stamp.of(path) == stamp
    except OSError:
        return False
