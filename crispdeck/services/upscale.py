"""Make claimed pictures sharp: claim those of one size, use or keep results, end the rows; fenced.

The pixels are made by whoever is handed in. Whatever goes wrong with a picture ends that picture,
with a code, and no other. What was away (the store, the database) is no fault of the picture: it
waits.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, Protocol, TypeVar

from crispdeck.errors import (
    CrispdeckError,
    DamagedObjectError,
    ObjectMissingError,
    PictureRefusedError,
    RecordsError,
)
from crispdeck.json_logging import about
from crispdeck.picture.sharpened import Sharpened
from crispdeck.records.ids import new_id
from crispdeck.records.shelf.upscales import find_upscale, forget_upscale, remember_upscale
from crispdeck.records.states import PictureState
from crispdeck.records.work.claims import claim_pictures, finish_pictures, give_back
from crispdeck.records.work.remaking import make_again
from crispdeck.records.work.values import PictureClaim, PictureOutcome
from crispdeck.services.failures import traceback_of
from crispdeck.services.outages import patiently
from crispdeck.services.worker_platform import WorkerPlatform
from crispdeck.storage import read_checked, sha256_of, upscale_key

logger = logging.getLogger(__name__)

T = TypeVar("T")

End = PictureOutcome | CrispdeckError
"""How the work on a picture ended; an error may be one that passes."""

WRITTEN_EVERY_S = 1.0
"""Ends are written together, for each writing costs as much as ten ends do; but nobody who looks
on shall see a result later than this."""

TASK_S = 480.0
"""After so long in one task no picture is begun: the queue cuts a task off after 540 s."""


class Manner(NamedTuple):
    """How pictures are made; those of one manner go into one call.

    Attributes:
        crispness: 0 to 1.
        strip: leave EXIF, XMP, IPTC and text out.
    """

    crispness: float
    strip: bool


class Sharpener(Protocol):
    """Makes pixels: decodes, enlarges, encodes."""

    @property
    def networks(self) -> frozenset[str]:
        """All that a result may say it was made by."""
        ...

    def variant(self, manner: Manner) -> str:
        """Name all that a result depends on besides picture, network and scale."""
        ...

    def sharpen(
        self,
        loads: "Sequence[Callable[[], bytes]]",
        scale: float,
        manner: Manner,
        *,
        then: Callable[[int, Sharpened], T],
        deadline: float,
    ) -> Iterator[tuple[int, T | CrispdeckError]]:
        """Make each picture sharp and hand it on; an error is that picture's alone.

        Args:
            loads: give each picture's bytes, or raise its error; called in any thread.
            scale: of all.
            manner: of all.
            then: what is done with each result at once, in any thread, while others are made.
            deadline: by time.monotonic(); what is not begun by then is NotBegunError.

        Yields:
            The index of each picture, once, and what `then` made of it; in any order.
        """
        ...


class NotBegunError(CrispdeckError):
    """Others of the same call took all the time; the next worker begins with this one."""

    code = "worker_stopped"


@dataclass(frozen=True)
class _Stored:
    """A result in the store, of which no row knows yet."""

    made: Sharpened
    key: str
    sha256: str
    size_bytes: int


def upscale(platform: WorkerPlatform, picture_id: str, sharpener: Sharpener) -> None:
    """Work on the most urgent pictures that wait; the one that the message names is a hint."""
    settings = platform.settings
    if platform.outages.rests:
        return  # the sweeper announces what waits again
    asked_at = time.time()
    claims = claim_pictures(
        platform.db,
        worker=platform.worker,
        picture_id=picture_id,
        limit=settings.batch_pictures,
        max_px=settings.batch_px,
        lease_s=settings.lease_s,
        max_attempts=settings.max_attempts,
    )
    if not claims and not platform.is_drained():
        platform.queue.forget_stale(before=asked_at)
        return
    with platform.leases.holding(claims):
        left = {claim.id: claim for claim in claims}
        ends: list[tuple[PictureClaim, End]] = []
        last_written = time.monotonic()
        try:
            for some, end in _ends(platform, sharpener, claims):
                ends += [(left.pop(claim.id), end) for claim in some]
                if time.monotonic() - last_written > WRITTEN_EVERY_S:
                    _finish(platform, ends)
                    ends, last_written = [], time.monotonic()
        except RecordsError as error:
            ends += [(claim, error) for claim in left.values()]
        except Exception as error:
            logger.exception("the work on %s broke off", ", ".join(left))
            broken = CrispdeckError(
                f"The work failed with an unexpected error: {type(error).__name__}."
            )
            broken.__cause__ = error
            ends += [(claim, broken) for claim in left.values()]
        _finish(platform, ends)


def _ends(
    platform: WorkerPlatform, sharpener: Sharpener, claims: Sequence[PictureClaim]
) -> Iterator[tuple[Sequence[PictureClaim], End]]:
    """Give each distinct picture's claims and their end, as soon as its result is stored."""
    fresh = []
    for claim in claims:
        found = _from_cache(platform, sharpener, claim)
        if found is None:
            fresh.append(claim)
        else:
            yield [claim], found
    yield from _work(platform, sharpener, fresh)


def _from_cache(platform: WorkerPlatform, sharpener: Sharpener, claim: PictureClaim) -> End | None:
    """Use an upscale that is there; one that is damaged is made anew, with an event."""
    found = find_upscale(
        platform.db,
        claim.tenant_id,
        sha256=claim.sha256,
        networks=sharpener.networks,
        scale=claim.scale,
        variant=sharpener.variant(_manner(platform, claim)),
        retention_days=platform.settings.retention_days,
    )
    if found is None:
        return None
    try:
        blob = read_checked(
            platform.store,
            found.object_key,
            sha256=found.object_sha256,
            size_bytes=found.size_bytes,
        )
    except (DamagedObjectError, ObjectMissingError) as error:
        logger.warning("an upscale is made again: %s", error)
        forget_upscale(platform.db, found.object_key)
        make_again(platform.db, claim, code=error.code)
        return None
    except CrispdeckError as error:
        return error
    return PictureOutcome(
        state=PictureState.DONE,
        result_key=found.object_key,
        result_format=found.format,
        width_px=found.width_px,
        height_px=found.height_px,
        size_bytes=found.size_bytes,
        sha256=found.object_sha256 or sha256_of(blob),
        report=found.report | {"cached": True},
    )


def _work(
    platform: WorkerPlatform, sharpener: Sharpener, claims: Sequence[PictureClaim]
) -> Iterator[tuple[Sequence[PictureClaim], End]]:
    """Give each distinct picture's claims and their end, each as soon as its result is stored."""
    by_manner: dict[Manner, dict[tuple[str, str], list[PictureClaim]]] = {}
    for claim in claims:
        alike = by_manner.setdefault(_manner(platform, claim), {})
        alike.setdefault((claim.tenant_id, claim.sha256), []).append(claim)
    deadline = time.monotonic() + TASK_S
    for manner, groups in sorted(by_manner.items()):
        variant, twins = sharpener.variant(manner), list(groups.values())
        sharpened = sharpener.sharpen(
            [partial(_source, platform, each[0]) for each in twins],
            claims[0].scale,
            manner,
            then=lambda index, made: _stored(platform, twins[index][0], variant, made),  # noqa: B023
            deadline=deadline,
        )
        for index, end in sharpened:
            yield twins[index], _kept(platform, twins[index][0], variant, end)


def _source(platform: WorkerPlatform, claim: PictureClaim) -> bytes:
    return read_checked(
        platform.store, claim.source_key, sha256=claim.sha256, size_bytes=claim.source_bytes
    )


def _stored(
    platform: WorkerPlatform, claim: PictureClaim, variant: str, made: Sharpened
) -> _Stored:
    """Put a result into the store, before any row points to it."""
    network = made.report["chosen"].replace("@", "-")  # no letter of a key
    key = upscale_key(claim.tenant_id, claim.sha256, network, claim.scale, variant, new_id())
    stored = platform.store.put(key, made.blob, content_type=made.format.content_type)
    return _Stored(made, key, sha256_of(made.blob), stored.size_bytes)


def _kept(
    platform: WorkerPlatform, claim: PictureClaim, variant: str, end: _Stored | CrispdeckError
) -> End:
    """Remember what is in the store for whoever needs the same again."""
    if isinstance(end, CrispdeckError):
        return end
    made = end.made
    patiently(
        lambda: remember_upscale(
            platform.db,
            claim.tenant_id,
            sha256=claim.sha256,
            network=made.report["chosen"],
            scale=claim.scale,
            variant=variant,
            object_key=end.key,
            object_sha256=end.sha256,
            format=made.format,
            width_px=made.width_px,
            height_px=made.height_px,
            size_bytes=end.size_bytes,
            report=made.report,
            retention_days=platform.settings.retention_days,
        )
    )
    return PictureOutcome(
        state=PictureState.DONE,
        result_key=end.key,
        result_format=made.format,
        width_px=made.width_px,
        height_px=made.height_px,
        size_bytes=end.size_bytes,
        sha256=end.sha256,
        report=made.report,
    )


def _finish(platform: WorkerPlatform, ends: Sequence[tuple[PictureClaim, End]]) -> None:
    """Write how pictures ended, however long the database is away meanwhile."""
    platform.leases.release_lease([claim for claim, _ in ends])
    final: list[tuple[PictureClaim, PictureOutcome]] = []
    for claim, end in ends:
        if isinstance(end, NotBegunError):
            platform.announce(patiently(partial(give_back, platform.db, [claim], counted=False)))
        elif isinstance(end, CrispdeckError) and end.retryable:
            platform.announce(platform.outages.put_off([claim], end))
        else:
            final.append((claim, _final(end)))
    if not final:
        return
    lost, wakeups = patiently(lambda: finish_pictures(platform.db, final))
    for claim, outcome in final:
        if claim.id not in lost:
            _log_end(claim, outcome)
    if lost:
        logger.info("late results are dropped: %s", ", ".join(sorted(lost)))
    if len(final) == len(ends):
        platform.outages.over()
    platform.announce(wakeups)


def _log_end(claim: PictureClaim, outcome: PictureOutcome) -> None:
    """Write one line for each picture, by which it is found from its job and its tenant."""
    with about(picture=claim.id, job=claim.job_id, tenant=claim.tenant_id):
        line = {
            "event": "picture",
            "state": outcome.state.value,
            "code": outcome.code,
            "attempt": claim.attempts,
            "queue": claim.queue.value,
        }
        logger.info("%s", json.dumps(line))


def _final(end: End) -> PictureOutcome:
    """Leave alone what cannot be read; whatever else goes wrong is a failure."""
    if isinstance(end, PictureOutcome):
        return end
    refused = isinstance(end, PictureRefusedError)
    state = PictureState.SKIPPED if refused else PictureState.FAILED
    return PictureOutcome(
        state=state, code=end.code, detail=end.message, traceback=traceback_of(end)
    )


def _manner(platform: WorkerPlatform, claim: PictureClaim) -> Manner:
    """Give what the job asked for, or else what is set here."""
    crispness = platform.settings.crispness if claim.crispness is None else claim.crispness
    return Manner(crispness, claim.strip)
