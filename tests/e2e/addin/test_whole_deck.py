"""All slides at once; and a sharp copy where PowerPoint cannot replace slides."""

import base64

import pytest
from playwright.sync_api import expect

from tests.e2e.addin.cards import (
    SHARP,
    Connect,
    agree,
    button,
    card,
    make_sharp,
    wait_until_ready,
)
from tests.e2e.addin.checks import assert_as_before, assert_only_pictures_changed
from tests.e2e.addin.decks import (
    CHART_AT,
    FILL_AT,
    LOW,
    PHOTO_AT,
    TITLE_ID,
    changed_pictures,
    links_of,
    slides_of,
    talk,
    with_comment,
    with_links,
)
from tests.e2e.addin.powerpoint import OLDER, SWAPPING, PowerPoint, Profile

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def deck() -> bytes:
    return talk()


def scan(powerpoint: PowerPoint) -> None:
    powerpoint.pane.get_by_role("tab", name="Whole deck").click()
    powerpoint.pane.get_by_role("button", name="Scan all slides").click()
    expect(powerpoint.pane.locator("#deck-summary")).to_be_visible()


@pytest.mark.parametrize("profile", SWAPPING)
def test_the_whole_deck_is_made_sharp_and_taken_back(
    powerpoint: PowerPoint, connect: Connect, deck: bytes, profile: Profile
) -> None:
    powerpoint.open(deck, profile)
    connect(powerpoint)
    scan(powerpoint)
    summary = powerpoint.pane.locator("#deck-summary")
    expect(summary).to_have_text("3 blurred pictures on 4 slides.")
    powerpoint.pane.get_by_role("button", name="Enhance 3 pictures").click()
    expect(summary).to_have_text("3 pictures on 3 slides made sharp.")
    assert_only_pictures_changed(deck, powerpoint.save(), LOW)
    powerpoint.pane.get_by_role("button", name="Undo all (3)").click()
    expect(summary).to_have_text("3 pictures as before.")
    assert_as_before(deck, powerpoint.save())
    assert powerpoint.report().refusals == []


def test_only_the_chosen_pictures_are_made_sharp(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    scan(powerpoint)
    powerpoint.pane.get_by_role("checkbox", name="All 3 pictures").uncheck()
    expect(powerpoint.pane.get_by_role("button", name="Nothing chosen")).to_be_disabled()
    powerpoint.pane.get_by_role("checkbox", name="Slide 2").check()
    powerpoint.pane.get_by_role("button", name="Enhance 1 picture").click()
    summary = powerpoint.pane.locator("#deck-summary")
    expect(summary).to_have_text("1 picture on 1 slide made sharp.")
    assert_only_pictures_changed(deck, powerpoint.save(), {PHOTO_AT})


def test_undo_all_finds_what_was_made_sharp_before_the_file_was_closed(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    scan(powerpoint)
    powerpoint.pane.get_by_role("button", name="Enhance 3 pictures").click()
    expect(powerpoint.pane.locator("#deck-summary")).to_contain_text("made sharp")
    powerpoint.open(powerpoint.save())
    scan(powerpoint)
    expect(powerpoint.pane.locator("#deck-summary")).to_contain_text("No blurred pictures")
    powerpoint.pane.get_by_role("button", name="Undo all (3)").click()
    expect(powerpoint.pane.locator("#deck-summary")).to_have_text("3 pictures as before.")
    assert_as_before(deck, powerpoint.save())


def test_a_cancelled_run_leaves_every_slide_whole(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    scan(powerpoint)
    powerpoint.set_latency(250)
    powerpoint.pane.get_by_role("button", name="Enhance 3 pictures").click()
    powerpoint.pane.get_by_role("button", name="Cancel").click()
    summary = powerpoint.pane.locator("#deck-summary")
    expect(summary).to_contain_text("Stopped")
    powerpoint.set_latency(0)
    after = powerpoint.save()
    assert slides_of(after) == slides_of(deck)
    assert changed_pictures(deck, after) < LOW
    powerpoint.pane.get_by_role("button", name="Enhance").click()
    expect(summary).to_contain_text("made sharp")
    assert_only_pictures_changed(deck, powerpoint.save(), LOW)


def test_a_cancelled_scan_tells_how_far_it_came(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    powerpoint.pane.get_by_role("tab", name="Whole deck").click()
    powerpoint.set_latency(400)
    powerpoint.pane.get_by_role("button", name="Scan all slides").click()
    powerpoint.pane.get_by_role("button", name="Cancel").click()
    expect(powerpoint.pane.locator("#deck-summary")).to_contain_text("Stopped")


def test_a_slide_that_fails_does_not_stop_the_others(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    scan(powerpoint)
    fault = {"kind": "fail", "when": "before", "code": "GeneralException"}
    powerpoint.rule("Presentation.insertSlidesFromBase64", fault, nth=2)
    powerpoint.pane.get_by_role("button", name="Enhance 3 pictures").click()
    summary = powerpoint.pane.locator("#deck-summary")
    expect(summary).to_contain_text("1 could not be")
    assert_only_pictures_changed(deck, powerpoint.save(), {CHART_AT, FILL_AT})
    powerpoint.pane.get_by_role("button", name="Enhance 1 picture").click()
    expect(summary).to_have_text("1 picture on 1 slide made sharp.")
    assert_only_pictures_changed(deck, powerpoint.save(), LOW)


def test_a_deck_edited_during_the_run_keeps_the_edits(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    scan(powerpoint)
    move = {"kind": "move-slide", "slide": 3, "to": 0}
    powerpoint.rule("Slide.delete", {"kind": "edit", "when": "after", "edit": move})
    powerpoint.pane.get_by_role("button", name="Enhance 3 pictures").click()
    expect(powerpoint.pane.locator("#deck-summary")).to_contain_text("made sharp")
    first, second, third, fourth = slides_of(deck)
    assert slides_of(powerpoint.save()) == [fourth, first, second, third]


def test_comments_are_asked_about_and_such_slides_are_not_chosen(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    powerpoint.open(with_comment(deck))
    connect(powerpoint)
    button(card(powerpoint), "Enhance").dblclick()
    question = card(powerpoint).locator(".warn")
    expect(question).to_have_text("This replaces the slide. PowerPoint then drops its comment.")
    assert_as_before(deck, powerpoint.save())
    scan(powerpoint)
    expect(powerpoint.pane.get_by_role("checkbox", name="Slide 1")).not_to_be_checked()
    expect(powerpoint.pane.get_by_role("button", name="Enhance 2 pictures")).to_be_visible()
    powerpoint.pane.get_by_role("tab", name="This slide").click()
    agree(powerpoint)
    expect(card(powerpoint)).to_contain_text(SHARP)


def test_links_between_slides_are_asked_about_and_such_slides_are_not_chosen(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    linked = with_links(deck)
    powerpoint.open(linked)
    connect(powerpoint)
    button(card(powerpoint), "Enhance").click()
    expect(card(powerpoint).locator(".warn")).to_contain_text("its links to other slides")
    button(card(powerpoint), "Leave it as it is").click()
    scan(powerpoint)
    pane = powerpoint.pane
    for slide, words in (("Slide 1", "its links to other"), ("Slide 4", "links to it from other")):
        expect(pane.get_by_role("checkbox", name=slide)).not_to_be_checked()
        expect(pane.locator(".item").filter(has_text=slide)).to_contain_text(words)
    pane.get_by_role("button", name="Enhance 1 picture").click()
    expect(pane.locator("#deck-summary")).to_have_text("1 picture on 1 slide made sharp.")
    assert_only_pictures_changed(linked, powerpoint.save(), {PHOTO_AT})
    assert links_of(powerpoint.save()) == [(0, 3)]


def test_a_link_made_after_the_scan_keeps_its_slides_out_of_the_run(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    scan(powerpoint)
    powerpoint.do("link", 0, shape=TITLE_ID, to=3)
    linked = powerpoint.save()
    powerpoint.pane.get_by_role("button", name="Enhance 3 pictures").click()
    summary = powerpoint.pane.locator("#deck-summary")
    expect(summary).to_contain_text("1 picture on 1 slide made sharp. 2 left out")
    assert_only_pictures_changed(linked, powerpoint.save(), {PHOTO_AT})
    assert links_of(powerpoint.save()) == [(0, 3)]


def test_tags_of_other_add_ins_come_back_after_the_swap(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    wait_until_ready(card(powerpoint))
    tag = (
        "PowerPoint.run(async (c) => { const s = c.presentation.slides.getItemAt(0);"
        " s.tags.add('owner', 'Ada'); s.shapes.getItem('3').tags.add('Chart', '7'); })"
    )
    pane = next(frame for frame in powerpoint.page.frames if frame.name == "pane")
    pane.evaluate(tag)
    make_sharp(powerpoint)
    read = (
        "PowerPoint.run(async (c) => { const s = c.presentation.slides.getItemAt(0);"
        " const t = s.shapes.getItem('3').tags; s.tags.load('items/key,items/value');"
        " t.load('items/key,items/value'); await c.sync();"
        " return [s.tags, t].map((x) => x.items.map((y) => [y.key, y.value])); })"
    )
    assert pane.evaluate(read) == [[["OWNER", "Ada"]], [["CHART", "7"]]]


@pytest.mark.parametrize("profile", OLDER)
def test_an_older_powerpoint_gets_a_sharp_copy_and_is_told_why(
    powerpoint: PowerPoint, connect: Connect, deck: bytes, profile: Profile
) -> None:
    powerpoint.open(deck, profile)
    connect(powerpoint)
    expect(powerpoint.pane.get_by_text("This PowerPoint cannot replace single")).to_be_visible()
    powerpoint.pane.get_by_role("button", name="Scan this file").click()
    powerpoint.pane.get_by_role("button", name="Make a copy with 3 sharp pictures").click()
    expect(powerpoint.pane.get_by_text("open in a window of its own").first).to_be_visible()
    report = powerpoint.report()
    (copy,) = report.opened
    assert_only_pictures_changed(deck, base64.b64decode(copy), LOW)
    assert_as_before(deck, powerpoint.save())
    assert report.openFiles == 0


def test_a_copy_that_powerpoint_does_not_open_can_be_saved(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    powerpoint.open(deck, "ltsc2024-1.5")
    connect(powerpoint)
    powerpoint.pane.get_by_role("button", name="Scan this file").click()
    fault = {"kind": "fail", "when": "before", "code": "GeneralException"}
    powerpoint.rule("PowerPoint.createPresentation", fault)
    powerpoint.pane.get_by_role("button", name="Make a copy with 3 sharp pictures").click()
    expect(powerpoint.pane.locator(".bad")).to_contain_text("did not open the copy")
    with powerpoint.page.expect_download() as download:
        powerpoint.pane.get_by_role("link", name="Save the copy").click()
    assert download.value.suggested_filename == "Quarterly talk.crisp.pptx"
    assert_only_pictures_changed(deck, download.value.path().read_bytes(), LOW)


@pytest.mark.parametrize("profile", ["ipad-1.1", "mac-1.5"])
def test_where_no_link_downloads_the_browser_saves_the_copy(
    powerpoint: PowerPoint, connect: Connect, deck: bytes, profile: Profile
) -> None:
    powerpoint.open(deck, profile)
    connect(powerpoint)
    powerpoint.pane.get_by_role("button", name="Scan this file").click()
    powerpoint.pane.get_by_role("button", name="Make a copy with 3 sharp pictures").click()
    link = powerpoint.pane.get_by_role("link", name="Save the copy")
    address = link.get_attribute("href") or ""
    saved = powerpoint.page.context.request.get(address)
    assert "Quarterly%20talk.crisp.pptx" in saved.headers["content-disposition"]
    assert_only_pictures_changed(deck, saved.body(), LOW)
    assert (link.get_attribute("download"), link.get_attribute("target")) == (None, "_blank")
    if profile == "mac-1.5":
        link.click()
        assert powerpoint.report().windows == [address]
