"""A worker stops as soon as its work is done, and what is not done in time is others'."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery.apps.worker import Worker
from celery.worker import state

from crispdeck.errors import RecordsError
from crispdeck.queue.app import make_celery
from crispdeck.queue.names import WakeUp
from crispdeck.records.database import Database
from crispdeck.records.states import PictureState
from crispdeck.records.work.claims import finish_picture
from crispdeck.records.work.values import PictureOutcome
from crispdeck.settings import Settings
from tests.crispdeck.records.world import Clock, World
from worker import stopping
from worker.stopping import stopping_worker, wait_and_give_back

NODE = "upscale@here"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    db = Database(Settings(data_dir=tmp_path).effective_database_url)
    db.migrate()
    yield World(db, Clock())
    db.dispose()


def test_a_stop_in_mid_picture_ends_with_the_picture(world: World) -> None:
    world.prepared(1)
    (claim,) = world.claim(worker=f"{NODE}:1")
    done = PictureOutcome(state=PictureState.DONE, result_key="t/upscales/1", result_format="png")
    threading.Timer(0.5, finish_picture, (world.db, claim, done)).start()
    sent: list[list[WakeUp]] = []
    began = time.monotonic()
    wait_and_give_back(world.db, sent.append, NODE, within_s=30)
    assert 0.5 < time.monotonic() - began < 10
    assert sent == [[]]


def test_what_is_not_done_in_time_is_another_workers_at_once(world: World) -> None:
    _, wakeups = world.prepared(1)
    world.claim(worker=f"{NODE}:1")
    sent: list[list[WakeUp]] = []
    wait_and_give_back(world.db, sent.append, NODE, within_s=0.4)
    assert sent == [wakeups]
    assert world.claim(worker="another@there:1")


def test_a_stop_outlasts_a_database_that_is_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_away(*_: object) -> int:
        raise RecordsError("away")

    monkeypatch.setattr(stopping, "count_held", is_away)
    monkeypatch.setattr(stopping, "give_back_all", is_away)
    wait_and_give_back(world.db, lambda _: None, NODE, within_s=0.4)


def test_celery_waits_in_this_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(data_dir=tmp_path)
    app = make_celery(settings)
    asked: list[tuple[str, float]] = []
    monkeypatch.setattr(
        stopping,
        "wait_and_give_back",
        lambda _db, _send, node, *, within_s: asked.append((node, within_s)),
    )
    kind = app.subclass_with_self(stopping_worker(settings), name="Worker")
    assert issubclass(kind, Worker)
    made = object.__new__(kind)
    vars(made)["hostname"] = NODE
    made.wait_for_soft_shutdown()
    assert asked == [], "nothing is in work"
    monkeypatch.setattr(state, "active_requests", {object()})
    made.wait_for_soft_shutdown()
    assert asked == [(NODE, app.conf.worker_soft_shutdown_timeout)]
