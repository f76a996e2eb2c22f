"""The keys of all objects: whose they are, what they are; never a name that a user gave.

A key is never used for a second object, so that a sweep that deletes an old object cannot hit a
new one. Only `enhanced_key` may be written again, by a retry of the job that owns it.
"""

import re

from crispdeck.errors import StorageError

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
"""Segments start with a letter or digit: neither `..` nor a hidden file can be named."""

MAX_KEY_LENGTH = 512  # characters; S3 takes 1,024 bytes, and a folder's path has a bound too


def deck_key(tenant_id: str, deck_id: str) -> str:
    """Where the uploaded deck lies."""
    return f"{tenant_id}/decks/{deck_id}/original"


def part_key(tenant_id: str, upload_id: str, unique_id: str) -> str:
    """Where one part of a deck lies that is still on its way."""
    return f"{tenant_id}/uploads/{upload_id}/{unique_id}"


def enhanced_key(tenant_id: str, deck_id: str, job_id: str) -> str:
    """Where a job's finished deck lies."""
    return f"{tenant_id}/decks/{deck_id}/jobs/{job_id}/enhanced"


def derived_key(tenant_id: str, deck_id: str, unique_id: str) -> str:
    """Where something lies that was made of a deck: a report, its slides drawn."""
    return f"{tenant_id}/decks/{deck_id}/derived/{unique_id}"


def picture_key(tenant_id: str, owner_id: str, sha256: str) -> str:
    """Where a source picture lies; the owner is the deck's job, or a new id."""
    return f"{tenant_id}/pictures/{owner_id}/{sha256}"


def upscale_key(
    tenant_id: str, sha256: str, network: str, scale: int, variant: str, unique_id: str
) -> str:
    """Where one upscaled picture lies."""
    return f"{tenant_id}/upscales/{sha256}/{network}-x{scale}-{variant}/{unique_id}"


def original_key(tenant_id: str, new_sha256: str, unique_id: str) -> str:
    """Where the original of a swapped picture lies, under the hash of what took its place."""
    return f"{tenant_id}/originals/{new_sha256}/{unique_id}"


def checked(key: str) -> str:
    """Return the key if it is one. Raises StorageError."""
    if len(key) > MAX_KEY_LENGTH or not KEY.fullmatch(key):
        raise StorageError(f"Not a key of an object: {key[:80]!r}.")
    return key
