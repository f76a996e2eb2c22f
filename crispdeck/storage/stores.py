"""Which store the settings ask for."""

from crispdeck.settings import Settings
from crispdeck.storage.folder import FolderStore
from crispdeck.storage.objects import ObjectStore
from crispdeck.storage.s3 import S3Store


def make_store(settings: Settings) -> ObjectStore:
    """Make the store; nothing is connected to before the first call."""
    if settings.storage_url:
        return S3Store(settings)
    return FolderStore(settings.data_dir / "objects")
