"""Jobs over HTTP: looked at, followed, cancelled, tried again."""

import json
import threading
from collections.abc import Iterator

import pytest

from crispdeck.records.work.events import events_after
from tests.web.conftest import Web, finished_deck, send_deck, send_job
from web import streams
from web.limits import STREAMS_PER_TENANT


def blocks(text: str) -> Iterator[dict[str, str]]:
    """The fields of each event of a stream; comments are left out."""
    for block in text.split("\n\n"):
        lines = [line.split(": ", 1) for line in block.split("\n") if ": " in line]
        fields = {name: value for name, value in lines if name}
        if "event" in fields:
            yield fields


def test_a_job_shows_its_counts_and_each_pictures_end(web: Web) -> None:
    _, job_id = finished_deck(web)
    job = web.client.get(f"/api/v1/jobs/{job_id}", headers=web.key).get_json()
    assert (job["kind"], job["state"]) == ("deck", "done")
    assert (job["counts"]["total"], job["counts"]["done"]) == (2, 2)
    picture = job["pictures"][0]
    assert (picture["state"], picture["upscale"]["network"]) == ("done", "bicubic")
    assert (picture["new_width_px"], picture["scale"]) == (384, 4)
    result = web.client.get(picture["result_url"], headers=web.key)
    small = web.client.get(picture["thumbnail_url"], headers=web.key)
    assert result.content_type == small.content_type == "image/png"
    assert web.client.get(job["links"]["enhanced"], headers=web.key).data


def test_a_picture_that_is_not_done_has_no_result(web: Web) -> None:
    job_id = send_job(web, send_deck(web))
    web.worker.prepare()
    job = web.client.get(f"/api/v1/jobs/{job_id}", headers=web.key).get_json()
    picture = job["pictures"][0]
    assert picture["result_url"] is None
    url = f"/api/v1/jobs/{job_id}/pictures/{picture['id']}"
    assert web.client.get(f"{url}/result", headers=web.key).status_code == 409
    unknown = web.client.get(f"/api/v1/jobs/{job_id}/pictures/{'0' * 32}/result", headers=web.key)
    assert unknown.status_code == 404


def test_jobs_are_listed_by_state_and_page(web: Web) -> None:
    deck_id, done = finished_deck(web)
    waiting_ones = [send_job(web, deck_id) for _ in range(3)]
    first = web.client.get("/api/v1/jobs?state=queued&limit=2", headers=web.key).get_json()
    rest = web.client.get(
        f"/api/v1/jobs?state=queued&limit=2&after={first['next_after']}", headers=web.key
    ).get_json()
    assert [job["id"] for job in first["items"] + rest["items"]] == waiting_ones[::-1]
    assert rest["next_after"] is None
    finished = web.client.get("/api/v1/jobs?state=done", headers=web.key).get_json()["items"]
    assert [job["id"] for job in finished] == [done]


def test_the_cursor_gives_every_event_once_and_says_when_it_is_over(web: Web) -> None:
    _, job_id = finished_deck(web)
    seen: list[int] = []
    after, ended = 0, False
    while not ended:
        page = web.client.get(
            f"/api/v1/jobs/{job_id}/events?after={after}&limit=3", headers=web.key
        ).get_json()
        seen += [event["seq"] for event in page["items"]]
        after, ended = page["next_after"], page["ended"]
    kept = events_after(web.engine.db, web.tenant_id, job_id)
    assert seen == [event.seq for event in kept]
    assert kept[-1].kind == "job.done"


def test_a_long_poll_answers_as_soon_as_something_happens(web: Web) -> None:
    job_id = send_job(web, send_deck(web))
    after = events_after(web.engine.db, web.tenant_id, job_id)[-1].seq
    worker = threading.Timer(0.2, web.worker.work_off)
    worker.start()
    answer = web.client.get(
        f"/api/v1/jobs/{job_id}/events?after={after}&wait=20", headers=web.key
    ).get_json()
    worker.join()
    assert answer["items"][0]["kind"] == "job.running"


def test_a_long_poll_without_news_ends_when_its_time_is_over(web: Web) -> None:
    job_id = send_job(web, send_deck(web))
    after = events_after(web.engine.db, web.tenant_id, job_id)[-1].seq
    answer = web.client.get(
        f"/api/v1/jobs/{job_id}/events?after={after}&wait=0.1", headers=web.key
    ).get_json()
    assert (answer["items"], answer["next_after"], answer["ended"]) == ([], after, False)


@pytest.mark.usefixtures("working")
def test_the_stream_tells_everything_in_order_and_then_ends(web: Web) -> None:
    job_id = send_job(web, send_deck(web))
    answer = web.client.get(f"/api/v1/jobs/{job_id}/stream", headers=web.key)
    assert answer.mimetype == "text/event-stream"
    assert answer.headers["X-Accel-Buffering"] == "no"
    *told, last = blocks(answer.get_data(as_text=True))
    kept = events_after(web.engine.db, web.tenant_id, job_id)
    assert [int(fields["id"]) for fields in told] == [event.seq for event in kept]
    assert [fields["event"] for fields in told] == [event.kind for event in kept]
    assert json.loads(told[0]["data"])["job_id"] == job_id
    assert last["event"] == "end"


def test_a_stream_goes_on_where_it_broke_off_without_gap_or_double(web: Web) -> None:
    _, job_id = finished_deck(web)
    kept = [event.seq for event in events_after(web.engine.db, web.tenant_id, job_id)]
    for broke_after in range(len(kept) + 1):
        last = str(kept[broke_after - 1]) if broke_after else ""
        answer = web.client.get(
            f"/api/v1/jobs/{job_id}/stream",
            headers=web.key | {"Last-Event-ID": last},
            buffered=True,
        )
        told = [int(f["id"]) for f in blocks(answer.get_data(as_text=True)) if "id" in f]
        assert told == kept[broke_after:]


def test_a_quiet_stream_shows_a_pulse_and_ends_after_its_life(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_S", 0.1)
    monkeypatch.setattr(streams, "LIFE_S", 0.5)
    monkeypatch.setattr(streams, "LAST_EVENT_PAUSE_S", 0.05)
    job_id = send_job(web, send_deck(web))
    text = web.client.get(f"/api/v1/jobs/{job_id}/stream", headers=web.key).get_data(as_text=True)
    assert ": still here\n\n" in text
    assert "event: end" not in text


def test_a_tenant_has_so_many_streams_and_gets_them_back(web: Web) -> None:
    _, job_id = finished_deck(web)
    url = f"/api/v1/jobs/{job_id}/stream"
    open_ones = [web.client.get(url, headers=web.key) for _ in range(STREAMS_PER_TENANT)]
    refused = web.client.get(url, headers=web.key)
    assert (refused.status_code, refused.get_json()["code"]) == (429, "limit_reached")
    assert int(refused.headers["Retry-After"]) > 0
    for answer in open_ones:
        answer.close()
    assert web.client.get(url, headers=web.key, buffered=True).status_code == 200


def test_a_cancelled_job_ends_at_once_and_cannot_be_cancelled_when_done(web: Web) -> None:
    deck_id, done = finished_deck(web)
    job_id = send_job(web, deck_id)
    answer = web.client.post(f"/api/v1/jobs/{job_id}/cancel", headers=web.key)
    assert (answer.status_code, answer.get_json()["state"]) == (200, "cancelled")
    again = web.client.post(f"/api/v1/jobs/{done}/cancel", headers=web.key)
    assert (again.status_code, again.get_json()["code"]) == (409, "conflict")


def test_what_failed_is_tried_again_and_only_that(web: Web) -> None:
    deck_id = send_deck(web)
    job_id = send_job(web, deck_id)
    web.worker.fails = True
    web.worker.work_off()
    url = f"/api/v1/jobs/{job_id}"
    failed = web.client.get(url, headers=web.key).get_json()
    assert failed["counts"]["failed"] == 2
    assert failed["pictures"][0]["why"] == "Told to fail."
    web.worker.fails = False
    retried = web.client.post(f"{url}/retry", headers=web.key)
    assert (retried.status_code, retried.get_json()["counts"]["queued"]) == (202, 2)
    web.worker.work_off()
    assert web.client.get(url, headers=web.key).get_json()["counts"]["done"] == 2
    nothing = web.client.post(f"{url}/retry", headers=web.key)
    assert nothing.status_code == 409
