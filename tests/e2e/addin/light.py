"""The same web app without processes and network, for tests that look at the pane.

It starts at once. Pixels are interpolated; all else is real. What users wait for, and what
survives a kill, is tested on the real system (`served.py`).
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server

from crispdeck.records.people.keys import Scope, issue_key
from crispdeck.records.people.tenants import create_tenant
from crispdeck.settings import Settings
from tests.e2e.addin.powerpoint import ADDIN, build_host
from tests.e2e.addin.served import Served
from tests.web.conftest import start


@contextmanager
def serving_lightly(folder: Path, **changes: Any) -> Iterator[Served]:
    """Serve while the block runs, with settings that differ from the defaults."""
    if not (ADDIN / "dist" / "taskpane.html").is_file():
        raise RuntimeError("The task pane is not built; run: make addin")
    build_host()
    web = start(Settings(data_dir=folder / "data", requests_per_minute=0, **changes))
    server = make_server("127.0.0.1", 0, web.app, threaded=True)
    stop = threading.Event()
    threads = [
        threading.Thread(target=server.serve_forever),
        threading.Thread(target=web.worker.work_until, args=(stop,)),
    ]
    for thread in threads:
        thread.start()
    try:
        tenant_id = create_tenant(web.engine.db, "pane")
        key = issue_key(web.engine.db, tenant_id, Scope, "pane").key
        connect_key = issue_key(web.engine.db, tenant_id, [Scope.CONNECT], "panes").key
        yield Served(f"http://127.0.0.1:{server.server_port}", key, connect_key)
    finally:
        stop.set()
        server.shutdown()
        for thread in threads:
            thread.join()
        server.server_close()
        web.worker.close()
        web.engine.db.dispose()
