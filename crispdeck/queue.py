"""The Celery app and the sending of wake-ups; no tasks and no rows."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from celery import Celery
from kombu import Queue as Declaration
from kombu.exceptions import KombuError
from kombu.transport.virtual import Channel
from redis.exceptions import RedisError

from crispdeck.errors import QueueError
from crispdeck.jobs.wakeups import QueueName, TaskName, WakeUp
from crispdeck.settings import Settings

__all__ = ["Queue", "QueueName", "TaskName", "WakeUp", "make_celery"]

SOFT_TIME_LIMIT_S = 540
TIME_LIMIT_S = 600
SOFT_SHUTDOWN_S = 30
VISIBILITY_TIMEOUT_S = 1200
"""Longer than the hard limit and the shutdown together: Redis hands out again what was silent."""

POLLING_INTERVAL_S = 0.05

PATIENCE = {"max_retries": 2, "interval_start": 0.0, "interval_step": 0.2, "interval_max": 0.5}
"""How a message is sent: a dead broker is an error within seconds, never a hanging request."""


def make_celery(settings: Settings) -> Celery:
    """Make the app without any task; the worker registers them, everybody else sends by name."""
    app = Celery("crispdeck", set_as_current=False)
    app.conf.update(
        broker_url=settings.broker_url or "filesystem://",
        broker_transport_options=_transport_options(settings),
        broker_connection_retry_on_startup=True,
        broker_connection_timeout=4,
        task_queues=[Declaration(name.value, routing_key=name.value) for name in QueueName],
        task_default_queue=QueueName.CPU.value,
        task_create_missing_queues=False,  # a misspelt queue would swallow messages for ever
        task_publish_retry_policy=PATIENCE,
        # The message goes only when the work is over, so that most kills redeliver it at once;
        # what is lost all the same, the sweeper finds.
        task_acks_late=True,
        # Attempts are counted in the row. Celery's own redelivery knows no end: a picture that
        # kills its worker would kill the next one too (celery issue 9082).
        task_reject_on_worker_lost=False,
        task_retry_on_worker_lost=False,
        # Rows hold the results; a result backend would be a second truth.
        task_ignore_result=True,
        # Never pickle: whoever can write to the broker could run code in the workers.
        task_serializer="json",
        result_serializer="json",
        accept_content=["json"],
        # One message at a time: a hoarded message waits while other workers are idle.
        worker_prefetch_multiplier=1,
        # A worker told to stop has this long to finish its picture before it is cut off.
        worker_soft_shutdown_timeout=SOFT_SHUTDOWN_S,
        # Without its broker a worker cannot acknowledge; its rows are fenced, so stop at once.
        worker_cancel_long_running_tasks_on_connection_loss=True,
        # A killed child's place stays blocked for so long (10 s by default); what it had in hand
        # is a matter of its rows.
        worker_lost_wait=1.0,
        # Only prefork can enforce these; the picture is then taken from the row's lease.
        task_soft_time_limit=SOFT_TIME_LIMIT_S,
        task_time_limit=TIME_LIMIT_S,
        # Decoders and allocators leak a little; a fresh child now and then costs seconds.
        worker_max_tasks_per_child=500,
        # Events feed Flower; on the filesystem transport nobody listens and each is a file.
        worker_send_task_events=not settings.is_embedded,
        task_send_sent_event=not settings.is_embedded,
    )
    return app


def _transport_options(settings: Settings) -> dict[str, Any]:
    if settings.is_embedded:
        return _folder_options(settings.data_dir / "queue")
    return {
        "visibility_timeout": VISIBILITY_TIMEOUT_S,
        # By default Redis is searched for silent messages every 100 s.
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        # Queues are drained in the order of -Q; the default takes turns between them.
        "queue_order_strategy": "priority",
        # A Redis that hangs without closing the connection must not hang us.
        "socket_connect_timeout": 2,
        "socket_timeout": 30,
        "socket_keepalive": True,
        "health_check_interval": 25,
    }


def _folder_options(folder: Path) -> dict[str, Any]:
    messages, control = folder / "messages", folder / "control"
    for each in (messages, control):
        each.mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(control),
        "store_processed": False,
        "polling_interval": POLLING_INTERVAL_S,
    }


class Queue:
    """Sends wake-ups; safe to use from many threads."""

    def __init__(self, settings: Settings) -> None:
        self._app = make_celery(settings)

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
