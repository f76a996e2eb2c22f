"""The Celery tasks: each hands the row that its message names to one step, and no more."""

import time
from collections.abc import Callable, Mapping

from celery import Celery, Task

from crispdeck.queue.names import QueueName, TaskName, WakeUp
from crispdeck.services.assemble import assemble
from crispdeck.services.prepare import prepare
from crispdeck.services.reports import make_reports
from crispdeck.services.sweep import sweep
from crispdeck.services.webhooks import deliver
from crispdeck.services.worker_platform import WorkerPlatform
from worker.draining import READ_EVERY_S
from worker.process import WorkerProcess
from worker.steps.upscale import upscale

DECK_STEPS: Mapping[TaskName, Callable[[WorkerPlatform, str], None]] = {
    TaskName.PREPARE: prepare,
    TaskName.ASSEMBLE: assemble,
    TaskName.REPORT: make_reports,
}
"""What a worker without a network does with the job that a message names."""


def register(app: Celery, process: WorkerProcess) -> None:
    """Give `app` one task per TaskName, each done in the context of `process`.

    A drained worker passes on what reached it before its consumer stopped.
    """

    def passed_on(task: TaskName, queue: QueueName, row_id: str) -> bool:
        context = process.context
        if not context.is_drained():
            return False
        time.sleep(READ_EVERY_S / 2)  # it may come back to this very worker until that has stopped
        context.announce([WakeUp(task, queue, row_id)])
        return True

    def deck_task(name: TaskName, step: Callable[[WorkerPlatform, str], None]) -> None:
        @app.task(name=name)
        def work_on_deck(job_id: str) -> None:
            if not passed_on(name, QueueName.CPU, job_id):
                step(process.context, job_id)

    for name, step in DECK_STEPS.items():
        deck_task(name, step)

    @app.task(name=TaskName.UPSCALE, bind=True)
    def upscale_pictures(task: "Task[..., None]", picture_id: str) -> None:
        came_by = (task.request.delivery_info or {}).get("routing_key") or QueueName.BULK
        if not passed_on(TaskName.UPSCALE, QueueName(came_by), picture_id):
            upscale(process.context, picture_id)
            process.end_if_spent()

    _register_upkeep(app, process)


def _register_upkeep(app: Celery, process: WorkerProcess) -> None:
    """Give `app` what goes on beside decks and pictures."""

    @app.task(name=TaskName.WEBHOOK)
    def tell_other_programs(webhook_id: str) -> None:
        deliver(process.context, webhook_id)

    @app.task(name=TaskName.SWEEP)
    def sweep_records(_row_id: str = "") -> None:
        sweep(process.context)
