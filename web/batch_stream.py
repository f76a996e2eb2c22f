"""A batch followed as server-sent events: what changed since it was last read, and nothing else.

A reader that comes back is told all anew, so nothing can be lost between two connections.
"""

import hashlib
import json
from typing import Any

from crispdeck.errors import GoneError, NotFoundError
from crispdeck.records.database import Database
from crispdeck.records.work.batch_contents import read_contents
from web.schemas.batches import BatchOut
from web.waiting import Topic


def read_batch(db: Database, tenant_id: str, batch_id: str) -> BatchOut:
    """Show a batch as it is now. Raises NotFoundError, GoneError."""
    return BatchOut.of_contents(read_contents(db, tenant_id, batch_id))


def tag_of(batch: BatchOut) -> str:
    """Return what differs whenever something in the batch differs."""
    return hashlib.sha256(batch.model_dump_json().encode()).hexdigest()[:32]


class FollowedBatch:
    """All of a batch first, then what changes, until it is deleted."""

    is_behind = False

    def __init__(self, db: Database, tenant_id: str, batch_id: str) -> None:
        self.topic = Topic("batch", batch_id)
        self._db = db
        self._tenant_id = tenant_id
        self._known: dict[str, Any] = {}

    def news(self) -> tuple[list[str], bool]:
        """Return the change as one event."""
        try:
            now = read_batch(self._db, self._tenant_id, self.topic.id).model_dump(mode="json")
        except (GoneError, NotFoundError):
            return ["event: gone\ndata: {}\n\n"], True
        # Whole states are compared, not events: whatever changed between two reads is in it once.
        change = difference(self._known, now)
        if not change:
            return [], False
        self._known = now
        return [f"event: batch\ndata: {json.dumps(change)}\n\n"], False


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
