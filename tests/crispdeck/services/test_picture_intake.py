"""A single picture is judged as the same picture in a deck would be."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from crispdeck.deck.model import Reason, Verdict
from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.scan import scan
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.errors import PictureTooLargeError
from crispdeck.picture.info import PictureInfo
from crispdeck.picture.inspect import inspect
from crispdeck.services.picture_intake import PictureRequest, judge_picture
from tests.crispdeck.picture.provenance.made_pictures import enlarged, texture
from tests.small_deck import deck_of, picture_blob

SIDE_PX = 240


def info(width_px: int, height_px: int) -> PictureInfo:
    """What the header of an opaque PNG of this size says."""
    blob = io.BytesIO(picture_blob(1, SIDE_PX))
    seen = inspect(blob)
    return replace(seen, width_px=width_px, height_px=height_px)


@pytest.mark.parametrize("ppi", [50, 70, 93, 94, 96, 100, 109, 110, 120, 150])
def test_deck_and_single_picture_agree_on_factor_and_reason(ppi: int) -> None:
    blob, shown_in = picture_blob(1, SIDE_PX), SIDE_PX / ppi
    with open_deck(deck_of([blob], shown_in=[shown_in])) as deck:
        (in_deck,) = scan(deck, ScanOptions(true_size=False)).pictures
    alone = judge_picture(
        inspect(blob), PictureRequest(shown_width_in=shown_in, shown_height_in=shown_in)
    )
    assert (alone.scale, alone.reason) == (in_deck.scale, in_deck.reason)


def test_a_picture_whose_largest_factor_is_too_much_grows_by_the_one_that_fits() -> None:
    judged = judge_picture(info(2600, 2000), PictureRequest(shown_width_in=50))
    assert judged.scale == 2


def test_a_picture_of_no_named_size_grows_by_what_the_limits_allow() -> None:
    assert judge_picture(info(96, 64), PictureRequest()).scale == 4
    assert judge_picture(info(2600, 2000), PictureRequest()).scale == 2


@pytest.mark.parametrize("request_", [PictureRequest(), PictureRequest(shown_width_in=100)])
def test_too_many_pixels_are_refused_with_the_limits(request_: PictureRequest) -> None:
    with pytest.raises(PictureTooLargeError, match="16,000,000 may come in"):
        judge_picture(info(5000, 4000), request_)


def test_a_named_factor_that_makes_too_many_pixels_is_refused() -> None:
    with pytest.raises(PictureTooLargeError, match="×4"):
        judge_picture(info(2600, 2000), PictureRequest(scale=4))


def test_what_is_sharp_enough_is_left_alone_unless_forced() -> None:
    request = PictureRequest(shown_width_in=0.5)
    assert judge_picture(info(96, 64), request).reason is Reason.ALREADY_SHARP
    forced = PictureRequest(shown_width_in=0.5, force=True)
    assert judge_picture(info(96, 64), forced).scale == 2


def test_no_scan_calls_a_picture_low_that_it_gives_no_factor(enlarged_deck: bytes) -> None:
    with open_deck(enlarged_deck) as deck:
        (picture,) = scan(deck, ScanOptions(max_output_px=500_000)).pictures
    assert picture.true_width_px is not None
    assert (picture.verdict, picture.reason) == (Verdict.LEFT, Reason.TOO_MANY_PIXELS)


@pytest.fixture
def enlarged_deck() -> bytes:
    """A deck whose one picture, 960 pixels wide, was made from one of 240."""
    out = io.BytesIO()
    enlarged(texture(240, 180), 4, Image.Resampling.BICUBIC).save(out, "PNG")
    return deck_of([out.getvalue()], shown_in=[8.0])
