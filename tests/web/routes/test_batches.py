"""Many decks as one: looked at, started, followed, given back and deleted together."""

import base64
import io
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from crispdeck.records.shelf.batches import get_batch
from crispdeck.records.shelf.expiry import due_for_deletion, forget, forget_old_rows
from tests.web.conftest import Web, deck_blob
from web.batch_stream import FollowedBatch, difference
from web.streams import as_text


def new_batch(web: Web, **choices: object) -> str:
    made = web.client.post("/api/v1/batches", headers=web.key, json=choices)
    assert made.status_code == 201
    return str(made.get_json()["id"])


def add_deck(
    web: Web, batch_id: str, blob: bytes | None = None, name: str = "talk.pptx", folder: str = ""
) -> str:
    blob = deck_blob() if blob is None else blob
    told = {"filename": name, "folder": folder, "batch": batch_id}
    pairs = [f"{key} {base64.b64encode(text.encode()).decode()}" for key, text in told.items()]
    headers = {"Upload-Length": str(len(blob)), "Upload-Metadata": ",".join(pairs)}
    url = web.client.post("/api/v1/uploads", headers=web.key | headers).headers["Location"]
    part = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
    assert web.client.patch(url, headers=web.key | part, data=blob).status_code == 204
    return str(web.client.get(url, headers=web.key).get_json()["deck_id"])


def read_batch(web: Web, batch_id: str) -> dict[str, Any]:
    found: dict[str, Any] = web.client.get(
        f"/api/v1/batches/{batch_id}", headers=web.key
    ).get_json()
    return found


def start(web: Web, batch_id: str, **body: object) -> dict[str, Any]:
    answer = web.client.post(f"/api/v1/batches/{batch_id}/jobs", headers=web.key, json=body)
    assert answer.status_code == 202, answer.get_json()
    found: dict[str, Any] = answer.get_json()
    return found


def unzipped(web: Web, batch_id: str, query: str = "") -> dict[str, bytes]:
    answer = web.client.get(f"/api/v1/batches/{batch_id}/enhanced{query}", headers=web.key)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_batch_shows_its_decks_by_folder_and_name_and_what_was_refused(web: Web) -> None:
    batch_id = new_batch(web)
    add_deck(web, batch_id, name="b.pptx", folder="2024")
    add_deck(web, batch_id, name="a.pptx", folder="2024")
    add_deck(web, batch_id, b"Dear Sir", name="letter.pptx")
    found = read_batch(web, batch_id)
    assert [(deck["folder"], deck["name"]) for deck in found["decks"]] == [
        ("2024", "a.pptx"),
        ("2024", "b.pptx"),
    ]
    assert found["decks"][0]["scan"]["low"] == 2
    assert round(found["decks"][0]["scan"]["worst_ppi"]) == 24
    assert [item["code"] for item in found["uploads"]] == ["deck_not_a_deck"]


def test_decks_are_looked_at_and_worked_on_with_the_batchs_choices(web: Web) -> None:
    batch_id = new_batch(web, low_ppi=20, target_ppi=150)
    add_deck(web, batch_id)
    assert read_batch(web, batch_id)["decks"][0]["scan"]["low"] == 0
    assert start(web, batch_id) == {"started": [], "waiting": 0}
    url = f"/api/v1/batches/{batch_id}/options"
    chosen = web.client.put(url, headers=web.key, json={"low_ppi": 110, "target_ppi": 150})
    assert chosen.get_json()["options"]["low_ppi"] == 110
    deck_id = read_batch(web, batch_id)["decks"][0]["id"]
    again = web.client.post(
        f"/api/v1/decks/{deck_id}/scan?low_ppi=110&target_ppi=150", headers=web.key
    )
    assert again.get_json()["scan"]["low"] == 2
    [job_id] = start(web, batch_id)["started"]
    job = web.client.get(f"/api/v1/jobs/{job_id}", headers=web.key).get_json()
    assert (job["options"]["target_ppi"], job["options"]["low_ppi"]) == (150, 110)
    assert read_batch(web, batch_id)["decks"][0]["scan"]["low"] == 2


def test_starting_twice_begins_nothing_twice(web: Web) -> None:
    batch_id = new_batch(web)
    for name in ("a.pptx", "b.pptx"):
        add_deck(web, batch_id, name=name)
    assert len(start(web, batch_id)["started"]) == 2
    assert start(web, batch_id)["started"] == []
    web.worker.work_off()
    assert start(web, batch_id)["started"] == []


@pytest.fixture
def crowded(start_web: Callable[..., Web]) -> tuple[Web, str]:
    """A batch of five decks that was started where only two may be in work."""
    web = start_web(max_open_jobs=2)
    batch_id = new_batch(web)
    for number in range(5):
        add_deck(web, batch_id, name=f"{number}.pptx")
    assert len(start(web, batch_id)["started"]) == 2
    return web, batch_id


def test_what_exceeds_the_open_jobs_waits_and_is_begun_though_nobody_asks_again(
    crowded: tuple[Web, str],
) -> None:
    web, batch_id = crowded
    assert start(web, batch_id) == {"started": [], "waiting": 3}
    assert [deck["waits"] for deck in read_batch(web, batch_id)["decks"]] == [False] * 2 + [
        True
    ] * 3
    web.worker.work_off()
    decks = read_batch(web, batch_id)["decks"]
    assert [deck["waits"] for deck in decks] == [False] * 5
    assert [deck["job"]["state"] for deck in decks] == ["done"] * 5


def test_cancelling_a_batch_ends_what_is_in_work_and_what_waits(crowded: tuple[Web, str]) -> None:
    web, batch_id = crowded
    url = f"/api/v1/batches/{batch_id}/cancel"
    for _ in range(2):
        decks = web.client.post(url, headers=web.key).get_json()["decks"]
        assert [deck["waits"] for deck in decks] == [False] * 5
        assert [deck["job"] and deck["job"]["state"] for deck in decks] == [
            *["cancelled"] * 2,
            *[None] * 3,
        ]
    web.worker.work_off()
    assert read_batch(web, batch_id)["decks"] == decks


def test_pictures_that_nobody_wants_are_left_out(web: Web) -> None:
    batch_id = new_batch(web)
    one, other = (add_deck(web, batch_id, name=f"{n}.pptx") for n in range(2))
    low = ["ppt/media/image1.png", "ppt/media/image2.png"]
    start(web, batch_id, left_out={one: low[:1], other: low})
    web.worker.work_off()
    jobs = {deck["id"]: deck["job"] for deck in read_batch(web, batch_id)["decks"]}
    assert jobs[one]["counts"]["done"] == jobs[one]["changed"] == 1
    assert jobs[other] is None


def test_the_estimate_counts_equal_pictures_once_and_learns_from_what_was_done(web: Web) -> None:
    batch_id = new_batch(web)
    deck_id = add_deck(web, batch_id)
    add_deck(web, batch_id, name="the same.pptx")
    url = f"/api/v1/batches/{batch_id}/estimate"

    def ask(**body: object) -> dict[str, Any]:
        found: dict[str, Any] = web.client.post(url, headers=web.key, json=body).get_json()
        return found

    first = ask()
    assert (first["pictures"], first["measured_pictures"]) == (2, 0)
    assert first["bytes_after"] > first["bytes_before"] == 2 * len(deck_blob())
    assert first["seconds"] > 0
    assert ask(left_out={deck_id: ["ppt/media/image1.png"]})["pictures"] == 2
    start(web, batch_id)
    assert ask()["waiting_s"] == 0  # nothing is unpacked yet
    web.worker.prepare()
    assert ask()["waiting_s"] > 0
    web.worker.work_off()
    assert ask()["measured_pictures"] == 4


@pytest.fixture
def finished(web: Web) -> str:
    """A batch of three decks: two made sharp, of one name, and one without any picture."""
    batch_id = new_batch(web)
    for folder, blob in (("a", deck_blob()), ("a", deck_blob()), ("b", deck_blob(0, sharp=0))):
        add_deck(web, batch_id, blob, folder=folder)
    start(web, batch_id)
    web.worker.work_off()
    return batch_id


def test_all_decks_come_in_one_zip_under_their_folders(web: Web, finished: str) -> None:
    files = unzipped(web, finished)
    assert set(files) == {
        "a/talk.crisp.pptx",
        "a/talk.crisp (2).pptx",
        "a/talk.crisp.report.html",
        "a/talk.crisp.report (2).html",
        "b/talk.pptx",
    }
    assert files["b/talk.pptx"] == deck_blob(0, sharp=0)
    assert b"<html" in files["a/talk.crisp.report.html"]
    with zipfile.ZipFile(io.BytesIO(files["a/talk.crisp.pptx"])) as deck:
        assert deck.testzip() is None
    assert set(unzipped(web, finished, "?report=none")) == {
        "a/talk.crisp.pptx",
        "a/talk.crisp (2).pptx",
        "b/talk.pptx",
    }
    assert "a/talk.crisp.report.pptx" in unzipped(web, finished, "?report=pptx")


def test_a_deck_that_cannot_be_given_is_named_in_the_zip(web: Web, finished: str) -> None:
    deck = read_batch(web, finished)["decks"][2]
    web.engine.store.delete([f"{web.tenant_id}/decks/{deck['id']}/original"])
    files = unzipped(web, finished, "?report=none")
    assert set(files) == {
        "a/talk.crisp.pptx",
        "a/talk.crisp (2).pptx",
        "not in this zip.txt",
    }
    assert b"talk.pptx" in files["not in this zip.txt"]


def test_a_kept_original_is_in_the_deck_in_the_zip_and_not_in_the_report(
    web: Web, finished: str
) -> None:
    deck = read_batch(web, finished)["decks"][0]
    part = "ppt/media/image1.png"
    url = f"/api/v1/jobs/{deck['job']['id']}/kept"
    assert web.client.put(url, headers=web.key, json={"parts": [part]}).status_code == 200
    assert read_batch(web, finished)["decks"][0]["job"]["kept"] == 1

    def media(blob: bytes) -> bytes:
        with zipfile.ZipFile(io.BytesIO(blob)) as archive:
            return archive.read(part)

    enhanced = f"/api/v1/decks/{deck['id']}/enhanced"
    given = web.client.get(enhanced, headers=web.key)
    assert given.content_length == len(given.data)
    assert media(given.data) == media(deck_blob())
    assert unzipped(web, finished, "?report=none")["a/talk.crisp.pptx"] == given.data
    report = web.client.get(f"/api/v1/decks/{deck['id']}/report?format=json", headers=web.key)
    assert [one["part"] for one in report.get_json()["sharpened"]] == ["ppt/media/image2.png"]
    web.client.put(url, headers=web.key, json={"parts": []})
    assert media(web.client.get(enhanced, headers=web.key).data) != media(deck_blob())


def test_only_what_the_job_changed_can_be_kept(web: Web, finished: str) -> None:
    job_id = read_batch(web, finished)["decks"][0]["job"]["id"]
    answer = web.client.put(
        f"/api/v1/jobs/{job_id}/kept", headers=web.key, json={"parts": ["ppt/media/image9.png"]}
    )
    assert (answer.status_code, answer.get_json()["code"]) == (422, "request_invalid")


def test_a_deleted_batch_is_gone_with_its_decks_and_leaves_nothing(web: Web, finished: str) -> None:
    deck_id = read_batch(web, finished)["decks"][0]["id"]
    url = f"/api/v1/batches/{finished}"
    assert web.client.delete(url, headers=web.key).status_code == 204
    for address in (url, f"/api/v1/decks/{deck_id}"):
        assert web.client.get(address, headers=web.key).status_code == 410
    for doomed in due_for_deletion(web.engine.db):
        web.engine.store.delete(doomed.keys)
        forget(web.engine.db, [doomed])
    forget_old_rows(web.engine.db)
    assert web.client.get(url, headers=web.key).status_code == 404
    kept = [item.key for item in web.engine.store.list()]
    assert [key for key in kept if "/upscales/" not in key] == []


def test_whoever_knows_the_batch_waits_for_what_is_new(web: Web) -> None:
    batch_id = new_batch(web)
    url = f"/api/v1/batches/{batch_id}"
    tag = web.client.get(url, headers=web.key).headers["ETag"]
    known = web.key | {"If-None-Match": tag}
    assert web.client.get(f"{url}?wait=0.1", headers=known).status_code == 304
    timer = threading.Timer(0.3, add_deck, (web, batch_id))
    timer.start()
    answer = web.client.get(f"{url}?wait=20", headers=known)
    timer.join()
    assert answer.status_code == 200
    assert answer.headers["ETag"] != tag


def events(stream: Iterator[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for text in stream:
        fields = dict(line.split(": ", 1) for line in text.strip().splitlines())
        if "event" in fields:
            yield fields["event"], json.loads(fields["data"])


def test_the_stream_tells_all_then_changes_then_that_the_batch_is_gone(web: Web) -> None:
    batch_id = new_batch(web)
    first = add_deck(web, batch_id, name="a.pptx")
    told = events(as_text(FollowedBatch(web.engine.db, web.tenant_id, batch_id)))
    kind, whole = next(told)
    assert (kind, [deck["id"] for deck in whole["decks"]]) == ("batch", [first])
    second = add_deck(web, batch_id, name="b.pptx")
    kind, change = next(told)
    assert [deck["id"] for deck in change["decks"]] == [second]
    assert "options" not in change
    web.client.delete(f"/api/v1/batches/{batch_id}", headers=web.key)
    assert next(told) == ("gone", {})
    assert list(told) == []


def test_a_change_names_what_differs_and_who_is_gone() -> None:
    old = {"a": 1, "decks": [{"id": "x", "n": 1}, {"id": "y"}], "uploads": [{"id": "u"}]}
    new = {"a": 1, "decks": [{"id": "x", "n": 2}], "uploads": [{"id": "u"}]}
    assert difference(old, new) == {"decks": [{"id": "x", "n": 2}], "decks_gone": ["y"]}
    assert difference(new, new) == {}


def test_a_batch_lives_as_long_as_its_youngest_deck(web: Web) -> None:
    batch_id = new_batch(web)
    before = get_batch(web.engine.db, web.tenant_id, batch_id).expires_at
    add_deck(web, batch_id)
    assert get_batch(web.engine.db, web.tenant_id, batch_id).expires_at > before
