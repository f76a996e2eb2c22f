"""The page in a real browser: a deck goes in, its progress is seen, the sharp deck comes out."""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.axe import serious_findings
from tests.e2e.conftest import Site

pytestmark = pytest.mark.browser

LOW = ("ppt/media/image1.png", "ppt/media/image2.png")


def hand_in(page: Page, site: Site, file: Path) -> None:
    page.goto(f"{site.url}#key={site.key}")
    expect(page.get_by_label("Drop a deck here")).to_be_visible()
    page.get_by_label("Drop a deck here").set_input_files(file)


def send(page: Page, site: Site, talk: Path) -> None:
    hand_in(page, site, talk)
    expect(page.get_by_role("heading", name="My talk.pptx")).to_be_visible()


def test_a_deck_goes_in_and_comes_out_sharp(page: Page, site: Site, talk: Path) -> None:
    send(page, site, talk)
    expect(page.get_by_role("heading", name="2 pictures look blurred")).to_be_visible()
    expect(page.get_by_text("1 picture is left alone")).to_be_visible()
    expect(page.locator("#low .before img").first).to_be_visible()
    page.get_by_role("button", name="Make 2 pictures sharp").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    site.let_work()
    expect(page.get_by_role("heading", name="2 pictures are sharp now")).to_be_focused()
    expect(page.locator("#low .state.done")).to_have_count(2)
    # Below the stage, what is sharp now is fetched when one comes to it.
    page.locator("#low .state.done").first.scroll_into_view_if_needed()
    expect(page.locator("#low .after img").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the sharp deck").click()
    assert download.value.suggested_filename == "My talk.crisp.pptx"
    with zipfile.ZipFile(talk) as before, zipfile.ZipFile(download.value.path()) as after:
        changed = {n for n in before.namelist() if before.read(n) != after.read(n)}
    assert changed == set(LOW)
    with page.expect_download() as report:
        page.get_by_role("button", name="Save the report").click()
    assert report.value.suggested_filename == "My talk.crisp.report.html"


def test_only_the_ticked_pictures_are_made_sharp(page: Page, site: Site, talk: Path) -> None:
    send(page, site, talk)
    page.get_by_role("checkbox", name="slide 1").uncheck()
    page.get_by_role("button", name="Make 1 picture sharp").click()
    site.let_work()
    expect(page.get_by_role("heading", name="1 picture is sharp now")).to_be_visible()
    expect(page.locator("#low .state.done")).to_have_count(1)


def test_the_key_leaves_the_address_and_is_kept(page: Page, site: Site) -> None:
    page.goto(f"{site.url}#key={site.key}")
    expect(page.get_by_label("Drop a deck here")).to_be_visible()
    assert site.key not in page.url
    page.goto(site.url)
    expect(page.get_by_label("Drop a deck here")).to_be_visible()


def test_without_a_key_the_page_asks_for_one_and_says_when_it_is_wrong(
    page: Page, site: Site
) -> None:
    page.goto(site.url)
    field = page.get_by_label("API key")
    expect(field).to_be_focused()
    field.fill("cd_wrong_key")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("unknown, expired or revoked")
    field.fill(site.key)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Drop a deck here")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_hidden()


def test_deck_and_job_survive_a_reload(page: Page, site: Site, talk: Path) -> None:
    send(page, site, talk)
    page.get_by_role("button", name="Make 2 pictures sharp").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="My talk.pptx")).to_be_visible()
    site.let_work()
    expect(page.get_by_role("heading", name="2 pictures are sharp now")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Download the sharp deck")).to_be_visible()
    page.locator("#low .after").first.scroll_into_view_if_needed()  # it comes when it is looked at
    expect(page.locator("#low .after img").first).to_be_visible()


def test_what_is_no_deck_is_refused_in_words(page: Page, site: Site, tmp_path: Path) -> None:
    letter = tmp_path / "letter.pptx"
    letter.write_text("Dear Sir or Madam")
    hand_in(page, site, letter)
    expect(page.get_by_role("alert")).to_contain_text(
        "letter.pptx: The file is not a PowerPoint deck"
    )
    expect(page.get_by_role("alert")).to_be_focused()


def test_a_cancelled_job_can_be_taken_up_again(page: Page, site: Site, talk: Path) -> None:
    send(page, site, talk)
    page.get_by_role("button", name="Make 2 pictures sharp").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#job-text")).to_have_text("Cancelled. Nothing was changed.")
    expect(page.get_by_role("button", name="Try the failed ones again")).to_be_hidden()
    page.get_by_role("button", name="Make 2 pictures sharp").click()
    site.let_work()
    expect(page.get_by_role("heading", name="2 pictures are sharp now")).to_be_visible()


def test_the_progress_goes_on_by_cursor_where_no_stream_gets_through(
    page: Page, context: BrowserContext, site: Site, talk: Path
) -> None:
    context.route("**/stream", lambda route: route.abort())
    send(page, site, talk)
    page.get_by_role("button", name="Make 2 pictures sharp").click()
    site.let_work()
    expect(page.get_by_role("heading", name="2 pictures are sharp now")).to_be_visible()


@pytest.mark.parametrize("width_px", [390, 1280])
def test_nothing_hangs_over_the_edge_of_the_screen(
    page: Page, site: Site, talk: Path, width_px: int
) -> None:
    page.set_viewport_size({"width": width_px, "height": 800})
    send(page, site, talk)
    page.get_by_text("1 picture is left alone").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width_px


def test_the_sample_deck_is_one_click_away(page: Page, site: Site) -> None:
    page.goto(f"{site.url}#key={site.key}")
    page.get_by_role("button", name="Try the sample deck").click()
    expect(page.get_by_role("heading", name="Sample deck.pptx")).to_be_visible()


def test_a_sharp_deck_gets_the_chosen_original_back(
    page: Page, site: Site, talk: Path, tmp_path: Path
) -> None:
    send(page, site, talk)
    page.get_by_role("button", name="Make 2 pictures sharp").click()
    site.let_work()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the sharp deck").click()
    sharp = tmp_path / "My talk.crisp.pptx"
    download.value.save_as(sharp)
    page.goto(site.url)
    page.get_by_label("Drop a deck here").set_input_files(sharp)
    expect(page.locator("#revert-title")).to_be_focused()
    expect(page.locator("#revert-list img").first).to_be_visible()
    page.locator("#revert-list").get_by_role("checkbox", name="Slide 2").uncheck()
    assert serious_findings(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Save it with 1 original picture").click()
    assert download.value.suggested_filename == "My talk.reverted.pptx"
    with (
        zipfile.ZipFile(talk) as was,
        zipfile.ZipFile(sharp) as before,
        zipfile.ZipFile(download.value.path()) as after,
    ):
        assert after.read(LOW[0]) == was.read(LOW[0])
        assert after.read(LOW[1]) == before.read(LOW[1])
