"""The page served for a browser, with a worker that stands still until it is told to work.

What the extras bring is imported where it is used: pytest loads this file before it collects
anything when this folder is named, and nothing could be skipped any more.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from crispdeck.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.web.conftest import Web

MISSING = [name for name in ("flask", "playwright", "torch") if find_spec(name) is None]


class WithoutExtras(pytest.Module):
    """A module of tests that is skipped whole, unread, since what it imports is not there."""

    def collect(self) -> Iterable[NoReturn]:
        """Say what to install."""
        pytest.skip(f"needs {', '.join(MISSING)}: pip install -e '.[web,worker,dev]'")


def pytest_pycollect_makemodule(
    module_path: Path, parent: pytest.Collector
) -> WithoutExtras | None:
    """Skip every module here where an extra is missing; leave it to pytest where none is."""
    return WithoutExtras.from_parent(parent, path=module_path) if MISSING else None


@dataclass(frozen=True)
class Site:
    """A served app, a key for it, and a worker that works when told to."""

    url: str
    key: str
    web: "Web"
    let_work: Callable[[], None]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Serve on a free port; the worker stands still until `let_work`."""
    from werkzeug.serving import make_server

    from crispdeck.records.people.keys import Scope, issue_key
    from tests.web.conftest import start

    web = start(Settings(data_dir=tmp_path / "data"))
    key = issue_key(web.engine.db, web.tenant_id, Scope, "page").key
    server = make_server("127.0.0.1", 0, web.app, threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    stop = threading.Event()
    working = threading.Thread(target=web.worker.work_until, args=(stop,))
    serving.start()
    yield Site(f"http://127.0.0.1:{server.server_port}/", key, web, working.start)
    stop.set()
    if working.ident is not None:
        working.join()
    server.shutdown()
    serving.join()
    server.server_close()
    web.engine.db.dispose()


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """One Chromium for all tests of the page."""
    from tests.e2e.chromium import chromium

    with chromium() as running:
        yield running


@pytest.fixture
def context(browser: "Browser", site: Site) -> "Iterator[BrowserContext]":
    """A fresh profile that may reach nothing but the site, and complains of nothing."""
    context = browser.new_context(accept_downloads=True)
    foreign: list[str] = []
    complaints: list[str] = []
    context.on("request", lambda r: None if _is_own(r.url, site) else foreign.append(r.url))
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on(
        "console",
        lambda line: complaints.append(line.text) if "Content Security" in line.text else None,
    )
    yield context
    context.close()
    assert (foreign, complaints) == ([], [])


def _is_own(url: str, site: Site) -> bool:
    return url.startswith((site.url, f"blob:{site.url}", "data:"))


@pytest.fixture
def page(context: "BrowserContext") -> "Page":
    """An empty tab."""
    from playwright.sync_api import expect

    tab = context.new_page()
    tab.set_default_timeout(30_000)
    expect.set_options(timeout=30_000)
    return tab


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """A deck with two blurred pictures and a sharp one."""
    from tests.web.conftest import deck_blob

    path = tmp_path / "My talk.pptx"
    path.write_bytes(deck_blob())
    return path
