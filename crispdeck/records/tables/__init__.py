"""The tables: what a row holds and what the database itself forbids; no behaviour.

A job's counts, stage and events change only in a transaction that has locked the job's row; a
picture changes by itself and leaves a `PictureChange` for whoever holds that lock next. Jobs are
locked before pictures, each in the order of their ids; whoever holds a picture's row waits for no
job, so that two transactions never wait for each other.
"""

from crispdeck.records.tables.base import Table
from crispdeck.records.tables.figures import Mark, Tally
from crispdeck.records.tables.library import LibraryMark, LibraryPicture
from crispdeck.records.tables.people import (
    ApiKey,
    Audit,
    FailedLogin,
    Operator,
    OperatorSession,
    Pairing,
    Tenant,
)
from crispdeck.records.tables.reviews import Review, ReviewVerdict
from crispdeck.records.tables.shelf import (
    Batch,
    Deck,
    DerivedFile,
    IdempotencyKey,
    Original,
    Upload,
    UploadPart,
    UpscaleCache,
)
from crispdeck.records.tables.webhooks import Webhook, WebhookDelivery
from crispdeck.records.tables.work import (
    Drain,
    Event,
    Job,
    Leased,
    Picture,
    PictureChange,
    QueuePause,
    Share,
    WaitingDeck,
    WorkerHeartbeat,
)

__all__ = [
    "ApiKey",
    "Audit",
    "Batch",
    "Deck",
    "DerivedFile",
    "Drain",
    "Event",
    "FailedLogin",
    "IdempotencyKey",
    "Job",
    "Leased",
    "LibraryMark",
    "LibraryPicture",
    "Mark",
    "Operator",
    "OperatorSession",
    "Original",
    "Pairing",
    "Picture",
    "PictureChange",
    "QueuePause",
    "Review",
    "ReviewVerdict",
    "Share",
    "Table",
    "Tally",
    "Tenant",
    "Upload",
    "UploadPart",
    "UpscaleCache",
    "WaitingDeck",
    "Webhook",
    "WebhookDelivery",
    "WorkerHeartbeat",
]
