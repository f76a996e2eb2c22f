"""A tenant, decks and jobs for the tests of jobs, and a clock that moves when it is told to."""

import itertools
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Self

from sqlalchemy import delete, select, update

from crispdeck.queue.names import QueueName, WakeUp
from crispdeck.records.database import Database
from crispdeck.records.ids import new_id
from crispdeck.records.people.tenants import create_tenant
from crispdeck.records.shelf.decks import create_deck
from crispdeck.records.shelf.values import DeckRecord
from crispdeck.records.states import Stage
from crispdeck.records.tables import Job, Share
from crispdeck.records.work.claims import claim_job, claim_pictures, finish_prepare
from crispdeck.records.work.job import create_deck_job, create_picture_job, get_job, pictures_of
from crispdeck.records.work.job_options import JobOptions
from crispdeck.records.work.values import (
    JobClaim,
    JobRecord,
    NewPicture,
    PictureClaim,
    PictureRecord,
    SkippedPicture,
)

LEASE_S = 60.0
RETENTION_DAYS = 7.0


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, *, seconds: float = 0, days: float = 0) -> None:
        self.now += timedelta(seconds=seconds, days=days)


def new_picture(number: int, *, width_px: int = 100, owner: str = "o") -> NewPicture:
    return NewPicture(
        parts=(f"ppt/media/image{number}.png",),
        sha256=f"{number:064x}",
        source_key=f"t/pictures/{owner}/{number:064x}",
        source_format="png",
        source_bytes=1000,
        width_px=width_px,
        height_px=50,
        scale=4,
    )


class World:
    """One tenant and short names for what tests do all the time."""

    def __init__(self, db: Database, clock: Clock, tenant_id: str = "") -> None:
        self.db = db
        self.clock = clock
        self.tenant_id = tenant_id or create_tenant(db, "a tenant")
        self._numbers = itertools.count(1)

    def of(self, tenant_id: str) -> Self:
        """The same for another tenant."""
        return type(self)(self.db, self.clock, tenant_id)

    def waiting(self) -> Counter[QueueName]:
        """What the shares say of all tenants."""
        return self._summed("queued")

    def running(self) -> Counter[QueueName]:
        return self._summed("running")

    def _summed(self, name: str) -> Counter[QueueName]:
        found: Counter[QueueName] = Counter()
        with self.db.reading() as session:
            for row in session.scalars(select(Share)):
                found[row.queue] += getattr(row, name)
        return +found

    def forget_shares(self) -> None:
        """Leave the database as a process does that does not know them."""
        with self.db.session() as session:
            session.execute(delete(Share))

    def deck(self) -> DeckRecord:
        deck_id = new_id()
        return create_deck(
            self.db,
            self.tenant_id,
            name="talk.pptx",
            size_bytes=5000,
            sha256="0" * 64,
            object_key=f"{self.tenant_id}/decks/{deck_id}/original",
            scan_json={"slides": 3},
            retention_days=RETENTION_DAYS,
            deck_id=deck_id,
        )

    def deck_job(self, queue: QueueName = QueueName.BULK) -> JobRecord:
        options = JobOptions(queue=queue)
        deck_id = self.deck().id
        return create_deck_job(
            self.db, self.tenant_id, deck_id, options, retention_days=RETENTION_DAYS
        )[0]

    def claimed(self, job: JobRecord, stage: Stage = Stage.PREPARE) -> JobClaim:
        claim = claim_job(self.db, worker="w", job_id=job.id, stage=stage, lease_s=LEASE_S)
        assert claim is not None
        return claim

    def prepared(
        self,
        pictures: int = 3,
        *,
        skipped: int = 0,
        queue: QueueName = QueueName.BULK,
        width_px: int = 100,
    ) -> tuple[JobRecord, list[WakeUp]]:
        """A deck job whose pictures wait to be upscaled."""
        job = self.deck_job(queue)
        found = [
            new_picture(next(self._numbers), width_px=width_px, owner=job.id)
            for _ in range(pictures)
        ]
        left = [SkippedPicture(parts=(f"v{n}.emf",), code="vector") for n in range(skipped)]
        wakeups = finish_prepare(self.db, self.claimed(job), found, left)
        return self.job(job), wakeups

    def picture_job(self, *, width_px: int = 100) -> tuple[JobRecord, list[WakeUp]]:
        number = next(self._numbers)
        picture = new_picture(number, width_px=width_px, owner=f"o{number}")
        return create_picture_job(self.db, self.tenant_id, picture, retention_days=RETENTION_DAYS)

    def claim(
        self, picture_id: str = "", *, limit: int = 1, max_px: int = 10**9, worker: str = "w"
    ) -> list[PictureClaim]:
        return claim_pictures(
            self.db,
            worker=worker,
            picture_id=picture_id,
            limit=limit,
            max_px=max_px,
            lease_s=LEASE_S,
        )

    def job(self, job: JobRecord) -> JobRecord:
        return get_job(self.db, self.tenant_id, job.id)

    def write_options(self, job: JobRecord, options: object) -> None:
        """Write what another version of the program, or nobody in his senses, would."""
        with self.db.session() as session:
            session.execute(update(Job).where(Job.id == job.id).values(options=options))

    def pictures(self, job: JobRecord) -> tuple[PictureRecord, ...]:
        return pictures_of(self.db, self.tenant_id, job.id)

    def picture(self, job: JobRecord, picture_id: str) -> PictureRecord:
        return next(picture for picture in self.pictures(job) if picture.id == picture_id)
