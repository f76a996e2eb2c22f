"""A deck that came from the page is looked at, and chosen pictures get their originals back."""

import io
import zipfile

from werkzeug.test import TestResponse

from crispdeck.records.people.keys import Scope
from tests.web.conftest import Web, deck_blob, finished_deck

LOW = ("ppt/media/image1.png", "ppt/media/image2.png")


def sharp_deck(web: Web) -> tuple[str, bytes]:
    deck_id, _ = finished_deck(web)
    return deck_id, web.client.get(f"/api/v1/decks/{deck_id}/enhanced", headers=web.key).data


def send(web: Web, path: str, deck: bytes, **query: object) -> TestResponse:
    return web.client.post(
        f"/api/v1/{path}",
        headers=query.pop("key", web.key),
        query_string=query,
        data={"deck": (io.BytesIO(deck), "talk.crisp.pptx")},
    )


def parts(deck: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(deck)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_what_a_deck_job_made_is_listed_with_its_places_and_its_original(web: Web) -> None:
    _, deck = sharp_deck(web)
    found = send(web, "reverts/look", deck)
    assert found.status_code == 200, found.get_json()
    items = found.get_json()["items"]
    assert [(one["part"], one["slides"]) for one in items] == [(LOW[0], [1]), (LOW[1], [2])]
    assert (items[0]["width_px"], items[0]["places"]) == (384, "slide 1")
    small = web.client.get(items[0]["thumbnail_url"], headers=web.key)
    assert small.mimetype == "image/png"


def test_the_chosen_one_gets_its_original_back_and_the_others_stay(web: Web) -> None:
    _, deck = sharp_deck(web)
    first = send(web, "reverts/look", deck).get_json()["items"][0]["sha256"]
    back = send(web, "reverts", deck, sha256=first)
    assert back.headers["Crispdeck-Swapped"] == "1"
    was, sharp, now = parts(deck_blob()), parts(deck), parts(back.data)
    assert now[LOW[0]] == was[LOW[0]]
    assert now[LOW[1]] == sharp[LOW[1]] != was[LOW[1]]


def test_all_of_them_give_every_part_back_as_it_was(web: Web) -> None:
    _, deck = sharp_deck(web)
    assert parts(send(web, "reverts", deck).data) == parts(deck_blob())


def test_of_a_deleted_deck_nothing_is_known_any_more(web: Web) -> None:
    deck_id, deck = sharp_deck(web)
    web.client.delete(f"/api/v1/decks/{deck_id}", headers=web.key)
    assert send(web, "reverts/look", deck).get_json()["items"] == []
    assert send(web, "reverts", deck).get_json()["code"] == "original_unknown"


def test_a_stranger_learns_nothing(web: Web) -> None:
    _, deck = sharp_deck(web)
    sha256 = send(web, "reverts/look", deck).get_json()["items"][0]["sha256"]
    stranger = web.stranger()
    assert send(web, "reverts/look", deck, key=stranger).get_json()["items"] == []
    small = web.client.get(f"/api/v1/originals/{sha256}/thumbnail", headers=stranger)
    assert small.status_code == 404


def test_it_needs_the_scope_of_decks(web: Web) -> None:
    key = web.new_key(Scope.PICTURES)
    assert send(web, "reverts/look", deck_blob(), key=key).status_code == 403
