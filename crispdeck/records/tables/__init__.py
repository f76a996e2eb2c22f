"""The tables: what a row holds and what the database itself forbids; no behaviour.

Everything under a job (its pictures and events) changes only in a transaction that has locked
the job's row. Whoever needs several jobs locks them in the order of their ids, or skips those
that are locked, so that two transactions never wait for each other.
"""

from crispdeck.records.tables.base import Table
from crispdeck.records.tables.figures import Mark, Tally
from crispdeck.records.tables.people import (
    ApiKey,
    Audit,
    FailedLogin,
    Operator,
    OperatorSession,
    Pairing,
    Tenant,
)
from crispdeck.records.tables.shelf import (
    Batch,
    Deck,
    IdempotencyKey,
    Original,
    Upload,
    UploadPart,
    UpscaleCache,
)
from crispdeck.records.tables.work import (
    Drain,
    Event,
    Job,
    Leased,
    Picture,
    WaitingDeck,
    WorkerHeartbeat,
)

__all__ = [
    "ApiKey",
    "Audit",
    "Batch",
    "Deck",
    "Drain",
    "Event",
    "FailedLogin",
    "IdempotencyKey",
    "Job",
    "Leased",
    "Mark",
    "Operator",
    "OperatorSession",
    "Original",
    "Pairing",
    "Picture",
    "Table",
    "Tally",
    "Tenant",
    "Upload",
    "UploadPart",
    "UpscaleCache",
    "WaitingDeck",
    "WorkerHeartbeat",
]
