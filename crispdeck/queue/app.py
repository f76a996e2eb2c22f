"""The Celery app and all its settings; no tasks."""

from pathlib import Path
from typing import Any

from celery import Celery
from kombu import Queue as Declaration

from crispdeck.queue.names import QueueName
from crispdeck.settings import Settings

MESSAGES = "messages"
"""The folder of the embedded broker's messages, within its own."""

FOLDER_TRANSPORT = "crispdeck.queue.folder:Transport"

SOFT_TIME_LIMIT_S = 540
"""A task is asked to end: a minute before the hard limit, to write down why."""
TIME_LIMIT_S = 600
"""The child is killed; a guess: the largest picture takes minutes on one slow core."""
SOFT_SHUTDOWN_S = 30
"""Below the grace periods in infra/ and docker-compose.yml (45 and 60 s): the kill never comes
first."""
VISIBILITY_TIMEOUT_S = 1200
"""Longer than the hard limit and the shutdown together: Redis hands out again what was silent."""

POLLING_INTERVAL_S = 0.02
"""How often a worker of the embedded stack polls the folder.

Measured on two cores, from sending to the task's first line and for a worker without work:
0.02 s: 17 ms, 1.3 % of one core; 0.05 s: 28 ms, 0.6 %; 0.1 s: 60 ms, 0.4 %.
"""

PATIENCE = {"max_retries": 2, "interval_start": 0.0, "interval_step": 0.2, "interval_max": 0.5}
"""How a message is sent: a dead broker is an error within seconds, never a hanging request."""


def make_celery(settings: Settings) -> Celery:
    """Make the app without any task; the worker registers them, everybody else sends by name."""
    app = Celery("crispdeck", set_as_current=False)
    app.conf.update(
        broker_url=settings.broker_url or "filesystem://localhost//",
        broker_transport=FOLDER_TRANSPORT if settings.is_embedded else None,
        broker_transport_options=_transport_options(settings),
        # A worker may start before its broker; without a word on it Celery warns at each start.
        broker_connection_retry_on_startup=True,
        broker_connection_timeout=4,  # of one try; with PATIENCE, how long a request can wait
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
        # An outage of the broker is no reason to throw away a picture that is half done: its row
        # is fenced, and a message that comes twice does no harm.
        worker_cancel_long_running_tasks_on_connection_loss=False,
        # A killed child's place stays blocked for so long (10 s by default); what it had in hand
        # is a matter of its rows.
        worker_lost_wait=1.0,
        # Only prefork can enforce these; the picture is then taken from the row's lease.
        task_soft_time_limit=SOFT_TIME_LIMIT_S,
        task_time_limit=TIME_LIMIT_S,
        # Decoders and allocators leak a little; a fresh child now and then costs seconds.
        worker_max_tasks_per_child=500,
        # In kB, looked at between tasks: what a huge picture needed is given back with the process,
        # for the allocator keeps it. Ordinary pictures need 0.6 GB on the CPU.
        worker_max_memory_per_child=8 * 2**20,
        # Events feed Flower, remote control feeds `celery inspect`. In the embedded stack
        # nobody listens, each message would be a file, and the workers' heartbeats are rows.
        worker_enable_remote_control=not settings.is_embedded,
        worker_send_task_events=not settings.is_embedded,
        task_send_sent_event=not settings.is_embedded,
    )
    return app


def message_folder(settings: Settings) -> Path:
    """Return where the messages of the embedded broker lie."""
    return settings.data_dir / "queue" / MESSAGES


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
    messages, control = folder / MESSAGES, folder / "control"
    for each in (messages, control):
        each.mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(control),
        "polling_interval": POLLING_INTERVAL_S,
    }
