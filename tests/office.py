"""One tenant and one worker process without Celery: work is done step by step."""

from collections.abc import Callable
from typing import Generic, TypeVar

from crispdeck.queue.names import QueueName
from crispdeck.records.people.tenants import create_tenant
from crispdeck.records.states import PictureState
from crispdeck.records.work.job import get_job, pictures_of
from crispdeck.records.work.job_options import JobOptions
from crispdeck.records.work.values import JobRecord, PictureRecord
from crispdeck.services.assemble import assemble
from crispdeck.services.prepare import prepare
from crispdeck.services.worker_platform import WorkerPlatform
from tests.hand_in import hand_in_deck, hand_in_picture

P = TypeVar("P", bound=WorkerPlatform)


class Office(Generic[P]):
    """One tenant and one worker process."""

    def __init__(self, context: P, upscale: Callable[[], object]) -> None:
        self.context = context
        self._upscale = upscale
        self.tenant_id = create_tenant(context.db, "a tenant")

    def deck_job(
        self, deck: bytes, options: JobOptions | None = None, *, name: str = "talk.pptx"
    ) -> str:
        """Hand in a deck; return its job's id."""
        job, _ = hand_in_deck(
            self.context.db, self.context.store, self.tenant_id, deck, options, name=name
        )
        return job.id

    def picture_job(
        self,
        blob: bytes,
        *,
        scale: int = 4,
        crispness: float | None = None,
        strip: bool = False,
    ) -> str:
        """Hand in a picture; return its job's id."""
        job, _ = hand_in_picture(
            self.context.db,
            self.context.store,
            self.tenant_id,
            blob,
            scale=scale,
            crispness=crispness,
            strip=strip,
        )
        return job.id

    def upscale_all(self, job_id: str) -> None:
        """Take messages until nothing of the job waits."""
        while any(picture.state is PictureState.QUEUED for picture in self.pictures(job_id)):
            self._upscale()

    def do_all(self, job_id: str) -> JobRecord:
        """Do a deck job from its start to its end."""
        prepare(self.context, job_id)
        self.upscale_all(job_id)
        assemble(self.context, job_id)
        return self.job(job_id)

    def job(self, job_id: str) -> JobRecord:
        """The job as it is now."""
        return get_job(self.context.db, self.tenant_id, job_id)

    def pictures(self, job_id: str) -> tuple[PictureRecord, ...]:
        """The job's pictures as they are now."""
        return pictures_of(self.context.db, self.tenant_id, job_id)

    def all_keys(self) -> set[str]:
        """All objects in the store."""
        return {found.key for found in self.context.store.list()}

    def messages(self, queue: QueueName) -> int:
        """How many messages wait in a queue."""
        depths = self.context.queue.depths()
        assert depths is not None
        return depths[queue]
