"""Jobs are found by what an operator asks for, and acted on together."""

import re
from collections.abc import Callable

from crispdeck.records.roles import Role
from crispdeck.records.states import JobState, PictureState
from crispdeck.records.work.job import get_job, pictures_of
from tests.web.conftest import Web, finished_deck, send_deck, send_job
from tests.web.routes.admin.conftest import Desk

Sit = Callable[[Role], Desk]


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
