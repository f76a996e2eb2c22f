"""Any order of claims, losses, ends, cancels and retries keeps the rows and the counts right."""

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from crispdeck.errors import ConflictError, LostClaimError
from crispdeck.records.database import Database
from crispdeck.records.states import FINAL_JOB_STATES, JobState, PictureState, Stage
from crispdeck.records.work.claims import (
    claim_job,
    fail_job,
    finish_assemble,
    finish_picture,
    finish_prepare,
    give_back,
    renew,
)
from crispdeck.records.work.events import events_after
from crispdeck.records.work.job import cancel_job, retry_job
from crispdeck.records.work.sweep import sweep
from crispdeck.records.work.values import (
    JobClaim,
    JobRecord,
    PictureClaim,
    PictureOutcome,
    PictureRecord,
    SkippedPicture,
)
from tests.crispdeck.records.world import LEASE_S, Clock, World, new_picture

MAX_ATTEMPTS = 3
OUTCOMES = st.sampled_from([PictureState.DONE, PictureState.SKIPPED, PictureState.FAILED])
PICK = st.integers(0, 10**6)


class JobsMachine(RuleBasedStateMachine):
    """Two deck jobs and the claims that workers hold or believe to hold."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        self.db = Database(f"sqlite:///{Path(self.folder.name) / 'r.db'}", clock=self.clock)
        self.db.migrate()
        self.world = World(self.db, self.clock)
        self.jobs: list[JobRecord] = []
        self.pictures: dict[str, int] = {}
        self.claims: list[PictureClaim] = []
        self.stages: list[JobClaim] = []
        self.ends: Counter[tuple[str, int]] = Counter()
        self.seen = 0

    def teardown(self) -> None:
        self.db.dispose()
        self.folder.cleanup()

    @initialize(pictures=st.integers(1, 4), skipped=st.integers(0, 1))
    def one_new_and_one_prepared_job(self, pictures: int, skipped: int) -> None:
        prepared, _ = self.world.prepared(pictures, skipped=skipped)
        self.pictures[prepared.id] = pictures + skipped
        self.jobs = [self.world.deck_job(), prepared]

    @precondition(lambda self: self._jobs_in_a_stage())
    @rule(pick=PICK)
    def claim_stage(self, pick: int) -> None:
        jobs = self._jobs_in_a_stage()
        job = jobs[pick % len(jobs)]
        claim = claim_job(self.db, worker="w", job_id=job.id, stage=job.stage, lease_s=LEASE_S)
        assert (claim is None) == (job.worker is not None)
        if claim is not None:
            self.stages.append(claim)

    @precondition(lambda self: self.stages)
    @rule(pick=PICK, pictures=st.integers(0, 3), skipped=st.integers(0, 1))
    def finish_stage(self, pick: int, pictures: int, skipped: int) -> None:
        claim = self.stages.pop(pick % len(self.stages))
        found = [new_picture(n) for n in range(pictures)]
        left = [SkippedPicture(parts=("x",), code="vector")] * skipped
        try:
            if claim.stage is Stage.PREPARE:
                finish_prepare(self.db, claim, found, left)
                self.pictures[claim.id] = pictures + skipped
            else:
                finish_assemble(self.db, claim, result_key="k", size_bytes=1, summary={})
        except LostClaimError:
            assert self._is_void(claim)

    @precondition(lambda self: self.stages)
    @rule(pick=PICK)
    def fail_stage(self, pick: int) -> None:
        claim = self.stages.pop(pick % len(self.stages))
        try:
            fail_job(self.db, claim, code="deck_unsafe", detail="")
        except LostClaimError:
            assert self._is_void(claim)

    @precondition(lambda self: self._has_queued_pictures())
    @rule(limit=st.integers(1, 3))
    def claim_pictures(self, limit: int) -> None:
        claims = self.world.claim(limit=limit)
        assert claims
        self.claims += claims

    @precondition(lambda self: self.claims)
    @rule(pick=PICK, state=OUTCOMES)
    def finish_picture(self, pick: int, state: PictureState) -> None:
        self._finish(self.claims[pick % len(self.claims)], state)  # kept: it may be said twice

    @precondition(lambda self: self._has_queued_pictures())
    @rule(limit=st.integers(1, 3), state=OUTCOMES)
    def upscale(self, limit: int, state: PictureState) -> None:
        """What a worker does that nothing comes between."""
        for claim in self.world.claim(limit=limit):
            assert self._finish(claim, state)
            self.claims.append(claim)

    @precondition(lambda self: self.claims)
    @rule(pick=PICK, counted=st.booleans())
    def give_back(self, pick: int, *, counted: bool) -> None:
        claim = self.claims[pick % len(self.claims)]
        give_back(self.db, [claim], counted=counted, max_attempts=MAX_ATTEMPTS)

    @precondition(lambda self: self.claims or self.stages)
    @rule()
    def renew_all(self) -> None:
        renewed = renew(self.db, [*self.claims, *self.stages], LEASE_S)
        running = {
            picture.id for picture in self._all_pictures() if picture.state is PictureState.RUNNING
        }
        assert renewed <= running | {job.id for job in self.jobs}
        assert running <= renewed

    @precondition(lambda self: self._has_queued_pictures())
    @rule(times=st.integers(1, MAX_ATTEMPTS))
    def lose_workers(self, times: int) -> None:
        """Workers take pictures and die, and others take them again; the first may come back."""
        for _ in range(times):
            self.claims += self.world.claim()
            self.clock.forward(seconds=LEASE_S + 1)
            sweep(self.db, stale_queued_s=30, max_attempts=MAX_ATTEMPTS)
        self.claims += self.world.claim()

    @precondition(lambda self: self.claims or self.stages)
    @rule(seconds=st.sampled_from([1.0, LEASE_S / 2, LEASE_S + 1]))
    def time_goes_by(self, seconds: float) -> None:
        self.clock.forward(seconds=seconds)

    @precondition(lambda self: self.claims or self.stages)
    @rule()
    def sweep(self) -> None:
        sweep(self.db, stale_queued_s=30, max_attempts=MAX_ATTEMPTS)

    @precondition(lambda self: self.claims or self.stages)
    @rule(pick=PICK, sure=st.integers(0, 4))
    def cancel(self, pick: int, sure: int) -> None:
        if sure < 4:  # or else most runs would be about little but cancelled jobs
            return
        job = self.world.job(self.jobs[pick % 2])
        try:
            cancel_job(self.db, self.world.tenant_id, job.id)
        except ConflictError:
            assert job.state in {JobState.DONE, JobState.FAILED}

    @precondition(lambda self: any(self.world.job(job).is_final for job in self.jobs))
    @rule(pick=PICK)
    def retry(self, pick: int) -> None:
        job = self.world.job(self.jobs[pick % 2])
        try:
            wakeups = retry_job(self.db, self.world.tenant_id, job.id)
        except ConflictError:
            assert not job.is_final or (
                job.state is JobState.DONE and not job.pictures_failed + job.pictures_cancelled
            )
        else:
            assert wakeups

    @invariant()
    def rows_and_counts_agree(self) -> None:
        for job in map(self.world.job, self.jobs):
            pictures = self.world.pictures(job)
            counted = {state: getattr(job, f"pictures_{state.value}") for state in PictureState}
            real = Counter(picture.state for picture in pictures)
            assert counted == {state: real[state] for state in PictureState}
            assert len(pictures) == self.pictures.get(job.id, 0)
            open_pictures = counted[PictureState.QUEUED] + counted[PictureState.RUNNING]
            if job.state in FINAL_JOB_STATES:
                assert open_pictures == 0
                assert job.finished_at is not None
            else:
                assert (job.stage is Stage.UPSCALE) == (open_pictures > 0)
            for picture in pictures:
                assert picture.attempts <= MAX_ATTEMPTS
                assert (picture.worker is not None) == (picture.state is PictureState.RUNNING)

    @invariant()
    def the_last_event_tells_where_the_job_stands(self) -> None:
        for job in map(self.world.job, self.jobs):
            last = events_after(self.db, self.world.tenant_id, job.id, limit=10**6)[-1]
            assert last.data["job_state"] == job.state.value
            assert last.data["stage"] == job.stage.value
            assert last.data["counts"]["done"] == job.pictures_done
            assert last.data["counts"]["queued"] == job.pictures_queued

    def _finish(self, claim: PictureClaim, state: PictureState) -> bool:
        before = next(p for p in self._all_pictures() if p.id == claim.id)
        try:
            finish_picture(self.db, claim, PictureOutcome(state=state))
        except LostClaimError:
            return False
        assert before.state is PictureState.RUNNING
        self.ends[claim.id, claim.token] += 1
        assert self.ends[claim.id, claim.token] == 1
        return True

    def _all_pictures(self) -> list[PictureRecord]:
        return [picture for job in self.jobs for picture in self.world.pictures(job)]

    def _jobs_in_a_stage(self) -> list[JobRecord]:
        jobs = map(self.world.job, self.jobs)
        return [job for job in jobs if not job.is_final and job.stage is not Stage.UPSCALE]

    def _has_queued_pictures(self) -> bool:
        return any(self.world.job(job).pictures_queued for job in self.jobs)

    def _is_void(self, claim: JobClaim) -> bool:
        job = next(self.world.job(job) for job in self.jobs if job.id == claim.id)
        return (
            job.worker is None
            or job.stage is not claim.stage
            or job.is_final
            or bool(
                [
                    other
                    for other in self.stages
                    if other.id == claim.id and other.token > claim.token
                ]
            )
        )


TestJobsMachine = pytest.mark.long(JobsMachine.TestCase)
TestJobsMachine.settings = settings(
    max_examples=25,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
