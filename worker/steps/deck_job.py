"""What prepare and assemble share: the claim held while they work, and the deck on local disk."""

import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from crispdeck.deck.model import DeckScan
from crispdeck.deck.opc.archive import DeckArchive, DeckLimits, open_deck
from crispdeck.deck.scan import scan
from crispdeck.errors import CrispdeckError, LostClaimError
from crispdeck.records.shelf.decks import kept_scan
from crispdeck.records.states import Stage
from crispdeck.records.work.claims import claim_job, fail_job, give_back
from crispdeck.records.work.values import JobClaim
from crispdeck.records.work.waiting_decks import start_waiting
from worker.context import Context
from worker.failures import traceback_of

logger = logging.getLogger(__name__)


def work_on_job(
    context: Context,
    job_id: str,
    stage: Stage,
    work: Callable[[Context, JobClaim], None],
) -> None:
    """Do `work` if the job waits at `stage` and nobody else is at it.

    A failure that may pass gives the job back with one attempt counted; any other ends it.
    """
    claim = claim_job(
        context.db,
        worker=context.worker,
        job_id=job_id,
        stage=stage,
        lease_s=context.settings.lease_s,
    )
    if claim is None:
        return
    with context.leases.holding([claim]):
        try:
            work(context, claim)
        except LostClaimError as error:
            logger.info("job %s was taken back: %s", job_id, error)
        except CrispdeckError as error:
            _give_up(context, claim, error)
        except Exception as error:
            logger.exception("job %s failed at %s", job_id, stage)
            broken = CrispdeckError(f"{type(error).__name__} at {stage}.")
            broken.__cause__ = error
            _give_up(context, claim, broken)
    # With a job's end there may be a place for a deck that waits; else the next sweep looks again.
    context.announce(start_waiting(context.db, context.settings))


def _give_up(context: Context, claim: JobClaim, error: CrispdeckError) -> None:
    if error.retryable:
        logger.warning("job %s is given back: %s", claim.id, error)
        most = context.settings.max_attempts
        give_back(context.db, [claim], counted=True, max_attempts=most, code=error.code)
        return
    try:
        fail_job(
            context.db,
            claim,
            code=error.code,
            detail=error.message,
            traceback=traceback_of(error),
        )
    except LostClaimError as lost:
        logger.info("job %s was taken back: %s", claim.id, lost)


@contextmanager
def local_deck(context: Context, claim: JobClaim) -> Iterator[DeckArchive]:
    """Open the job's deck from a nameless file on local disk, which no kill can leave behind.

    A signed deck is let in: whoever uploaded it has been asked.
    """
    with tempfile.TemporaryFile() as file:
        with context.store.open(claim.deck_key) as source:
            shutil.copyfileobj(source, file)
        file.seek(0)
        limits = DeckLimits.of(context.settings)
        with open_deck(file, limits=limits, allow_signed=True) as deck:
            yield deck


def scan_of(context: Context, claim: JobClaim, deck: DeckArchive) -> DeckScan:
    """Return what the job works on: the scan made when the deck came in, where its options fit."""
    options = claim.options.scan_options(context.settings)
    kept = kept_scan(context.db, claim.tenant_id, claim.deck_id, options)
    return kept or scan(deck, options)
