"""Decks that come in parts: where they broke off they go on, and the last part makes a deck."""

import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from http.client import HTTPConnection
from threading import Thread
from typing import Any

import pytest
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from crispdeck.records.shelf.decks import list_decks
from crispdeck.records.shelf.uploads import UNTOUCHED_UPLOAD_KEPT
from tests.web.conftest import Web, deck_blob

PART = {"Content-Type": "application/offset+octet-stream", "Tus-Resumable": "1.0.0"}


def begin(web: Web, size_bytes: int, **told: str) -> TestResponse:
    pairs = [f"{key} {base64.b64encode(text.encode()).decode()}" for key, text in told.items()]
    headers = {"Upload-Length": str(size_bytes), "Upload-Metadata": ",".join(pairs)}
    return web.client.post("/api/v1/uploads", headers=web.key | headers)


def patch(web: Web, url: str, offset: int, body: bytes) -> TestResponse:
    return web.client.patch(url, headers=web.key | PART | {"Upload-Offset": str(offset)}, data=body)


def state(web: Web, url: str) -> dict[str, Any]:
    found: dict[str, Any] = web.client.get(url, headers=web.key).get_json()
    return found


def test_a_deck_in_three_parts_is_the_deck_that_was_sent(web: Web) -> None:
    blob = deck_blob()
    began = begin(web, len(blob), filename="my talk.pptx")
    assert (began.status_code, began.headers["Upload-Offset"]) == (201, "0")
    url = began.headers["Location"]
    third = len(blob) // 3
    for start, end in ((0, third), (third, 2 * third), (2 * third, len(blob))):
        answer = patch(web, url, start, blob[start:end])
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(end))
    done = state(web, url)
    assert done["state"] == "done"
    deck = web.client.get(done["links"]["deck"], headers=web.key).get_json()
    assert (deck["name"], deck["scan"]["low"]) == ("my talk.pptx", 2)
    assert web.client.get(deck["links"]["original"], headers=web.key).data == blob
    assert [item.key for item in web.engine.store.list()] == [
        f"{web.tenant_id}/decks/{deck['id']}/original"
    ]


def test_head_tells_where_to_go_on(web: Web) -> None:
    url = begin(web, 1000).headers["Location"]
    patch(web, url, 0, bytes(300))
    head = web.client.head(url, headers=web.key)
    assert (head.status_code, head.data) == (200, b"")
    assert (head.headers["Upload-Offset"], head.headers["Upload-Length"]) == ("300", "1000")
    assert head.headers["Tus-Resumable"] == "1.0.0"
    assert head.headers["Cache-Control"] == "no-store"
    assert "GMT" in head.headers["Upload-Expires"]


def test_a_part_that_does_not_begin_at_the_end_changes_nothing(web: Web) -> None:
    url = begin(web, 1000).headers["Location"]
    patch(web, url, 0, bytes(300))
    for offset in (0, 299, 301):
        answer = patch(web, url, offset, bytes(10))
        assert (answer.status_code, answer.get_json()["code"]) == (409, "upload_offset_mismatch")
    assert state(web, url)["offset_bytes"] == 300
    assert len(list(web.engine.store.list())) == 1


def test_a_part_beyond_the_end_is_refused(web: Web) -> None:
    url = begin(web, 100).headers["Location"]
    answer = patch(web, url, 0, bytes(101))
    assert (answer.status_code, answer.get_json()["code"]) == (413, "request_too_large")
    assert state(web, url)["offset_bytes"] == 0


def test_what_is_no_deck_is_kept_in_mind_with_its_reason(web: Web) -> None:
    url = begin(web, 4, filename="letter.pptx").headers["Location"]
    assert patch(web, url, 0, b"Dear").headers["Crispdeck-Upload-State"] == "refused"
    refused = state(web, url)
    assert (refused["state"], refused["code"]) == ("refused", "deck_not_a_deck")
    assert refused["detail"]
    assert list(web.engine.store.list()) == []
    answer = patch(web, url, 4, b"")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "conflict")


def test_a_deck_over_the_limit_is_refused_before_a_byte_is_sent(
    start_web: Callable[..., Web],
) -> None:
    answer = begin(start_web(max_deck_bytes=1000), 1001)
    assert (answer.status_code, answer.get_json()["code"]) == (413, "deck_too_large")


def test_space_is_kept_for_a_deck_from_its_beginning(start_web: Callable[..., Web]) -> None:
    blob = deck_blob()
    web = start_web(max_storage_bytes=len(blob) + 100)
    url = begin(web, len(blob)).headers["Location"]
    refused = begin(web, 101)
    assert (refused.status_code, refused.get_json()["code"]) == (429, "limit_reached")
    patch(web, url, 0, blob)
    assert state(web, url)["state"] == "done"


def test_many_hands_at_one_offset_add_one_part(web: Web) -> None:
    blob = deck_blob()
    url = begin(web, len(blob)).headers["Location"]

    def send(_: int) -> int:
        client = web.app.test_client()
        headers = web.key | PART | {"Upload-Offset": "0"}
        return client.patch(url, headers=headers, data=blob).status_code

    with ThreadPoolExecutor(6) as pool:
        codes = sorted(pool.map(send, range(6)))
    assert codes == [204] + [409] * 5
    assert len(list_decks(web.engine.db, web.tenant_id).items) == 1
    assert len(list(web.engine.store.list())) == 1


def test_a_scan_that_failed_is_made_up_for_by_an_empty_part(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    blob = deck_blob()
    url = begin(web, len(blob)).headers["Location"]

    def killed(*_: object, **__: object) -> str:
        raise OSError("no space left on the disk")

    with monkeypatch.context() as broken:
        broken.setattr("crispdeck.services.uploads.receive_deck", killed)
        assert patch(web, url, 0, blob).status_code == 500
    assert (state(web, url)["state"], state(web, url)["offset_bytes"]) == ("receiving", len(blob))
    assert patch(web, url, len(blob), b"").status_code == 204
    assert state(web, url)["state"] == "done"


def test_a_part_that_breaks_off_is_kept_as_far_as_it_came(web: Web) -> None:
    url = begin(web, 1000).headers["Location"]
    server = make_server("127.0.0.1", 0, web.app, threaded=True)
    serving = Thread(target=server.serve_forever)
    serving.start()
    try:
        connection = HTTPConnection("127.0.0.1", server.server_port, timeout=30)
        connection.putrequest("PATCH", url)
        for name, value in (web.key | PART | {"Upload-Offset": "0"}).items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", "1000")
        connection.endheaders(bytes(400))
        connection.sock.shutdown(1)
        connection.getresponse().read()
        connection.close()
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
    assert state(web, url)["offset_bytes"] == 400


def test_an_upload_that_is_given_up_is_not_there_any_more(web: Web) -> None:
    url = begin(web, 1000).headers["Location"]
    assert web.client.delete(url, headers=web.key).status_code == HTTPStatus.NO_CONTENT
    for answer in (web.client.get(url, headers=web.key), patch(web, url, 0, b"x")):
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")


def test_the_protocol_tells_what_it_speaks(web: Web) -> None:
    answer = web.client.options("/api/v1/uploads", headers=web.key)
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert set(answer.headers["Tus-Extension"].split(",")) == {
        "creation",
        "termination",
        "expiration",
    }
    assert int(answer.headers["Tus-Max-Size"]) == web.engine.settings.max_deck_bytes


@pytest.mark.parametrize(
    "metadata", ["filename not*base64", "filename /w==", "batch " + base64.b64encode(b"x").decode()]
)
def test_metadata_that_make_no_sense_are_refused(web: Web, metadata: str) -> None:
    headers = {"Upload-Length": "5", "Upload-Metadata": metadata}
    answer = web.client.post("/api/v1/uploads", headers=web.key | headers)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "request_invalid")


def test_a_folder_leads_nowhere_else(web: Web) -> None:
    told = begin(web, 5, filename="../../a.pptx", folder="..\\talks/./2024/../x").get_json()
    assert (told["name"], told["folder"]) == ("a.pptx", "talks/2024/x")


def test_the_time_to_go_on_is_told(web: Web) -> None:
    assert UNTOUCHED_UPLOAD_KEPT.days == 1
    assert "expires_at" in begin(web, 5).get_json()
