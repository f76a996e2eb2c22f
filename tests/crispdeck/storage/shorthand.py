"""What the tests of all stores do again and again, in a word each."""

from crispdeck.storage import ObjectStore


def put(store: ObjectStore, key: str, blob: bytes) -> None:
    """Store bytes of no particular type."""
    store.put(key, blob, content_type="application/octet-stream")


def keys(store: ObjectStore, prefix: str = "") -> list[str]:
    """List the keys under a prefix, sorted."""
    return sorted(item.key for item in store.list(prefix))
