"""A person's way for many decks at once, from the folder to the zip, while servers die on it."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.scan import scan
from crispdeck.errors import DeckRefusedError
from crispdeck.records.states import FINAL_PICTURE_STATES, JobState
from crispdeck.records.tables import Job, Picture
from crispdeck.settings import Settings
from tests.decks.enhancing import raw_entries
from tests.e2e.chromium import chromium
from tests.e2e.faults.running_stack import COMPLETIONS, RunningStack, hasty, wait_until
from tests.small_deck import deck_of, picture_blob

pytestmark = [pytest.mark.browser, pytest.mark.fault, pytest.mark.timeout(600)]

WAIT_MS = 240_000
MOST_LOW_PX = 60_000
"""Of one real deck: the test is about many decks, not about large ones."""


@dataclass(frozen=True)
class Person:
    """Somebody before the page of a running Crispdeck."""

    stack: RunningStack
    page: Page
    address: str


@pytest.fixture
def person(embedded_settings: Settings, tmp_path: Path) -> Iterator[Person]:
    running = RunningStack(hasty(embedded_settings), tmp_path / "stack")
    running.start()
    shown = re.search(r"http://\S+/#key=\S+", running.log.read_text())
    assert shown
    with chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(WAIT_MS)
        expect.set_options(timeout=WAIT_MS)
        yield Person(running, page, shown[0])
    running.kill()
    running.db.dispose()


def real_decks(fixtures: Path, count: int) -> dict[str, bytes]:
    """The smallest real decks that are taken; most have a picture or two to make sharp."""
    with_low: dict[str, bytes] = {}
    others: dict[str, bytes] = {}
    for path in sorted(fixtures.iterdir(), key=lambda path: (path.stat().st_size, path.name)):
        blob = path.read_bytes()
        try:
            with open_deck(blob) as archive:
                low = scan(archive).low
        except DeckRefusedError:
            continue
        px = sum((one.width_px or 0) * (one.height_px or 0) for one in low)
        if px <= MOST_LOW_PX:
            (with_low if low else others)[path.name] = blob
    found = dict(list(with_low.items())[: count * 3 // 4])
    return found | dict(list(others.items())[: count - len(found)])


def test_forty_real_decks_go_in_and_come_out_in_one_zip(
    person: Person, shared_data: Path, tmp_path: Path
) -> None:
    decks = real_decks(shared_data / "decks" / "fixtures", 40)
    assert len(decks) == 40
    _go_the_whole_way(person, decks, tmp_path)


def test_our_own_decks_go_in_and_come_out_in_one_zip(person: Person, tmp_path: Path) -> None:
    decks = {
        f"{number}.pptx": deck_of([picture_blob(10 * number + at, 64) for at in range(4)])
        for number in range(6)
    }
    decks["sharp enough.pptx"] = deck_of([picture_blob(99, 64)], shown_in=[0.3])
    _go_the_whole_way(person, decks, tmp_path)


def _go_the_whole_way(person: Person, decks: dict[str, bytes], tmp_path: Path) -> None:
    folder = tmp_path / "talks"
    folder.mkdir()
    for name, blob in decks.items():
        (folder / name).write_bytes(blob)
    page, stack, count = person.page, person.stack, len(decks)

    page.goto(person.address)
    page.get_by_label("Choose a folder").set_input_files(folder)
    # The web server dies while decks are on their way; `serve` starts another.
    expect(page.locator("#decks .deck.low, #decks .deck.fine").nth(1)).to_be_attached()
    stack.main_of("web.serving").kill()
    expect(page.get_by_role("heading", name=f"{count} decks", exact=True)).to_be_visible()
    start = page.get_by_role("button", name=re.compile(r"Make \d+ pictures in \d+ decks sharp"))
    expect(start).to_be_enabled()
    expect(page.locator("#estimate")).to_contain_text("different picture")
    expect(page.locator("#refused-panel")).to_be_hidden()

    start.click()
    # The whole of Crispdeck is stopped in the middle of the work and started again.
    wait_until(lambda: _done(stack) >= 2, "two pictures are done")
    stack.stop()
    expect(page.get_by_text("Crispdeck does not answer at the moment")).to_be_visible()
    stack.start()
    wait_until(stack.web_answers, "the web server is back")
    expect(page.get_by_text("Crispdeck does not answer at the moment")).to_be_hidden()
    page.reload()

    expect(page.locator("#all-result-title")).to_have_text(
        re.compile(r"\d+ pictures in \d+ decks are sharp now")
    )
    with page.expect_download() as download:
        page.get_by_role("button", name="Download all as a zip").click()
    changed = _check_zip(download.value.path().read_bytes(), decks)
    _check_rows(stack, changed)


def _done(stack: RunningStack) -> int:
    with stack.db.reading() as session:
        return session.query(Picture).filter(Picture.state.in_(FINAL_PICTURE_STATES)).count()


def _check_zip(blob: bytes, decks: dict[str, bytes]) -> int:
    """Every deck is there once, changed in its media or not at all. Return how many changed."""
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        files = {name.removeprefix("talks/"): archive.read(name) for name in archive.namelist()}
    changed = 0
    for name, before in decks.items():
        stem, _, ending = name.rpartition(".")
        after = files.pop(f"{stem}.crisp.{ending}", None)
        if after is None:
            assert files.pop(name) == before
            continue
        changed += 1
        assert b"<html" in files.pop(f"{stem}.crisp.report.html")
        old, new = raw_entries(before), raw_entries(after)
        differing = {one for one in old.keys() | new.keys() if old.get(one) != new.get(one)}
        assert any("/media/" in one for one in differing), name
    assert files == {}
    return changed


def _check_rows(stack: RunningStack, changed: int) -> None:
    """Each deck had one job, and each picture ended exactly once."""
    with stack.db.reading() as session:
        jobs = session.query(Job).all()
        pictures = session.query(Picture).all()
    assert {job.state for job in jobs} == {JobState.DONE}
    assert max(Counter(job.deck_id for job in jobs).values()) == 1
    assert sum(job.result_key is not None for job in jobs) == changed
    ends = Counter(
        event.picture_id
        for job in jobs
        for event in stack.events(job.id)
        if event.kind in COMPLETIONS
    )
    assert ends == Counter(picture.id for picture in pictures)
