"""The Celery tasks: each hands the row that its message names to one step, and no more."""

from celery import Celery

from crispdeck.queue import TaskName
from worker.process import WorkerProcess
from worker.steps.assemble import assemble
from worker.steps.prepare import prepare
from worker.steps.sweep import sweep
from worker.steps.upscale import upscale


def register(app: Celery, process: WorkerProcess) -> None:
    """Give `app` one task per TaskName, each done in the context of `process`."""

    @app.task(name=TaskName.PREPARE)
    def prepare_deck(job_id: str) -> None:
        prepare(process.context, job_id)

    @app.task(name=TaskName.UPSCALE)
    def upscale_pictures(picture_id: str) -> None:
        upscale(process.context, picture_id)

    @app.task(name=TaskName.ASSEMBLE)
    def assemble_deck(job_id: str) -> None:
        assemble(process.context, job_id)

    @app.task(name=TaskName.SWEEP)
    def sweep_records(_row_id: str = "") -> None:
        sweep(process.context)
