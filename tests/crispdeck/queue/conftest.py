"""A broker of each kind, with no message in it."""

from pathlib import Path

import pytest

from crispdeck.queue.sending import Queue
from crispdeck.settings import Settings


@pytest.fixture(params=["folder", pytest.param("redis", marks=pytest.mark.servers)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of a broker in a folder, then of a Redis."""
    if request.param == "folder":
        return Settings(data_dir=tmp_path)
    return Settings(data_dir=tmp_path, broker_url=request.getfixturevalue("redis_url"))


@pytest.fixture
def queue(settings: Settings) -> Queue:
    """Whoever sends."""
    return Queue(settings)
