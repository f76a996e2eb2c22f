"""Both stacks, in processes of their own, with leases so short that a loss shows in seconds."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crispdeck.settings import Settings
from tests.e2e.faults.running_stack import RunningStack, hasty
from tests.servers.redis_server import RedisServer


@pytest.fixture
def running(stack: Settings, tmp_path: Path) -> Iterator[RunningStack]:
    """Crispdeck in work on each of the two stacks."""
    yield from _run(stack, tmp_path)


@pytest.fixture
def running_on_own_redis(
    distributed_settings: Settings, own_redis: RedisServer, tmp_path: Path
) -> Iterator[RunningStack]:
    """Crispdeck on a Redis that the test may kill."""
    yield from _run(replace(distributed_settings, broker_url=own_redis.url), tmp_path)


def _run(settings: Settings, folder: Path) -> Iterator[RunningStack]:
    made = RunningStack(hasty(settings), folder / "stack")
    try:
        made.start()
        yield made
    finally:
        made.kill()
        made.db.dispose()
