"""Messages to send, and a consumer that takes them as a worker does."""

from typing import Any

from kombu.message import Message

from crispdeck.queue.app import make_celery
from crispdeck.queue.names import QueueName, TaskName, WakeUp
from crispdeck.records.ids import new_id
from crispdeck.settings import Settings


def wakeup(name: QueueName = QueueName.BULK, task: TaskName = TaskName.UPSCALE) -> WakeUp:
    """Announce some row."""
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
