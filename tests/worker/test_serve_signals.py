"""`crispdeck serve` ends when it is told to, however often it is told."""

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from crispdeck.settings import Settings
from tests.servers.process import ServerProcess, free_port


@pytest.mark.servers
def test_a_burst_of_signals_ends_it_with_all_that_it_started(
    embedded_settings: Settings, tmp_path: Path
) -> None:
    settings = replace(embedded_settings, port=free_port())
    log = tmp_path / "serve.log"
    program = str(Path(sys.executable).with_name("crispdeck"))
    serving = ServerProcess([program, "serve"], log=log)
    serving.start(lambda: "Crispdeck is at" in log.read_text(), env=settings.to_child_env())
    try:
        family = psutil.Process(serving.pid).children(recursive=True)
        for _ in range(200):
            os.kill(serving.pid, signal.SIGTERM)
        psutil.Process(serving.pid).wait(timeout=45)
        _, left = psutil.wait_procs(family, timeout=5)
    finally:
        serving.kill()
    assert left == []
