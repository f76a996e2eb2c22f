"""A picture that was enlarged before it came into the deck counts by its true size."""

import io

import pytest
from PIL import Image

from crispdeck.deck import true_size as truth
from crispdeck.deck.model import DeckScan, Reason, Verdict
from crispdeck.deck.opc.archive import open_deck
from crispdeck.deck.scan import scan
from crispdeck.deck.scan_json import scan_from_json, scan_to_json
from crispdeck.deck.thresholds import ScanOptions
from crispdeck.deck.verdicts import detail_gain, scale_for
from tests.crispdeck.deck.deck_maker import Made, picture, xfrm
from tests.crispdeck.picture.provenance.made_pictures import enlarged, texture
from tests.decks import pictures
from tests.decks.building import DeckBuilder

SHOWN = xfrm(0, 0, 6, 4.5)


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def scanned(image: Image.Image, options: ScanOptions | None = None) -> DeckScan:
    made = Made(slides=[picture(SHOWN)], parts={"ppt/media/image1.png": png(image)})
    with open_deck(made.blob()) as deck:
        return scan(deck, options)


@pytest.fixture(scope="module")
def blown_up() -> Image.Image:
    """960×720 pixels, 160 to the inch as shown; a quarter of them true."""
    return enlarged(texture(240, 180), 4, Image.Resampling.BICUBIC)


def test_an_enlarged_picture_is_low_by_its_true_size(blown_up: Image.Image) -> None:
    found = scanned(blown_up)
    (part,) = found.low
    assert (part.width_px, part.height_px) == (960, 720)
    assert (part.true_width_px, part.true_height_px) == (240, 180)
    assert part.effective_ppi == pytest.approx(40)
    (placement,) = found.placements
    assert placement.verdict is Verdict.LOW
    assert placement.effective_ppi == pytest.approx(40)
    # Its pixels suffice for four times its detail: it gets the detail and no more pixels.
    assert part.scale == 1


def test_without_a_look_it_counts_by_its_pixels(blown_up: Image.Image) -> None:
    found = scanned(blown_up, ScanOptions(true_size=False))
    (part,) = found.pictures
    assert part.reason is Reason.ALREADY_SHARP
    assert part.effective_ppi == pytest.approx(160)
    assert part.true_width_px is None


def test_a_sharp_picture_of_that_size_stays_sharp() -> None:
    (part,) = scanned(texture(960, 720)).pictures
    assert part.reason is Reason.ALREADY_SHARP
    assert part.true_width_px is None


def test_what_was_seen_survives_as_json(blown_up: Image.Image) -> None:
    found = scanned(blown_up)
    assert scan_from_json(scan_to_json(found)) == found


@pytest.mark.parametrize(
    ("limit", "most"),
    [("MAX_DECODED_PX", 960 * 720), ("MAX_DECODED_PICTURES", 1), ("MAX_DECODED_BYTES", 0)],
)
def test_what_is_beyond_a_limit_is_not_looked_at(
    blown_up: Image.Image, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    most = most or len(png(blown_up))
    monkeypatch.setattr(truth, limit, most)
    assert len(scanned(blown_up).low) == 1
    monkeypatch.setattr(truth, limit, most - 1)
    assert not scanned(blown_up).low


def test_a_damaged_picture_costs_only_itself(blown_up: Image.Image) -> None:
    blob = bytearray(png(blown_up))
    blob[len(blob) // 2] ^= 0xFF
    made = Made(slides=[picture(SHOWN)], parts={"ppt/media/image1.png": bytes(blob)})
    with open_deck(made.blob()) as deck:
        (part,) = scan(deck).pictures
    assert part.reason is Reason.UNREADABLE


@pytest.mark.parametrize(
    ("ppi", "enlarged_by", "scale"),
    [
        (40, 4.0, 1),  # ×4 is in its pixels already
        (60, 2.0, 2),  # ×2 gives 120, ×4 gives 240
        (100, 2.0, 1),  # ×2 gives 200, near enough
        (30, 1.5, 4),  # as far as a network goes
        (18, 8.0, 1),
    ],
)
def test_the_factor_counts_from_the_true_size(ppi: float, enlarged_by: float, scale: int) -> None:
    assert scale_for(ppi, (960, 720), ScanOptions(), None, enlarged_by) == scale


def test_the_gain_in_detail_ends_where_the_network_does(blown_up: Image.Image) -> None:
    (part,) = scanned(blown_up).low
    assert detail_gain(part, 480) == 2
    assert detail_gain(part, 960) == 4
    assert detail_gain(part, 1920) == 4


@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_what_cannot_be_decoded_is_not_promised(suffix: str) -> None:
    blob = pictures.png(seed=1) if suffix == "png" else pictures.jpeg(seed=1)
    cut = blob[: len(blob) * 2 // 3]
    deck = DeckBuilder()
    deck.picture(deck.slide(), cut)
    with open_deck(deck.build()) as archive:
        found = scan(archive)
    assert found.low == ()
    assert [one.reason for one in found.placements] == [Reason.UNREADABLE]
