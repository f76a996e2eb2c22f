"""The real system once for all tests of the pane: web server, workers, network, browser."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from crispdeck.jobs.accounts import Scope, issue_key
from crispdeck.jobs.tenants import create_tenant
from crispdeck.settings import Settings
from tests.e2e.addin.powerpoint import ADDIN, PowerPoint, build_host, serve_host
from tests.e2e.chromium import chromium
from tests.e2e.faults.running_stack import RunningStack
from tests.servers.process import free_port

PATIENCE_MS = 60_000


@dataclass(frozen=True)
class Served:
    """Crispdeck with the pane at /addin/, and a key for it."""

    url: str
    key: str
    stack: RunningStack


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Run what `crispdeck serve` runs, on the embedded defaults."""
    if not (ADDIN / "dist" / "taskpane.html").is_file():
        raise RuntimeError("The task pane is not built; run: make addin")
    build_host()
    folder = tmp_path_factory.mktemp("addin")
    settings = Settings(data_dir=folder / "data", port=free_port())
    stack = RunningStack(settings, folder / "stack")
    try:
        stack.start()
        tenant_id = create_tenant(stack.db, "pane")
        key = issue_key(stack.db, tenant_id, Scope, "pane").key
        yield Served(f"http://127.0.0.1:{settings.port}", key, stack)
    finally:
        stack.kill()
        stack.db.dispose()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium a module: Playwright bears no second one beside it.

    Its guard against public pages that frame this machine is not our subject.
    """
    with chromium("--disable-features=LocalNetworkAccessChecks") as running:
        yield running


@pytest.fixture
def context(browser: Browser, served: Served) -> Iterator[BrowserContext]:
    """A fresh profile in which PowerPoint runs, and nothing else may be reached."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    foreign = serve_host(context, served.url)
    complaints: list[str] = []
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on(
        "console",
        lambda line: complaints.append(line.text) if "Content Security" in line.text else None,
    )
    yield context
    context.close()
    assert (foreign, complaints) == ([], [])


@pytest.fixture
def powerpoint(context: BrowserContext, served: Served) -> PowerPoint:
    """PowerPoint, not yet with a deck."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    return PowerPoint(page, f"{served.url}/addin/taskpane.html")


@pytest.fixture
def connect(served: Served) -> Callable[[PowerPoint], None]:
    """Give a function that does the first screen of the pane."""

    def connect_pane(powerpoint: PowerPoint) -> None:
        powerpoint.pane.get_by_label("Code").fill(served.key)
        powerpoint.pane.get_by_role("button", name="Connect").click()
        expect(powerpoint.pane.get_by_role("tablist")).to_be_visible()

    return connect_pane


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[PowerPoint], Path]:
    """Give a function that saves the deck to disk, each time under a new name."""
    count = 0

    def save(powerpoint: PowerPoint) -> Path:
        nonlocal count
        count += 1
        path = tmp_path / f"saved-{count}.pptx"
        path.write_bytes(powerpoint.save())
        return path

    return save
