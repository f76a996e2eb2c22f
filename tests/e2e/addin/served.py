"""The real system with the pane at /addin/: what `crispdeck serve` runs, on embedded defaults."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crispdeck.records.people.keys import Scope, issue_key
from crispdeck.records.people.tenants import create_tenant
from crispdeck.settings import Settings
from tests.e2e.addin.powerpoint import ADDIN, build_host
from tests.e2e.faults.running_stack import RunningStack
from tests.servers.process import free_port

PANE_FLAG = "--disable-features=LocalNetworkAccessChecks"
"""Chromium's guard against public pages that frame this machine is not our subject."""


@dataclass(frozen=True)
class Served:
    """Crispdeck with the pane, and a key for it."""

    url: str
    key: str
    connect_key: str
    """What an administrator puts into a manifest."""

    @property
    def pane_url(self) -> str:
        """Where the pane is."""
        return f"{self.url}/addin/taskpane.html"


@contextmanager
def serving(folder: Path, **changes: Any) -> Iterator[Served]:
    """Serve while the block runs, with settings that differ from the defaults."""
    if not (ADDIN / "dist" / "taskpane.html").is_file():
        raise RuntimeError("The task pane is not built; run: make addin")
    build_host()
    settings = Settings(data_dir=folder / "data", port=free_port(), **changes)
    stack = RunningStack(settings, folder / "stack")
    try:
        stack.start()
        tenant_id = create_tenant(stack.db, "pane")
        key = issue_key(stack.db, tenant_id, Scope, "pane").key
        connect_key = issue_key(stack.db, tenant_id, [Scope.CONNECT], "panes").key
        yield Served(f"http://127.0.0.1:{settings.port}", key, connect_key)
    finally:
        stack.kill()
        stack.db.dispose()
