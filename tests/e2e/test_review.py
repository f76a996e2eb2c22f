"""A review link in a second browser: before and after, a word, and the end of the link."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.axe import serious_findings
from tests.e2e.conftest import Site
from tests.web.conftest import send_deck, send_job

pytestmark = pytest.mark.browser


def shared_batch(site: Site, talk: Path) -> str:
    """Return the id of a batch with one finished deck."""
    made = site.web.client.post("/api/v1/batches", headers=site.web.key, json={})
    batch = str(made.get_json()["id"])
    send_job(site.web, send_deck(site.web, talk.read_bytes(), name=talk.name, batch=batch))
    site.web.worker.work_off()
    return batch


def make_link(page: Page, site: Site, batch: str) -> str:
    page.goto(f"{site.url}#key={site.key}&batch={batch}")
    page.get_by_text("Let a colleague look").click()
    page.get_by_label("For", exact=True).fill("Ben")
    page.get_by_role("button", name="Make a link").click()
    field = page.get_by_label("The link, shown this once")
    expect(field).to_be_focused()
    assert serious_findings(page) == []
    return field.input_value()


def test_a_colleague_looks_keeps_an_original_and_says_what_they_think(
    page: Page, browser: Browser, site: Site, talk: Path
) -> None:
    link = make_link(page, site, shared_batch(site, talk))
    other = browser.new_context()
    theirs = other.new_page()
    theirs.goto(link)
    expect(theirs.locator("#stage-part")).to_be_visible()
    assert serious_findings(theirs) == []
    assert theirs.evaluate("localStorage.length") == 0
    theirs.get_by_role("button", name="Keep the original").click()
    expect(theirs.get_by_role("button", name="Use the sharp one")).to_be_visible()
    theirs.get_by_label("A word").fill("The photo looks odd.")
    theirs.get_by_role("button", name="Not like this").click()
    expect(theirs.get_by_text("Noted: not like this.")).to_be_visible()
    page.reload()
    page.get_by_text("Let a colleague look").click()
    expect(page.get_by_text("not like this: “The photo looks odd.”")).to_be_visible()
    page.get_by_role("button", name="Withdraw the link for Ben").click()
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.locator(".review-facts")).to_contain_text("withdrawn")
    theirs.reload()
    expect(theirs.get_by_role("alert")).to_contain_text("opens nothing any more")
    assert serious_findings(theirs) == []
    other.close()
