"""Takes the README's picture of the dashboard: `python -m infra.picture_dashboard`.

A real `crispdeck serve` on a throw-away folder with a busy week of jobs in it, and Chromium in
front. With --all DIRECTORY the sample deck is made sharp as well, and every page is taken, wide and
narrow, light and dark, to be looked at.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from crispdeck.records.database import Database
from crispdeck.records.people.keys import Scope, issue_key
from crispdeck.records.people.operators import create_operator
from crispdeck.records.people.tenants import create_tenant
from crispdeck.records.roles import Role
from crispdeck.settings import Settings
from worker.lab.bench.many_jobs import Maker, count_all

PICTURE = Path(__file__).parents[1] / "docs" / "images" / "dashboard.png"
PAGES = {
    "overview": "?window=7d",
    "jobs": "jobs",
    "workers": "workers",
    "failures": "failures",
    "tenants": "tenants",
    "system": "system",
    "audit": "audit",
    "operators": "operators",
    "account": "account",
}
SHOWN = re.compile(r"Crispdeck is at (http://\S+?)/?\s")
NAME, PASSWORD = "anna", "only for these pictures"
LONG_S = 180.0


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve `folder` on a free port; gives the address as it is printed."""
    log = folder / "serve.log"
    command = [sys.executable, "-m", "crispdeck.cli", "serve", "--port", "0"]
    env = Settings(data_dir=folder, requests_per_minute=0).to_child_env()
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=env, stdout=out, stderr=subprocess.STDOUT)
    try:
        yield _when_told(log)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _when_told(log: Path) -> str:
    deadline = time.monotonic() + LONG_S
    while time.monotonic() < deadline:
        if found := SHOWN.search(log.read_text()):
            return found[1]
        time.sleep(0.2)
    raise SystemExit(f"serve did not start:\n{log.read_text()}")


def _fill(database_url: str, jobs: int) -> str:
    """Make a busy week, an operator, and a key that may hand in decks."""
    db = Database(database_url)
    db.migrate()
    for _ in Maker(db).fill(jobs):
        pass
    count_all(db)
    create_operator(db, NAME, Role.ADMIN, password=PASSWORD)
    # A tenant of its own: the others keep more than the default quota.
    key = issue_key(db, create_tenant(db, "Design"), Scope, "pictures").key
    db.dispose()
    return key


def sharpen_sample(base: str, key: str) -> str:
    """Let the sample deck be made sharp; return its job."""

    def ask(method: str, path: str, body: bytes | None = None) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{base}/api/v1{path}", data=body, method=method, headers=headers
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            found: dict[str, str] = json.load(answer)
            return found

    deck = ask("POST", "/decks/sample")
    job = ask("POST", f"/decks/{deck['id']}/jobs", b"{}")
    while ask("GET", f"/jobs/{job['id']}")["state"] in {"queued", "running"}:
        time.sleep(1)
    return job["id"]


def take(page: Page, file: Path, *, whole: bool = True) -> None:
    """Write one picture when the charts are drawn."""
    if page.locator("[data-figures]").count():
        page.locator("[data-drawn]").wait_for()
    page.wait_for_timeout(500)
    page.screenshot(path=file, full_page=whole)


def log_in(browser: Browser, base: str, scheme: str, width_px: int, height_px: int) -> Page:
    """Open a tab whose operator has logged in."""
    options = {"viewport": {"width": width_px, "height": height_px}, "color_scheme": scheme}
    page = browser.new_context(**options).new_page()  # type: ignore[arg-type]
    page.goto(f"{base}/admin/login")
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
    return page


def main() -> None:
    """Fill, serve, sharpen, take."""
    parser = argparse.ArgumentParser(description="Take pictures of the operators' pages.")
    parser.add_argument("--jobs", type=int, default=20_000, help="jobs of the week [20000]")
    parser.add_argument("--all", type=Path, help="every page, wide and narrow, light and dark")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        # Before the first sweep: the tally looks back once, and then only forward.
        key = _fill(Settings(data_dir=folder).effective_database_url, given.jobs)
        with serving(folder) as base:
            page = log_in(browser, base, "light", 1280, 1050)
            page.goto(f"{base}/admin/?window=7d")
            take(page, PICTURE, whole=False)
            if given.all:
                _take_all(browser, base, given.all, sharpen_sample(base, key))
        browser.close()


def _take_all(browser: Browser, base: str, folder: Path, job: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pages = PAGES | {"job": f"jobs/{job}"}
    for scheme in ("light", "dark"):
        for width_px in (1280, 390):
            page = log_in(browser, base, scheme, width_px, 900)
            for name, path in pages.items():
                page.goto(f"{base}/admin/{path}")
                take(page, folder / f"{name}-{width_px}-{scheme}.png")


if __name__ == "__main__":
    main()
