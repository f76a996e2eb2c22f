"""A store of each kind, empty."""

import pytest

from crispdeck.settings import Settings
from crispdeck.storage import ObjectStore, make_store


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.servers)])
def settings(request: pytest.FixtureRequest) -> Settings:
    """Settings of a store in a folder, then of one in a real S3 server."""
    fixture = {"folder": "embedded_settings", "s3": "s3_settings"}[request.param]
    found: Settings = request.getfixturevalue(fixture)
    return found


@pytest.fixture
def store(settings: Settings) -> ObjectStore:
    """A store of each kind in turn."""
    return make_store(settings)


@pytest.fixture
def s3(s3_settings: Settings) -> ObjectStore:
    """A store in a real S3 server."""
    return make_store(s3_settings)
