"""The states that jobs and pictures go through, and which of them are final; no rows."""

from enum import StrEnum


class JobKind(StrEnum):
    """What a job works on."""

    DECK = "deck"
    PICTURE = "picture"


class JobState(StrEnum):
    """Where a job stands: queued until somebody first took it, then running until it ends."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Stage(StrEnum):
    """What has to happen next; a picture job knows `upscale` only."""

    PREPARE = "prepare"
    """Unpack the chosen pictures of the deck."""
    UPSCALE = "upscale"
    """The pictures are worked on, each by its own row."""
    ASSEMBLE = "assemble"
    """Write the deck with its new pictures."""


class PictureState(StrEnum):
    """Where one picture of a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    CANCELLED = "cancelled"


class UploadState(StrEnum):
    """Where an upload stands."""

    RECEIVING = "receiving"
    DONE = "done"
    """It is a deck now."""
    REFUSED = "refused"
    """All of it came, and it is no deck that can be worked on."""
    CANCELLED = "cancelled"


class EventKind(StrEnum):
    """What happened to a job or one of its pictures."""

    JOB_QUEUED = "job.queued"
    JOB_RUNNING = "job.running"
    JOB_STAGE = "job.stage"
    JOB_REQUEUED = "job.requeued"
    JOB_DONE = "job.done"
    JOB_FAILED = "job.failed"
    JOB_CANCELLED = "job.cancelled"
    JOB_RETRIED = "job.retried"
    PICTURE_QUEUED = "picture.queued"
    PICTURE_RUNNING = "picture.running"
    PICTURE_DONE = "picture.done"
    PICTURE_SKIPPED = "picture.skipped"
    PICTURE_FAILED = "picture.failed"
    PICTURE_CANCELLED = "picture.cancelled"


OPEN_JOB_STATES = frozenset({JobState.QUEUED, JobState.RUNNING})
FINAL_JOB_STATES = frozenset(JobState) - OPEN_JOB_STATES
OPEN_PICTURE_STATES = frozenset({PictureState.QUEUED, PictureState.RUNNING})
FINAL_PICTURE_STATES = frozenset(PictureState) - OPEN_PICTURE_STATES

WORKER_LOST = "worker_lost"
"""The code of whatever lost its worker as often as it may."""


class DeliveryState(StrEnum):
    """What became of one thing that another program is told."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
