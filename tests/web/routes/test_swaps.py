"""Swaps into slides that are open: found by content, edited meanwhile, and back again."""

import hashlib
import io
import zipfile

import pytest
from PIL import Image
from pptx import Presentation
from pptx.util import Inches
from werkzeug.test import TestResponse

from crispdeck.records.people.keys import Scope
from crispdeck.storage import original_key
from tests.decks.building import DeckBuilder
from tests.decks.drawings import one_bitmap
from tests.small_deck import deck_of
from tests.web.conftest import Web, deck_blob, finished_deck, picture_blob, send_deck, send_job

LOW = "ppt/media/image1.png"


def swap(web: Web, deck: bytes, *jobs: str, **query: str) -> TestResponse:
    return web.client.post(
        "/api/v1/swaps",
        headers=web.key,
        query_string={"job": list(jobs)} | query,
        data={"deck": (io.BytesIO(deck), "slide.pptx")},
    )


def revert(web: Web, deck: bytes, *sha256s: str) -> TestResponse:
    return web.client.post(
        "/api/v1/reverts",
        headers=web.key,
        query_string={"sha256": list(sha256s)} if sha256s else {},
        data={"deck": (io.BytesIO(deck), "slide.pptx")},
    )


def part(deck: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(deck)) as archive:
        return archive.read(name)


def sha256(blob: bytes) -> str:
    return hashlib.sha256(blob).hexdigest()


def edited(deck: bytes) -> bytes:
    """The same deck after its author went on: a title, and another picture before the first."""
    presentation = Presentation(io.BytesIO(deck))
    shapes = presentation.slides[0].shapes
    shapes.add_textbox(0, 0, Inches(2), Inches(1)).text_frame.text = "Written meanwhile"
    shapes.add_picture(io.BytesIO(picture_blob(400, 400, seed=9)), 0, 0, Inches(1), Inches(1))
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()


def test_pictures_are_found_by_their_content_in_a_deck_that_was_edited(web: Web) -> None:
    _, job_id = finished_deck(web)
    later = edited(deck_blob())
    answer = swap(web, later, job_id)
    assert answer.status_code == 200, answer.get_json()
    assert answer.headers["Crispdeck-Swapped"] == "2"
    texts = [
        shape.text_frame.text
        for shape in Presentation(io.BytesIO(answer.data)).slides[0].shapes
        if shape.has_text_frame
    ]
    assert texts == ["Written meanwhile"]
    with (
        zipfile.ZipFile(io.BytesIO(later)) as before,
        zipfile.ZipFile(io.BytesIO(answer.data)) as after,
    ):
        changed = [n for n in before.namelist() if before.read(n) != after.read(n)]
    assert len(changed) == 2
    assert all(name.startswith("ppt/media/") for name in changed)


def test_pictures_that_the_pane_kept_back_are_no_obstacle(web: Web) -> None:
    _, job_id = finished_deck(web)
    deck = deck_blob()
    kept_back = "ppt/media/image2.png"
    assert part(deck, kept_back) != part(deck, LOW)
    sent = without(deck, kept_back)
    answer = swap(web, sent, job_id)
    assert (answer.status_code, answer.headers.get("Crispdeck-Swapped")) == (200, "1")
    assert part(answer.data, kept_back) == b""
    sharp = part(answer.data, LOW)
    back = revert(web, answer.data, sha256(sharp))
    assert (part(back.data, LOW), part(back.data, kept_back)) == (part(deck, LOW), b"")


def without(deck: bytes, name: str) -> bytes:
    """The deck with one part emptied, as the pane sends it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(deck)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.namelist():
            new.writestr(entry, b"" if entry == name else old.read(entry))
    return out.getvalue()


def test_the_way_back_gives_the_deck_byte_for_byte(web: Web) -> None:
    _, job_id = finished_deck(web)
    sharp = swap(web, deck_blob(), job_id).data
    assert sharp != deck_blob()
    answer = revert(web, sharp)
    assert answer.status_code == 200
    assert answer.data == deck_blob()


def test_one_picture_goes_back_and_the_other_stays_sharp(web: Web) -> None:
    _, job_id = finished_deck(web)
    sharp = swap(web, deck_blob(), job_id).data
    answer = revert(web, sharp, sha256(part(sharp, LOW)))
    assert answer.headers["Crispdeck-Swapped"] == "1"
    assert part(answer.data, LOW) == part(deck_blob(), LOW)
    other = "ppt/media/image2.png"
    assert part(answer.data, other) == part(sharp, other)


def test_the_way_back_keeps_later_edits(web: Web) -> None:
    _, job_id = finished_deck(web)
    later = edited(swap(web, deck_blob(), job_id).data)
    back = revert(web, later).data
    assert Presentation(io.BytesIO(back)).slides[0].shapes[1].text_frame.text == "Written meanwhile"
    shown = {sha256(blob) for blob in _media(back)}
    assert shown >= {sha256(blob) for blob in _media(deck_blob())}


def _media(deck: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(deck)) as archive:
        return [archive.read(n) for n in archive.namelist() if n.startswith("ppt/media/")]


def test_the_pictures_of_single_picture_jobs_are_swapped_too(web: Web) -> None:
    blob = part(deck_blob(), LOW)
    made = web.client.post(
        "/api/v1/pictures?scale=4", headers=web.key | {"Content-Type": "image/png"}, data=blob
    )
    web.worker.work_off()
    answer = swap(web, deck_blob(), made.headers["Crispdeck-Job"])
    assert answer.headers["Crispdeck-Swapped"] == "1"
    assert part(answer.data, LOW) != blob


def test_what_can_be_turned_back_is_known(web: Web) -> None:
    _, job_id = finished_deck(web)
    sharp = swap(web, deck_blob(), job_id).data
    new = sha256(part(sharp, LOW))
    answer = web.client.post(
        "/api/v1/originals/known", headers=web.key, json={"sha256": [new, "0" * 64]}
    )
    assert [item["sha256"] for item in answer.get_json()["items"]] == [new]


def photo_deck(*, author: str) -> tuple[bytes, bytes]:
    """A deck of one photo that names its author and place, or does not; and the photo."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[315] = author
    exif.get_ifd(0x8825)[1] = "N"
    image = Image.linear_gradient("L").resize((96, 64)).convert("RGB")
    image.save(out, "JPEG", quality=90, **({"exif": exif} if author else {}))
    return deck_of([out.getvalue()], shown_in=[4]), out.getvalue()


@pytest.mark.parametrize("named_first", [True, False])
def test_two_decks_that_show_the_same_each_get_their_own_bytes_back(
    web: Web, *, named_first: bool
) -> None:
    decks = [photo_deck(author="A. Person"), photo_deck(author="")]
    sharp = {}
    for deck, photo in decks if named_first else reversed(decks):
        job_id = send_job(web, send_deck(web, deck))
        web.worker.work_off()
        sharp[photo] = swap(web, deck, job_id).data
    for deck, photo in decks:
        back = revert(web, sharp[photo])
        assert back.data == deck
        assert _media(back.data) == [photo]


def test_the_bitmap_of_a_metafile_is_swapped_and_comes_back(web: Web) -> None:
    made = DeckBuilder()
    made.drawing(made.slide(), one_bitmap("emf"), "emf")
    deck = made.build()
    job_id = send_job(web, send_deck(web, deck))
    web.worker.work_off()
    answer = swap(web, deck, job_id)
    assert answer.headers["Crispdeck-Swapped"] == "1"
    assert len(part(answer.data, _emf(deck))) > 3 * len(part(deck, _emf(deck)))
    assert revert(web, answer.data).data == deck


def _emf(deck: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(deck)) as archive:
        return next(name for name in archive.namelist() if name.endswith(".emf"))


def test_swapping_twice_keeps_each_original_once(web: Web) -> None:
    _, job_id = finished_deck(web)
    new = sha256(part(swap(web, deck_blob(), job_id).data, LOW))
    swap(web, deck_blob(), job_id)
    prefix = original_key(web.tenant_id, new, "x").rpartition("/")[0]
    assert len(list(web.engine.store.list(prefix))) == 1


def test_a_deck_without_the_picture_is_left_alone_and_says_so(web: Web) -> None:
    _, job_id = finished_deck(web)
    answer = swap(web, deck_blob(pictures=0, sharp=1), job_id)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "nothing_to_swap")


def test_what_was_asked_for_is_swapped_though_it_would_do_as_it_is_now(web: Web) -> None:
    _, job_id = finished_deck(web)
    answer = swap(web, deck_blob(), job_id, low_ppi="10")
    assert answer.headers["Crispdeck-Swapped"] == "2"


def test_a_deck_without_a_known_picture_has_no_way_back(web: Web) -> None:
    answer = revert(web, deck_blob())
    assert (answer.status_code, answer.get_json()["code"]) == (404, "original_unknown")


def test_a_job_that_is_not_finished_changes_nothing(web: Web) -> None:
    job_id = send_job(web, send_deck(web))
    assert swap(web, deck_blob(), job_id).get_json()["code"] == "nothing_to_swap"


def test_another_tenant_gets_neither_results_nor_originals(web: Web) -> None:
    _, job_id = finished_deck(web)
    sharp = swap(web, deck_blob(), job_id).data
    stranger = web.stranger()
    taken = web.client.post(
        f"/api/v1/swaps?job={job_id}",
        headers=stranger,
        data={"deck": (io.BytesIO(deck_blob()), "slide.pptx")},
    )
    assert taken.status_code == 404
    back = web.client.post(
        "/api/v1/reverts", headers=stranger, data={"deck": (io.BytesIO(sharp), "slide.pptx")}
    )
    assert back.get_json()["code"] == "original_unknown"
    known = web.client.post(
        "/api/v1/originals/known",
        headers=stranger,
        json={"sha256": [sha256(blob) for blob in _media(sharp)]},
    )
    assert known.get_json()["items"] == []


@pytest.mark.parametrize("path", ["swaps?job=" + "0" * 32, "reverts"])
def test_what_is_no_deck_is_refused(web: Web, path: str) -> None:
    answer = web.client.post(
        f"/api/v1/{path}", headers=web.key, data={"deck": (io.BytesIO(b"PK nothing"), "a.pptx")}
    )
    assert answer.status_code in {404, 415, 422}
    assert answer.get_json()["code"].startswith(("deck_", "not_found"))


@pytest.mark.parametrize("path", ["swaps?job=" + "0" * 32, "reverts", "originals/known"])
def test_a_key_for_pictures_alone_opens_no_slide(web: Web, path: str) -> None:
    key = web.new_key(Scope.PICTURES)
    assert web.client.post(f"/api/v1/{path}", headers=key).status_code == 403
