"""Any order of claims, losses, ends, cancels and retries keeps the rows and the counts right."""

import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from crispdeck.errors import ConflictError, LostClaimError
from crispdeck.jobs.claims import (
    claim_job,
    fail_job,
    finish_assemble,
    finish_picture,
    finish_prepare,
    give_back,
    renew,
)
from crispdeck.jobs.database import Database
from crispdeck.jobs.events import events_after
from crispdeck.jobs.job import cancel_job, retry_job
from crispdeck.jobs.records import (
    JobClaim,
    JobRecord,
    PictureClaim,
    PictureOutcome,
    SkippedPicture,
)
from crispdeck.jobs.states import FINAL_JOB_STATES, JobState, PictureState, Stage
from crispdeck.jobs.sweep import sweep
from tests.crispdeck.jobs.world import LEASE_S, Clock, World, new_picture

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

    @initialize()
    def two_jobs(self) -> None:
        self.jobs = [self.world.deck_job(), self.world.deck_job()]

    @rule(pick=PICK, stage=st.sampled_from([Stage.PREPARE, Stage.ASSEMBLE]))
    def claim_stage(self, pick: int, stage: Stage) -> None:
        job = self.jobs[pick % 2]
        claim = claim_job(self.db, worker="w", job_id=job.id, stage=stage, lease_s=LEASE_S)
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

    @rule(limit=st.integers(1, 3))
    def claim_pictures(self, limit: int) -> None:
        self.claims += self.world.claim(limit=limit)

    @precondition(lambda self: self.claims)
    @rule(pick=PICK, state=OUTCOMES)
    def finish_picture(self, pick: int, state: PictureState) -> None:
        claim = self.claims[pick % len(self.claims)]  # kept: a worker may say it twice
        try:
            finish_picture(self.db, claim, PictureOutcome(state=state))
        except LostClaimError:
            return
        self.ends[claim.id, claim.token] += 1
        assert self.ends[claim.id, claim.token] == 1

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
            picture.id
            for job in self.jobs
            for picture in self.world.pictures(job)
            if picture.state is PictureState.RUNNING
        }
        assert renewed <= running | {job.id for job in self.jobs}
        assert running <= renewed

    @rule(seconds=st.sampled_from([1.0, LEASE_S / 2, LEASE_S + 1]))
    def time_goes_by(self, seconds: float) -> None:
        self.clock.forward(seconds=seconds)

    @rule()
    def sweep(self) -> None:
        sweep(self.db, stale_queued_s=30, max_attempts=MAX_ATTEMPTS)

    @rule(pick=PICK)
    def cancel(self, pick: int) -> None:
        job = self.world.job(self.jobs[pick % 2])
        try:
            cancel_job(self.db, self.world.tenant_id, job.id)
        except ConflictError:
            assert job.state in {JobState.DONE, JobState.FAILED}

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


TestJobsMachine = JobsMachine.TestCase
TestJobsMachine.settings = settings(
    max_examples=25,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
