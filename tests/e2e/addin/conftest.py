"""The real system once for all tests of the pane: web server, workers, network, browser."""

import os
from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

    from tests.e2e.addin.powerpoint import PowerPoint, Profile
    from tests.e2e.addin.served import Served

PATIENCE_MS = 60_000


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let `ALL_PROFILES=1` take every PowerPoint that replaces slides where a test names none."""
    from tests.e2e.addin.powerpoint import SWAPPING

    names = metafunc.fixturenames
    if os.environ.get("ALL_PROFILES") and "usual_profile" in names and "profile" not in names:
        metafunc.parametrize("usual_profile", SWAPPING)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Served]":
    """Crispdeck with the pane, once for all tests."""
    from tests.e2e.addin.served import serving

    with serving(tmp_path_factory.mktemp("addin")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """One Chromium a module: Playwright bears no second one beside it."""
    from tests.e2e.addin.served import PANE_FLAG
    from tests.e2e.chromium import chromium

    with chromium(PANE_FLAG) as running:
        yield running


@pytest.fixture
def context(browser: "Browser", served: "Served") -> "Iterator[BrowserContext]":
    """A fresh profile in which PowerPoint runs, and nothing else may be reached."""
    from tests.e2e.addin.powerpoint import serve_host

    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    context.set_default_timeout(PATIENCE_MS)
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
def usual_profile() -> "Profile":
    """The PowerPoint of the tests that name none."""
    return "web-1.10"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say with a failure what the pane showed: Playwright tells of the page around it only."""
    report = yield
    powerpoint = getattr(item, "funcargs", {}).get("powerpoint")
    if call.when == "call" and report.failed and powerpoint is not None:
        report.sections.append(("the pane", "\n\n".join(powerpoint.panes())))
    return report


@pytest.fixture
def powerpoint(
    context: "BrowserContext", served: "Served", usual_profile: "Profile"
) -> "PowerPoint":
    """PowerPoint, not yet with a deck."""
    from playwright.sync_api import expect

    from tests.e2e.addin.powerpoint import PowerPoint

    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    return PowerPoint(page, served.pane_url, usual_profile)


@pytest.fixture
def connect(served: "Served") -> "Callable[[PowerPoint], None]":
    """Give a function that does the first screen of the pane."""
    from playwright.sync_api import expect

    def connect_pane(powerpoint: "PowerPoint") -> None:
        powerpoint.pane.get_by_label("Code").fill(served.key)
        powerpoint.pane.get_by_role("button", name="Connect").click()
        expect(powerpoint.pane.get_by_role("tablist")).to_be_visible()

    return connect_pane
