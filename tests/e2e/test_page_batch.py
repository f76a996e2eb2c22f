"""Many decks in a real browser: handed in, chosen, compared, kept, taken home and deleted."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from crispdeck.records.people.keys import Scope, create_tenant, issue_key
from crispdeck.records.people.tenant_limits import OwnAllowances, set_allowances
from crispdeck.records.shelf.batches import create_batch
from tests.e2e.axe import serious_findings
from tests.e2e.conftest import Site
from tests.web.conftest import deck_blob

pytestmark = pytest.mark.browser

PART = "ppt/media/image1.png"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three decks in two folders, with what lies beside decks in real ones."""
    place = tmp_path / "talks"
    for name, pictures in (("2023/a.pptx", 2), ("2023/b.pptx", 1), ("2024/a.pptx", 0)):
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(deck_blob(pictures, sharp=1))
    (place / "2024" / "notes.txt").write_text("no deck")
    (place / "2024" / "old.ppt").write_bytes(b"\xd0\xcf\x11\xe0")
    (place / "2024" / "~$a.pptx").write_bytes(b"lock")
    return place


def opened(page: Page, site: Site) -> None:
    page.goto(f"{site.url}#key={site.key}")
    expect(page.get_by_label("Drop a deck here")).to_be_visible()


def handed_in(page: Page, site: Site, folder: Path) -> None:
    opened(page, site)
    page.get_by_label("Choose a folder").set_input_files(folder)
    expect(page.get_by_role("heading", name="3 decks", exact=True)).to_be_visible()
    expect(page.locator("#start")).to_be_enabled()


def finished(page: Page, site: Site, folder: Path) -> None:
    handed_in(page, site, folder)
    page.get_by_role("button", name="Make 3 pictures in 2 decks sharp").click()
    site.let_work()
    expect(page.get_by_role("heading", name="3 pictures in 2 decks are sharp now")).to_be_focused()


def test_decks_that_wait_for_a_free_place_are_done_though_the_page_is_closed(
    page: Page, context: BrowserContext, site: Site, folder: Path
) -> None:
    set_allowances(site.web.engine.db, site.web.tenant_id, OwnAllowances(max_open_jobs=1))
    handed_in(page, site, folder)
    page.get_by_role("button", name="Make 3 pictures in 2 decks sharp").click()
    expect(page.locator("#all-text")).to_contain_text(
        "1 deck begins by itself when one before it is done."
    )
    assert "Begins by itself when a deck before it is done" in row(page, "talks/2023/b.pptx")
    address = page.url
    page.close()
    site.let_work()
    again = context.new_page()
    again.goto(f"{address}&key={site.key}")
    expect(again.get_by_role("heading", name="3 pictures in 2 decks are sharp now")).to_be_visible()


def test_cancelling_all_ends_the_decks_that_wait_too(page: Page, site: Site, folder: Path) -> None:
    set_allowances(site.web.engine.db, site.web.tenant_id, OwnAllowances(max_open_jobs=1))
    handed_in(page, site, folder)
    page.get_by_role("button", name="Make 3 pictures in 2 decks sharp").click()
    expect(page.locator("#all-text")).to_contain_text(
        "1 deck begins by itself when one before it is done."
    )
    page.get_by_role("button", name="Cancel all").click()
    expect(page.locator("#all-progress")).to_be_hidden()
    expect(page.get_by_role("button", name="Make 3 pictures in 2 decks sharp")).to_be_enabled()


def picture_in(deck: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(deck)) as archive:
        return archive.read(PART)


def row(page: Page, name: str) -> str:
    return page.locator("#decks .deck", has_text=name).inner_text()


def test_a_folder_is_taken_with_its_folders_and_what_is_no_deck_is_named(
    page: Page, site: Site, folder: Path
) -> None:
    handed_in(page, site, folder)
    decks = page.locator("#decks .deck")
    expect(decks.filter(has_text="talks/2023/a.pptx")).to_contain_text(
        "2 pictures look blurred, the worst less than a quarter as sharp as a full-HD screen"
    )
    expect(decks.filter(has_text="talks/2024/a.pptx")).to_contain_text("no picture looks blurred")
    refused = page.get_by_role("alert")
    expect(refused).to_contain_text("talks/2024/old.ppt: a PowerPoint file of before 2007")
    expect(refused).to_contain_text("PowerPoint's mark that a deck is open")
    expect(refused).not_to_contain_text("notes.txt")
    page.get_by_role("button", name="Close").first.click()
    expect(refused).to_be_hidden()


def test_a_folder_can_be_dropped(
    page: Page, context: BrowserContext, site: Site, folder: Path
) -> None:
    opened(page, site)
    browser = context.new_cdp_session(page)
    files = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        browser.send("Input.dispatchDragEvent", {"type": kind, "x": 400, "y": 300, "data": files})
    expect(page.get_by_role("heading", name="3 decks", exact=True)).to_be_visible()
    expect(page.locator("#start")).to_be_enabled()
    assert "2 pictures look blurred" in row(page, "talks/2023/a.pptx")


def test_the_limit_is_told_before_and_what_is_over_it_is_refused_at_once(
    page: Page, context: BrowserContext, site: Site, tmp_path: Path
) -> None:
    context.route(
        "**/api/v1/limits",
        lambda route: route.fulfill(json=route.fetch().json() | {"max_deck_bytes": 50_000}),
    )
    opened(page, site)
    expect(page.get_by_text("up to 50 kB each. Kept for 7 days, then deleted.")).to_be_visible()
    large, good = tmp_path / "large.pptx", tmp_path / "good.pptx"
    large.write_bytes(bytes(60_000))
    good.write_bytes(deck_blob())
    page.get_by_label("Drop a deck here").set_input_files([large, good])
    expect(page.get_by_role("alert")).to_contain_text("large.pptx: 60 kB; at most 50 kB")
    expect(page.get_by_role("heading", name="good.pptx")).to_be_visible()


def test_a_broken_upload_goes_on_where_it_was(
    page: Page, context: BrowserContext, site: Site, talk: Path
) -> None:
    asked: list[str] = []

    def break_off(route: Route) -> None:
        asked.append(route.request.method)
        if route.request.method == "PATCH" and asked.count("PATCH") < 3:
            route.abort("connectionreset")
        else:
            route.continue_()

    context.route("**/api/v1/uploads/*", break_off)
    opened(page, site)
    page.get_by_label("Drop a deck here").set_input_files(talk)
    expect(page.get_by_role("heading", name="My talk.pptx")).to_be_visible()
    assert asked[:5] == ["PATCH", "HEAD", "PATCH", "HEAD", "PATCH"]


def test_an_upload_survives_a_reload_without_being_chosen_again(
    page: Page, context: BrowserContext, site: Site, talk: Path
) -> None:
    context.route("**/api/v1/uploads/*", lambda route: route.abort())
    opened(page, site)
    page.get_by_label("Drop a deck here").set_input_files(talk)
    expect(page.get_by_text("Sending the deck: 0 %")).to_be_visible()
    page.wait_for_url(re.compile("batch="))
    page.wait_for_timeout(300)  # the copy of the file is written beside the first try
    context.unroute("**/api/v1/uploads/*")
    page.reload()
    expect(page.get_by_role("heading", name="My talk.pptx")).to_be_visible()
    expect(page.get_by_role("heading", name="2 pictures look blurred")).to_be_visible()


def test_choices_are_the_same_for_all_and_are_estimated_before_the_start(
    page: Page, site: Site, folder: Path
) -> None:
    handed_in(page, site, folder)
    estimate = page.locator("#estimate")
    expect(estimate).to_contain_text("2 different pictures, a few seconds")
    expect(estimate).to_contain_text("All files together go from")
    page.get_by_label("Look for").select_option("150")
    page.get_by_label("Make them as sharp as").select_option("300")
    expect(page.get_by_role("button", name="Make 6 pictures in 3 decks sharp")).to_be_enabled()
    page.reload()
    expect(page.get_by_label("Make them as sharp as")).to_have_value("300")
    page.get_by_role("button", name="Make 6 pictures in 3 decks sharp").click()
    site.let_work()
    expect(page.get_by_role("heading", name="6 pictures in 3 decks are sharp now")).to_be_visible()


def test_slides_show_what_is_blurred_and_a_mark_leaves_a_picture_out(
    page: Page, site: Site, talk: Path
) -> None:
    opened(page, site)
    page.get_by_label("Drop a deck here").set_input_files(talk)
    slides = page.locator("#slides .slide")
    expect(slides).to_have_count(2)
    expect(slides.first.locator(".slide-look.there")).to_be_visible()
    # The image was decoded, pictures in it and all, under the page's policy.
    assert slides.first.locator("img").evaluate("image => image.naturalWidth") > 0
    mark = slides.first.locator("button.mark")
    box, look = mark.bounding_box(), slides.first.locator(".slide-look").bounding_box()
    assert box is not None
    assert look is not None
    # 4 of 13.33 inches wide, 1 inch from the left.
    assert box["width"] / look["width"] == pytest.approx(4 / 13.33, abs=0.02)
    assert (box["x"] - look["x"]) / look["width"] == pytest.approx(1 / 13.33, abs=0.02)
    expect(mark).to_have_attribute("aria-pressed", "true")
    mark.press("Enter")
    expect(mark).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_role("button", name="Make 1 picture sharp")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Make 1 picture sharp")).to_be_visible()
    page.get_by_role("button", name="Show all 3 slides").click()
    expect(slides).to_have_count(3)


def stage_shows(page: Page, title: str) -> None:
    expect(page.locator("#stage-title")).to_have_text(title)
    expect(page.locator("#stage-wait")).to_be_hidden()
    for side in ("before", "after"):
        assert page.locator(f"#stage-{side}").evaluate("image => image.naturalWidth") > 0


def test_before_and_after_are_compared_by_keyboard_and_an_original_is_kept(
    page: Page, site: Site, folder: Path
) -> None:
    finished(page, site, folder)
    page.get_by_role("button", name="Open talks/2023/a.pptx").click()
    page.get_by_role("button", name="Compare the picture on slide 1 before and after").click()
    stage = page.locator("#stage")
    expect(stage).to_be_focused()
    stage_shows(page, "Slide 1: picture 1 of 2")
    expect(page.locator("#stage-numbers")).to_contain_text(
        "24 → 96 ppi: less than a quarter as sharp as a full-HD screen before,"
        " about two thirds as sharp as a full-HD screen now."
    )
    page.keyboard.press("ArrowRight")
    stage_shows(page, "Slide 2: picture 2 of 2")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("1")
    # As wide as a full-HD screen.
    assert page.locator("#pair").evaluate("pair => pair.offsetWidth") == 1920
    place = page.locator("#pair").evaluate("pair => pair.style.transform")
    page.keyboard.press("Shift+ArrowRight")
    assert page.locator("#pair").evaluate("pair => pair.style.transform") != place
    page.keyboard.press("0")
    fits = page.locator("#pair").evaluate(
        "pair => pair.offsetWidth <= pair.parentElement.clientWidth"
        " && pair.offsetHeight <= pair.parentElement.clientHeight"
    )
    assert fits
    split = page.get_by_role("slider", name="How much of the original is shown")
    page.keyboard.press("Space")
    expect(split).to_have_attribute("aria-valuetext", "100 % before, 0 % after")
    page.keyboard.press("Space")
    expect(split).to_have_attribute("aria-valuetext", "0 % before, 100 % after")
    split.focus()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    expect(split).to_have_attribute("aria-valuetext", "40 % before, 60 % after")
    page.locator("#stage-part").get_by_role("button", name="Keep the original").click()
    expect(page.locator("#stage-keep")).to_have_text("Use the sharp one")
    expect(page.locator("#label-after")).to_have_text("original kept")
    expect(page.locator("#low .state.kept")).to_have_count(1)
    slides = page.locator("#slides .slide-words")
    expect(slides.filter(has_text="1 picture sharp now")).to_have_count(1)
    expect(slides.filter(has_text="1 blurred picture")).to_have_count(1)
    expect(page.locator("#decks .deck", has_text="2023/a.pptx")).to_contain_text("1 original kept")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the sharp deck").click()
    assert picture_in(download.value.path().read_bytes()) == picture_in(deck_blob(2, sharp=1))


def test_the_slide_is_moved_zoomed_and_uncovered_by_mouse(
    page: Page, site: Site, folder: Path
) -> None:
    finished(page, site, folder)
    page.get_by_role("button", name="Open talks/2023/a.pptx").click()
    page.get_by_role("button", name="Compare the picture on slide 1 before and after").click()
    stage_shows(page, "Slide 1: picture 1 of 2")
    pair = page.locator("#pair")
    page.get_by_role("button", name="200 %").click()
    assert pair.evaluate("pair => pair.offsetWidth") == 3840
    box = page.locator("#stage").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 4, box["y"] + box["height"] / 2
    before = pair.bounding_box()
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y + 20)
    page.mouse.up()
    after = pair.bounding_box()
    assert before is not None
    assert after is not None
    assert (after["x"] - before["x"], after["y"] - before["y"]) == pytest.approx((30, 20), abs=1)
    page.mouse.wheel(0, 400)
    expect(pair).not_to_have_css("width", "3840px")
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    page.mouse.move(x, y)
    page.mouse.up()
    expect(page.locator("#split")).to_have_value("25")


def test_the_result_is_in_view_and_the_drop_zone_gives_way_until_asked_back(
    page: Page, site: Site, talk: Path
) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    opened(page, site)
    page.get_by_label("Drop a deck here").set_input_files(talk)
    expect(page.locator("#scan-title")).to_be_focused()
    page.get_by_role("button", name="Make 2 pictures sharp").click()
    expect(page.locator("#batch-title")).to_be_focused()
    site.let_work()
    expect(page.get_by_role("heading", name="2 pictures are sharp now")).to_be_focused()
    expect(page.locator("#drop")).to_be_hidden()
    stage_shows(page, "Slide 1: picture 1 of 2")
    assert page.title() == "✓ 2 pictures are sharp now · Crispdeck"
    for name in ("#result-title", "#download", "#stage", "#split", "#stage-next"):
        expect(page.locator(name)).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Add decks").click()
    expect(page.locator("#drop")).to_be_visible()
    expect(page.locator("#deck-field")).to_be_focused()


def test_all_decks_come_home_in_one_zip_with_reports(page: Page, site: Site, folder: Path) -> None:
    finished(page, site, folder)
    page.get_by_label("with a report").select_option("pptx")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download all as a zip").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert set(archive.namelist()) == {
            "talks/2023/a.crisp.pptx",
            "talks/2023/a.crisp.report.pptx",
            "talks/2023/b.crisp.pptx",
            "talks/2023/b.crisp.report.pptx",
            "talks/2024/a.pptx",
        }


def test_files_can_be_deleted_now_and_it_is_told_when_they_go_by_themselves(
    page: Page, site: Site, folder: Path
) -> None:
    handed_in(page, site, folder)
    expect(page.get_by_text(re.compile("Deleted by itself on \\w+day, "))).to_be_visible()
    page.get_by_role("button", name="Delete my files now").click()
    page.get_by_role("button", name="Keep them").click()
    expect(page.get_by_role("heading", name="3 decks", exact=True)).to_be_visible()
    page.get_by_role("button", name="Delete my files now").click()
    page.get_by_role("button", name="Delete them").click()
    expect(page.locator("#batch-panel")).to_be_hidden()
    assert "batch=" not in page.url
    decks = site.web.client.get("/api/v1/decks", headers=site.web.key).get_json()
    assert decks["items"] == []


def test_a_batch_of_before_is_one_click_away(page: Page, site: Site, folder: Path) -> None:
    handed_in(page, site, folder)
    page.get_by_role("button", name="Other decks").click()
    expect(page.locator("#batch-panel")).to_be_hidden()
    expect(page.locator("#earlier-list li")).to_contain_text("3 decks, nothing made sharp yet")
    expect(page.locator("#earlier-list img")).to_be_visible()
    page.get_by_role("button", name="a.pptx, b.pptx, a.pptx").click()
    expect(page.get_by_role("heading", name="3 decks", exact=True)).to_be_visible()


def test_a_page_that_is_opened_while_the_server_is_away_goes_on_when_it_is_back(
    page: Page, context: BrowserContext, site: Site, folder: Path
) -> None:
    handed_in(page, site, folder)
    context.route("**/api/v1/**", lambda route: route.abort())
    page.reload()
    expect(page.get_by_text("Crispdeck does not answer at the moment.")).to_be_visible()
    context.unroute("**/api/v1/**")
    expect(page.get_by_role("heading", name="3 decks", exact=True)).to_be_visible()
    expect(page.get_by_text("Crispdeck does not answer at the moment.")).to_be_hidden()


def test_what_was_dropped_and_not_begun_is_found_again_after_a_reload(
    page: Page, context: BrowserContext, site: Site, tmp_path: Path
) -> None:
    names = [f"Talk {number}.pptx" for number in range(6)]
    for number, name in enumerate(names):
        (tmp_path / name).write_bytes(deck_blob(1, sharp=number))
    old = tmp_path / "old.ppt"
    old.write_bytes(b"\xd0\xcf\x11\xe0")
    context.route("**/api/v1/uploads**", lambda route: route.abort())
    opened(page, site)
    files = [*(tmp_path / name for name in names), old]
    page.get_by_label("Drop a deck here").set_input_files(files)
    expect(page.get_by_role("heading", name="6 decks", exact=True)).to_be_visible()
    page.wait_for_timeout(500)  # the copies are written beside the first tries
    page.reload()
    expect(page.get_by_role("heading", name="6 decks", exact=True)).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("old.ppt: a PowerPoint file of before 2007")
    context.unroute("**/api/v1/uploads**")
    expect(page.get_by_role("button", name="Make 6 pictures in 6 decks sharp")).to_be_enabled()
    for name in names:
        assert "1 picture looks blurred" in row(page, name)


def test_one_file_is_stopped_and_the_others_go_on(
    page: Page, context: BrowserContext, site: Site, folder: Path
) -> None:
    context.route("**/api/v1/uploads**", lambda route: route.abort())
    opened(page, site)
    page.get_by_label("Choose a folder").set_input_files(folder)
    page.locator("#decks .deck", has_text="talks/2023/a.pptx").locator(".remove").click()
    expect(page.get_by_role("heading", name="2 decks", exact=True)).to_be_visible()
    context.unroute("**/api/v1/uploads**")
    expect(page.get_by_role("button", name="Make 1 picture in 1 deck sharp")).to_be_enabled()


def test_back_and_forward_go_between_deck_batch_and_start(
    page: Page, site: Site, folder: Path
) -> None:
    handed_in(page, site, folder)
    page.get_by_role("button", name="Open talks/2023/a.pptx").click()
    expect(page.locator("#scan-title")).to_have_text("a.pptx")
    page.go_back()
    expect(page.locator("#scan-panel")).to_be_hidden()
    expect(page.get_by_role("heading", name="3 decks", exact=True)).to_be_visible()
    page.go_back()
    expect(page.locator("#batch-panel")).to_be_hidden()
    expect(page.locator("#drop")).to_be_visible()
    page.go_forward()
    page.go_forward()
    expect(page.locator("#scan-title")).to_have_text("a.pptx")


def test_a_deck_is_removed_only_when_one_means_it_and_the_last_one_is_opened(
    page: Page, site: Site, folder: Path
) -> None:
    handed_in(page, site, folder)
    for name in ("2024/a.pptx", "2023/b.pptx"):
        page.get_by_role("button", name=f"Remove: talks/{name}").click()
        page.get_by_role("button", name="Keep it").click()
        page.get_by_role("button", name=f"Remove: talks/{name}").click()
        page.get_by_role("button", name="Remove it").click()
        expect(page.locator("#decks .deck", has_text=name)).to_be_hidden()
    expect(page.locator("#scan-title")).to_have_text("a.pptx")


def test_a_sharp_deck_is_taken_home_from_its_row(page: Page, site: Site, folder: Path) -> None:
    finished(page, site, folder)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the sharp talks/2023/b.pptx").click()
    assert download.value.suggested_filename == "b.crisp.pptx"


def test_another_key_takes_the_place_of_a_known_one_only_when_it_fits(
    page: Page, site: Site
) -> None:
    opened(page, site)
    page.get_by_role("button", name="Change key").click()
    expect(page.get_by_text("crispdeck key new NAME")).to_be_visible()
    page.get_by_label("API key").fill("cd_wrong_key")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("unknown, expired or revoked")
    page.reload()
    expect(page.get_by_label("Drop a deck here")).to_be_visible()
    page.get_by_role("button", name="Change key").click()
    page.get_by_role("button", name="Go on with the key I have").click()
    expect(page.get_by_label("Drop a deck here")).to_be_visible()


def test_another_tenants_batch_is_not_there(page: Page, site: Site) -> None:
    db = site.web.engine.db
    other = create_batch(db, create_tenant(db, "other"), {}, retention_days=1)
    issue_key(db, other.tenant_id, Scope, "other")
    page.goto(f"{site.url}#key={site.key}&batch={other.id}")
    expect(page.get_by_role("alert")).to_contain_text("no longer here")
    expect(page.locator("#batch-panel")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width_px", [390, 1280])
def test_every_state_is_usable_by_everybody(
    page: Page, site: Site, folder: Path, width_px: int, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width_px, "height": 900})
    findings: dict[str, list[str]] = {}

    def look(state: str) -> None:
        findings[state] = serious_findings(page)
        if page.evaluate("document.documentElement.scrollWidth") > width_px:
            findings[state].append("it hangs over the edge of the screen")

    page.goto(site.url)
    look("no key")
    handed_in(page, site, folder)
    look("handed in")
    page.get_by_role("button", name="Open talks/2023/a.pptx").click()
    expect(page.locator("#slides .there").first).to_be_visible()
    page.get_by_text("1 picture is left alone").click()
    look("a deck")
    page.get_by_role("button", name="Make 3 pictures in 2 decks sharp").click()
    look("at work")
    site.let_work()
    expect(page.get_by_role("heading", name="3 pictures in 2 decks are sharp now")).to_be_visible()
    expect(page.locator("#low .state.done")).to_have_count(2)
    look("finished")
    page.locator("#low button.compare").first.click()
    expect(page.locator("#stage-wait")).to_be_hidden()
    look("compared")
    page.get_by_role("button", name="Delete my files now").click()
    look("asked")
    assert {state: found for state, found in findings.items() if found} == {}
