"""The worker's wiring: every TaskName has its task, and its parent process stays free of torch."""

import subprocess
import sys
from pathlib import Path

from crispdeck.queue.app import make_celery
from crispdeck.queue.names import QueueName, TaskName
from crispdeck.settings import Settings
from worker.process import WorkerProcess
from worker.tasks import register


def python(program: str, data_dir: Path) -> str:
    """What a fresh interpreter prints; importing worker.app here would read our environment."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=Settings(data_dir=data_dir).to_child_env(),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_every_task_name_has_its_task_and_no_task_is_without_a_name(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    app = make_celery(settings)
    register(app, WorkerProcess(app, settings))
    registered = {name for name in app.tasks if not name.startswith("celery.")}
    assert registered == {name.value for name in TaskName}


def test_the_parent_of_a_pool_does_not_import_torch(tmp_path: Path) -> None:
    program = (
        "import sys, worker.app; worker.app.app.loader.import_default_modules();"
        " print([name for name in ('torch', 'flask') if name in sys.modules])"
    )
    assert python(program, tmp_path) == "[]"


def test_threads_of_a_worker_wait_asleep_before_any_of_them_is_there(tmp_path: Path) -> None:
    program = (
        "import os, sys, worker.blas_threads as threads; wait = threads.wait_asleep\n"
        "for name in threads.WAITING: os.environ.pop(name, None)  # of the tests' own process\n"
        "def seen():\n"
        " print([name for name in ('torch', 'numpy') if name in sys.modules]); wait()\n"
        "threads.wait_asleep = seen\n"
        "import worker.app\n"
        "print(os.environ['OMP_WAIT_POLICY'], os.environ['OPENBLAS_NUM_THREADS'])"
    )
    assert python(program, tmp_path) == "[]\nPASSIVE 1"


def test_the_timer_of_a_cluster_asks_for_sweeps_on_the_maintenance_queue(tmp_path: Path) -> None:
    program = (
        "import worker.app; plan = worker.app.app.conf.beat_schedule;"
        " print([(one['task'], one['options']['queue'], one['schedule']) for one in plan.values()])"
    )
    interval_s = Settings().sweep_interval_s
    expected = [(TaskName.SWEEP.value, QueueName.MAINTENANCE.value, interval_s)]
    assert python(program, tmp_path) == str(expected)


def test_a_process_makes_its_context_only_when_it_is_asked_for(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", database_url=f"sqlite:///{tmp_path}/x/y.db")
    app = make_celery(settings)
    WorkerProcess(app, settings)
    assert not (tmp_path / "x").exists()
