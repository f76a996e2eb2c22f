"""A batch followed as server-sent events: what has changed since the last look, and nothing else.

A reader that comes back is told all anew, so nothing can be lost between two connections.
"""

import hashlib
import json
import time
from collections.abc import Iterator
from typing import Any

from crispdeck.errors import GoneError, NotFoundError
from crispdeck.records.database import Database
from crispdeck.records.work.batch_contents import read_contents
from web.schemas.batches import BatchOut
from web.streams import HEARTBEAT_S, LIFE_S

PAUSE_S = 0.4  # between two reads of a batch; a guess: a bar that moves twice a second looks steady


def read_batch(db: Database, tenant_id: str, batch_id: str) -> BatchOut:
    """Show a batch as it is now. Raises NotFoundError, GoneError."""
    return BatchOut.of_contents(read_contents(db, tenant_id, batch_id))


def tag_of(batch: BatchOut) -> str:
    """Return what differs whenever something in the batch differs."""
    return hashlib.sha256(batch.model_dump_json().encode()).hexdigest()[:32]


def wait_for_change(
    db: Database, tenant_id: str, batch_id: str, known: str, wait_s: float
) -> BatchOut:
    """Look until the batch is another than the one with the tag `known`, or the time is over."""
    deadline = time.monotonic() + wait_s
    while True:
        batch = read_batch(db, tenant_id, batch_id)
        left_s = deadline - time.monotonic()
        if left_s <= 0 or tag_of(batch) != known:
            return batch
        time.sleep(min(PAUSE_S, left_s))


def stream_batch(db: Database, tenant_id: str, batch_id: str) -> Iterator[str]:
    """Yield all of the batch, then each change, until it is deleted or the stream has lived."""
    ends_at = time.monotonic() + LIFE_S
    beat_at = time.monotonic() + HEARTBEAT_S
    known: dict[str, Any] = {}
    yield "retry: 1000\n\n"
    while time.monotonic() < ends_at:
        try:
            now = read_batch(db, tenant_id, batch_id).model_dump(mode="json")
        except (GoneError, NotFoundError):
            yield "event: gone\ndata: {}\n\n"
            return
        change = difference(known, now)
        if change:
            known = now
            yield f"event: batch\ndata: {json.dumps(change)}\n\n"
            beat_at = time.monotonic() + HEARTBEAT_S
        elif time.monotonic() >= beat_at:
            yield ": still here\n\n"
            beat_at = time.monotonic() + HEARTBEAT_S
        time.sleep(PAUSE_S)


def difference(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Return the members that differ; of decks and uploads only those that do, and who is gone.

    Returns:
        {} where nothing differs.
    """
    change = {key: value for key, value in new.items() if old.get(key) != value}
    for name in ("decks", "uploads"):
        if name not in change:
            continue
        before = {item["id"]: item for item in old.get(name, ())}
        after = {item["id"]: item for item in new[name]}
        change[name] = [item for key, item in after.items() if before.get(key) != item]
        change[f"{name}_gone"] = [key for key in before if key not in after]
    return change
