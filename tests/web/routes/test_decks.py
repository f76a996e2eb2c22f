"""Decks over HTTP: in, looked at, made sharp, out again."""

import hashlib
import io
import zipfile

from PIL import Image

from crispdeck.deck.opc.archive import open_deck
from crispdeck.storage import deck_key
from tests.web.conftest import Web, deck_blob, finished_deck, send_deck, send_job

LOW = ("ppt/media/image1.png", "ppt/media/image2.png")


def parts_of(deck: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(deck)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_an_uploaded_deck_answers_with_its_scan(web: Web) -> None:
    blob = deck_blob(pictures=2, sharp=1)
    answer = web.client.post(
        "/api/v1/decks", headers=web.key, data={"deck": (io.BytesIO(blob), "my talk.pptx")}
    )
    deck = answer.get_json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == deck["links"]["self"]
    assert (deck["name"], deck["size_bytes"]) == ("my talk.pptx", len(blob))
    assert deck["sha256"] == hashlib.sha256(blob).hexdigest()
    assert (deck["scan"]["slides"], deck["scan"]["low"], deck["scan"]["left"]) == (3, 2, 1)


def test_each_placement_says_where_how_sharp_and_why(web: Web) -> None:
    deck = web.client.get(f"/api/v1/decks/{send_deck(web)}", headers=web.key).get_json()
    low, _, sharp = deck["placements"]
    assert (low["slide"], low["part"], low["picture"]) == (1, LOW[0], 1)
    assert round(low["effective_ppi"]) == 24
    assert low["verdict"] == "low"
    assert low["sentence"] == "less than a quarter as sharp as a full-HD screen"
    assert sharp["verdict"] == "left"
    assert sharp["reason"] == "already_sharp"
    assert sharp["why"] == "sharp enough at the size it is shown"
    assert (low["shown_width_in"], low["shown_height_in"]) == (4.0, 4.0)


def test_a_thumbnail_of_every_picture_can_be_fetched_where_the_scan_says(web: Web) -> None:
    deck = web.client.get(f"/api/v1/decks/{send_deck(web)}", headers=web.key).get_json()
    for picture in deck["pictures"]:
        answer = web.client.get(picture["thumbnail_url"], headers=web.key)
        assert answer.content_type == "image/png"
        assert max(Image.open(io.BytesIO(answer.data)).size) <= 320
        again = web.client.get(
            picture["thumbnail_url"],
            headers=web.key | {"If-None-Match": answer.headers["ETag"]},
        )
        assert again.status_code == 304


def test_slides_and_pictures_can_be_looked_at(web: Web) -> None:
    deck_id = send_deck(web)
    slide = web.client.get(f"/api/v1/decks/{deck_id}/slides/1", headers=web.key)
    assert (slide.status_code, slide.mimetype) == (200, "image/svg+xml")
    assert b"data:image/png;base64," in slide.data
    assert "sandbox" in slide.headers["Content-Security-Policy"]
    picture = web.client.get(f"/api/v1/decks/{deck_id}/pictures/1", headers=web.key)
    assert (picture.mimetype, picture.data) == ("image/png", parts_of(deck_blob())[LOW[0]])
    for missing in ("slides/9", "slides/0", "pictures/9"):
        answer = web.client.get(f"/api/v1/decks/{deck_id}/{missing}", headers=web.key)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")


def test_a_thumbnail_of_a_picture_that_is_not_there_is_404(web: Web) -> None:
    answer = web.client.get(f"/api/v1/decks/{send_deck(web)}/thumbnails/99", headers=web.key)
    assert answer.status_code == 404


def test_other_thresholds_give_another_scan_that_is_not_kept(web: Web) -> None:
    url = f"/api/v1/decks/{send_deck(web)}"
    strict = web.client.get(url, headers=web.key, query_string={"low_ppi": "20"}).get_json()
    wide = web.client.get(url, headers=web.key, query_string={"preset": "wide"}).get_json()
    kept = web.client.get(url, headers=web.key).get_json()
    assert [each["scan"]["low"] for each in (strict, wide, kept)] == [0, 3, 2]
    assert kept["scan"]["options"]["low_ppi"] == 110.0


def test_the_original_comes_back_byte_for_byte_under_its_name(web: Web) -> None:
    blob = deck_blob()
    answer = web.client.get(
        f"/api/v1/decks/{send_deck(web, blob, 'Grüße.pptx')}/original", headers=web.key
    )
    assert answer.data == blob
    assert answer.content_length == len(blob)
    assert "filename*=UTF-8''Gr%C3%BC%C3%9Fe.pptx" in answer.headers["Content-Disposition"]


def test_a_name_that_is_a_path_is_only_a_name(web: Web) -> None:
    deck_id = send_deck(web, name="..\\..\\etc/passwd\x07.pptx")
    deck = web.client.get(f"/api/v1/decks/{deck_id}", headers=web.key).get_json()
    assert deck["name"] == "passwd.pptx"
    assert web.engine.store.size(deck_key(web.tenant_id, deck_id)) == deck["size_bytes"]


def test_a_job_changes_only_the_low_pictures(web: Web) -> None:
    blob = deck_blob()
    deck_id = send_deck(web, blob)
    send_job(web, deck_id)
    web.worker.work_off()
    answer = web.client.get(f"/api/v1/decks/{deck_id}/enhanced", headers=web.key)
    before, after = parts_of(blob), parts_of(answer.data)
    assert list(before) == list(after)
    assert {name for name in before if before[name] != after[name]} == set(LOW)
    assert 'filename="talk.crisp.pptx"' in answer.headers["Content-Disposition"]
    assert answer.content_type.endswith("presentationml.presentation")
    assert answer.content_length == len(answer.data)


def test_only_the_chosen_pictures_are_worked_on(web: Web) -> None:
    deck_id = send_deck(web)
    job_id = send_job(web, deck_id, pictures=[LOW[1]])
    web.worker.work_off()
    job = web.client.get(f"/api/v1/jobs/{job_id}", headers=web.key).get_json()
    assert [picture["parts"] for picture in job["pictures"]] == [[LOW[1]]]
    assert job["counts"]["total"] == job["counts"]["done"] == 1


def test_a_job_for_a_picture_that_the_deck_lacks_is_refused_by_its_name(web: Web) -> None:
    answer = web.client.post(
        f"/api/v1/decks/{send_deck(web)}/jobs", headers=web.key, json={"pictures": ["nope.png"]}
    )
    assert answer.status_code == 422
    assert answer.get_json()["errors"] == [
        {"field": "pictures.nope.png", "detail": "not in this deck"}
    ]


def test_without_a_finished_job_there_is_no_enhanced_deck(web: Web) -> None:
    deck_id = send_deck(web)
    answer = web.client.get(f"/api/v1/decks/{deck_id}/enhanced", headers=web.key)
    assert answer.status_code == 404
    job_id = send_job(web, deck_id)
    waiting = web.client.get(
        f"/api/v1/decks/{deck_id}/enhanced", headers=web.key, query_string={"job": job_id}
    )
    assert waiting.status_code == 409


def test_a_job_of_another_deck_is_not_this_decks_result(web: Web) -> None:
    _, job_id = finished_deck(web)
    answer = web.client.get(
        f"/api/v1/decks/{send_deck(web)}/enhanced", headers=web.key, query_string={"job": job_id}
    )
    assert answer.status_code == 404


def test_a_redirect_is_only_made_by_stores_that_sign_links(web: Web) -> None:
    deck_id, _ = finished_deck(web)
    answer = web.client.get(
        f"/api/v1/decks/{deck_id}/enhanced", headers=web.key, query_string={"redirect": "1"}
    )
    assert answer.status_code == 200
    assert answer.data


def test_revert_gives_the_chosen_pictures_their_bytes_back(web: Web) -> None:
    blob = deck_blob()
    deck_id = send_deck(web, blob)
    send_job(web, deck_id)
    web.worker.work_off()
    sharp = web.client.get(f"/api/v1/decks/{deck_id}/enhanced", headers=web.key).data
    answer = web.client.post(
        f"/api/v1/decks/{deck_id}/revert", headers=web.key, json={"pictures": [LOW[0]]}
    )
    before, enhanced, after = parts_of(blob), parts_of(sharp), parts_of(answer.data)
    assert after[LOW[0]] == before[LOW[0]]
    assert after[LOW[1]] == enhanced[LOW[1]] != before[LOW[1]]
    everything = web.client.post(f"/api/v1/decks/{deck_id}/revert", headers=web.key, json={})
    assert everything.data == blob


def test_revert_of_a_picture_that_was_not_changed_is_refused(web: Web) -> None:
    deck_id, _ = finished_deck(web)
    answer = web.client.post(
        f"/api/v1/decks/{deck_id}/revert",
        headers=web.key,
        json={"pictures": ["ppt/media/image3.png"]},
    )
    assert answer.status_code == 422


def test_the_report_comes_in_three_formats(web: Web) -> None:
    deck_id, _ = finished_deck(web)
    url = f"/api/v1/decks/{deck_id}/report"
    html, figures, slides = (
        web.client.get(url, headers=web.key, query_string={"format": kind})
        for kind in ("html", "json", "pptx")
    )
    assert b"<html" in html.data
    assert 'filename="talk.crisp.report.html"' in html.headers["Content-Disposition"]
    assert [each["part"] for each in figures.get_json()["sharpened"]] == list(LOW)
    assert figures.get_json()["sharpened"][0]["upscale"] == {"network": "bicubic"}
    with open_deck(slides.data) as deck:
        assert "ppt/presentation.xml" in deck.names


def test_a_deleted_deck_is_gone_and_leaves_the_list(web: Web) -> None:
    deck_id = send_deck(web)
    url = f"/api/v1/decks/{deck_id}"
    assert web.client.delete(url, headers=web.key).status_code == 204
    assert web.client.get(url, headers=web.key).status_code == 410
    assert web.client.get("/api/v1/decks", headers=web.key).get_json()["items"] == []


def test_pages_of_decks_follow_each_other_without_gap_or_double(web: Web) -> None:
    blob = deck_blob(pictures=1, sharp=0)
    sent = [send_deck(web, blob, f"{number}.pptx") for number in range(5)]
    seen: list[str] = []
    after: str | None = None
    while True:
        query = {"limit": "2"} | ({"after": after} if after else {})
        page = web.client.get("/api/v1/decks", headers=web.key, query_string=query).get_json()
        seen += [item["id"] for item in page["items"]]
        after = page["next_after"]
        if after is None:
            break
        if len(seen) == 2:
            send_deck(web, blob, "new.pptx")
    assert seen == sent[::-1]


def test_the_jobs_of_a_deck_are_listed_by_state(web: Web) -> None:
    deck_id, job_id = finished_deck(web)
    waiting = send_job(web, deck_id)
    url = f"/api/v1/decks/{deck_id}/jobs"
    listed = web.client.get(url, headers=web.key).get_json()["items"]
    done = web.client.get(url, headers=web.key, query_string={"state": "done"}).get_json()["items"]
    assert [job["id"] for job in listed] == [waiting, job_id]
    assert [job["id"] for job in done] == [job_id]


def test_the_sample_deck_has_pictures_to_make_sharp_and_some_to_leave(web: Web) -> None:
    answer = web.client.post("/api/v1/decks/sample", headers=web.key)
    assert answer.status_code == 201
    assert answer.get_json()["scan"]["low"] > 0
    assert answer.get_json()["scan"]["left"] > 0
