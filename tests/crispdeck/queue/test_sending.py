"""Wake-ups on both brokers, read by a consumer as a worker reads them."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from kombu.message import Message

from crispdeck.errors import QueueError
from crispdeck.queue.app import make_celery
from crispdeck.queue.names import QueueName, TaskName, WakeUp
from crispdeck.queue.sending import Queue
from crispdeck.settings import Settings
from tests.crispdeck.queue.consumer import drain, wakeup
from tests.servers.redis_server import RedisServer


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


@pytest.mark.servers
def test_redis_needs_no_dropping(redis_url: str, tmp_path: Path) -> None:
    queue = Queue(Settings(data_dir=tmp_path, broker_url=redis_url))
    queue.send([wakeup()])
    assert queue.forget_stale(before=time.time()) == 0
