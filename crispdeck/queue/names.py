"""The messages that wake a worker, as plain values; sending them is crispdeck.queue's part."""

from dataclasses import dataclass
from enum import StrEnum


class QueueName(StrEnum):
    """Where a message waits; a worker listens to some of these, in this order."""

    INTERACTIVE = "interactive"
    BULK = "bulk"
    CPU = "cpu"
    MAINTENANCE = "maintenance"


PICTURE_QUEUES = (QueueName.INTERACTIVE, QueueName.BULK)
"""Where pictures wait for the network, the most urgent first; who takes from these needs one."""

DECK_QUEUES = (QueueName.CPU, QueueName.MAINTENANCE)
"""Where decks wait to be taken apart and put together, and sweeps; no network is needed."""

SHOWN_QUEUES = (*PICTURE_QUEUES, QueueName.CPU)
"""What operators see: the queues that work waits in."""


class TaskName(StrEnum):
    """What a message asks for; the worker registers one task for each."""

    UPSCALE = "crispdeck.upscale"
    PREPARE = "crispdeck.prepare"
    ASSEMBLE = "crispdeck.assemble"
    REPORT = "crispdeck.report"
    SWEEP = "crispdeck.sweep"
    WEBHOOK = "crispdeck.webhook"


@dataclass(frozen=True)
class WakeUp:
    """Says that a row waits; it may be lost or come twice without harm."""

    task: TaskName
    queue: QueueName
    row_id: str
    """The picture for `upscale`, the address for `webhook`, the job for `prepare`, `assemble` and
    `report`, empty for `sweep`. Behind `report` no row waits: what it would make is made when it
    is asked for."""
