"""Whatever fails in PowerPoint or at the server, and whenever: nothing of the deck is lost.

On one PowerPoint in every run; `ALL_PROFILES=1` takes all that replace slides.
"""

import os
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.decks.package_check import package_problems
from tests.e2e.addin.cards import SHARP, Connect, agree, button, card, wait_until_ready
from tests.e2e.addin.checks import assert_as_before, assert_only_pictures_changed
from tests.e2e.addin.decks import (
    CHART_AT,
    CHART_ID,
    TITLE_ID,
    Seen,
    changed_pictures,
    pictures_of,
    slides_of,
    talk,
)
from tests.e2e.addin.powerpoint import SWAPPING, PowerPoint, Profile

pytestmark = pytest.mark.browser

PROFILES: tuple[Profile, ...] = SWAPPING if os.environ.get("ALL_PROFILES") else ("windows-1.8",)

INSERT = "Presentation.insertSlidesFromBase64"
EXPORT = "Slide.exportAsBase64"
DELETE = "Slide.delete"
IDS = "SlideCollection.load"
BEFORE = {"kind": "fail", "when": "before", "code": "GeneralException"}
AFTER = {"kind": "fail", "when": "after", "code": "Timeout"}
IGNORED = {"kind": "ignore"}
TWICE = {"kind": "repeat"}

FAULTS: dict[str, list[dict[str, Any]]] = {
    "the export fails": [{"on": EXPORT, "effect": BEFORE}],
    "the export is lost on its way": [{"on": EXPORT, "effect": AFTER}],
    "the ids are not told before the insert": [{"on": IDS, "after": EXPORT, "effect": BEFORE}],
    "the tags are not told": [{"on": "TagCollection.load", "effect": BEFORE}],
    "the insert fails": [{"on": INSERT, "effect": BEFORE}],
    "the insert fails again and again": [{"on": INSERT, "effect": BEFORE, "times": 0}],
    "the insert is done but not answered": [{"on": INSERT, "effect": AFTER}],
    "the insert only says that it was done": [{"on": INSERT, "effect": IGNORED}],
    "the insert is done twice": [{"on": INSERT, "effect": TWICE}],
    "the ids are not told after the insert": [{"on": IDS, "after": INSERT, "effect": BEFORE}],
    "the layout is not told": [{"on": "SlideLayout.load", "effect": BEFORE}],
    "the second export fails": [{"on": EXPORT, "after": INSERT, "effect": BEFORE}],
    "the delete fails": [{"on": DELETE, "effect": BEFORE}],
    "the delete is done but not answered": [{"on": DELETE, "effect": AFTER}],
    "the delete only says that it was done": [{"on": DELETE, "effect": IGNORED}],
    "no delete works at all": [{"on": DELETE, "effect": BEFORE, "times": 0}],
    "the ids are not told after the delete": [{"on": IDS, "after": DELETE, "effect": BEFORE}],
    "nothing is answered after the delete": [
        {"on": IDS, "after": DELETE, "effect": BEFORE, "times": 6}
    ],
    "the delete is done, then nothing is answered": [
        {"on": DELETE, "effect": AFTER},
        {"on": IDS, "after": DELETE, "effect": BEFORE, "times": 6},
    ],
    "the slide cannot be selected": [{"on": "Presentation.setSelectedSlides", "effect": BEFORE}],
    "the shape cannot be selected": [{"on": "Slide.setSelectedShapes", "effect": BEFORE}],
    "nothing is selected any more": [
        {"on": "ShapeScopedCollection.load", "effect": {"kind": "empty"}, "times": 0}
    ],
    "everything is slow": [{"on": INSERT, "effect": {"kind": "delay", "ms": 2500}}],
}


@pytest.fixture(scope="module")
def deck() -> bytes:
    return talk()


def settled(chart: Locator) -> str:
    """Wait until the click has had its end; return which."""
    done = chart.and_(chart.page.frame_locator("#pane").locator(END))
    expect(done).to_be_visible()
    return done.get_attribute("data-state") or ""


END = "[data-state=applied], [data-state=failed]"


def copies(before: list[Seen], after: list[Seen]) -> int:
    """How many more slides there are; every slide of before must be there, in order."""
    rest = iter(after)
    for slide in before:
        assert any(other == slide for other in rest), "a slide is lost or was changed"
    return len(after) - len(before)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("fault", FAULTS)
def test_no_slide_is_lost_when(
    powerpoint: PowerPoint, connect: Connect, deck: bytes, fault: str, profile: Profile
) -> None:
    powerpoint.open(deck, profile)
    connect(powerpoint)
    powerpoint.do("select", 0, shapes=[CHART_ID])
    chart = card(powerpoint)
    wait_until_ready(chart)
    for rule in FAULTS[fault]:
        powerpoint.rule(**rule)
    button(chart, "Enhance").click()
    state = settled(chart)
    assert [rule["on"] for rule in powerpoint.report().unmet] == []
    after = powerpoint.save()
    assert package_problems(after) == []
    more = copies(slides_of(deck), slides_of(after))
    if state == "applied":
        assert more == 0
        assert_only_pictures_changed(deck, after, {CHART_AT})
        return
    expect(chart.locator(".bad")).not_to_be_empty()
    is_done = not more and changed_pictures(deck, after) == {CHART_AT}
    if more or is_done:
        expect(chart.locator(".bad")).to_contain_text("copy")
        assert more <= 1
        return
    assert_as_before(deck, after)
    powerpoint.clear_rules()
    button(chart, "Enhance").click()
    expect(chart).to_contain_text(SHARP)
    assert_only_pictures_changed(deck, powerpoint.save(), {CHART_AT})


def test_a_file_that_cannot_be_looked_at_for_comments_is_asked_about(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    powerpoint.open(deck, "windows-1.8")
    powerpoint.rule("Document.getFileAsync", BEFORE, times=0)
    connect(powerpoint)
    button(card(powerpoint), "Enhance").click()
    expect(card(powerpoint).locator(".warn")).to_contain_text("could not look into this file")
    assert_as_before(deck, powerpoint.save())
    agree(powerpoint)
    expect(card(powerpoint)).to_contain_text(SHARP)
    assert_only_pictures_changed(deck, powerpoint.save(), {CHART_AT})
    assert powerpoint.report().openFiles == 0


def test_a_sharp_slide_larger_than_the_web_lets_pass_leaves_the_old_one(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    powerpoint.open(deck, "web-1.10")
    connect(powerpoint)
    chart = card(powerpoint)
    wait_until_ready(chart)
    pane = next(frame for frame in powerpoint.page.frames if frame.name == "pane")
    export = (
        "PowerPoint.run(async (c) => { const slide = c.presentation.slides.getItemAt(0);"
        " const e = slide.exportAsBase64(); await c.sync(); return e.value.length; })"
    )
    powerpoint.limit_payload(pane.evaluate(export) + 1000)
    button(chart, "Enhance").click()
    expect(chart.locator(".bad")).to_contain_text("larger than PowerPoint on the web lets pass")
    assert_as_before(deck, powerpoint.save())
    powerpoint.limit_payload(10**9)
    button(chart, "Enhance").click()
    expect(chart).to_contain_text(SHARP)
    assert_only_pictures_changed(deck, powerpoint.save(), {CHART_AT})


@pytest.mark.parametrize("fault", ["the insert fails", "the delete fails", "the export fails"])
def test_undo_that_fails_leaves_the_sharp_picture_and_can_be_tried_again(
    powerpoint: PowerPoint, connect: Connect, deck: bytes, fault: str
) -> None:
    powerpoint.open(deck, "windows-1.8")
    connect(powerpoint)
    chart = card(powerpoint)
    button(chart, "Enhance").click()
    expect(chart).to_contain_text(SHARP)
    sharp = powerpoint.save()
    wait_for_the_look_after(powerpoint)
    for rule in FAULTS[fault]:
        powerpoint.rule(**rule)
    button(chart, "Undo").click()
    expect(powerpoint.pane.get_by_text("internal error").first).to_be_visible()
    assert_as_before(sharp, powerpoint.save())
    powerpoint.clear_rules()
    button(chart, "Undo").click()
    wait_until_ready(chart)
    assert_as_before(deck, powerpoint.save())


def wait_for_the_look_after(powerpoint: PowerPoint) -> None:
    """The pane exports the slide anew when it has changed; the fault is for what comes next."""
    known = -1
    while (exports := powerpoint.report().count(EXPORT)) != known:
        known = exports
        powerpoint.page.wait_for_timeout(1000)


@pytest.mark.parametrize("path", ["swaps", "reverts"])
@pytest.mark.parametrize("end", ["no answer", "an error"])
def test_a_server_that_fails_changes_nothing_and_is_asked_again(
    powerpoint: PowerPoint, connect: Connect, deck: bytes, path: str, end: str
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    chart = card(powerpoint)
    wait_until_ready(chart)

    def break_down(route: Route) -> None:
        if end == "no answer":
            route.abort()
        else:
            route.fulfill(status=500, body="{}", content_type="application/problem+json")

    before = deck
    name = "Enhance"
    if path == "reverts":
        button(chart, "Enhance").click()
        expect(chart).to_contain_text(SHARP)
        before, name = powerpoint.save(), "Undo"
    address = f"**/api/v1/{path}*"
    powerpoint.page.route(address, break_down)
    button(chart, name).click()
    expect(powerpoint.pane.get_by_text("The server").first).to_be_visible()
    assert_as_before(before, powerpoint.save())
    powerpoint.page.unroute(address)
    button(chart, name).click()
    if path == "swaps":
        expect(chart).to_contain_text(SHARP)
        assert_only_pictures_changed(deck, powerpoint.save(), {CHART_AT})
    else:
        wait_until_ready(chart)
        assert_as_before(deck, powerpoint.save())


def edit(when: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"kind": "edit", "when": when, "edit": {"kind": kind, "slide": 0, **more}}


@pytest.mark.parametrize("nth", [1, 2], ids=["before the swap", "before the delete"])
def test_an_edit_between_export_and_insert_survives(
    powerpoint: PowerPoint, connect: Connect, deck: bytes, nth: int
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    chart = card(powerpoint)
    wait_until_ready(chart)
    on = EXPORT if nth == 1 else INSERT
    powerpoint.rule(on, edit("after", "write", shape=TITLE_ID, text="Changed meanwhile"))
    button(chart, "Enhance").click()
    expect(chart).to_contain_text(SHARP)
    after = powerpoint.save()
    first, *others = slides_of(after)
    assert b"Changed meanwhile" in first.page
    assert others == slides_of(deck)[1:]
    assert pictures_of(after)[CHART_AT] != pictures_of(deck)[CHART_AT]


def test_a_picture_that_is_deleted_meanwhile_stays_deleted(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    chart = card(powerpoint)
    wait_until_ready(chart)
    powerpoint.rule(INSERT, edit("after", "delete-shape", shape=CHART_ID))
    button(chart, "Enhance").click()
    expect(chart.or_(powerpoint.pane.get_by_text("Every picture on this slide"))).to_be_visible()
    expect(chart.and_(powerpoint.pane.locator("[data-state=applying]"))).to_have_count(0)
    after = powerpoint.save()
    assert len(slides_of(after)) == 4
    assert CHART_AT not in pictures_of(after)


def test_a_slide_that_is_deleted_meanwhile_stays_deleted(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    chart = card(powerpoint)
    wait_until_ready(chart)
    powerpoint.rule(EXPORT, edit("after", "delete-slide"))
    button(chart, "Enhance").click()
    expect(powerpoint.pane.locator("#slide-title")).to_contain_text("slide 1")
    assert slides_of(powerpoint.save()) == slides_of(deck)[1:]


def test_a_slide_that_is_moved_meanwhile_is_made_sharp_where_it_is(
    powerpoint: PowerPoint, connect: Connect, deck: bytes
) -> None:
    powerpoint.open(deck)
    connect(powerpoint)
    chart = card(powerpoint)
    wait_until_ready(chart)
    powerpoint.rule(EXPORT, edit("after", "move-slide", to=2))
    button(chart, "Enhance").click()
    expect(chart).to_contain_text(SHARP)
    first, second, third, fourth = slides_of(deck)
    after = powerpoint.save()
    assert slides_of(after) == [second, third, first, fourth]
    assert pictures_of(after)[2, 0] != pictures_of(deck)[CHART_AT]
