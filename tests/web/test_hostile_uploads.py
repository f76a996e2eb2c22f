"""Files made to do harm end as a 4xx with the right code, and nothing of them is kept."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.web.conftest import Web, deck_blob, picture_blob


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, blob in members.items():
            archive.writestr(name, blob)
    return out.getvalue()


def with_part(name: str, blob: bytes) -> bytes:
    """A sound deck with one part replaced or added."""
    with zipfile.ZipFile(io.BytesIO(deck_blob())) as archive:
        members = {each: archive.read(each) for each in archive.namelist()}
    return zipped(members | {name: blob})


def entity_bomb() -> bytes:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    dtd = f'<!DOCTYPE p [<!ENTITY e0 "ha">{lines}]>'
    return f'<?xml version="1.0"?>{dtd}<p>&e9;</p>'.encode()


def outside_entity() -> bytes:
    return b'<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>&x;</p>'


def encrypted() -> bytes:
    name = "EncryptedPackage".encode("utf-16-le")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + name + bytes(512)


FILES: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "empty": (lambda: b"", {"deck_not_a_deck", "deck_truncated"}),
    "text": (lambda: b"Dear Sir or Madam", {"deck_not_a_deck"}),
    "picture": (picture_blob, {"deck_not_a_deck"}),
    "another zip": (lambda: zipped({"a.txt": b"a"}), {"deck_no_presentation"}),
    "cut off": (lambda: deck_blob()[:-400], {"deck_truncated"}),
    "bomb by ratio": (
        lambda: with_part("ppt/media/image1.png", bytes(64 << 20)),
        {"deck_unsafe"},
    ),
    "bomb by count": (
        lambda: zipped({f"ppt/{n}": b"" for n in range(3_000)}, zipfile.ZIP_STORED),
        {"deck_too_large", "deck_unsafe"},
    ),
    "path tricks": (lambda: with_part("../../etc/passwd", b"x"), {"deck_unsafe"}),
    "entity bomb": (lambda: with_part("ppt/slides/slide1.xml", entity_bomb()), {"deck_unsafe"}),
    "outside entity": (
        lambda: with_part("ppt/slides/slide1.xml", outside_entity()),
        {"deck_unsafe"},
    ),
    "no XML": (
        lambda: with_part("ppt/presentation.xml", b"<p:presentation"),
        {"deck_malformed", "deck_unsafe"},
    ),
    "binary or encrypted": (encrypted, {"deck_encrypted", "deck_legacy_binary"}),
}


def upload(web: Web, blob: bytes) -> TestResponse:
    return web.client.post(
        "/api/v1/decks", headers=web.key, data={"deck": (io.BytesIO(blob), "a.pptx")}
    )


@pytest.mark.parametrize("name", list(FILES))
def test_a_hostile_deck_is_refused_with_its_code_and_not_kept(
    start_web: Callable[..., Web], name: str
) -> None:
    web = start_web(max_deck_entries=2_000)
    make, codes = FILES[name]
    answer = upload(web, make())
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.get_json()["code"] in codes
    assert list(web.engine.store.list("")) == []
    assert web.client.get("/api/v1/decks", headers=web.key).get_json()["items"] == []


def pixel_flood(side_px: int) -> bytes:
    """A PNG of a few hundred bytes that claims to be huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", side_px, side_px, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")


def test_a_pixel_flood_is_refused_by_its_header(web: Web) -> None:
    answer = web.client.post(
        "/api/v1/pictures",
        headers=web.key | {"Content-Type": "image/png"},
        data=pixel_flood(30_000),
    )
    assert (answer.status_code, answer.get_json()["code"]) == (413, "picture_too_large")


def test_a_pixel_flood_in_a_deck_is_left_alone_and_shows_no_thumbnail(web: Web) -> None:
    answer = upload(web, with_part("ppt/media/image1.png", pixel_flood(30_000)))
    assert answer.status_code == 201
    flood = answer.get_json()["pictures"][0]
    assert (flood["verdict"], flood["reason"]) == ("left", "too_many_pixels")
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


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
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


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=JSON | st.dictionaries(st.sampled_from(FIELDS), JSON), path=st.sampled_from([0, 1, 2]))
def test_no_body_breaks_the_server(web: Web, body: object, path: int) -> None:
    decks = web.client.get("/api/v1/decks", headers=web.key).get_json()["items"]
    deck_id = decks[0]["id"] if decks else upload(web, deck_blob()).get_json()["id"]
    deck = f"/api/v1/decks/{deck_id}"
    url = (f"{deck}/jobs", f"{deck}/revert", "/api/v1/keys")[path]
    answer = web.client.post(url, headers=web.key, json=body)
    assert answer.status_code < 500, answer.text


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
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
