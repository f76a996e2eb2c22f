"""A worker without a network: real claims, real swap, plain interpolation for the pixels.

The web's tests must run where no worker is installed; the rows, the fences and the objects that
they look at are nevertheless the real ones.
"""

import hashlib
import io
import tempfile
import threading
from collections.abc import Sequence
from functools import partial

from sqlalchemy import select

from crispdeck.deck.model import ScanOptions
from crispdeck.deck.scan import scan
from crispdeck.deck.swap import Replacement, swap
from crispdeck.picture.formats import PictureFormat
from crispdeck.picture.interpolate import resize
from crispdeck.picture.reading import decode
from crispdeck.picture.writing import encode
from crispdeck.records.ids import new_id
from crispdeck.records.states import OPEN_JOB_STATES, PictureState, Stage
from crispdeck.records.tables import Job, Picture
from crispdeck.records.work.claims import (
    claim_job,
    claim_pictures,
    finish_assemble,
    finish_picture,
    finish_prepare,
)
from crispdeck.records.work.job import pictures_of
from crispdeck.records.work.values import JobClaim, NewPicture, PictureClaim, PictureOutcome
from crispdeck.records.work.waiting_decks import start_waiting
from crispdeck.storage import enhanced_key, picture_key
from web.engine import Engine

ME = {"worker": "test", "lease_s": 60.0}
MAX_PX = 16_000_000


class InterpolatingWorker:
    """Does what waits, in the thread that asks."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.fails = False
        """Let every picture fail from now on."""

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
        return bool(start_waiting(self.engine.db, self.engine.settings))

    def prepare(self) -> bool:
        """Unpack one deck."""
        claim = self._claim(Stage.PREPARE)
        if claim is None:
            return False
        with self.engine.decks.deck(claim.deck_key) as deck:
            found = scan(deck, _options(claim))
            wanted = claim.options.pictures
            new = [
                self._new(claim, part.part, deck.read(part.part), part.scale or 2)
                for part in found.low
                if wanted is None or part.part in wanted
            ]
        finish_prepare(self.engine.db, claim, new)
        return True

    def _new(self, claim: JobClaim, part: str, blob: bytes, scale: int) -> NewPicture:
        pixels = decode(blob, max_px=MAX_PX).pixels
        key = picture_key(claim.tenant_id, claim.id, new_id() * 2)
        self.engine.store.put(key, blob, content_type="image/png")
        return NewPicture(
            parts=(part,),
            sha256=hashlib.sha256(blob).hexdigest(),
            source_key=key,
            source_format="png",
            source_bytes=len(blob),
            width_px=pixels.width_px,
            height_px=pixels.height_px,
            scale=scale,
        )

    def upscale(self, most: int = 1) -> bool:
        """Make one picture larger, or let it fail."""
        with self.engine.db.reading() as session:
            found = session.scalars(
                select(Picture.id).where(Picture.state == PictureState.QUEUED)
            ).first()
        if found is None:
            return False
        claims = claim_pictures(
            self.engine.db,
            picture_id=found,
            limit=most,
            max_px=MAX_PX,
            **ME,  # type: ignore[arg-type]
        )
        for claim in claims:
            finish_picture(self.engine.db, claim, self._outcome(claim))
        return True

    def _outcome(self, claim: PictureClaim) -> PictureOutcome:
        if self.fails:
            return PictureOutcome(
                state=PictureState.FAILED, code="upscale_failed", detail="Told to fail."
            )
        source = decode(self.engine.store.read(claim.source_key), max_px=MAX_PX)
        width_px, height_px = claim.width_px * claim.scale, claim.height_px * claim.scale
        made = encode(resize(source.pixels, width_px, height_px), source, scale=claim.scale)
        key = f"{claim.tenant_id}/upscales/{new_id()}"
        self.engine.store.put(key, made.blob, content_type=made.format.content_type)
        return PictureOutcome(
            state=PictureState.DONE,
            result_key=key,
            result_format=made.format.value,
            width_px=width_px,
            height_px=height_px,
            size_bytes=len(made.blob),
            report={"network": "bicubic"},
        )

    def assemble(self) -> bool:
        """Put one deck together."""
        claim = self._claim(Stage.ASSEMBLE)
        if claim is None:
            return False
        done = [
            row
            for row in pictures_of(self.engine.db, claim.tenant_id, claim.id)
            if row.state is PictureState.DONE
        ]
        replacements = [
            Replacement(
                part=part,
                format=PictureFormat(row.result_format or ""),
                size_bytes=row.result_bytes or 0,
                load=partial(self.engine.store.read, row.result_key or ""),
            )
            for row in done
            for part in row.parts
        ]
        self._swap(claim, replacements)
        return True

    def _swap(self, claim: JobClaim, replacements: Sequence[Replacement]) -> None:
        key = enhanced_key(claim.tenant_id, claim.deck_id, claim.id)
        with tempfile.TemporaryFile() as out, self.engine.decks.deck(claim.deck_key) as deck:
            result = swap(deck, scan(deck, _options(claim)), replacements, out)
            out.seek(0)
            stored = self.engine.store.put(key, io.BytesIO(out.read()), content_type="x/deck")
        finish_assemble(
            self.engine.db,
            claim,
            result_key=key,
            size_bytes=stored.size_bytes,
            summary={
                "pictures": [{"part": each.part} for each in result.swapped],
                "bytes_before": result.old_size,
                "bytes_after": result.new_size,
            },
        )

    def _claim(self, stage: Stage) -> JobClaim | None:
        with self.engine.db.reading() as session:
            waiting = session.scalars(
                select(Job.id).where(
                    Job.state.in_(OPEN_JOB_STATES), Job.stage == stage, Job.lease_until.is_(None)
                )
            ).all()
        for job_id in waiting:
            claim = claim_job(self.engine.db, job_id=job_id, stage=stage, **ME)  # type: ignore[arg-type]
            if claim is not None and claim.deck_id:
                return claim
        return None


def _options(claim: JobClaim) -> ScanOptions:
    options = claim.options
    return ScanOptions(
        low_ppi=options.low_ppi,
        target_ppi=options.target_ppi,
        max_scale=options.max_scale,
        layouts=options.layouts,
    )
