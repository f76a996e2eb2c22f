"""Whoever waits, sends slowly or reads slowly keeps nobody from being answered."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future
from typing import Any

import pytest

from crispdeck.records.states import EventKind
from crispdeck.records.tables import Event
from crispdeck.records.work.job import cancel_job
from tests.web.conftest import Web, deck_blob, picture_blob, send_deck, send_job
from tests.web.serving.caller import Exchange
from web import limits, streams
from web.serving import bridge as serving
from web.serving import request_bodies
from web.serving.bridge import Bridge
from web.waiting import EVENTS_AT_ONCE, Topic

Play = Callable[[Bridge], Coroutine[Any, Any, None]]


@pytest.fixture
def few(start_web: Callable[..., Web]) -> Web:
    """An app that has two threads for all its requests."""
    return start_web(web_threads=2)


def play(web: Web, scene: Play) -> None:
    async def run() -> None:
        await scene(Bridge(web.app, web.engine.settings))

    asyncio.run(run())


def form(blob: bytes) -> tuple[bytes, dict[str, str]]:
    head = b'--edge\r\nContent-Disposition: form-data; name="deck"; filename="a.pptx"\r\n\r\n'
    body = head + blob + b"\r\n--edge--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=edge"}
    return body, headers | {"Content-Length": str(len(body))}


def test_a_deck_goes_in_and_comes_out_as_it_was(few: Web) -> None:
    async def scene(bridge: Bridge) -> None:
        body, headers = form(deck_blob())
        sent = await Exchange(bridge, "POST", "/api/v1/decks", few.key | headers, body).answer()
        assert sent.status == 201, sent.body
        url = sent.headers["location"] + "/original"
        got = await Exchange(bridge, "GET", url, few.key).answer()
        assert (got.status, got.body) == (200, deck_blob())
        assert got.headers["content-length"] == str(len(deck_blob()))

    play(few, scene)


def test_a_body_of_unknown_length_is_taken(few: Web) -> None:
    async def scene(bridge: Bridge) -> None:
        body, headers = form(deck_blob())
        del headers["Content-Length"]
        headers["Transfer-Encoding"] = "chunked"
        sent = Exchange(bridge, "POST", "/api/v1/decks", few.key | headers, None)
        for start in range(0, len(body), 5000):
            sent.send(body[start : start + 5000], more=start + 5000 < len(body))
        assert (await sent.answer()).status == 201, sent.body

    play(few, scene)


def test_long_polls_take_no_thread_and_are_answered_when_something_happens(few: Web) -> None:
    job_id = send_job(few, send_deck(few))
    url = f"/api/v1/jobs/{job_id}/events"
    after = few.client.get(url, headers=few.key).get_json()["next_after"]

    async def scene(bridge: Bridge) -> None:
        waiting = [
            Exchange(bridge, "GET", f"{url}?after={after}&wait=25", few.key) for _ in range(66)
        ]
        while few.engine.waits._open.total() < len(waiting):
            await asyncio.sleep(0.05)
        asked = await Exchange(bridge, "GET", "/api/v1/whoami", few.key).answer()
        assert asked.status == 200
        assert not any(one.status for one in waiting)
        cancel_job(few.engine.db, few.tenant_id, job_id)
        for one in waiting:
            assert (await one.answer(40)).json()["ended"] is True

    play(few, scene)
    assert few.engine.waits._open.total() == 0


def test_a_wait_that_ends_says_that_nothing_happened_and_who_was_asked(few: Web) -> None:
    job_id = send_job(few, send_deck(few))
    url = f"/api/v1/jobs/{job_id}/events?after=1000000&wait=0.3"

    async def scene(bridge: Bridge) -> None:
        asked = few.key | {"X-Request-Id": "my-own-request"}
        one = await Exchange(bridge, "GET", url, asked).answer()
        assert one.json()["items"] == []
        assert one.headers["x-request-id"] == "my-own-request"
        assert one.headers["x-content-type-options"] == "nosniff"

    play(few, scene)


def test_a_tenant_waits_for_so_much_at_once_and_leaving_gives_it_back(
    few: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(few.engine.waits, "_most", 3)
    job_id = send_job(few, send_deck(few))
    url = f"/api/v1/jobs/{job_id}/events?after=1000000&wait=20"

    async def scene(bridge: Bridge) -> None:
        waiting = [Exchange(bridge, "GET", url, few.key) for _ in range(3)]
        await asyncio.sleep(0.5)
        refused = await Exchange(bridge, "GET", url, few.key).answer()
        assert (refused.status, refused.json()["code"]) == (429, "limit_reached")
        for one in waiting:
            one.leave()
            await one.answer()

    play(few, scene)
    assert few.engine.waits._open.total() == 0


def test_one_picture_is_waited_for_without_a_thread(few: Web) -> None:
    async def scene(bridge: Bridge) -> None:
        headers = few.key | {"Content-Type": "image/png", "Prefer": "wait=20"}
        blob = picture_blob()
        headers["Content-Length"] = str(len(blob))
        sent = Exchange(bridge, "POST", "/api/v1/pictures?scale=2", headers, blob)
        while not few.engine.waits._open.total():
            await asyncio.sleep(0.02)
        await asyncio.get_running_loop().run_in_executor(None, few.worker.work_off)
        assert (await sent.answer()).status == 200
        assert sent.headers["preference-applied"] == "wait=20"
        assert sent.headers["content-type"] == "image/png"

    play(few, scene)


def test_streams_take_no_thread_tell_what_comes_and_end(few: Web) -> None:
    job_id = send_job(few, send_deck(few))

    async def scene(bridge: Bridge) -> None:
        url = f"/api/v1/jobs/{job_id}/stream"
        open_ones = [Exchange(bridge, "GET", url, few.key) for _ in range(20)]
        for one in open_ones:
            await one.until(b"event: job_created" if b"job_created" in one.body else b"id: ")
        assert (await Exchange(bridge, "GET", "/api/v1/whoami", few.key).answer()).status == 200
        cancel_job(few.engine.db, few.tenant_id, job_id)
        for one in open_ones:
            assert (await one.answer()).body.endswith(b"event: end\ndata: {}\n\n")

    play(few, scene)
    assert few.engine.streams._open.total() == 0


def test_a_stream_tells_a_long_past_without_a_pause(few: Web) -> None:
    job_id = send_job(few, send_deck(few))
    cancel_job(few.engine.db, few.tenant_id, job_id)
    with few.engine.db.session() as session:
        session.add_all(
            Event(
                tenant_id=few.tenant_id,
                job_id=job_id,
                kind=EventKind.JOB_STAGE,
                data={},
                at=few.engine.db.now(session),
            )
            for _ in range(8 * EVENTS_AT_ONCE)
        )

    async def scene(bridge: Bridge) -> None:
        url = f"/api/v1/jobs/{job_id}/stream"
        one = await Exchange(bridge, "GET", url, few.key).answer(10)
        assert one.body.count(b"\nid: ") > 8 * EVENTS_AT_ONCE
        assert one.body.endswith(b"event: end\ndata: {}\n\n")

    play(few, scene)


def test_a_quiet_stream_shows_a_pulse_and_ends_after_its_life(
    few: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_S", 0.1)
    monkeypatch.setattr(streams, "LIFE_S", 0.6)
    job_id = send_job(few, send_deck(few))

    async def scene(bridge: Bridge) -> None:
        one = await Exchange(bridge, "GET", f"/api/v1/jobs/{job_id}/stream", few.key).answer()
        assert one.body.count(b": still here") >= 2
        assert b"event: end" not in one.body

    play(few, scene)


def test_a_batch_is_followed_and_its_changes_are_told(few: Web) -> None:
    made = few.client.post("/api/v1/batches", headers=few.key, json={}).get_json()

    async def scene(bridge: Bridge) -> None:
        one = Exchange(bridge, "GET", f"/api/v1/batches/{made['id']}/stream", few.key)
        await one.until(b"event: batch")
        await asyncio.sleep(0.6)
        before = one.body.count(b"event: batch")
        await asyncio.get_running_loop().run_in_executor(
            None, lambda: send_deck(few, batch=made["id"])
        )
        await one.until(b"talk.pptx")
        assert one.body.count(b"event: batch") > before
        one.leave()
        await one.answer()

    play(few, scene)


def test_a_server_that_ends_answers_all_who_wait(few: Web) -> None:
    job_id = send_job(few, send_deck(few))

    async def scene(bridge: Bridge) -> None:
        url = f"/api/v1/jobs/{job_id}"
        polled = Exchange(bridge, "GET", f"{url}/events?after=1000000&wait=20", few.key)
        followed = Exchange(bridge, "GET", f"{url}/stream", few.key)
        await followed.until(b"id: ")
        await asyncio.sleep(0.3)
        bridge.end()
        assert (await polled.answer()).status == 200
        assert (await followed.answer()).status == 200

    play(few, scene)


def test_the_probe_of_life_is_answered_while_every_thread_is_busy(
    few: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_over = threading.Event()
    monkeypatch.setattr(few.engine.db, "ping", is_over.wait)

    async def scene(bridge: Bridge) -> None:
        busy = [Exchange(bridge, "GET", "/readyz", {}) for _ in range(4)]
        await asyncio.sleep(0.1)
        asked = await Exchange(bridge, "GET", "/healthz", {}).answer()
        assert (asked.status, asked.json()) == (200, {"status": "alive"})
        assert not any(one.status for one in busy)
        is_over.set()
        for one in busy:
            await one.answer()

    play(few, scene)


def test_one_caller_leaves_threads_to_the_others(few: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    other = few.stranger()

    is_over = threading.Event()

    async def scene(bridge: Bridge) -> None:
        monkeypatch.setattr(few.engine.db, "ping", is_over.wait)
        busy = [Exchange(bridge, "GET", "/readyz", few.key) for _ in range(6)]
        await asyncio.sleep(0.1)
        asked = await Exchange(bridge, "GET", "/api/v1/whoami", other).answer()
        assert asked.status == 200
        assert not any(one.status for one in busy)
        is_over.set()
        for one in busy:
            await one.answer()

    play(few, scene)


def test_a_large_body_is_not_even_taken_in_from_whom_may_not_send_it(few: Web) -> None:
    async def scene(bridge: Bridge) -> None:
        _body, headers = form(bytes(1 << 20))
        for key in ({}, {"Authorization": "Bearer cd_000000000000_" + "0" * 64}):
            sent = Exchange(bridge, "POST", "/api/v1/decks", headers | key, None)
            assert (await sent.answer()).status == 401
            assert sent.taken == 0
        huge = headers | {"Content-Length": str(1 << 40)}
        sent = Exchange(bridge, "POST", "/api/v1/decks", few.key | huge, None)
        assert (await sent.answer()).status == 413
        assert sent.taken == 0

    play(few, scene)


def test_more_than_was_allowed_is_refused_though_no_length_was_announced(
    start_web: Callable[..., Web],
) -> None:
    web = start_web(web_threads=2, max_deck_bytes=100_000, max_xml_bytes=100_000)

    async def scene(bridge: Bridge) -> None:
        _body, headers = form(b"")
        headers = {"Content-Type": headers["Content-Type"], "Transfer-Encoding": "chunked"}
        sent = Exchange(bridge, "POST", "/api/v1/decks", web.key | headers, None)
        for _ in range(20):
            sent.send(bytes(50_000), more=True)
        assert (await sent.answer()).status in {400, 413}
        assert sent.taken < 8

    play(web, scene)


def test_a_part_that_comes_too_slowly_is_kept_as_far_as_it_came(
    few: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_bodies, "GRACE_S", 0.3)
    made = few.client.post(
        "/api/v1/uploads", headers=few.key | {"Tus-Resumable": "1.0.0", "Upload-Length": "1000"}
    )
    url = made.headers["Location"]

    async def scene(bridge: Bridge) -> None:
        headers = {
            "Tus-Resumable": "1.0.0",
            "Upload-Offset": "0",
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": "1000",
        }
        sent = Exchange(bridge, "PATCH", url, few.key | headers, None)
        sent.send(bytes(100), more=True)
        assert (await sent.answer()).status == 400

    play(few, scene)
    assert few.client.get(url, headers=few.key).get_json()["offset_bytes"] == 100


def test_slow_senders_take_no_thread(few: Web) -> None:
    async def scene(bridge: Bridge) -> None:
        body, headers = form(deck_blob())
        slow = [
            Exchange(bridge, "POST", "/api/v1/decks", few.stranger() | headers, None)
            for _ in range(3)
        ]
        for one in slow:
            one.send(body[:100], more=True)
        await asyncio.sleep(0.5)
        assert (await Exchange(bridge, "GET", "/api/v1/whoami", few.key).answer()).status == 200
        for one in slow:
            one.send(body[100:], more=False)
            assert (await one.answer()).status == 201, one.body

    play(few, scene)


def test_what_one_caller_sends_does_not_pile_up_while_its_requests_wait(
    few: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "SENDERS_OF_ONE", 2)
    is_over = threading.Event()
    monkeypatch.setattr(few.engine.db, "ping", is_over.wait)

    async def scene(bridge: Bridge) -> None:
        busy = Exchange(bridge, "GET", "/readyz", few.key)
        await asyncio.sleep(0.1)
        body, headers = form(bytes(1 << 15))
        sent = [
            Exchange(bridge, "POST", "/api/v1/decks", few.key | headers, body) for _ in range(5)
        ]
        await asyncio.sleep(0.5)
        taken_meanwhile = sum(one.taken > 0 for one in sent)
        is_over.set()
        for one in (busy, *sent):
            await one.answer()
        assert taken_meanwhile == 2
        assert {one.status for one in sent} == {415}, sent[0].body

    play(few, scene)


class AtOnce(Executor):
    """Does in the loop's own thread what it is given, before it goes on."""

    def submit(self, work: Callable[..., Any], /, *values: Any, **named: Any) -> "Future[Any]":
        done: Future[Any] = Future()
        done.set_result(work(*values, **named))
        return done


def test_whoever_goes_in_the_moment_of_the_answer_gives_its_wait_back(
    few: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = send_job(few, send_deck(few))
    makes = serving._Answer.of

    async def scene(bridge: Bridge) -> None:
        def leaves_meanwhile(*given: Any) -> Any:
            # Two turns of the loop from now the answer is there, and nobody has looked at it.
            loop.call_soon(lambda: loop.call_soon(one.task.cancel))
            return makes(*given)

        loop = asyncio.get_running_loop()
        monkeypatch.setattr(serving._Answer, "of", leaves_meanwhile)
        monkeypatch.setattr(bridge, "_threads", AtOnce())
        url = f"/api/v1/jobs/{job_id}/events?after=1000000&wait=20"
        one = Exchange(bridge, "GET", url, few.key)
        with pytest.raises(asyncio.CancelledError):
            await one.answer()
        await asyncio.sleep(0)
        assert few.engine.waits._open.total() == 0

    play(few, scene)


def test_an_answer_is_closed_after_the_piece_that_is_being_made() -> None:
    is_closed = threading.Event()
    may_go_on = threading.Event()

    def pieces() -> Any:
        try:
            may_go_on.wait(10)
            yield b"piece"
        finally:
            is_closed.set()

    answer = serving._Answer()
    answer._take(pieces())
    reader = threading.Thread(target=answer.piece)
    closer = threading.Thread(target=answer.close)
    reader.start()
    closer.start()
    may_go_on.set()
    reader.join(10)
    closer.join(10)
    assert is_closed.is_set()


def test_lookers_that_take_all_their_threads_keep_nothing_from_being_noticed(
    few: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = send_job(few, send_deck(few))
    is_over = threading.Event()

    async def scene(bridge: Bridge) -> None:
        watch = bridge._watcher.watch(Topic("job", job_id))
        assert await watch.change(5)
        while await watch.change(0.5):
            pass
        looks = [
            asyncio.get_running_loop().run_in_executor(bridge._checking, is_over.wait)
            for _ in range(serving.CHECK_THREADS)
        ]
        cancel_job(few.engine.db, few.tenant_id, job_id)
        noticed = await watch.change(3)
        is_over.set()
        await asyncio.gather(*looks)
        bridge._watcher.end(watch)
        assert noticed

    play(few, scene)


def test_a_batch_that_changed_before_it_was_first_looked_at_is_looked_at_again(few: Web) -> None:
    ids = [
        few.client.post("/api/v1/batches", headers=few.key, json={}).get_json()["id"] for _ in "ab"
    ]

    async def scene(bridge: Bridge) -> None:
        first = bridge._watcher.watch(Topic("batch", ids[0]))
        assert await first.change(5)
        while await first.change(0.6):
            pass
        second = bridge._watcher.watch(Topic("batch", ids[1]))
        assert await second.change(3)
        assert not await first.change(0.6), "nothing has happened there"
        for watch in (first, second):
            bridge._watcher.end(watch)

    play(few, scene)


def test_a_reader_that_takes_nothing_is_given_up(few: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "READER_S", 0.2)
    deck_id = send_deck(few)

    async def scene(bridge: Bridge) -> None:
        url = f"/api/v1/decks/{deck_id}/original"
        with pytest.raises(TimeoutError):
            await Exchange(bridge, "GET", url, few.key, reads=False).answer()
        assert (await Exchange(bridge, "GET", "/api/v1/whoami", few.key).answer()).status == 200

    play(few, scene)


def test_what_a_caller_began_ends_though_the_caller_has_gone(
    few: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = send_job(few, send_deck(few))
    take = few.engine.streams.take

    def slowly(tenant_id: str) -> None:
        time.sleep(0.5)
        take(tenant_id)

    monkeypatch.setattr(few.engine.streams, "take", slowly)

    async def scene(bridge: Bridge) -> None:
        one = Exchange(bridge, "GET", f"/api/v1/jobs/{job_id}/stream", few.key)
        await asyncio.sleep(0.2)
        one.task.cancel()
        await asyncio.sleep(1.0)

    play(few, scene)
    assert few.engine.streams._open.total() == 0


def test_every_way_of_waiting_has_its_limit() -> None:
    assert 0 < limits.WAITS_PER_TENANT < limits.OPEN_AT_ONCE
    assert 0 < limits.STREAMS_PER_TENANT < limits.OPEN_AT_ONCE
