"""Wake-ups on both brokers, read by a consumer as a worker reads them."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from kombu.message import Message

from crispdeck.errors import QueueError
from crispdeck.queue.app import SOFT_SHUTDOWN_S, TIME_LIMIT_S, make_celery
from crispdeck.queue.names import QueueName, TaskName, WakeUp
from crispdeck.queue.sending import Queue
from crispdeck.records.ids import new_id
from crispdeck.settings import Settings
from tests.servers.redis_server import RedisServer


@pytest.fixture(params=["folder", pytest.param("redis", marks=pytest.mark.servers)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "folder":
        return Settings(data_dir=tmp_path)
    return Settings(data_dir=tmp_path, broker_url=request.getfixturevalue("redis_url"))


@pytest.fixture
def queue(settings: Settings) -> Queue:
    return Queue(settings)


def wakeup(name: QueueName = QueueName.BULK, task: TaskName = TaskName.UPSCALE) -> WakeUp:
    return WakeUp(task, name, new_id())


def drain(settings: Settings, *names: QueueName) -> list[Message]:
    """Read until nothing comes for a moment."""
    app = make_celery(settings)
    received: list[Message] = []

    def take(_body: Any, message: Message) -> None:
        received.append(message)
        message.ack()

    queues = [app.amqp.queues[name.value] for name in names]
    with (
        app.connection_for_read() as connection,
        connection.Consumer(queues, callbacks=[take], prefetch_count=1),
    ):
        try:
            while True:
                connection.drain_events(timeout=0.5)
        except TimeoutError:
            return received


def rows(messages: list[Message]) -> list[str]:
    return [message.payload[0][0] for message in messages]


def test_a_message_names_its_task_and_its_row(queue: Queue, settings: Settings) -> None:
    sent = wakeup()
    queue.send([sent])
    [message] = drain(settings, QueueName.BULK)
    assert message.headers["task"] == "crispdeck.upscale"
    assert message.payload[0] == [sent.row_id]
    assert message.content_type == "application/json"


def test_a_sweep_is_sent_without_a_row(queue: Queue, settings: Settings) -> None:
    queue.send([WakeUp(TaskName.SWEEP, QueueName.MAINTENANCE, "")])
    [message] = drain(settings, QueueName.MAINTENANCE)
    assert message.payload[0] == []


def test_each_queue_gets_its_own_messages_in_order(queue: Queue, settings: Settings) -> None:
    sent = [wakeup(name) for name in QueueName for _ in range(3)]
    queue.send(sent)
    for name in QueueName:
        assert rows(drain(settings, name)) == [w.row_id for w in sent if w.queue is name]


def test_depths_count_what_waits(queue: Queue, settings: Settings) -> None:
    assert queue.depths() == dict.fromkeys(QueueName, 0)
    queue.send([wakeup(), wakeup(), wakeup(QueueName.CPU, TaskName.PREPARE)])
    depths = queue.depths()
    assert depths == dict.fromkeys(QueueName, 0) | {QueueName.BULK: 2, QueueName.CPU: 1}
    drain(settings, QueueName.BULK)
    assert queue.depths() == dict.fromkeys(QueueName, 0) | {QueueName.CPU: 1}


def test_sending_nothing_and_pinging_leave_no_message(queue: Queue) -> None:
    queue.send([])
    queue.ping()
    assert queue.depths() == dict.fromkeys(QueueName, 0)


def test_many_senders_and_takers_pass_each_message_on_once(
    queue: Queue, settings: Settings
) -> None:
    sent = [wakeup() for _ in range(200)]
    with ThreadPoolExecutor(8) as pool:
        takers = [pool.submit(drain, settings, QueueName.BULK) for _ in range(3)]
        list(pool.map(lambda start: queue.send(sent[start::4]), range(4)))
        taken = [row for taker in takers for row in rows(taker.result())]
    taken += rows(drain(settings, QueueName.BULK))
    assert sorted(taken) == sorted(w.row_id for w in sent)


def test_taken_messages_leave_no_file(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    queue = Queue(settings)
    queue.send([wakeup() for _ in range(5)])
    assert len(drain(settings, QueueName.BULK)) == 5
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_unfinished_message_is_not_taken(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    queue = Queue(settings)
    queue.send([wakeup()])
    folder = tmp_path / "queue" / "messages"
    [message] = folder.iterdir()
    message.with_suffix(".unfinished").write_text("")
    assert queue.depths() == dict.fromkeys(QueueName, 0) | {QueueName.BULK: 1}
    assert len(drain(settings, QueueName.BULK)) == 1


def test_a_misspelt_queue_is_refused(settings: Settings) -> None:
    app = make_celery(settings)
    with pytest.raises(Exception, match="bulky"):
        app.send_task("crispdeck.upscale", args=["1"], queue="bulky")


def test_a_broker_that_is_away_is_a_queue_error_within_seconds(tmp_path: Path) -> None:
    queue = Queue(Settings(data_dir=tmp_path, broker_url="redis://127.0.0.1:1/0"))
    start = time.monotonic()
    with pytest.raises(QueueError) as caught:
        queue.send([wakeup()])
    assert caught.value.retryable
    with pytest.raises(QueueError):
        queue.ping()
    assert queue.depths() is None
    assert time.monotonic() - start < 15


@pytest.mark.servers
def test_sending_goes_on_when_the_broker_comes_back(own_redis: RedisServer, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, broker_url=own_redis.new_url())
    queue = Queue(settings)
    queue.send([wakeup()])
    own_redis.kill()
    with pytest.raises(QueueError):
        queue.send([wakeup()])
    own_redis.start()
    queue.send([wakeup()])
    assert drain(settings, QueueName.BULK)


def test_redis_hands_out_again_only_what_cannot_still_be_in_work(tmp_path: Path) -> None:
    app = make_celery(Settings(data_dir=tmp_path, broker_url="redis://127.0.0.1:1/0"))
    timeout_s = app.conf.broker_transport_options["visibility_timeout"]
    assert timeout_s > TIME_LIMIT_S + SOFT_SHUTDOWN_S


def test_nothing_but_json_is_taken(settings: Settings) -> None:
    assert make_celery(settings).conf.accept_content == ["json"]


def test_messages_about_pictures_that_nobody_waits_for_are_dropped(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    queue = Queue(settings)
    queue.send([wakeup() for _ in range(30)])
    prepare = wakeup(QueueName.CPU, TaskName.PREPARE)
    queue.send([prepare])
    asked_at = time.time()
    time.sleep(0.01)
    later = wakeup()
    queue.send([later])
    assert queue.forget_stale(before=asked_at) == 30
    assert queue.depths() == {
        QueueName.INTERACTIVE: 0,
        QueueName.BULK: 1,
        QueueName.CPU: 1,
        QueueName.MAINTENANCE: 0,
    }


@pytest.mark.servers
def test_redis_needs_no_dropping(redis_url: str, tmp_path: Path) -> None:
    queue = Queue(Settings(data_dir=tmp_path, broker_url=redis_url))
    queue.send([wakeup()])
    assert queue.forget_stale(before=time.time()) == 0
