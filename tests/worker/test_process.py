"""The life of one pool process: what it opens after the fork, warms, and signs off from."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from billiard.exceptions import WorkerLostError
from billiard.pool import Pool

from crispdeck.queue.app import make_celery
from crispdeck.queue.names import QueueName
from crispdeck.records.database import Database
from crispdeck.records.tables import WorkerHeartbeat
from crispdeck.settings import Settings
from worker.context import Context
from worker.process import WorkerProcess, warm


@pytest.fixture
def process(tmp_path: Path) -> Iterator[WorkerProcess]:
    """A process of a worker that puts decks together and loads no network."""
    settings = Settings(data_dir=tmp_path)
    app = make_celery(settings)
    app.amqp.queues.select([QueueName.CPU.value])
    made = WorkerProcess(app, settings)
    made.name("cpu@here")
    Database(settings.effective_database_url, pool_size=1).migrate()
    yield made
    made.end()


def test_one_context_serves_the_whole_process(process: WorkerProcess) -> None:
    assert process.context is process.context
    assert process.queues == (QueueName.CPU.value,)


def test_the_end_signs_the_process_off(process: WorkerProcess) -> None:
    context = process.context
    context.leases.tick()
    with context.db.reading() as session:
        assert [row.worker for row in session.query(WorkerHeartbeat)] == [context.worker]
    process.end()
    with context.db.reading() as session:
        assert session.query(WorkerHeartbeat).all() == []


class Spent(Context):
    """Of a process with a stuck thread."""

    is_spent = True


def claims(process: WorkerProcess) -> int:
    """Work on a claim, as a task does."""
    process.end_if_spent()
    return os.getpid()


def claims_and_gets_stuck(folder: Path) -> None:
    settings = Settings(data_dir=folder)
    process = WorkerProcess(make_celery(settings), settings)
    process._context = Spent(settings)
    claims(process)


def test_a_process_with_a_stuck_thread_makes_room_for_another_after_its_claim(
    process: WorkerProcess, tmp_path: Path
) -> None:
    first = claims(process)
    assert process.context is not None
    assert claims(process) == first, "nothing was stuck"
    pool = Pool(1)
    try:
        before = pool.apply(os.getpid)
        with pytest.raises((SystemExit, WorkerLostError)):
            pool.apply(claims_and_gets_stuck, (tmp_path,))
        assert pool.apply(os.getpid) != before
    finally:
        pool.terminate()
        pool.join()


@pytest.mark.skipif(torch.cuda.is_available(), reason="for machines without CUDA")
def test_a_device_that_is_not_there_is_one_sentence_and_no_traceback(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        warm(Context(Settings(data_dir=tmp_path, device="cuda")))
    (record,) = caplog.records
    assert record.exc_info is None
    assert "CRISPDECK_DEVICE" in record.getMessage()
    assert "cpu or auto" in record.getMessage()


def test_what_nobody_expects_keeps_its_traceback(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def warm(self) -> None:
            raise RuntimeError("out of the blue")

    with caplog.at_level(logging.ERROR):
        warm(Context(Settings(data_dir=tmp_path), upscaler=Broken()))  # type: ignore[arg-type]
    (record,) = caplog.records
    assert record.exc_info is not None
