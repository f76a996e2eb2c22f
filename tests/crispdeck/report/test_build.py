"""A report tells the true figures of every picture that was changed, and why others were not."""

import pytest

from crispdeck.deck.model import Reason
from crispdeck.report.model import Report
from tests.crispdeck.report.showing import image_of


def test_it_lists_every_swapped_picture_in_the_order_of_the_slides(report: Report) -> None:
    assert [picture.slide for picture in report.sharpened] == [1, 1, 2]
    assert report.bytes_before < report.bytes_after
    assert report.slides == 2


def test_the_figures_are_those_of_the_place_where_it_is_most_blurred(report: Report) -> None:
    logo = next(p for p in report.sharpened if p.name.startswith("Logo"))
    # Half of 160 pixels over 2 inches, 120 over 3: both axes have 40 per inch.
    assert (logo.ppi_before, logo.ppi_after) == pytest.approx((40, 80))
    assert (logo.width_px, logo.new_width_px) == (160, 320)
    assert (logo.shown_width_in, logo.shown_height_in) == pytest.approx((2, 3))
    assert logo.uses == 2
    # A slide of 10 by 7.5 inches is 1080 pixels high on a full-HD screen: 144 to the inch.
    assert logo.sharpness_before == pytest.approx(40 / 144, abs=0.001)
    assert logo.upscale["network"] == "plain-x2@1"


def test_a_picture_that_changed_its_format_is_shown_from_its_new_part(report: Report) -> None:
    gif = report.sharpened[-1]
    assert gif.part.endswith(".gif")
    assert gif.new_part.endswith(".png")
    assert image_of(gif.view.after).size == (160, 120)


def test_pictures_are_shown_cropped_as_on_the_slide(report: Report) -> None:
    logo = next(p for p in report.sharpened if p.name.startswith("Logo"))
    assert image_of(logo.view.before).size == (80, 120)
    assert image_of(logo.view.after).size == (160, 240)
    assert logo.view.ratio == pytest.approx(2 / 3)


def test_what_was_left_alone_has_its_reason(report: Report) -> None:
    assert [(left.reason, left.where) for left in report.left] == [
        (Reason.ALREADY_SHARP, ("slide 2",))
    ]
