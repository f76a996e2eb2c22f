"""Files made to do harm end as a 4xx with the right code, and nothing of them is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.fuzzing import searching
from tests.hostile_decks import PICTURE, REFUSED, pixel_flood, with_part
from tests.web.conftest import Web, deck_blob


def upload(web: Web, blob: bytes) -> TestResponse:
    # Written by hand: the test client leaves the temporary file of a large form open.
    head = b'--edge\r\nContent-Disposition: form-data; name="deck"; filename="a.pptx"\r\n\r\n'
    return web.client.post(
        "/api/v1/decks",
        headers=web.key,
        data=head + blob + b"\r\n--edge--\r\n",
        content_type="multipart/form-data; boundary=edge",
    )


@pytest.mark.parametrize("name", list(REFUSED))
def test_a_hostile_deck_is_refused_with_its_code_and_not_kept(web: Web, name: str) -> None:
    make, code = REFUSED[name]
    answer = upload(web, make())
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.get_json()["code"] == code
    assert list(web.engine.store.list("")) == []
    assert web.client.get("/api/v1/decks", headers=web.key).get_json()["items"] == []


def test_a_pixel_flood_is_refused_by_its_header(web: Web) -> None:
    answer = web.client.post(
        "/api/v1/pictures",
        headers=web.key | {"Content-Type": "image/png"},
        data=pixel_flood(30_000),
    )
    assert (answer.status_code, answer.get_json()["code"]) == (413, "picture_too_large")


def test_a_pixel_flood_in_a_deck_is_left_alone_and_shows_no_thumbnail(web: Web) -> None:
    answer = upload(web, with_part(PICTURE, pixel_flood(30_000)))
    assert answer.status_code == 201
    flood = answer.get_json()["pictures"][0]
    assert (flood["verdict"], flood["reason"]) == ("left", "already_sharp")
    thumbnail = web.client.get(
        f"/api/v1/decks/{answer.get_json()['id']}/thumbnails/1", headers=web.key
    )
    assert thumbnail.status_code == 413


def test_many_form_parts_are_refused(web: Web) -> None:
    parts = {f"field{n}": "x" for n in range(50)}
    answer = web.client.post(
        "/api/v1/decks", headers=web.key, data=parts, content_type="multipart/form-data"
    )
    assert answer.status_code == 413


@searching(25)
@given(data=st.data())
def test_a_damaged_deck_is_taken_or_refused_but_never_breaks_the_server(
    web: Web, data: st.DataObject
) -> None:
    blob = bytearray(deck_blob(pictures=1, sharp=0))
    for _ in range(data.draw(st.integers(1, 8))):
        blob[data.draw(st.integers(0, len(blob) - 1))] = data.draw(st.integers(0, 255))
    answer = upload(web, bytes(blob))
    assert answer.status_code == 201 or 400 <= answer.status_code < 500, answer.text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
FIELDS = ("pictures", "target_ppi", "low_ppi", "max_scale", "layouts", "name", "scopes")


@searching(30)
@given(body=JSON | st.dictionaries(st.sampled_from(FIELDS), JSON), path=st.sampled_from([0, 1, 2]))
def test_no_body_breaks_the_server(web: Web, body: object, path: int) -> None:
    decks = web.client.get("/api/v1/decks", headers=web.key).get_json()["items"]
    deck_id = decks[0]["id"] if decks else upload(web, deck_blob()).get_json()["id"]
    deck = f"/api/v1/decks/{deck_id}"
    url = (f"{deck}/jobs", f"{deck}/revert", "/api/v1/keys")[path]
    answer = web.client.post(url, headers=web.key, json=body)
    assert answer.status_code < 500, answer.text


@searching(30)
@given(
    query=st.dictionaries(
        st.sampled_from(["after", "limit", "state", "preset", "low_ppi", "wait", "scale", "job"]),
        st.text(max_size=30) | st.integers().map(str) | st.floats().map(str),
    ),
    url=st.sampled_from(["/api/v1/decks", "/api/v1/jobs", "/api/v1/audit", "/api/v1/limits"]),
)
def test_no_query_breaks_the_server(web: Web, query: dict[str, str], url: str) -> None:
    answer = web.client.get(url, headers=web.key, query_string=query)
    assert answer.status_code < 500, answer.text
