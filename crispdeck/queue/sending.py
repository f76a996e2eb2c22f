"""Sending wake-ups and looking at the queues; the only way in for everybody but workers."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import cast

from kombu.exceptions import KombuError
from kombu.transport.virtual import Channel
from redis.exceptions import RedisError

from crispdeck.errors import QueueError
from crispdeck.queue.app import make_celery, message_folder
from crispdeck.queue.folder import forget_stale
from crispdeck.queue.names import PICTURE_QUEUES, QueueName, WakeUp
from crispdeck.settings import Settings


class Queue:
    """Sends wake-ups; safe to use from many threads."""

    def __init__(self, settings: Settings) -> None:
        self._app = make_celery(settings)
        self._folder = message_folder(settings) if settings.is_embedded else None

    def send(self, wakeups: Iterable[WakeUp]) -> None:
        """Send messages, after the rows that they are about were committed.

        Raises:
            QueueError: the broker takes no messages. The rows wait and the sweeper announces
                them again, so the caller may as well go on.
        """
        wakeups = list(wakeups)
        if not wakeups:
            return
        with _queue_errors(), self._app.producer_or_acquire() as producer:
            for wakeup in wakeups:
                self._app.send_task(
                    wakeup.task.value,
                    args=[wakeup.row_id] if wakeup.row_id else [],
                    queue=wakeup.queue.value,
                    producer=producer,
                )

    def depths(self) -> dict[QueueName, int] | None:
        """Count the messages that wait, by queue; None while the broker does not answer."""
        try:
            with _queue_errors(), self._connected() as channel:
                return {name: channel.queue_declare(name.value).message_count for name in QueueName}
        except QueueError:
            return None

    def forget_stale(self, *, before: float) -> int:
        """Drop wake-ups for pictures that were sent before a claim that found nothing; how many.

        Their rows were committed earlier still, so that claim has looked at them: they are done,
        or in work, or wait for something that was away. On Redis a stale message costs nothing
        but a claim; each file of the embedded broker is also listed whenever a worker looks.

        Args:
            before: seconds since 1970, when that claim began.
        """
        if self._folder is None:
            return 0
        return forget_stale(self._folder, PICTURE_QUEUES, before)

    def ping(self) -> None:
        """Raise QueueError unless the broker answers."""
        with _queue_errors(), self._connected():
            pass

    @contextmanager
    def _connected(self) -> Iterator[Channel]:
        with self._app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0)
            with connection.channel() as channel:
                # Both of our transports are kombu's virtual ones; the stubs know less.
                yield cast("Channel", channel)


@contextmanager
def _queue_errors() -> Iterator[None]:
    try:
        yield
    except (KombuError, OSError, RedisError) as error:
        raise QueueError(f"The broker does not answer: {error}") from error
