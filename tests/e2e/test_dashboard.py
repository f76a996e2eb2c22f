"""The operators' pages in a real browser: alive, usable by all, and true to the database."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import ColumnElement, func, select
from werkzeug.serving import make_server

from crispdeck.records.people.operators import create_operator
from crispdeck.records.roles import Role
from crispdeck.records.states import JobState, PictureState
from crispdeck.records.tables import Job, Picture
from crispdeck.records.work.heartbeats import beat
from crispdeck.settings import Settings
from tests.e2e.axe import serious_findings
from tests.e2e.chromium import chromium
from tests.e2e.faults.running_stack import RunningStack, hasty, wait_until
from tests.small_deck import deck_of, picture_blob
from tests.web.conftest import Web, finished_deck, send_deck, send_job, start

pytestmark = pytest.mark.browser

PASSWORD = "correct horse battery"
PAGES = ("", "jobs", "workers", "failures", "tenants", "system", "audit", "operators", "account")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@dataclass(frozen=True)
class Site:
    """A served app with some jobs in it."""

    url: str
    web: Web


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    web = start(Settings(data_dir=tmp_path / "data", requests_per_minute=0))
    create_operator(web.engine.db, "anna", Role.ADMIN, password=PASSWORD)
    finished_deck(web)
    web.worker.fails = True
    finished_deck(web)
    web.worker.fails = False
    beat(web.engine.db, "upscale@here:17", queues=["bulk"], doing={"memory_bytes": 5 * 10**8})
    server = make_server("127.0.0.1", 0, web.app, threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield Site(f"http://127.0.0.1:{server.server_port}/admin/", web)
    server.shutdown()
    serving.join()
    server.server_close()
    web.engine.db.dispose()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a tab that complains of nothing: no script error, no breach of the policy."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_tab(**options: object) -> Page:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(30_000)
        expect.set_options(timeout=30_000)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on(
            "console",
            lambda line: complaints.append(line.text) if "Content Security" in line.text else None,
        )
        contexts.append(context)
        return context.new_page()

    yield open_tab
    for context in contexts:
        context.close()
    assert complaints == []


def log_in(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_page(
    opened: Callable[..., Page], site: Site, scheme: str
) -> None:
    page = opened(color_scheme=scheme, viewport={"width": 1280, "height": 900})
    page.goto(site.url)
    assert serious_findings(page) == [], "the log-in"
    log_in(page, site.url)
    expect(page.locator("[data-drawn]")).to_be_visible()
    for path in PAGES:
        page.goto(site.url + path)
        assert serious_findings(page) == [], path
    page.goto(f"{site.url}jobs")
    page.locator("table.jobs th a").first.click()
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    assert serious_findings(page) == [], "a job"
    page.goto(f"{site.url}tenants")
    page.locator("tbody th a").first.click()
    assert serious_findings(page) == [], "a tenant"


@pytest.mark.parametrize("width_px", [390, 1280])
def test_no_page_hangs_over_the_edge_of_the_screen(
    opened: Callable[..., Page], site: Site, width_px: int
) -> None:
    page = opened(viewport={"width": width_px, "height": 800})
    log_in(page, site.url)
    for path in PAGES:
        page.goto(site.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width_px, path


def test_a_failed_picture_is_found_looked_at_and_retried_by_keyboard_alone(
    opened: Callable[..., Page], site: Site
) -> None:
    page = opened()
    log_in(page, site.url)
    page.get_by_role("link", name="Failures").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="upscale_failed")).to_be_visible()
    page.get_by_role("link", name="this job").focus()
    page.keyboard.press("Enter")
    failed = page.locator("li.picture", has_text="Told to fail.").first
    expect(failed.locator("figure img")).to_have_count(1)
    failed.get_by_role("button", name="Retry").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Started again")
    site.web.worker.work_off()
    expect(page.locator("li.picture", has_text="done")).to_have_count(1)
    expect(page.locator("li.picture", has_text="Told to fail.")).to_have_count(1)


def test_a_picture_that_does_not_come_leaves_words_in_its_place(
    opened: Callable[..., Page], site: Site
) -> None:
    _, job_id = finished_deck(site.web)
    with site.web.engine.db.reading() as session:
        lost = session.scalars(select(Picture).where(Picture.job_id == job_id)).first()
        assert lost is not None
        site.web.engine.store.delete([lost.source_key or "", lost.result_key or ""])
    page = opened()
    log_in(page, site.url)
    page.goto(f"{site.url}jobs/{job_id}")
    shown = page.locator(f"#p{lost.id}")
    expect(shown.locator(".missing")).to_have_text(["Deleted", "Deleted"])
    expect(shown.locator("img")).to_have_count(0)
    expect(page.locator("li.picture img")).to_have_count(2)


def test_jobs_are_cancelled_in_bulk_and_a_ticked_box_stays_ticked(
    opened: Callable[..., Page], site: Site
) -> None:
    deck_id = send_deck(site.web)
    for _ in range(3):
        send_job(site.web, deck_id)
    page = opened()
    log_in(page, site.url)
    page.goto(f"{site.url}jobs?state=queued")
    boxes = page.locator("tbody input[type=checkbox]")
    expect(boxes).to_have_count(3)
    page.get_by_label("Tick all on this page").check()
    page.wait_for_timeout(6000)  # longer than the page's own pulse
    assert [box.is_checked() for box in boxes.all()] == [True] * 3
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("status").first).to_contain_text("3 jobs cancelled")
    expect(page.locator("#count")).to_contain_text("0 jobs")


def test_the_pages_say_when_the_server_does_not_answer(
    opened: Callable[..., Page], site: Site
) -> None:
    page = opened()
    log_in(page, site.url)
    page.goto(f"{site.url}workers")
    page.context.route("**/admin/workers", lambda route: route.abort())
    expect(page.locator("#stale")).to_be_visible()
    page.context.unroute("**/admin/workers")
    expect(page.locator("#stale")).to_be_hidden()


@pytest.mark.fault
def test_a_killed_worker_is_seen_to_go_and_its_job_goes_on_elsewhere(
    opened: Callable[..., Page], embedded_settings: Settings, tmp_path: Path
) -> None:
    running = RunningStack(hasty(embedded_settings), tmp_path / "stack")
    running.start()
    try:
        create_operator(running.db, "anna", Role.ADMIN, password=PASSWORD)
        _watch_a_worker_die(opened(), running)
    finally:
        running.kill()
        running.db.dispose()


def _watch_a_worker_die(page: Page, running: RunningStack) -> None:
    url = f"http://127.0.0.1:{running.settings.port}/admin/"
    log_in(page, url)
    page.goto(f"{url}workers")
    with running.second_worker() as second:
        # A worker imports torch before its first sign of life.
        expect(page.locator("li.worker", has_text="second@")).to_contain_text(
            "idle", timeout=90_000
        )
        deck = deck_of([picture_blob(seed, 96) for seed in range(24)])
        job_id = running.submit(deck)
        wait_until(lambda: _has_in_hand(running, job_id, second), "the second worker has some")
        for process in [*second.children(recursive=True), second]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        gone = page.locator("li.worker.gone", has_text="second@")
        expect(gone).to_be_visible()
        expect(gone).to_contain_text("gone")
        assert running.wait_for_end(job_id).state is JobState.DONE
    states = {picture.state for picture in running.pictures(job_id)}
    assert states == {PictureState.DONE}
    page.goto(url)
    _counts_are_those_of_the_database(page, running)


def _has_in_hand(running: RunningStack, job_id: str, worker: psutil.Popen) -> bool:
    pids = {child.pid for child in worker.children(recursive=True)}
    return any(int(name.rpartition(":")[2]) in pids for name in running.workers_at(job_id))


def _counts_are_those_of_the_database(page: Page, running: RunningStack) -> None:
    assert _count(running, Picture.state == PictureState.DONE) == 24
    for job_state in JobState:
        shown = page.locator(f"#jobs-{job_state.value} b")
        expect(shown).to_have_text(str(_count(running, Job.state == job_state)))
    for state in PictureState:
        shown = page.locator(f"#pictures-{state.value} b")
        expect(shown).to_have_text(str(_count(running, Picture.state == state)))


def _count(running: RunningStack, condition: ColumnElement[bool]) -> int:
    with running.db.reading() as session:
        return session.scalars(select(func.count()).where(condition)).one()
