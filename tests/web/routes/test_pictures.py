"""The quick path: one picture in, the sharp one out, in one request or in two."""

import io

import pytest
from PIL import Image

from crispdeck.picture import drawings
from crispdeck.picture.inspect import inspect
from crispdeck.records.work.job import cancel_job, pictures_of
from tests.decks.drawings import one_bitmap
from tests.web.conftest import Web, picture_blob, send_deck, send_job

PNG = {"Content-Type": "image/png"}


def size_of(blob: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(blob)).size


@pytest.mark.usefixtures("working")
def test_with_prefer_wait_the_answer_is_the_sharp_picture(web: Web) -> None:
    answer = web.client.post(
        "/api/v1/pictures?shown_width_in=4&shown_height_in=3",
        headers=web.key | PNG | {"Prefer": "wait=20"},
        data=picture_blob(96, 64),
    )
    assert answer.status_code == 200
    assert answer.content_type == "image/png"
    assert size_of(answer.data) == (384, 256)
    assert answer.headers["Preference-Applied"] == "wait=20"
    assert answer.headers["Crispdeck-Scale"] == "4"
    assert answer.headers["Crispdeck-Network"] == "bicubic"
    assert answer.headers["ETag"]
    job = web.client.get(f"/api/v1/jobs/{answer.headers['Crispdeck-Job']}", headers=web.key)
    assert job.get_json()["state"] == "done"


def test_what_is_not_done_in_time_is_202_and_can_be_fetched_later(web: Web) -> None:
    blob = picture_blob(96, 64)
    answer = web.client.post(
        "/api/v1/pictures?scale=2",
        headers=web.key | PNG | {"Prefer": "respond-async, wait=0"},
        data=blob,
    )
    assert answer.status_code == 202
    assert answer.headers["Preference-Applied"] == "wait=0"
    job = answer.get_json()
    assert answer.headers["Location"] == job["links"]["self"]
    assert job["state"] == "queued"
    waiting = web.client.get(job["links"]["result"], headers=web.key)
    assert waiting.status_code == 202
    web.worker.work_off()
    result = web.client.get(job["links"]["result"], headers=web.key)
    assert size_of(result.data) == (192, 128)
    again = web.client.get(
        job["links"]["result"], headers=web.key | {"If-None-Match": result.headers["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.usefixtures("working")
def test_the_result_can_be_waited_for_as_well(web: Web) -> None:
    job = web.client.post("/api/v1/pictures", headers=web.key | PNG, data=picture_blob())
    result = web.client.get(
        job.get_json()["links"]["result"], headers=web.key | {"Prefer": "wait=20"}
    )
    assert result.status_code == 200


def test_without_a_preference_nobody_waits(web: Web) -> None:
    answer = web.client.post("/api/v1/pictures", headers=web.key | PNG, data=picture_blob())
    assert answer.status_code == 202
    assert "Preference-Applied" not in answer.headers


@pytest.mark.parametrize(
    ("query", "scale"),
    [
        ("scale=2", 2),
        ("scale=4", 4),
        ("shown_width_in=1", 2),  # 96 ppi: 192 counts as 220 reached, as in a deck
        ("shown_width_in=1&target_ppi=240", 4),
        ("shown_width_in=1&target_ppi=190", 2),
        ("shown_width_in=0.5&shown_height_in=2", 4),  # the poorer axis decides: 32 ppi
        ("", 4),
    ],
)
def test_the_scale_follows_from_the_size_that_is_shown(web: Web, query: str, scale: int) -> None:
    answer = web.client.post(
        f"/api/v1/pictures?{query}", headers=web.key | PNG, data=picture_blob()
    )
    assert answer.get_json()["pictures"][0]["scale"] == scale


def test_a_picture_that_is_sharp_enough_gets_a_verdict_and_no_job(web: Web) -> None:
    answer = web.client.post(
        "/api/v1/pictures?shown_width_in=0.5&shown_height_in=0.5",
        headers=web.key | PNG,
        data=picture_blob(96, 64),
    )
    assert answer.status_code == 200
    assert answer.get_json() == {
        "verdict": "left",
        "reason": "already_sharp",
        "why": "sharp enough at the size it is shown",
        "effective_ppi": 128.0,
        "width_px": 96,
        "height_px": 64,
    }
    assert web.client.get("/api/v1/jobs", headers=web.key).get_json()["items"] == []


def test_a_sharp_picture_is_upscaled_all_the_same_when_forced(web: Web) -> None:
    answer = web.client.post(
        "/api/v1/pictures?shown_width_in=0.5&force=true", headers=web.key | PNG, data=picture_blob()
    )
    assert answer.status_code == 202
    assert answer.get_json()["pictures"][0]["scale"] == 2


def test_a_form_loses_no_byte_at_the_edges_of_buffers(web: Web) -> None:
    for pattern in (b"\r\n", b"\r\n--", b"\r", b"-\n"):
        for length in range(65_530, 65_542):
            blob = picture_blob()
            blob += (pattern * length)[: length - len(blob)]
            answer = web.client.post(
                "/api/v1/pictures?scale=2",
                headers=web.key,
                data={"picture": (io.BytesIO(blob), "Bild – 図.png")},
            )
            assert answer.status_code == 202
            (row,) = pictures_of(web.engine.db, web.tenant_id, answer.get_json()["id"])
            assert web.engine.store.read(row.source_key or "") == blob


@pytest.mark.parametrize(
    ("query", "is_low"),
    [
        ("", False),
        ("&slide_width_in=10&slide_height_in=5.625", True),
        ("&slide_width_in=10", False),
    ],
)
def test_a_slide_that_a_screen_shows_larger_needs_more_pixels(
    web: Web, query: str, *, is_low: bool
) -> None:
    answer = web.client.post(
        f"/api/v1/pictures?shown_width_in=0.8&shown_height_in=0.5{query}",
        headers=web.key | PNG,
        data=picture_blob(96, 64),
    )
    assert answer.status_code == (202 if is_low else 200)


def noted_photo() -> bytes:
    """A JPEG with an author, a gain map, and no end."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[315] = "A. Person"
    packet = b"<x:xmpmeta xmlns:x='adobe:ns:meta/' hdrgm:Version='1.0'/>"
    image = Image.linear_gradient("L").resize((96, 64)).convert("RGB")
    image.save(out, "JPEG", exif=exif, xmp=packet)
    return out.getvalue().removesuffix(b"\xff\xd9")


@pytest.mark.usefixtures("working")
@pytest.mark.parametrize("strip", ["true", "false"])
def test_notes_stay_unless_they_shall_go_and_what_was_forgiven_is_said(
    web: Web, strip: str
) -> None:
    answer = web.client.post(
        f"/api/v1/pictures?scale=2&strip={strip}",
        headers=web.key | {"Content-Type": "image/jpeg", "Prefer": "wait=20"},
        data=noted_photo(),
    )
    assert answer.status_code == 200
    assert (b"A. Person" in answer.data) == (strip == "false")
    assert answer.headers["Crispdeck-Notes"] == "no_end, gain_map_lost"
    job = web.client.get(f"/api/v1/jobs/{answer.headers['Crispdeck-Job']}", headers=web.key)
    (picture,) = job.get_json()["pictures"]
    assert picture["upscale"]["source"] == [
        {"code": "no_end", "why": "the end of its file was missing"},
        {"code": "gain_map_lost", "why": "its gain map (HDR) is left out"},
    ]


@pytest.mark.usefixtures("working")
def test_the_bitmap_of_a_metafile_is_made_sharp_inside_it(web: Web) -> None:
    answer = web.client.post(
        "/api/v1/pictures?scale=2",
        headers=web.key | {"Content-Type": "image/x-emf", "Prefer": "wait=20"},
        data=one_bitmap("emf"),
    )
    assert (answer.status_code, answer.content_type) == (200, "image/x-emf")
    assert inspect(answer.data).width_px == 240


@pytest.mark.parametrize("kind", ["emf", "emf+", "wmf", "svg"])
def test_drawings_are_looked_through_in_a_process_of_their_own(
    web: Web, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("looked through in the server itself")

    monkeypatch.setattr(drawings, "find_bitmap", never)
    url = "/api/v1/pictures?scale=2"
    answer = web.client.post(url, headers=web.key | PNG, data=one_bitmap(kind))
    assert answer.status_code == 202
    (picture,) = answer.get_json()["pictures"]
    assert (picture["width_px"], picture["height_px"]) == (120, 90)


def test_the_crispness_that_is_asked_for_is_kept_with_the_job(web: Web) -> None:
    url = "/api/v1/pictures?scale=2&crispness=0.25"
    answer = web.client.post(url, headers=web.key | PNG, data=picture_blob(96, 64))
    assert answer.get_json()["options"]["crispness"] == 0.25
    job_id = send_job(web, send_deck(web), crispness=1)
    job = web.client.get(f"/api/v1/jobs/{job_id}", headers=web.key)
    assert job.get_json()["options"]["crispness"] == 1


@pytest.mark.parametrize("crispness", ["-0.1", "1.01", "nan", "crisp"])
def test_a_crispness_that_is_none_is_refused(web: Web, crispness: str) -> None:
    url = f"/api/v1/pictures?scale=2&crispness={crispness}"
    answer = web.client.post(url, headers=web.key | PNG, data=picture_blob(96, 64))
    assert answer.status_code == 422
    assert answer.get_json()["code"] == "request_invalid"


def test_a_form_is_as_good_as_a_raw_body(web: Web) -> None:
    answer = web.client.post(
        "/api/v1/pictures", headers=web.key, data={"picture": (io.BytesIO(picture_blob()), "a.png")}
    )
    assert answer.status_code == 202


@pytest.mark.parametrize(
    ("blob", "status", "code"),
    [
        (b"", 422, "request_invalid"),
        (b"hello", 422, "picture_unreadable"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', 415, "picture_unsupported"),
        (picture_blob()[:20], 422, "picture_unreadable"),
        (picture_blob(7000, 7000), 413, "picture_too_large"),
    ],
)
def test_what_is_no_good_picture_is_refused_with_its_code(
    web: Web, blob: bytes, status: int, code: str
) -> None:
    answer = web.client.post("/api/v1/pictures", headers=web.key | PNG, data=blob)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def test_an_animation_is_left_alone(web: Web) -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue", "green")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    answer = web.client.post("/api/v1/pictures", headers=web.key | PNG, data=out.getvalue())
    assert (answer.status_code, answer.get_json()["code"]) == (415, "picture_unsupported")


def test_a_picture_that_fails_says_so_in_words(web: Web) -> None:
    web.worker.fails = True
    job = web.client.post("/api/v1/pictures", headers=web.key | PNG, data=picture_blob())
    web.worker.work_off()
    answer = web.client.get(job.get_json()["links"]["result"], headers=web.key)
    assert (answer.status_code, answer.get_json()["code"]) == (500, "upscale_failed")


def test_a_cancelled_picture_is_a_conflict(web: Web) -> None:
    job = web.client.post("/api/v1/pictures", headers=web.key | PNG, data=picture_blob()).get_json()
    cancel_job(web.engine.db, web.tenant_id, job["id"])
    answer = web.client.get(job["links"]["result"], headers=web.key)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "conflict")


def test_a_deck_job_has_no_single_result(web: Web) -> None:
    job_id = send_job(web, send_deck(web))
    assert web.client.get(f"/api/v1/pictures/{job_id}/result", headers=web.key).status_code == 404


@pytest.mark.parametrize(
    ("header", "applied"),
    [
        ("wait=0", "wait=0"),
        ("WAIT = 0", "wait=0"),
        ('wait="0"', "wait=0"),
        ("foo; bar, wait=0; x=y", "wait=0"),
        ("await=5", None),
        ("wait=soon", None),
        ("wait=-1", None),
    ],
)
def test_the_preference_is_read_as_rfc_7240_writes_it(
    web: Web, header: str, applied: str | None
) -> None:
    answer = web.client.post(
        "/api/v1/pictures", headers=web.key | PNG | {"Prefer": header}, data=picture_blob()
    )
    assert answer.headers.get("Preference-Applied") == applied
