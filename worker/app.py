"""The Celery application that `celery -A worker.app worker` runs; the tasks are in worker.tasks.

Importing this imports no torch: the parent of a pool must never touch CUDA, and stays small.
"""

# ruff: noqa: E402 - how threads wait has to be said before numpy is loaded

from worker.blas_threads import wait_asleep

wait_asleep()

import logging
import warnings

from celery import signals
from celery.exceptions import SecurityWarning

from crispdeck.json_logging import write_json_lines
from crispdeck.queue.app import make_celery
from crispdeck.queue.names import QueueName, TaskName
from crispdeck.settings import Settings
from worker.lost_pool import end_with_pool_process
from worker.process import WorkerProcess
from worker.stopping import stopping_worker
from worker.tasks import register

_settings = Settings.of_server()
if _settings.is_embedded:
    # Of running as root, which `serve` says in one line; nothing but JSON is taken.
    warnings.filterwarnings("ignore", category=SecurityWarning)
app = make_celery(_settings)
# A cached property, which celery-types has as read-only.
app.Worker = app.subclass_with_self(stopping_worker(_settings), name="Worker")  # type: ignore[misc]
app.conf.beat_schedule = {
    # A sweep that waited longer than the time between two has nothing left to do.
    TaskName.SWEEP.value: {
        "task": TaskName.SWEEP.value,
        "schedule": _settings.sweep_interval_s,
        "options": {"queue": QueueName.MAINTENANCE.value, "expires": _settings.sweep_interval_s},
    }
}


def _log(loglevel: int | str | None = None, **_signal: object) -> None:
    """Log as the web server does; of each task, Celery's own two lines say nothing of the work."""
    write_json_lines(_settings.log_level if loglevel is None else logging.getLevelName(loglevel))
    for name in ("celery.worker.strategy", "celery.app.trace", "celery.beat"):
        logging.getLogger(name).setLevel(logging.WARNING)


if not _settings.is_embedded:  # on a laptop people read it, in Celery's own words
    signals.setup_logging.connect(_log, weak=False)
_process = WorkerProcess(app, _settings)
register(app, _process)
signals.celeryd_after_setup.connect(_process.name, weak=False)
signals.worker_process_init.connect(_process.begin, weak=False)
signals.worker_process_shutdown.connect(_process.end, weak=False)
signals.worker_ready.connect(_process.follow_drain, weak=False)
signals.worker_ready.connect(end_with_pool_process, weak=False)
