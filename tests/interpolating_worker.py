"""A worker without a network: the real steps, plain interpolation for the pixels.

The web's tests must run where no torch is installed; all but the pixels is the real thing.
"""

import threading

from sqlalchemy import select

from crispdeck.errors import PictureRefusedError
from crispdeck.picture.interpolate import resize
from crispdeck.picture.reading import decode
from crispdeck.picture.writing import encode
from crispdeck.records.ids import new_id
from crispdeck.records.states import OPEN_JOB_STATES, PictureState, Stage
from crispdeck.records.tables import Job, Picture
from crispdeck.records.work.claims import claim_pictures, finish_picture
from crispdeck.records.work.values import PictureClaim, PictureOutcome
from crispdeck.records.work.waiting_decks import start_waiting
from crispdeck.services.assemble import assemble
from crispdeck.services.prepare import prepare
from crispdeck.services.worker_platform import WorkerPlatform
from crispdeck.storage import sha256_of

MAX_PX = 16_000_000


class InterpolatingWorker:
    """Does what waits, in the thread that asks."""

    def __init__(self, platform: WorkerPlatform) -> None:
        self.platform = platform
        self.fails = False
        """Let every picture fail from now on."""

    def close(self) -> None:
        """Close the connections."""
        self.platform.close()

    def work_until(self, stop: threading.Event) -> None:
        """Work off what comes until told to stop."""
        while not stop.wait(0.005):
            self.work_off()

    def work_off(self) -> None:
        """Do everything that waits and return when nothing does."""
        while self.prepare() or self.upscale() or self.assemble() or self.start_waiting():
            pass

    def start_waiting(self) -> bool:
        """Begin decks for which there was no free job."""
        return bool(start_waiting(self.platform.db, self.platform.settings))

    def prepare(self) -> bool:
        """Unpack the decks that wait for it."""
        waiting = self._waiting(Stage.PREPARE)
        for job_id in waiting:
            prepare(self.platform, job_id)
        return bool(waiting)

    def assemble(self) -> bool:
        """Put the decks together that wait for it."""
        waiting = self._waiting(Stage.ASSEMBLE)
        for job_id in waiting:
            assemble(self.platform, job_id)
        return bool(waiting)

    def upscale(self, most: int = 1) -> bool:
        """Make one picture larger, or let it fail."""
        with self.platform.db.reading() as session:
            found = session.scalars(
                select(Picture.id).where(Picture.state == PictureState.QUEUED)
            ).first()
        if found is None:
            return False
        claims = claim_pictures(
            self.platform.db,
            worker=self.platform.worker,
            picture_id=found,
            limit=most,
            max_px=MAX_PX,
            lease_s=60.0,
        )
        for claim in claims:
            finish_picture(self.platform.db, claim, self._outcome(claim))
        return True

    def _outcome(self, claim: PictureClaim) -> PictureOutcome:
        if self.fails:
            return PictureOutcome(
                state=PictureState.FAILED, code="upscale_failed", detail="Told to fail."
            )
        try:
            source = decode(self.platform.store.read(claim.source_key), max_px=MAX_PX)
        except PictureRefusedError as error:
            return PictureOutcome(state=PictureState.SKIPPED, code=error.code, detail=error.message)
        width_px, height_px = claim.width_px * claim.scale, claim.height_px * claim.scale
        larger = resize(source.pixels, width_px, height_px)
        made = encode(larger, source, scale=claim.scale, strip=claim.strip)
        key = f"{claim.tenant_id}/upscales/{new_id()}"
        self.platform.store.put(key, made.blob, content_type=made.format.content_type)
        return PictureOutcome(
            state=PictureState.DONE,
            result_key=key,
            result_format=made.format.value,
            width_px=width_px,
            height_px=height_px,
            size_bytes=len(made.blob),
            sha256=sha256_of(made.blob),
            report={
                "network": "bicubic",
                "source": [note.value for note in source.source_notes],
            },
        )

    def _waiting(self, stage: Stage) -> list[str]:
        with self.platform.db.reading() as session:
            return list(
                session.scalars(
                    select(Job.id).where(
                        Job.state.in_(OPEN_JOB_STATES),
                        Job.stage == stage,
                        Job.lease_until.is_(None),
                        Job.deck_id.is_not(None),
                    )
                )
            )
