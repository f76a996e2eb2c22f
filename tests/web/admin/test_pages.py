"""What the operators' pages show and do, over real rows."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from crispdeck.records.figures.last_runs import SWEEP, note_run
from crispdeck.records.people.keys import find_key
from crispdeck.records.roles import Role
from crispdeck.records.states import JobState, PictureState
from crispdeck.records.work.drains import is_drained
from crispdeck.records.work.heartbeats import beat
from crispdeck.records.work.job import get_job, pictures_of
from crispdeck.records.work.job_options import JobOptions
from crispdeck.records.work.values import PictureOutcome
from crispdeck.records.work.waiting_decks import enqueue_decks, start_waiting
from crispdeck.settings import Settings
from tests.web.admin.conftest import Desk
from tests.web.conftest import Web, finished_deck, send_deck, send_job
from tests.wiring.repository import REPOSITORY
from web.routes import system

Sit = Callable[[Role], Desk]
VENDOR = REPOSITORY / "web" / "static" / "admin" / "vendor"


def test_the_overview_says_what_the_rows_say(web: Web, desk: Sit) -> None:
    finished_deck(web)
    send_job(web, send_deck(web))
    me = desk(Role.VIEWER)
    page = me.get("/").text
    assert re.search(r'id="jobs-done"[^>]*><b>1</b>', page)
    assert re.search(r'id="jobs-queued"[^>]*><b>1</b>', page)
    assert re.search(r'id="pictures-done"[^>]*><b>2</b>', page)
    series = me.get("/figures.json?window=1h").get_json()
    assert len(series["at"]) == 60
    assert sum(series["charts"]["pictures"]["bulk"]) > 0
    assert {len(line) for chart in series["charts"].values() for line in chart.values()} == {60}


def test_decks_that_wait_for_a_free_job_are_counted_until_they_begin(
    web: Web, desk: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "METRICS_S", 0.0)
    me = desk(Role.VIEWER)
    decks = [send_deck(web, name=f"{number}.pptx") for number in range(3)]

    def counted() -> str:
        shown = re.search(r'id="decks-waiting"><b>(\d+)</b>', me.get("/").text)
        told = re.search(
            r"^crispdeck_decks_waiting (\d+)\.0$", web.client.get("/metrics").text, re.MULTILINE
        )
        assert shown
        assert told
        assert shown[1] == told[1]
        return shown[1]

    assert counted() == "0"
    enqueue_decks(web.engine.db, web.tenant_id, [(deck, JobOptions()) for deck in decks])
    assert counted() == "3"
    start_waiting(web.engine.db, Settings(max_open_jobs=2))
    assert counted() == "1"


def test_jobs_are_found_by_each_filter(web: Web, desk: Sit) -> None:
    deck_id = send_deck(web, name="Quarterly review.pptx")
    send_job(web, deck_id)
    other = send_job(web, send_deck(web, name="Roadmap 100%.pptx"))
    web.worker.fails = True
    web.worker.work_off()
    me = desk(Role.VIEWER)

    def found(query: str) -> int:
        page = me.get(f"/jobs?{query}").text
        return page.count('<tr id="j')

    assert found("") == 2
    assert found("text=quarterly") == 1
    assert found("text=100%25") == 1
    assert found("text=100_") == 0
    assert found(f"text={other}") == 1
    assert found(f"text={deck_id}") == 1
    assert found("code=upscale_failed") == 2
    assert found("code=no_such_code") == 0
    assert found("state=done") == 2
    assert found("state=cancelled") == 0
    assert found("kind=picture") == 0
    assert found(f"tenant={web.tenant_id}&kind=deck") == 2
    assert found("age=1h") == 2
    assert found("age=24h%2B") == 0
    assert found("state=nonsense&age=nonsense") == 2


def test_a_long_list_goes_on_page_by_page_and_repeats_nothing(web: Web, desk: Sit) -> None:
    deck_id = send_deck(web)
    made = {send_job(web, deck_id) for _ in range(60)}
    me = desk(Role.VIEWER)
    seen: list[str] = []
    path = "/jobs"
    while path:
        page = me.get(path).text
        seen += re.findall(r'<tr id="j([0-9a-f]{32})"', page)
        more = re.search(r'class="next" href="/admin([^"]+)"', page)
        path = more[1].replace("&amp;", "&") if more else ""
    assert len(seen) == 60
    assert set(seen) == made
    assert seen == sorted(seen, reverse=True)


def test_a_job_shows_its_pictures_its_checks_and_its_timeline(web: Web, desk: Sit) -> None:
    _, job_id = finished_deck(web)
    page = desk(Role.VIEWER).get(f"/jobs/{job_id}").text
    assert page.count('class="panel picture"') == 2
    assert '<a href="/admin/jobs" aria-current="true">Jobs</a>' in page
    assert "bicubic" in page
    assert "job done" in page
    assert "picture running" in page
    assert "Retry this picture" not in page


def test_the_report_of_a_picture_is_shown_whatever_is_in_it(
    web: Web, desk: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = {"shrinks_back": {"passed": True, "worst_step": 0.00123}, "tried": ["a", "b"]}
    usual = web.worker._outcome

    def checked(claim: object) -> PictureOutcome:
        return replace(usual(claim), report={"network": "<b>", "faithfulness": checks})  # type: ignore[arg-type]

    monkeypatch.setattr(web.worker, "_outcome", checked)
    _, job_id = finished_deck(web)
    page = desk(Role.VIEWER).get(f"/jobs/{job_id}").text
    assert "faithfulness › shrinks back › passed" in page
    assert "0.00123" in page
    assert "a, b" in page
    assert "<b>" not in page.split("<main", 1)[1].split("Timeline")[0]


def test_one_picture_is_retried_and_the_others_are_left_alone(web: Web, desk: Sit) -> None:
    web.worker.fails = True
    _, job_id = finished_deck(web)
    first, second = pictures_of(web.engine.db, web.tenant_id, job_id)
    me = desk(Role.OPERATOR)
    answer = me.post(f"/jobs/{job_id}/pictures/{first.id}/retry")
    assert answer.status_code == 303
    web.worker.fails = False
    web.worker.work_off()
    states = {row.id: row.state for row in pictures_of(web.engine.db, web.tenant_id, job_id)}
    assert states == {first.id: PictureState.DONE, second.id: PictureState.FAILED}
    assert get_job(web.engine.db, web.tenant_id, job_id).state is JobState.DONE
    again = me.post(f"/jobs/{job_id}/pictures/{first.id}/retry")
    assert (again.status_code, "The picture is done" in again.text) == (409, True)


def test_a_job_names_who_unpacked_the_deck_and_who_put_it_together(web: Web, desk: Sit) -> None:
    _, job_id = finished_deck(web)
    page = desk(Role.VIEWER).get(f"/jobs/{job_id}").text
    who = web.worker.platform.worker
    assert f"<dt>Unpacked by</dt><dd>{who}</dd>" in page
    assert f"<dt>Put together by</dt><dd>{who}</dd>" in page
    assert f"put together by {who}" in page.split("Timeline")[1]


def test_a_deleted_job_shows_words_in_place_of_its_pictures(web: Web, desk: Sit) -> None:
    deck_id, job_id = finished_deck(web)
    web.client.delete(f"/api/v1/decks/{deck_id}", headers=web.key)
    page = desk(Role.VIEWER).get(f"/jobs/{job_id}").text
    assert "<img" not in page.split("Pictures</h2>")[1]
    assert page.count('<p class="missing">Deleted</p>') == 4
    assert "Its files are gone or go with the next sweep" in page


def test_before_and_after_are_given_small_and_in_full(web: Web, desk: Sit) -> None:
    _, job_id = finished_deck(web)
    picture = pictures_of(web.engine.db, web.tenant_id, job_id)[0]
    me = desk(Role.VIEWER)
    for which in ("before", "after"):
        for query in ("", "?full=1"):
            answer = me.get(f"/jobs/{job_id}/pictures/{picture.id}/{which}{query}")
            assert answer.status_code == 200
            assert answer.mimetype == "image/png"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    full = me.get(f"/jobs/{job_id}/pictures/{picture.id}/before?full=1").data
    assert full == web.engine.store.read(picture.source_key or "")
    assert me.get(f"/jobs/{'0' * 32}/pictures/{picture.id}/before").status_code == 404


def test_deleting_asks_first_and_then_takes_the_whole_deck(web: Web, desk: Sit) -> None:
    deck_id, job_id = finished_deck(web)
    me = desk(Role.OPERATOR)
    asked = me.post("/jobs/act", action="delete", job=job_id)
    assert "Are you sure?" in asked.text
    assert web.client.get(f"/api/v1/decks/{deck_id}", headers=web.key).status_code == 200
    me.post("/jobs/act", action="delete", job=job_id, sure="1")
    assert web.client.get(f"/api/v1/decks/{deck_id}", headers=web.key).status_code == 410


def test_all_that_match_are_retried_after_a_question(web: Web, desk: Sit) -> None:
    web.worker.fails = True
    jobs = [finished_deck(web)[1] for _ in range(3)]
    web.worker.fails = False
    me = desk(Role.OPERATOR)
    assert (
        "Retry 3 jobs?" in me.post("/jobs/act", action="retry", all="1", code="upscale_failed").text
    )
    answer = me.post("/jobs/act", action="retry", all="1", code="upscale_failed", sure="1")
    assert "done=3" in answer.headers["Location"]
    web.worker.work_off()
    for job_id in jobs:
        states = {row.state for row in pictures_of(web.engine.db, web.tenant_id, job_id)}
        assert states == {PictureState.DONE}


def test_what_refuses_does_not_keep_the_others_from_it(web: Web, desk: Sit) -> None:
    _, done = finished_deck(web)
    waiting = send_job(web, send_deck(web))
    answer = desk(Role.OPERATOR).post("/jobs/act", action="cancel", job=[done, waiting, "0" * 32])
    assert "done=1&refused=2" in answer.headers["Location"]
    assert get_job(web.engine.db, web.tenant_id, waiting).state is JobState.CANCELLED


def test_failures_are_grouped_by_code(web: Web, desk: Sit) -> None:
    web.worker.fails = True
    finished_deck(web)
    page = desk(Role.VIEWER).get("/failures?window=1h").text
    assert "upscale_failed" in page
    assert "2 pictures" in page
    assert "Told to fail." in page


def test_a_worker_is_drained_and_resumed(web: Web, desk: Sit) -> None:
    beat(web.engine.db, "upscale@host:17", queues=["bulk"], doing={"networks": ["plain-x4@2"]})
    me = desk(Role.OPERATOR)
    me.post("/workers/drain", node="upscale@host")
    assert is_drained(web.engine.db, "upscale@host")
    page = me.get("/workers").text
    assert "drained" in page
    assert "plain-x4@2" in page
    me.post("/workers/resume", node="upscale@host")
    assert not is_drained(web.engine.db, "upscale@host")


def test_a_gpu_is_shown_with_its_load_or_with_word_that_it_tells_none(web: Web, desk: Sit) -> None:
    card = {
        "name": "A card",
        "memory_used_bytes": 2e9,
        "memory_bytes": 8e9,
        "memory_own_bytes": 1e9,
    }
    for number, more in enumerate(({"percent": 37}, {})):
        beat(web.engine.db, f"upscale@h:{number}", queues=["bulk"], doing={"gpu": card | more})
    page = desk(Role.VIEWER).get("/workers").text
    assert "A card, 37 % busy" in page
    assert "load not told" in page
    assert "2.0 GB of 8.0 GB in use, 1.0 GB of it here" in page


def test_a_key_is_shown_once_works_and_is_revoked(web: Web, desk: Sit) -> None:
    me = desk(Role.ADMIN)
    page = me.post(f"/tenants/{web.tenant_id}/keys", name="add-in", scope=["decks", "pictures"])
    assert page.status_code == 201
    key = re.search(r"cd_[0-9a-f]{12}_[0-9a-f]{64}", page.text)
    assert key is not None
    caller = find_key(web.engine.db, key[0])
    assert caller is not None
    assert key[0] not in me.get(f"/tenants/{web.tenant_id}").text
    me.post(f"/tenants/{web.tenant_id}/keys/{caller.key_id}/revoke")
    assert find_key(web.engine.db, key[0]) is None


def test_a_tenants_own_limits_hold_and_empty_ones_are_the_settings(web: Web, desk: Sit) -> None:
    me = desk(Role.ADMIN)
    path = f"/tenants/{web.tenant_id}/limits"
    me.post(path, max_open_jobs="1", max_storage_bytes="10", retention_days="0.5")
    limits = web.client.get("/api/v1/limits", headers=web.key).get_json()
    assert (limits["max_open_jobs"], limits["max_storage_bytes"]) == (1, 10 * 2**20)
    assert limits["retention_days"] == 0.5
    deck_id = send_deck(web)
    send_job(web, deck_id)
    refused = web.client.post(f"/api/v1/decks/{deck_id}/jobs", headers=web.key, json={})
    assert refused.get_json()["code"] == "limit_reached"
    me.post(path)
    limits = web.client.get("/api/v1/limits", headers=web.key).get_json()
    assert limits["max_open_jobs"] == web.engine.settings.max_open_jobs


def test_a_tenants_own_rate_holds(web: Web, desk: Sit) -> None:
    desk(Role.ADMIN).post(f"/tenants/{web.tenant_id}/limits", requests_per_minute="2")
    codes = [web.client.get("/api/v1/limits", headers=web.key).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    assert web.client.get("/api/v1/limits", headers=web.stranger()).status_code == 200


@pytest.mark.parametrize("value", ["many", "-1", "nan", "1e99"])
def test_a_limit_that_makes_no_sense_is_refused_in_words(web: Web, desk: Sit, value: str) -> None:
    page = desk(Role.ADMIN).post(f"/tenants/{web.tenant_id}/limits", max_open_jobs=value)
    assert page.status_code == 422
    assert 'role="alert"' in page.text


def test_the_system_hides_secrets_and_tells_where_a_setting_comes_from(
    start_web: Callable[..., Web], cheap_passwords: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crispdeck.records.people.operators import create_operator
    from tests.web.admin.conftest import PASSWORD, log_in

    monkeypatch.setenv("CRISPDECK_PORT", "8000")
    web = start_web(s3_access_key="name", s3_secret_key="very-secret-indeed", retention_days=3.0)
    create_operator(web.engine.db, "anna", Role.VIEWER, password=PASSWORD)
    note_run(web.engine.db, SWEEP, worker="cpu@host:1", took_s=0.25, announced=3, deleted=1)
    log_in(web, "anna")
    page = web.client.get("/admin/system").text
    assert "very-secret-indeed" not in page
    assert "(set, hidden)" in page
    rows = {
        name: page.split(f"<code>CRISPDECK_{name}</code>")[1].split("</tr>")[0]
        for name in ("RETENTION_DAYS", "PORT", "LEASE_S", "MAX_DECK_BYTES")
    }
    assert all(word in rows["RETENTION_DAYS"] for word in ("3.0", "default 7.0", ">program<"))
    assert ">environment<" in rows["PORT"], "set, if only to what it is anyway"
    assert ">default<" in rows["LEASE_S"]
    assert "209,715,200 (210 MB)" in rows["MAX_DECK_BYTES"]
    assert "cpu@host:1" in page
    assert page.count("answered in") == 3


def test_an_operator_is_made_and_can_log_in_with_what_is_shown(web: Web, desk: Sit) -> None:
    from tests.web.admin.conftest import log_in

    page = desk(Role.ADMIN).post("/operators", name="bert", role="operator")
    password = re.search(r'id="secret">([^<]+)<', page.text)
    assert password is not None
    assert log_in(web, "bert", password[1]).status_code == 303


def test_an_unknown_page_of_operators_is_a_page_too(web: Web) -> None:
    answer = web.client.get("/admin/no/such/page")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_a_tenant_learns_no_name_of_a_machine(web: Web) -> None:
    _, job_id = finished_deck(web)
    events = web.client.get(f"/api/v1/jobs/{job_id}/events", headers=web.key).get_json()["items"]
    assert events
    assert all("worker" not in event["data"] for event in events)


def test_the_vendored_files_are_as_they_were_published() -> None:
    table = (VENDOR / "README.md").read_text()
    stated = dict(re.findall(r"\| `([^`]+)` \|[^|]*\|[^|]*\| `([0-9a-f]{64})` \|", table))
    there = {path.name for path in VENDOR.iterdir() if path.suffix in {".js", ".css"}}
    assert set(stated) == there
    for name, digest in stated.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest
