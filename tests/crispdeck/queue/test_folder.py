"""The broker in a folder: a message is a file, whole or not there."""

import time
from pathlib import Path

from crispdeck.queue.names import QueueName, TaskName
from crispdeck.queue.sending import Queue
from crispdeck.settings import Settings
from tests.crispdeck.queue.consumer import drain, wakeup


def test_taken_messages_leave_no_file(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    queue = Queue(settings)
    queue.send([wakeup() for _ in range(5)])
    assert len(drain(settings, QueueName.BULK)) == 5
    # kombu keeps its table of exchanges beside them, once for each process and folder.
    assert list((tmp_path / "queue" / "messages").iterdir()) == []


def test_an_unfinished_message_is_not_taken(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    queue = Queue(settings)
    queue.send([wakeup()])
    folder = tmp_path / "queue" / "messages"
    [message] = folder.iterdir()
    message.with_suffix(".unfinished").write_text("")
    assert queue.depths() == dict.fromkeys(QueueName, 0) | {QueueName.BULK: 1}
    assert len(drain(settings, QueueName.BULK)) == 1


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
