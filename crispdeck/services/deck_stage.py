"""What prepare and assemble share: the claim held while they work, and how each may end."""

import json
import logging
import time
from collections.abc import Callable

from crispdeck.errors import CrispdeckError, LostClaimError
from crispdeck.json_logging import about
from crispdeck.records.states import Stage
from crispdeck.records.work.claims import claim_job, fail_job
from crispdeck.records.work.values import JobClaim
from crispdeck.records.work.waiting_decks import start_waiting
from crispdeck.services.failures import traceback_of
from crispdeck.services.worker_platform import WorkerPlatform

logger = logging.getLogger(__name__)


def work_on_stage(
    platform: WorkerPlatform,
    job_id: str,
    stage: Stage,
    work: Callable[[WorkerPlatform, JobClaim], None],
) -> None:
    """Claim the job and do `work` if it waits at `stage` and nobody else is at it.

    What was away is no failure: the job waits for it. Any other error ends the job.
    """
    if platform.outages.rests:
        return  # the sweeper announces the job again
    claim = claim_job(
        platform.db,
        worker=platform.worker,
        job_id=job_id,
        stage=stage,
        lease_s=platform.settings.lease_s,
        max_attempts=platform.settings.max_attempts,
    )
    if claim is None:
        return
    ids = {"job": claim.id, "deck": claim.deck_id, "tenant": claim.tenant_id}
    begun_s = time.monotonic()
    with about(**ids), platform.leases.holding([claim]):
        try:
            work(platform, claim)
            platform.outages.over()
            took_ms = round((time.monotonic() - begun_s) * 1000)
            logger.info("%s", json.dumps({"event": "stage", "stage": stage.value, "ms": took_ms}))
        except LostClaimError as error:
            logger.info("job %s was taken back: %s", job_id, error)
        except CrispdeckError as error:
            _give_up(platform, claim, error)
        except Exception as error:
            logger.exception("job %s failed at %s", job_id, stage)
            broken = CrispdeckError(f"{type(error).__name__} at {stage}.")
            broken.__cause__ = error
            _give_up(platform, claim, broken)
    # With a job's end there may be a place for a deck that waits; else the next sweep looks again.
    platform.announce(start_waiting(platform.db, platform.settings))


def _give_up(platform: WorkerPlatform, claim: JobClaim, error: CrispdeckError) -> None:
    if error.retryable:
        platform.announce(platform.outages.put_off([claim], error))
        return
    try:
        fail_job(
            platform.db,
            claim,
            code=error.code,
            detail=error.message,
            traceback=traceback_of(error),
        )
    except LostClaimError as lost:
        logger.info("job %s was taken back: %s", claim.id, lost)
