"""Objects by key, in a folder or on any S3 server; nothing about what the objects mean to a job."""

from crispdeck.storage.checking import open_checked, read_checked, sha256_of
from crispdeck.storage.disposition import content_disposition
from crispdeck.storage.folder import FolderStore
from crispdeck.storage.keys import (
    deck_key,
    enhanced_key,
    original_key,
    part_key,
    picture_key,
    upscale_key,
)
from crispdeck.storage.objects import ObjectStore, StoredObject
from crispdeck.storage.s3 import S3Store
from crispdeck.storage.stores import make_store

__all__ = [
    "FolderStore",
    "ObjectStore",
    "S3Store",
    "StoredObject",
    "content_disposition",
    "deck_key",
    "enhanced_key",
    "make_store",
    "open_checked",
    "original_key",
    "part_key",
    "picture_key",
    "read_checked",
    "sha256_of",
    "upscale_key",
]
