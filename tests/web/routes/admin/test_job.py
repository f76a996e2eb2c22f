"""One job with its pictures, its checks and its timeline."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from crispdeck.records.roles import Role
from crispdeck.records.states import JobState, PictureState
from crispdeck.records.work.job import get_job, pictures_of
from crispdeck.records.work.values import PictureOutcome
from tests.web.conftest import Web, finished_deck
from tests.web.routes.admin.conftest import Desk

Sit = Callable[[Role], Desk]


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


def test_deleting_asks_first_and_then_takes_the_whole_deck(web: Web, desk: Sit) -> None:
    deck_id, job_id = finished_deck(web)
    me = desk(Role.OPERATOR)
    asked = me.post("/jobs/act", action="delete", job=job_id)
    assert "Are you sure?" in asked.text
    assert web.client.get(f"/api/v1/decks/{deck_id}", headers=web.key).status_code == 200
    me.post("/jobs/act", action="delete", job=job_id, sure="1")
    assert web.client.get(f"/api/v1/decks/{deck_id}", headers=web.key).status_code == 410
