"""A picture on the slide: suggested, made sharp, taken back. In Chromium, on the real system."""

import pytest
from playwright.sync_api import expect

from tests.decks.pictures import png
from tests.e2e.addin.cards import (
    CHART,
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
    CHART_ID,
    FILL_AT,
    PHOTO_AT,
    TITLE_ID,
    media_names,
    pictures_of,
    slides_of,
    talk,
    with_links,
)
from tests.e2e.addin.powerpoint import SWAPPING, PowerPoint, Profile

pytestmark = pytest.mark.browser

SLIDE_WIDTH_IN = 10


@pytest.fixture(scope="module")
def deck() -> bytes:
    return talk()


@pytest.mark.parametrize("profile", SWAPPING)
def test_a_suggested_picture_is_made_sharp_and_taken_back(
    powerpoint: PowerPoint, connect: Connect, deck: bytes, profile: Profile
) -> None:
    powerpoint.open(deck, profile)
    connect(powerpoint)
    chart = card(powerpoint)
    expect(chart).to_contain_text("Shown 4.2 in wide, 32 ppi")
    expect(chart.locator(".after img")).to_be_visible()
    button(chart, "Enhance").click()
    expect(chart).to_contain_text(SHARP)
    assert_only_pictures_changed(deck, powerpoint.save(), {CHART_AT})
    button(chart, "Undo").click()
    wait_until_ready(chart)
    assert_as_before(deck, powerpoint.save())
    assert media_names(powerpoint.save()) == media_names(deck)
    assert powerpoint.report().refusals == []


@pytest.mark.parametrize("profile", SWAPPING)
def test_ctrl_z_brings_the_old_slide_back_and_the_pane_follows(
    powerpoint: PowerPoint, connect: Connect, deck: bytes, profile: Profile
) -> None:
    powerpoint.open(deck, profile)
    connect(powerpoint)
    ids = powerpoint.report().slides
    make_sharp(powerpoint)
    powerpoint.undo()
    wait_until_ready(card(powerpoint))
    assert_as_before(deck, powerpoint.save())
    assert powerpoint.report().slides == ids
    make_sharp(powerpoint)
    assert_only_pictures_changed(deck, powerpoint.save(), {CHART_AT})


def test_real_size_shows_both_pictures_cropped_and_as_large_as_in_the_slide_show(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    wait_until_ready(card(powerpoint))
    button(card(powerpoint), "Real size").click()
    shown = card(powerpoint).get_by_role("group", name="As large as in the show")
    screen_px = powerpoint.pane.locator("body").evaluate("() => screen.width")
    width_px = 4.2 / SLIDE_WIDTH_IN * screen_px
    for layer in (".before img", ".after img"):
        box = shown.locator(layer).bounding_box()
        assert box is not None
        # A tenth of the chart is cropped on the left, a twentieth at the bottom.
        assert box["width"] * 0.9 == pytest.approx(width_px, abs=2)
        assert box["height"] * 0.95 == pytest.approx(width_px * 2.8 / 4.2, abs=2)


def test_undo_that_would_cost_a_link_asks_first(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    make_sharp(powerpoint)
    linked = with_links(powerpoint.save())
    powerpoint.open(linked)
    button(card(powerpoint, SHARP), "Undo").click()
    expect(powerpoint.pane.locator(".warn")).to_contain_text("its links to other slides")
    assert_as_before(linked, powerpoint.save())
    agree(powerpoint)
    wait_until_ready(card(powerpoint))
    assert pictures_of(powerpoint.save()) == pictures_of(deck)


@pytest.mark.parametrize("profile", SWAPPING)
def test_an_inserted_picture_is_noticed_and_selected_again_after_the_swap(
    powerpoint: PowerPoint, connect: Connect, deck: bytes, profile: Profile
) -> None:
    powerpoint.open(deck, profile)
    connect(powerpoint)
    powerpoint.do("select", 2)
    expect(powerpoint.pane.get_by_text("Every picture on this slide is sharp")).to_be_visible()
    shape = powerpoint.insert_picture(2, png(150, 100, seed=9), (1, 1, 4.2, 2.8))
    new = card(powerpoint, "A chart")
    button(new, "Enhance").click()
    expect(new).to_contain_text(SHARP)
    report = powerpoint.report()
    assert report.selection["shapes"] == [shape]
    assert report.selection["slides"] == [int(report.slides[2].split("#")[0])]


def test_a_picture_in_a_group_and_one_that_fills_a_shape_are_made_sharp(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    for at in (PHOTO_AT, FILL_AT):
        powerpoint.do("select", at[0])
        (only,) = [powerpoint.pane.locator("#cards > li")]
        expect(only).to_have_count(1)
        expect(powerpoint.pane.locator("#slide-title")).to_contain_text(f"slide {at[0] + 1}")
        button(only, "Enhance").click()
        expect(only).to_contain_text(SHARP)
    assert_only_pictures_changed(deck, powerpoint.save(), {PHOTO_AT, FILL_AT})


def test_what_was_made_sharp_is_taken_back_after_the_file_was_closed_and_opened_again(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    make_sharp(powerpoint)
    file = powerpoint.save()
    powerpoint.open(file)
    earlier = card(powerpoint, SHARP)
    button(earlier, "Undo").click()
    wait_until_ready(card(powerpoint))
    assert_as_before(deck, powerpoint.save())


def test_what_was_made_sharp_is_taken_back_after_the_pane_was_closed_and_opened_again(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    make_sharp(powerpoint)
    powerpoint.reload_pane()
    button(card(powerpoint, SHARP), "Undo").click()
    wait_until_ready(card(powerpoint))
    assert_as_before(deck, powerpoint.save())


def test_undo_keeps_what_was_edited_after_the_swap(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    make_sharp(powerpoint)
    powerpoint.do("write", 0, shape=TITLE_ID, text="Revenue, corrected")
    powerpoint.do("move", 0, shape=CHART_ID, left=90, top=150)
    edited = powerpoint.save()
    button(card(powerpoint), "Undo").click()
    wait_until_ready(card(powerpoint))
    assert_only_pictures_changed_back(deck, edited, powerpoint.save())


def assert_only_pictures_changed_back(original: bytes, edited: bytes, after: bytes) -> None:
    assert pictures_of(after) == pictures_of(original)
    assert b"Revenue, corrected" in next(iter(texts(after)))
    assert texts(after) == texts(edited)


def texts(deck: bytes) -> list[bytes]:
    return [slide.page for slide in slides_of(deck)]


@pytest.mark.parametrize("again", ["Show 1 picture put aside", None])
def test_not_now_puts_a_picture_aside_until_it_is_wanted(
    powerpoint: PowerPoint, connect: Connect, deck: bytes, again: str | None
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    button(card(powerpoint), "Not now").click()
    expect(card(powerpoint)).to_have_count(0)
    if again:
        powerpoint.pane.get_by_role("button", name=again).click()
    else:
        powerpoint.reload_pane()
    expect(card(powerpoint)).to_have_count(1)


def test_never_means_never_until_it_is_taken_back_in_the_settings(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    button(card(powerpoint), "Never for this picture").click()
    expect(card(powerpoint)).to_have_count(0)
    powerpoint.reload_pane()
    expect(powerpoint.pane.get_by_text("There is nothing to enhance on this")).to_be_visible()
    powerpoint.pane.get_by_role("tab", name="Settings").click()
    powerpoint.pane.get_by_role("button", name="Ask about them again").click()
    powerpoint.pane.get_by_role("tab", name="Slide", exact=True).click()
    expect(card(powerpoint, CHART)).to_have_count(1)


def test_nothing_secret_travels_with_the_file(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    make_sharp(powerpoint)
    assert "cd_" not in str(powerpoint.report().settings)
    assert b"cd_" not in b"".join(texts(powerpoint.save()))
